"""Teachers book a slot, or another one; coordinators may do the same for a class."""

from datetime import timedelta

from blaljus.domain.booking import (
    Booking,
    BookingClosedError,
    BookingDetails,
    BookingRefusedError,
    Refusal,
    may_change,
    refusals,
)
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import BookingState
from blaljus.store import bookings, plans, schools, slots
from blaljus.store.failpoints import failpoint
from blaljus.usecases.bookings.places import leave_place, take_place
from blaljus.usecases.calendars.happenings import (
    load_happening,
    show_in_calendars,
    with_class,
    without_classes,
)
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.notices import (
    Change,
    booking_facts,
    tell_people_of_change,
    tell_teachers,
)
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.replies.ending import end_proposals


async def get_own_class(person: Person, class_id: int) -> SchoolClass:
    """Return a class that the person teaches or coordinates, or raise `NotFoundError`."""
    school_class = await schools.get_class(class_id, person.scope)
    if class_id in person.classes or school_class.municipality in person.municipalities:
        return school_class
    raise NotFoundError


async def get_own_booking(person: Person, number: int) -> tuple[Booking, SchoolClass]:
    """Return a booking of a class that the person teaches or coordinates, and the class."""
    booking = await bookings.get_booking(number, person.scope)
    return booking, await get_own_class(person, booking.school_class)


async def plan_of(school_class: SchoolClass) -> SeasonPlan:
    """Return the plan of a class's school year, or raise `NotFoundError`."""
    plan = await plans.find_plan(school_class.municipality, SchoolYear(school_class.school_year))
    if plan is None:
        raise NotFoundError
    return plan


async def book_slot(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    class_id: int,
    slot_id: int,
    details: BookingDetails,
    version: int | None = None,
) -> int:
    """Book a slot for a class, in place of the one it has, and return the booking number.

    `version` is that of the booking the person saw, 0 where there was none. Raises
    `BookingRefusedError` with every reason, `StaleError`, or `BookingClosedError` where the time
    it has begun, and changes nothing.
    """

    async def change() -> Outcome:
        return {"number": await book(context, person, class_id, slot_id, details, version)}

    return int((await once(person, key, change, clock=context.clock))["number"])


async def book(
    context: Context,
    person: Person,
    class_id: int,
    slot_id: int,
    details: BookingDetails,
    version: int | None,
) -> int:
    """Do what `book_slot` does in the caller's transaction."""
    await schools.lock_class(class_id, person.scope)
    school_class = await get_own_class(person, class_id)
    plan = await plan_of(school_class)
    scope = (school_class.municipality,)
    current = await bookings.find_active(class_id, plan.id, scope)
    check_seen(current, version)
    before, slot = await _lock_both(current, slot_id, scope)
    if before is not None and not may_change(before, now=context.clock()):
        raise BookingClosedError
    await _check(context, plan, slot, school_class, details, current)
    await failpoint("after_capacity_check")
    if not await take_place(slot, details.pupils):
        raise BookingRefusedError([Refusal.FULL])
    if current is None or before is None:
        booking = await _add(context, person, plan, slot, school_class, details)
        await _after(context, person, booking, school_class, slot, None)
    else:
        booking = await _move(context, person, current, slot, details)
        await _after(context, person, booking, school_class, slot, (before, current))
    return booking.number


def check_seen(current: Booking | None, version: int | None) -> None:
    """Raise `StaleError` where a booking is no longer of the version a person saw; 0 is none."""
    if version is not None and version != (current.version if current else 0):
        raise StaleError


async def _lock_both(
    current: Booking | None, slot_id: int, scope: tuple[int, ...]
) -> tuple[Slot | None, Slot]:
    """Lock the slot that is left and the one that is wanted, lower id first."""
    wanted = {slot_id} | ({current.slot} if current else set())
    locked = {slot: await slots.lock_slot(slot, scope) for slot in sorted(wanted)}
    return (locked[current.slot] if current else None), locked[slot_id]


async def _check(
    context: Context,
    plan: SeasonPlan,
    slot: Slot,
    school_class: SchoolClass,
    details: BookingDetails,
    current: Booking | None,
) -> None:
    reasons = refusals(
        slot,
        await slots.list_stations([slot.id]),
        school_class,
        details,
        await schools.list_blocks((plan.municipality,)),
        notice=timedelta(days=plan.notice_days),
        now=context.clock(),
        current=current,
        others=await _others(slot),
    )
    if slot.plan != plan.id:
        raise NotFoundError
    if reasons:
        raise BookingRefusedError(reasons)


async def _others(slot: Slot) -> list[int]:
    """Return the pupils of each class of a locked slot, where they decide about its places."""
    if slot.group_pupils is None:
        return []
    return [b.pupils for b in await bookings.list_in_slots([slot.id], (slot.municipality,))]


async def _add(
    context: Context,
    person: Person,
    plan: SeasonPlan,
    slot: Slot,
    school_class: SchoolClass,
    details: BookingDetails,
) -> Booking:
    number = context.new_booking_number()
    while not await bookings.number_is_free(number):
        number = context.new_booking_number()
    booking = await bookings.add_booking(
        plan.municipality,
        plan=plan.id,
        slot=slot.id,
        school_class=school_class.id,
        number=number,
        state=state_by(person, school_class.id),
        details=details,
        uid=context.new_uid(),
        now=context.clock(),
    )
    if booking is None:
        raise BookingRefusedError([Refusal.ALREADY_BOOKED])
    return booking


def state_by(person: Person, class_id: int) -> BookingState:
    """Return the state of a booking somebody makes: the class's own teacher confirms it."""
    return BookingState.CONFIRMED if class_id in person.classes else BookingState.TENTATIVE


async def _move(
    context: Context, person: Person, current: Booking, slot: Slot, details: BookingDetails
) -> Booking:
    await leave_place(current)
    await end_proposals(context, person.actor, current)
    return await bookings.save_booking(
        current,
        slot=slot.id,
        state=state_by(person, current.school_class),
        details=details,
        now=context.clock(),
    )


async def _after(
    context: Context,
    person: Person,
    booking: Booking,
    school_class: SchoolClass,
    slot: Slot,
    moved_from: tuple[Slot, Booking] | None,
) -> None:
    """Tell everybody of a new place: calendars, the audit log, the teachers."""
    now = context.clock()
    happening = await load_happening(await slots.touch_slot(slot, now=now))
    await show_in_calendars(context, happening)
    facts = {"slot": slot.id, "before": moved_from[0].id if moved_from else None}
    action = "booking-moved" if moved_from else "booking-made"
    subject = ("booking", booking.id)
    await record(
        context, person.actor, booking.municipality, action, subject, booking.version, **facts
    )
    await tell_people_of_change(context, without_classes(happening, [school_class.id]), happening)
    if moved_from is None:
        await tell_teachers(context, happening, booking, school_class, Change.NEW)
        return
    old_slot, old = moved_from
    left = await load_happening(await slots.touch_slot(old_slot, now=now))
    await show_in_calendars(context, left)
    await tell_people_of_change(context, with_class(left, old, school_class), left)
    before = booking_facts(left, old, school_class)
    await tell_teachers(context, happening, booking, school_class, Change.MOVED, before=before)
