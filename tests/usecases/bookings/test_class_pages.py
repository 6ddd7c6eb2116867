"""A class for its coordinator: booking, moving, history."""

from datetime import timedelta

import pytest
from factories import a_key, some_details, stored_slot

from blaljus.domain.booking import BookingRefusedError, Refusal
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.words import AccessNeed, BookingState, CancelCause, Half, Role
from blaljus.store import bookings
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.bookings.class_pages import get_class_page
from blaljus.usecases.repair.moving import move_class
from blaljus.usecases.repair.ways import Target


@pytest.fixture
async def two(cast):
    """Two slots on one day."""
    return [await stored_slot(cast.plan, cast.venue, half=half) for half in Half]


async def page(context, cast, person=None):
    return await get_class_page(context, person or cast.coordinator, cast.school_class.id)


async def given(context, cast, slot, version=0):
    return await move_class(
        context,
        cast.coordinator,
        a_key(),
        class_id=cast.school_class.id,
        target=Target(slot=slot.id),
        version=version,
    )


async def test_a_class_without_a_time_shows_every_slot_with_all_reasons(cast, context, two, clock):
    clock.set(two[0].starts_at - timedelta(days=1))

    shown = await page(context, cast)

    assert (shown.current, shown.version, shown.may_change, shown.fit) == (None, 0, False, [])
    assert [choice.reasons for choice in shown.unfit] == [(Refusal.TOO_LATE,)] * 2


async def test_a_time_from_the_coordinator_is_tentative_until_the_teacher_confirms(
    cast, context, two
):
    await given(context, cast, two[0])

    shown = await page(context, cast)

    assert shown.current is not None
    assert shown.current.state is BookingState.TENTATIVE
    assert (shown.current.pupils, shown.current.adults) == (20, 2)
    assert [choice.slot.id for choice in shown.fit] == [two[1].id]
    assert shown.teachers == 1


async def test_moving_a_class_keeps_what_its_teacher_said(cast, context, two):
    details = some_details(17, phone="0413-280 00", access_needs={AccessNeed.CALM: 1})
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=two[0].id,
        details=details,
    )

    await given(context, cast, two[1], version=1)

    (booking,) = await bookings.list_bookings(cast.plan.id, (cast.municipality.id,))
    assert (booking.slot, booking.details) == (two[1].id, details)


async def test_a_page_that_is_no_longer_true_changes_nothing(cast, context, two):
    await given(context, cast, two[0])

    with pytest.raises(StaleError):
        await given(context, cast, two[1], version=0)
    with pytest.raises(BookingRefusedError):
        await given(context, cast, two[0], version=1)

    (booking,) = await bookings.list_bookings(cast.plan.id, (cast.municipality.id,))
    assert booking.slot == two[0].id


async def test_history_says_who_did_what_newest_first(cast, context, two):
    number = await given(context, cast, two[0])
    await cancel_booking(context, cast.teacher, a_key(), number=number, cause=CancelCause.ILLNESS)

    shown = await page(context, cast)

    assert [line.action for line in shown.history] == ["booking-cancelled", "booking-made"]
    teacher, coordinator = (line.actor for line in shown.history)
    assert (teacher.role, teacher.own) == (Role.TEACHER, False)
    assert (coordinator.role, coordinator.own) == (Role.COORDINATOR, True)
    assert [booking.state for booking, _ in shown.bookings] == [BookingState.CANCELLED]


async def test_a_teacher_and_another_municipality_see_no_such_page(cast, context, two):
    for person in (cast.teacher, cast.foreign_coordinator):
        with pytest.raises(NotFoundError):
            await page(context, cast, person)
        with pytest.raises(NotFoundError):
            await move_class(
                context,
                person,
                a_key(),
                class_id=cast.school_class.id,
                target=Target(slot=two[0].id),
                version=0,
            )


async def test_more_slots_and_a_longer_history_cost_no_more_statements(cast, context, two):
    async def cost():
        with count_statements() as heard:
            shown = await page(context, cast)
        return len(shown.choices), len(shown.history), len(heard)

    await given(context, cast, two[0])
    *_, one = await cost()
    await given(context, cast, two[1], version=1)
    await given(context, cast, two[0], version=2)
    await stored_slot(cast.plan, cast.venue, day=two[0].starts_at.date() + timedelta(days=1))

    assert await cost() == (3, 3, one)
