"""A booking in the order of things: proposed, confirmed once, begun or called off, closed."""

import asyncio
from datetime import date, timedelta

import pytest
from factories import a_key, some_details, stored_slot

from blaljus.domain.booking import BookingClosedError
from blaljus.domain.words import BookingState, CancelCause
from blaljus.store import bookings, slots
from blaljus.store.engine import write_transaction
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import change_details


async def booked(context, cast, slot, by=None):
    return await book_slot(
        context,
        by or cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )


async def test_a_confirmation_raises_the_sequence_once(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    number = await booked(context, cast, slot, by=cast.coordinator)
    clock.advance(timedelta(hours=1))
    same = {"number": number, "details": some_details()}

    await change_details(context, cast.teacher, a_key(), **same)
    await change_details(context, cast.teacher, a_key(), **same)

    after = await bookings.get_booking(number, (cast.municipality.id,))
    assert (after.state, after.sequence, after.version) == (BookingState.CONFIRMED, 1, 3)


async def test_a_time_that_has_begun_is_not_moved_to_another_day(cast, context, clock):
    first = await stored_slot(cast.plan, cast.venue)
    second = await stored_slot(cast.plan, cast.venue, day=date(2027, 4, 28))
    number = await booked(context, cast, first)
    before = await bookings.get_booking(number, (cast.municipality.id,))
    clock.set(first.starts_at + timedelta(seconds=1))

    with pytest.raises(BookingClosedError):
        await booked(context, cast, second)

    assert await bookings.list_bookings(cast.plan.id, (cast.municipality.id,)) == [before]


async def test_a_change_does_not_bring_back_what_was_called_off_meanwhile(cast, context, clock):
    """Who calls a slot off holds the slot, but not the class that booked a moment before."""
    slot = await stored_slot(cast.plan, cast.venue)
    number = await booked(context, cast, slot)
    scope = (cast.municipality.id,)

    held = asyncio.Event()

    async def change():
        await held.wait()
        details = some_details(pupils=9)
        await change_details(context, cast.teacher, a_key(), number=number, details=details)

    changing = asyncio.create_task(change())
    async with write_transaction():
        await slots.lock_slot(slot.id, scope)
        held.set()
        await asyncio.sleep(0.3)
        await bookings.save_booking(
            await bookings.get_booking(number, scope),
            state=BookingState.CANCELLED,
            cancel_cause=CancelCause.AGENCY,
            now=clock(),
        )
    with pytest.raises(BookingClosedError):
        await changing

    after = await bookings.get_booking(number, scope)
    assert (after.state, after.pupils) == (BookingState.CANCELLED, 20)
