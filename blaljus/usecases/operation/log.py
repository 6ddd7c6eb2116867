"""The audit log as people read it: who did what, to which class, slot or person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import Booking
from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import OPERATOR, Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import Role
from blaljus.store import agencies, assignments, audit, bookings, recipients, schools, slots
from blaljus.store.audit import AuditEntry
from blaljus.store.engine import read_transaction
from blaljus.store.recipients import Known

PAGE = 50
"""Entries on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it. `role` is None for the product and its operator."""

    role: Role | None
    own: bool
    operator: bool
    member: StaffMember | None
    school_class: SchoolClass | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One acknowledged change. `subject` is such as ("booking", 12); what it names is beside it."""

    at: datetime
    action: str
    subject: tuple[str, int]
    data: Mapping[str, object]
    actor: Actor
    school_class: SchoolClass | None
    booking: Booking | None
    duty: Assignment | None
    member: StaffMember | None
    slot: Slot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """A page of the log, newest first; pages count from 1."""

    lines: Sequence[LogLine]
    number: int
    count: int


def page_of_many(wanted: int, rows: int, size: int) -> tuple[int, int]:
    """Return (number, count) of pages: the nearest one that is there, and how many, at least 1."""
    count = max(1, -(-rows // size))
    return min(max(1, wanted), count), count


async def get_log(person: Person, municipality: int, wanted: int) -> LogPage:
    """Return a page of a municipality's log; a number beyond the ends gives the nearest page.

    Costs the same number of statements for any number of entries.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    async with read_transaction():
        number, count = page_of_many(wanted, await audit.count_entries(municipality), PAGE)
        entries = await audit.list_page(municipality, limit=PAGE, offset=(number - 1) * PAGE)
        lines = await _lines(person, municipality, entries)
    return LogPage(lines=lines, number=number, count=count)


async def read_history(
    person: Person, municipality: int, subjects: Collection[str]
) -> list[LogLine]:
    """Return what the log says of some subjects (`booking:12`), newest first.

    Within the caller's transaction.
    """
    entries = await audit.list_entries_of(municipality, subjects)
    return await _lines(person, municipality, entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """What the ids of some entries stand for."""

    bookings: Mapping[int, Booking]
    duties: Mapping[int, Assignment]
    slots: Mapping[int, Slot]
    classes: Mapping[int, SchoolClass]
    staff: Mapping[int, StaffMember]
    known: Mapping[int, Known]


async def _lines(person: Person, municipality: int, entries: Sequence[AuditEntry]) -> list[LogLine]:
    index = await _load(municipality, entries)
    return [_line(person, entry, index) for entry in entries]


async def _load(municipality: int, entries: Sequence[AuditEntry]) -> _Index:
    scope = (municipality,)
    booked = await bookings.get_bookings(_ids(entries, "booking"), scope)
    duties = await assignments.get_assignments(_ids(entries, "assignment"), scope)
    accounts = {number for e in entries if (number := _account(e.actor)) is not None}
    known = await recipients.known_accounts(accounts, municipality)
    where = {b.slot for b in booked} | {d.slot for d in duties} | _ids(entries, "slot")
    taught = {k.subject for k in known.values() if k.role is Role.TEACHER and k.subject}
    people = {k.subject for k in known.values() if k.role is Role.STAFF and k.subject}
    classes = await schools.get_classes({b.school_class for b in booked} | taught, scope)
    return _Index(
        bookings={b.id: b for b in booked},
        duties={d.id: d for d in duties},
        slots={s.id: s for s in await slots.get_slots(where, scope)},
        classes={c.id: c for c in classes},
        staff=await agencies.get_staff_members({d.staff for d in duties} | people),
        known=known,
    )


def _ids(entries: Sequence[AuditEntry], kind: str) -> set[int]:
    named = (_subject(entry) for entry in entries)
    return {number for name, number in named if name == kind}


def _subject(entry: AuditEntry) -> tuple[str, int]:
    kind, _, number = entry.subject.partition(":")
    return kind, int(number) if number.isdecimal() else 0


def _account(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "account" and number.isdecimal() else None


def _line(person: Person, entry: AuditEntry, index: _Index) -> LogLine:
    kind, number = _subject(entry)
    booking = index.bookings.get(number) if kind == "booking" else None
    duty = index.duties.get(number) if kind == "assignment" else None
    slot = number if kind == "slot" else booking.slot if booking else duty.slot if duty else 0
    return LogLine(
        at=entry.at,
        action=entry.action,
        subject=(kind, number),
        data=msgspec.json.decode(entry.data),
        actor=_actor(person, entry.actor, index),
        school_class=index.classes.get(booking.school_class) if booking else None,
        booking=booking,
        duty=duty,
        member=index.staff.get(duty.staff) if duty else None,
        slot=index.slots.get(slot),
    )


def _actor(person: Person, actor: str, index: _Index) -> Actor:
    account = _account(actor)
    known = index.known.get(account) if account else None
    role, subject = (known.role, known.subject or 0) if known else (None, 0)
    return Actor(
        role=role,
        own=account == person.account,
        operator=actor == OPERATOR,
        member=index.staff.get(subject) if role is Role.STAFF else None,
        school_class=index.classes.get(subject) if role is Role.TEACHER else None,
    )
