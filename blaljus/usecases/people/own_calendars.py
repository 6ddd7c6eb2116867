"""People let us read a calendar of theirs: a file, or an address that is read again and again.

What is kept is when they are busy, never with what. It narrows when they are asked; what they
ticked themselves stays as it is.
"""

import hmac
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.own_calendars import (
    FRESH,
    TOLD,
    BusyTime,
    CalendarTroubleError,
    OwnCalendar,
    Reading,
    RosterChange,
    SourceKind,
    Trouble,
    differing,
    pause_after,
    window_of,
)
from blaljus.domain.people import Person
from blaljus.ics.own.addresses import read_address, with_password
from blaljus.ics.own.fetching import Guard, Marks, fetch_calendar
from blaljus.ics.own.reading import read_busy
from blaljus.store import agencies
from blaljus.store import own_calendars as store
from blaljus.store.engine import transactional
from blaljus.store.own_calendars import Source
from blaljus.store.sealing import seal, unseal
from blaljus.usecases.access.limits import Limit, take_one_of_each
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.roster_clashes import clashes_of, list_coming

ATTEMPTS = Limit(size=20, every=FRESH / 60)
"""Each reads a calendar, and may ask a stranger's server: twenty at once, then one in 3 minutes."""

READ, REMOVED = "own-calendar-read", "own-calendar-removed"


async def upload_calendar(
    context: Context, person: Person, key: FormKey, *, staff: int, data: bytes
) -> Outcome:
    """Read a file in place of the one before; return how many times are `new` and how many `gone`.

    Raises `CalendarTroubleError`; nothing is saved.

    So it does for a file without times to come, where the one before has some: who means that
    removes those.
    """
    await _may_try(context, person, staff, SourceKind.FILE)
    reading = await read_for(context, data)

    async def change() -> Outcome:
        await agencies.lock_staff(staff)
        await _check_not_emptied(context, staff, reading)
        return await _save(context, person.actor, staff, SourceKind.FILE, Source(), reading)

    return await once(person, _sealed_key(context, key, data), change, clock=context.clock)


async def subscribe_calendar(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    staff: int,
    address: str,
    user: str = "",
    password: str = "",
) -> Outcome:
    """Read an address in place of the one before, now and every three hours from now on.

    Returns how many times are `new` and how many `gone`.
    `user` and `password` are for a server that asks for them. Raises `CalendarTroubleError` when
    it cannot be read now; nothing is saved then.
    """
    await _may_try(context, person, staff, SourceKind.ADDRESS)
    address = with_password(address, user, password) if user else address
    source, data = await fetch_at(context, staff, address, Source())
    reading = await read_for(context, data or b"")

    async def change() -> Outcome:
        return await _save(context, person.actor, staff, SourceKind.ADDRESS, source, reading)

    return await once(person, _sealed_key(context, key), change, clock=context.clock)


async def read_again(
    context: Context, person: Person, key: FormKey, *, staff: int, may_be_empty: bool = False
) -> Outcome:
    """Read a person's address at once, and return how many times are `new` and how many `gone`.

    Raises `NotFoundError` where there is none.

    Raises `CalendarTroubleError` when it could not be read, or has become empty though nobody
    said that it may: what was read before stands, and the page says why.
    """
    await _may_try(context, person, staff, SourceKind.ADDRESS)
    found = await store.find_source(staff, SourceKind.ADDRESS)
    if found is None:
        raise NotFoundError
    source, data = await fetch_at(context, staff, address_of(context, found), found.source)
    reading = None if data is None else await read_for(context, data)

    async def change() -> Outcome:
        saving = save_again(
            context, person.actor, found, source, reading, may_be_empty=may_be_empty
        )
        return await saving

    try:
        return await once(person, key, change, clock=context.clock)
    except CalendarTroubleError as error:
        await note_trouble(context, found, error.trouble)
        raise


