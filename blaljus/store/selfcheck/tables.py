"""What the self-check looks at: whole tables of every municipality, so no scope.

Used by nothing else. The number of statements does not depend on what is stored, but for letters,
which are many and long: they come in pages.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import msgspec
from piccolo.query import Select
from piccolo.querystring import QueryString
from piccolo.table import Table

from blaljus.domain import agencies, schools
from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.coverage import Visit
from blaljus.domain.localtime import local_day
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.store import tables as t
from blaljus.store.audit import AuditEntry
from blaljus.store.bulk import select_in
from blaljus.store.rows import Row, values, words
from blaljus.store.selfcheck.facts import (
    Claim,
    Entry,
    KeptReply,
    Message,
    OwnedBlock,
    Report,
    Run,
    Stored,
)

T = TypeVar("T")

PAGE = 500
"""Letters read at a time: 4 MB."""


_VERSIONED = (
    *(("agency", t.Agency), ("plan", t.Plan)),
    *(("staff", t.StaffMember), ("venue", t.Venue)),
)


class UnreadableError(ValueError):
    """A table holds a value that is none of ours; says which."""

    def __init__(self, table: str, why: str) -> None:
        super().__init__(f"{table}: {why}")
        self.table, self.why = table, why


async def read_stored() -> Stored:
    """Return everything but the letters, in the caller's read transaction.

    Raises `UnreadableError` where a value is no word of ours.
    """
    b, u, a = await _rows(t.Booking), await _rows(t.SchoolUnit), await _rows(t.Account)
    active = {row["id"] for row in a if row["active"]}
    slots = await _slots()
    duties = _by_id(t.Assignment, await _rows(t.Assignment), Assignment)
    reports = _values(t.Attendance, await _rows(t.Attendance), Report)
    return Stored(
        municipalities=_values(t.Municipality, await _rows(t.Municipality), schools.Municipality),
        plans=await _plans(),
        units=_values(t.SchoolUnit, _split(u, "grades"), schools.SchoolUnit),
        classes=await _classes(),
        blocks=await _blocks(),
        near_stations={row["id"] for row in await _rows(t.Venue) if row["near_rescue_station"]},
        slots=slots,
        stations=_by_id(t.Station, await _rows(t.Station), Station),
        # Needs are judged as they are stored: a word that is none of ours must not stop us here.
        bookings=_by_id(t.Booking, [row | {"access_needs": {}} for row in b], Booking),
        needs={row["id"]: row["access_needs"] for row in b},
        pays={row["id"]: words(row["pays"]) for row in b},
        duties=duties,
        claims=_values(t.StaffClaim, await _rows(t.StaffClaim), Claim),
        staff=await _staff(),
        versions=await _versions(),
        said=await _said(duties.values(), slots),
        callouts=_values(t.Callout, await _rows(t.Callout), Callout),
        visits=_values(t.Visit, await _rows(t.Visit), Visit),
        reports={report.booking: report for report in reports},
        teachers=await _teachers(active),
        coordinators=_grouped(await _rows(t.Coordinator), "municipality"),
        active=active,
        addresses={row["id"]: row["address"] for row in a},
        runs=_values(t.PlanRun, await _rows(t.PlanRun), Run),
        replies=await _replies(),
        audit=_values(t.AuditEntry, await _rows(t.AuditEntry), AuditEntry),
        outcomes=[(row["id"], row["outcome"]) for row in await _rows(t.IdempotencyKey)],
        entries=_values(t.CalendarEntry, await _rows(t.CalendarEntry), Entry),
    )


async def _replies() -> dict[int, KeptReply]:
    """Return the replies; of what they say, which may be 1 MiB each, only whether it is kept."""
    r = t.Reply
    columns = (r.id, r.municipality, r.assignment, r.booking, r.source, r.state)
    has_letter = QueryString("CASE letter WHEN '' THEN 0 ELSE 1 END", alias="has_letter")
    has_words = QueryString("CASE comment || sender WHEN '' THEN 0 ELSE 1 END", alias="has_words")
    query = r.select(*columns, r.received_at, r.settled_at, has_letter, has_words)
    return _by_id(r, await query.order_by(r.id), KeptReply)


async def _blocks() -> list[OwnedBlock]:
    rows = await _rows(t.CalendarBlock)
    blocks = _values(t.CalendarBlock, rows, schools.Block)
    return [
        OwnedBlock(municipality=row["municipality"], block=block)
        for row, block in zip(rows, blocks, strict=True)
    ]


async def list_letters(after: int) -> list[Message]:
    """Return the next `PAGE` mails with a higher id, in order of id."""
    o = t.OutboxMessage
    query = o.select(
        o.id, o.municipality, o.account, o.method, o.subject, o.message_id, o.mime, o.sent_at
    )
    return values(await query.where(o.id > after).order_by(o.id).limit(PAGE), Message)


async def _rows(table: type[Table]) -> list[Row]:
    return await table.select().order_by("id")


def _values(table: type[Table], rows: list[Row], kind: type[T]) -> list[T]:
    try:
        return values(rows, kind)
    except msgspec.ValidationError as error:
        raise UnreadableError(table._meta.tablename, str(error)) from None  # noqa: SLF001 -- Piccolo's way to name it


def _by_id(table: type[Table], rows: list[Row], kind: type[T]) -> dict[int, T]:
    return {row["id"]: found for row, found in zip(rows, _values(table, rows, kind), strict=True)}


def _split(rows: list[Row], column: str) -> list[Row]:
    return [row | {column: words(row[column])} for row in rows]


def _grouped(rows: list[Row], column: str) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row[column]].add(row["account"])
    return {key: frozenset(accounts) for key, accounts in found.items()}


async def _plans() -> dict[int, SeasonPlan]:
    p = t.Plan
    query: Select[Any] = p.select(*p.all_columns(), p.promise.required.as_alias("required"))
    return _by_id(p, _split(await query.order_by(p.id), "required"), SeasonPlan)


async def _classes() -> dict[int, schools.SchoolClass]:
    c = t.SchoolClass
    unit = c.school_unit
    query = c.select(
        *c.all_columns(), unit.code.as_alias("school_code"), unit.name.as_alias("school")
    )
    return _by_id(c, await query.order_by(unit.name, c.label, c.id), schools.SchoolClass)


async def _slots() -> dict[int, Slot]:
    s = t.Slot
    query = s.select(
        *s.all_columns(),
        s.venue.name.as_alias("venue_name"),
        s.venue.school_unit.as_alias("venue_school"),
        s.venue.latitude.as_alias("latitude"),
        s.venue.longitude.as_alias("longitude"),
    )
    return _by_id(s, await query.order_by(s.id), Slot)


async def _staff() -> dict[int, agencies.StaffMember]:
    s = t.StaffMember
    query = s.select(
        *s.all_columns(),
        s.agency.name.as_alias("agency_name"),
        s.agency.provides.as_alias("provides"),
    )
    rows = _split(await query.order_by(s.id), "languages")
    return _by_id(s, rows, agencies.StaffMember)


async def _versions() -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for name, table in _VERSIONED:
        rows = await table.select("id", "version")
        found |= {(name, row["id"]): row["version"] for row in rows}
    return found


async def _said(
    duties: Collection[Assignment], slots: Mapping[int, Slot]
) -> list[agencies.Available]:
    a = t.Availability
    staff = sorted({duty.staff for duty in duties})
    days = {local_day(slots[duty.slot].starts_at) for duty in duties}
    rows = await select_in(
        lambda: a.select(a.staff, a.day, a.half, a.state).where(a.staff.is_in(staff)), a.day, days
    )
    return _values(a, rows, agencies.Available)


async def _teachers(active: Collection[int]) -> dict[int, frozenset[int]]:
    rows = await _rows(t.ClassTeacher)
    return _grouped([row for row in rows if row["account"] in active], "school_class")
