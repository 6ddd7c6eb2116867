"""Teachers change what a booking says, or cancel it; coordinators may do the same for a class."""

from functools import partial

from blaljus.domain.booking import (
    Booking,
    BookingClosedError,
    BookingDetails,
    BookingRefusedError,
    Refusal,
    may_change,
)
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot
from blaljus.domain.words import BookingState, CancelCause
from blaljus.store import bookings, schools, slots
from blaljus.usecases.bookings.booking import check_seen, get_own_booking, state_by
from blaljus.usecases.bookings.places import leave_place, resize_place
from blaljus.usecases.calendars.happenings import load_happening, show_in_calendars, with_class
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.notices import (
    Change,
    booking_facts,
    tell_people_of_change,
    tell_teachers,
)
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.replies.ending import end_proposals


async def change_details(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    number: int,
    details: BookingDetails,
    version: int | None = None,
) -> None:
    """Change what a booking says of the class; the class's own teacher confirms it thereby.

    Raises `StaleError` where the booking is no longer of the `version` the person saw.
    """
    change = partial(_change_details, context, person, number, version, details)
    await once(person, key, change, clock=context.clock)


async def confirm_as_it_is(context: Context, person: Person, number: int) -> None:
    """Confirm a booking with the details it has, in the caller's transaction."""
    booking, _ = await get_own_booking(person, number)
    await _change_details(context, person, number, booking.version, booking.details)


async def _change_details(
    context: Context, person: Person, number: int, version: int | None, details: BookingDetails
) -> Outcome:
    booking, school_class, slot = await _open_booking(context, person, number, version)
    if not await resize_place(slot, booking, details.pupils):
        raise BookingRefusedError([Refusal.TOO_MANY_PUPILS])
    now = context.clock()
    state = state_by(person, school_class.id)
    state = booking.state if state is BookingState.TENTATIVE else state
    saved = await bookings.save_booking(booking, state=state, details=details, now=now)
    happening = await load_happening(await slots.touch_slot(slot, now=now))
    await show_in_calendars(context, happening)
    subject = ("booking", saved.id)
    await record(
        context, person.actor, saved.municipality, "booking-changed", subject, saved.version
    )
    before = booking_facts(happening, booking, school_class)
    await tell_teachers(context, happening, saved, school_class, Change.TEXT, before=before)
    return {"number": number}


async def cancel_booking(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    number: int,
    cause: CancelCause,
    version: int | None = None,
) -> None:
    """Cancel a booking that has not begun; its place is free at once.

    Raises `StaleError` where the booking is no longer of the `version` the person saw.
    """
    change = partial(_cancel, context, person, number, version, cause)
    await once(person, key, change, clock=context.clock)


async def _cancel(
    context: Context, person: Person, number: int, version: int | None, cause: CancelCause
) -> Outcome:
    booking, school_class, slot = await _open_booking(context, person, number, version)
    saved = await end_booking(context, person, booking, cause)
    happening = await load_happening(await slots.touch_slot(slot, now=context.clock()))
    await show_in_calendars(context, happening, ended_bookings=[(saved, school_class)])
    await tell_people_of_change(context, with_class(happening, booking, school_class), happening)
    await tell_teachers(context, happening, saved, school_class, Change.CANCELLED)
    return {"number": number}


async def end_booking(
    context: Context, person: Person, booking: Booking, cause: CancelCause
) -> Booking:
    """Cancel a booking of a locked slot and free its place; calendars and people come after."""
    saved = await bookings.save_booking(
        booking, state=BookingState.CANCELLED, cancel_cause=cause, now=context.clock()
    )
    await leave_place(saved)
    await end_proposals(context, person.actor, saved)
    subject, facts = ("booking", saved.id), {"cause": cause.value}
    await record(
        context,
        person.actor,
        saved.municipality,
        "booking-cancelled",
        subject,
        saved.version,
        **facts,
    )
    return saved


async def _open_booking(
    context: Context, person: Person, number: int, version: int | None
) -> tuple[Booking, SchoolClass, Slot]:
    """Return a booking that may still change, its class and slot, locked in that order.

    Raises `StaleError` where it is no longer of the `version` the person saw.
    """
    booking, school_class = await get_own_booking(person, number)
    scope = (school_class.municipality,)
    await schools.lock_class(school_class.id, scope)
    slot = await slots.lock_slot((await bookings.get_booking(number, scope)).slot, scope)
    # Read behind both locks: who calls the slot off need not have held the class's.
    booking = await bookings.get_booking(number, scope)
    if booking.state is BookingState.CANCELLED or not may_change(slot, now=context.clock()):
        raise BookingClosedError
    check_seen(booking, version)
    return booking, school_class, slot