async def remove_calendar(
    context: Context, person: Person, key: FormKey, *, staff: int, kind: SourceKind
) -> None:
    """Forget a calendar with all that was read of it; raise `NotFoundError` where there is none."""
    _check_own(person, staff)

    async def change() -> Outcome:
        await agencies.lock_staff(staff)
        if not await store.remove_own_calendar(staff, kind):
            raise NotFoundError
        await _record(context, person.actor, REMOVED, staff, kind=kind.value)
        return {}

    await once(person, key, change, clock=context.clock)


async def read_for(context: Context, data: bytes) -> Reading:
    """Return when a calendar's person is busy, or raise `CalendarTroubleError`."""
    window = window_of(local_day(context.clock()))
    return await read_busy(data, window, our_domain=context.mail_domain)


async def fetch_at(
    context: Context, staff: int, address: str, before: Source
) -> tuple[Source, bytes | None]:
    """Return where a calendar was read and its bytes, None for what we have already (304)."""
    guard = Guard(loopback=context.loopback_calendars)
    marks = Marks(etag=before.etag, last_modified=before.last_modified)
    fetched = await fetch_calendar(address, marks, guard)
    source = Source(
        sealed=seal(address, context.secrets, _owner(staff)),
        host=read_address(address, loopback=guard.loopback).host,
        etag=fetched.marks.etag,
        last_modified=fetched.marks.last_modified,
    )
    return source, fetched.data


def address_of(context: Context, due: store.Due) -> str:
    """Return the address of a calendar, or raise `CalendarTroubleError` when no secret opens it."""
    address = unseal(due.source.sealed, context.secrets, _owner(due.calendar.staff))
    if address is None:
        raise CalendarTroubleError(Trouble.KEY_LOST)
    return address


async def save_again(
    context: Context,
    actor: str,
    due: store.Due,
    source: Source,
    reading: Reading | None,
    *,
    may_be_empty: bool = False,
) -> Outcome:
    """Store what an address says now, in the caller's transaction; None: the same as before.

    What makes nobody busier or freer is no change: it is only noted. An address that was removed
    or replaced meanwhile is left alone. Raises `CalendarTroubleError` where all that was to come
    is gone, for a roster that was moved looks like that; unless it `may_be_empty`.
    """
    now, staff = context.clock(), due.calendar.staff
    await agencies.lock_staff(staff)
    found = await store.find_source(staff, SourceKind.ADDRESS)
    if found is None or found.calendar.id != due.calendar.id:
        return {}
    if reading is None:
        await store.note_unchanged(found.calendar.id, now=now, due_at=now + FRESH)
        return {}
    before = await store.list_busy_of(found.calendar.id)
    if not may_be_empty and _is_emptied(before, reading, now):
        raise CalendarTroubleError(Trouble.EMPTIED)
    outcome = await _keep(context, found.calendar, source, before, reading)
    if outcome["new"] or outcome["gone"]:
        await _record_reading(context, actor, staff, SourceKind.ADDRESS, reading)
    return outcome


async def _check_not_emptied(context: Context, staff: int, reading: Reading) -> None:
    found = await store.find_source(staff, SourceKind.FILE)
    before = await store.list_busy_of(found.calendar.id) if found else []
    if _is_emptied(before, reading, context.clock()):
        raise CalendarTroubleError(Trouble.NOTHING_TO_COME)


def _is_emptied(before: Iterable[BusyTime], reading: Reading, now: datetime) -> bool:
    """Return whether times were to come, and none is any more."""
    return not _to_come(reading.busy, now) and _to_come(before, now)


def _to_come(times: Iterable[BusyTime], now: datetime) -> bool:
    return any(busy.ends_at > now for busy in times)


@transactional
async def note_trouble(context: Context, due: store.Due, trouble: Trouble) -> None:
    """Remember why an address could not be read, and when to try again."""
    now = context.clock()
    due_at = now + pause_after(due.calendar.failures + 1)
    await store.note_trouble(due.calendar, trouble, now=now, due_at=due_at)


