"""The same app as most booking systems are: look first, then write. For the twins of the storms.

What decides a race in the real app is taken away here and, by `without_guards`, in the database:
the locks, the checks under them, the key of a form, the constraint and the unique indexes.
"""

import sqlite3
from typing import Any

import asyncpg
from litestar import Litestar
from storm import served

from blaljus.domain.booking import BookingDetails
from blaljus.domain.people import Person
from blaljus.domain.staffing import StaffingRefusedError
from blaljus.domain.words import AssignmentState
from blaljus.store import agencies, assignments, bookings, schools, slots
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.store.failpoints import failpoint
from blaljus.usecases.bookings import booking
from blaljus.usecases.calendars.happenings import load_happening, show_in_calendars
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.notices import Change, tell_person
from blaljus.usecases.once import FormKey
from blaljus.usecases.people import candidates
from blaljus.web.coordinator import staffing as staffing_pages
from blaljus.web.teacher import booking as booking_pages

INDEXES = ("one_active_booking_per_class", "a_person_is_in_one_place_at_a_time")
CHECK = "CHECK (taken BETWEEN 0 AND places),"


def make_app() -> Litestar:
    """Return the app of `served`, unguarded."""
    for module in (bookings, schools, slots, assignments):
        module.locked = _not_locked
    slots.take_place = _take_any_place
    booking_pages.book_slot = book_slot
    staffing_pages.assign_person = assign_person
    return served.make_app()


async def _not_locked(query: Any) -> Any:
    return await query


async def _take_any_place(slot: int, _scope: object) -> bool:
    await t.Slot.update({t.Slot.taken: t.Slot.taken + 1}).where(t.Slot.id == slot)
    return True


async def book_slot(
    context: Context,
    person: Person,
    _key: FormKey,
    *,
    class_id: int,
    slot_id: int,
    details: BookingDetails,
    version: int | None = None,
) -> int:
    """Check, think a little, then write."""
    school_class = await booking.get_own_class(person, class_id)
    plan = await booking.plan_of(school_class)
    current = await bookings.find_active(class_id, plan.id, person.scope)
    booking.check_seen(current, version)
    slot = await slots.get_slot(slot_id, person.scope)
    await booking._check(context, plan, slot, school_class, details, current)
    await failpoint("after_capacity_check")

    @transactional
    async def write() -> int:
        await slots.take_place(slot.id, person.scope)
        made = await booking._add(context, person, plan, slot, school_class, details)
        await booking._after(context, person, made, school_class, slot, None)
        return made.number

    return await write()


async def assign_person(
    context: Context,
    person: Person,
    _key: FormKey,
    *,
    station_id: int,
    slot_id: int,
    staff_id: int,
    override_reason: str | None = None,
) -> int:
    """Check, think a little, then write."""
    slot = await slots.get_slot(slot_id, person.municipalities)
    station = candidates.station_of(await slots.list_stations([slot.id]), station_id)
    member = await agencies.get_staff(staff_id)
    reasons = await candidates.reasons_against(context, slot, station, member)
    if reasons:
        raise StaffingRefusedError(reasons)
    await failpoint("after_staff_check")

    @transactional
    async def write() -> int:
        duty = await assignments.add_assignment(
            slot,
            station=station.id,
            staff=staff_id,
            state=AssignmentState.INVITED,
            override_reason=override_reason,
            uid=context.new_uid(),
            now=context.clock(),
        )
        assert duty is not None
        happening = await load_happening(slot)
        await show_in_calendars(context, happening)
        subject = ("assignment", duty.id)
        await record(context, person.actor, slot.municipality, "duty-made", subject, 1)
        await tell_person(context, happening, duty, Change.NEW)
        return duty.id

    return await write()


async def without_guards(url: str) -> None:
    """Take what refuses double bookings out of a test's database, before anybody opens it."""
    if url.startswith("sqlite"):
        _rewrite_sqlite(url.removeprefix("sqlite:///"))
    else:
        await _alter_postgres(url)


def _rewrite_sqlite(path: str) -> None:
    with sqlite3.connect(path, isolation_level=None) as database:
        for index in INDEXES:
            database.execute(f"DROP INDEX {index}")
        (version,) = database.execute("PRAGMA schema_version").fetchone()
        database.execute("PRAGMA writable_schema = ON")
        change = "UPDATE sqlite_schema SET sql = replace(sql, ?, '') WHERE name = 'slot'"
        database.execute(change, (CHECK,))
        database.execute(f"PRAGMA schema_version = {version + 1}")
        database.execute("PRAGMA writable_schema = OFF")
    database.close()


async def _alter_postgres(url: str) -> None:
    connection = await asyncpg.connect(url)
    name = await connection.fetchval(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'slot'::regclass "
        "AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%taken%'"
    )
    await connection.execute(f"ALTER TABLE slot DROP CONSTRAINT {name}")
    for index in INDEXES:
        await connection.execute(f"DROP INDEX {index}")
    await connection.close()
