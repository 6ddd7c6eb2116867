"""Calling a whole slot off."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from blaljus.domain.booking import Booking, BookingClosedError, may_change
from blaljus.domain.errors import StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import AssignmentState, CancelCause, SlotState
from blaljus.store import assignments, bookings, schools, slots
from blaljus.usecases.bookings.booking_changes import end_booking
from blaljus.usecases.calendars.happenings import FullHappening, load_happening, show_in_calendars
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.notices import Change, tell_person, tell_teachers
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.replies.ending import end_proposals


async def cancel_slot(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    slot_id: int,
    cause: CancelCause,
    version: int | None = None,
) -> None:
    """Call a slot off: bookings, duties and calendars end, and everybody in it is told.

    All of it in one transaction. Raises `BookingClosedError` once it has begun or is off, and
    `StaleError` where the slot is no longer of the `version` the person saw.
    """

    async def change() -> Outcome:
        await _cancel(context, person, slot_id, cause, version)
        return {"slot": slot_id}

    await once(person, key, change, clock=context.clock)


async def _cancel(
    context: Context, person: Person, slot_id: int, cause: CancelCause, version: int | None
) -> None:
    slot = await lock_with_classes(person, slot_id)
    if slot.state is not SlotState.PUBLISHED or not may_change(slot, now=context.clock()):
        raise BookingClosedError
    if version is not None and version != slot.version:
        raise StaleError
    before = await load_happening(slot)
    booked = [await end_booking(context, person, booking, cause) for booking in before.bookings]
    duties = [await withdraw(context, person, duty) for duty in before.active_duties]
    await close_slot(context, person, before, booked, duties, cause)


async def close_slot(
    context: Context,
    person: Person,
    before: FullHappening,
    booked: Sequence[Booking],
    duties: Sequence[Assignment],
    cause: CancelCause,
) -> None:
    """Call off a locked slot whose bookings and duties have just ended, and tell everybody.

    `before` is how it was until then: letters still name the classes that were to come.
    """
    slot = await slots.touch_slot(before.slot, now=context.clock(), state=SlotState.CANCELLED)
    facts = {"cause": cause.value, "bookings": len(booked), "duties": len(duties)}
    subject = ("slot", slot.id)
    await record(
        context, person.actor, slot.municipality, "slot-cancelled", subject, slot.version, **facts
    )
    await _tell(context, before, slot, booked, duties)


async def lock_with_classes(person: Person, slot_id: int) -> Slot:
    """Return a slot of the person's, locked after the classes in it: as those lock who book."""
    scope = person.municipalities
    await slots.get_slot(slot_id, scope)
    for booking in sorted(await bookings.list_in_slots([slot_id], scope), key=_class_of):
        await schools.lock_class(booking.school_class, scope)
    return await slots.lock_slot(slot_id, scope)


def _class_of(booking: Booking) -> int:
    return booking.school_class


async def withdraw(context: Context, person: Person, duty: Assignment) -> Assignment:
    """End a duty of a locked slot; calendars and the person come after, with the slot."""
    found = await assignments.get_assignment(duty.id, (duty.municipality,), lock=True)
    saved = await assignments.save_assignment(
        found, state=AssignmentState.WITHDRAWN, now=context.clock()
    )
    await end_proposals(context, person.actor, saved)
    subject = ("assignment", saved.id)
    await record(
        context, person.actor, saved.municipality, "duty-withdrawn", subject, saved.version
    )
    return saved


async def _tell(
    context: Context,
    before: FullHappening,
    slot: Slot,
    booked: Sequence[Booking],
    duties: Sequence[Assignment],
) -> None:
    """Tell calendars and people; letters still name the classes that were to come."""
    ended: Mapping[int, Assignment] = {duty.id: duty for duty in duties}
    after = replace(
        before,
        slot=slot,
        bookings=booked,
        duties=[ended.get(duty.id, duty) for duty in before.duties],
    )
    await show_in_calendars(context, after, ended_duties=duties)
    by_id = {c.id: c for c in after.classes}
    for booking in booked:
        await tell_teachers(context, after, booking, by_id[booking.school_class], Change.CANCELLED)
    for duty in duties:
        await tell_person(context, after, duty, Change.CANCELLED)