async def _save(
    context: Context, actor: str, staff: int, kind: SourceKind, source: Source, reading: Reading
) -> Outcome:
    """Store what somebody let us read just now, in place of what there was of its kind."""
    await agencies.lock_staff(staff)
    found = await store.find_source(staff, kind)
    if found is None:
        outcome = await _keep_first(context, staff, kind, source, reading)
    else:
        before = await store.list_busy_of(found.calendar.id)
        outcome = await _keep(context, found.calendar, source, before, reading)
    await _record_reading(context, actor, staff, kind, reading)
    return outcome


async def _keep_first(
    context: Context, staff: int, kind: SourceKind, source: Source, reading: Reading
) -> Outcome:
    now = context.clock()
    due_at = now + FRESH if kind is SourceKind.ADDRESS else None
    await store.save_reading(staff, kind, source, reading, now=now, due_at=due_at, change=None)
    return {"new": len(differing((), reading.busy, now)[0]), "gone": 0}


async def _keep(
    context: Context,
    calendar: OwnCalendar,
    source: Source,
    before: Collection[BusyTime],
    reading: Reading,
) -> Outcome:
    """Store what a calendar says now in place of what it said before, and what that changes."""
    now, kind = context.clock(), calendar.kind
    new, gone = differing(before, reading.busy, now)
    change = calendar.change
    if new or gone:
        begun, ended = await _clashes_changed(context, calendar, before, reading.busy)
        change = RosterChange(
            at=now,
            new=tuple(new[:TOLD]),
            gone=tuple(gone[:TOLD]),
            new_count=len(new),
            gone_count=len(gone),
            begun=begun,
            ended=ended,
        )
    due_at = now + FRESH if kind is SourceKind.ADDRESS else None
    await store.save_reading(
        calendar.staff, kind, source, reading, now=now, due_at=due_at, change=change
    )
    return {"new": len(new), "gone": len(gone)}


async def _clashes_changed(
    context: Context,
    calendar: OwnCalendar,
    before: Collection[BusyTime],
    after: Collection[BusyTime],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the duties that clash with a person's calendars after a change alone, or before."""
    others = [
        busy
        for one in await store.list_own_calendars(calendar.staff)
        if one.kind is not calendar.kind
        for busy in await store.list_busy_of(one.id)
    ]
    coming = await list_coming(context, calendar.staff)
    had, has = (
        {clash.duty.id for clash in clashes_of(coming, [*times, *others])}
        for times in (before, after)
    )
    return tuple(sorted(has - had)), tuple(sorted(had - has))


async def _record_reading(
    context: Context, actor: str, staff: int, kind: SourceKind, reading: Reading
) -> None:
    await _record(context, actor, READ, staff, kind=kind.value, times=len(reading.busy))


async def _record(context: Context, actor: str, action: str, staff: int, **facts: object) -> None:
    version = await agencies.touch_staff(staff)
    await record(context, actor, None, action, ("staff", staff), version, **facts)


def _check_own(person: Person, staff: int) -> None:
    if staff not in person.staff:
        raise NotFoundError


async def _may_try(context: Context, person: Person, staff: int, kind: SourceKind) -> None:
    """Raise `TooManyError`; whoever has tried one kind too often can still use the other."""
    _check_own(person, staff)
    await _take_attempt(context, f"own calendar {kind} {person.account}")


@transactional
async def _take_attempt(context: Context, name: str) -> None:
    await take_one_of_each({name: ATTEMPTS}, context.clock())


def _owner(staff: int) -> str:
    return f"staff:{staff}"


def _sealed_key(context: Context, key: FormKey, data: bytes = b"") -> FormKey:
    """Return a form's key whose hash tells the file too, and tells nobody the address."""
    secret = (context.secrets or ("",))[0].encode()
    told = key.body_hash.encode() + sha256(data).digest()
    return replace(key, body_hash=hmac.digest(secret, told, sha256).hex())
