from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import a_key, some_details, stored_class, stored_school, stored_slot

from blaljus.domain.booking import BookingClosedError, BookingRefusedError, Refusal
from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import BookingState, CancelCause, FeedKind, Half
from blaljus.store import bookings, entries, outbox, schools, slots
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details


async def booked(context, person, school_class, slot, **details):
    number = await book_slot(
        context,
        person,
        a_key(),
        class_id=school_class.id,
        slot_id=slot.id,
        details=some_details(**details),
    )
    return await bookings.get_booking(number, (school_class.municipality,))


async def taken(slot):
    return (await slots.get_slot(slot.id, (slot.municipality,))).taken


async def methods_to(cast, address):
    messages = await outbox.list_messages((cast.municipality.id,), limit=50)
    return [m.method for m in reversed(messages) if m.address == address]


async def test_a_teacher_books_a_confirmed_place_and_gets_an_invitation(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)

    booking = await booked(context, cast.teacher, cast.school_class, slot, pupils=19)

    assert booking.state is BookingState.CONFIRMED
    assert 100_000 <= booking.number <= 999_999
    assert (booking.pupils, booking.sequence, booking.version) == (19, 0, 1)
    assert await taken(slot) == 1
    assert await methods_to(cast, "larare.ek@skola.example") == ["request"]
    shown = await entries.list_fragments(FeedKind.SCHOOL_CLASS, cast.school_class.id, clock())
    assert len(shown) == 1
    assert "19 elever" in shown[0].replace("\r\n ", "")


async def test_a_coordinators_booking_waits_for_the_teacher(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)

    booking = await booked(context, cast.coordinator, cast.school_class, slot)

    assert booking.state is BookingState.TENTATIVE


async def test_booking_again_moves_the_booking_and_frees_the_old_place(cast, context, clock):
    first = await stored_slot(cast.plan, cast.venue)
    second = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 17))
    before = await booked(context, cast.teacher, cast.school_class, first)
    clock.advance(timedelta(minutes=5))

    after = await booked(context, cast.teacher, cast.school_class, second)

    assert after == replace(
        before,
        slot=second.id,
        sequence=1,
        version=2,
        revised_at=clock(),
    )
    assert (await taken(first), await taken(second)) == (0, 1)
    assert await methods_to(cast, "larare.ek@skola.example") == ["request", "request"]


async def test_every_reason_against_a_slot_is_told_at_once(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 2, 24), places=0)
    clock.set(datetime(2027, 2, 20, 8, tzinfo=UTC))

    with pytest.raises(BookingRefusedError) as caught:
        await booked(context, cast.teacher, cast.school_class, slot, pupils=61)

    assert caught.value.refusals == (
        Refusal.TOO_LATE,
        Refusal.FULL,
        Refusal.SCHOOL_OUT,
        Refusal.TOO_MANY_PUPILS,
    )
    scope = (cast.municipality.id,)
    assert await bookings.list_bookings(cast.plan.id, scope) == []
    assert await outbox.list_messages(scope, limit=9) == []


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (1, True)])
async def test_booking_closes_a_week_before_to_the_second(cast, context, clock, seconds, late):
    slot = await stored_slot(cast.plan, cast.venue)
    clock.set(slot.starts_at - timedelta(days=7) + timedelta(seconds=seconds))

    if late:
        with pytest.raises(BookingRefusedError):
            await booked(context, cast.teacher, cast.school_class, slot)
    else:
        await booked(context, cast.teacher, cast.school_class, slot)


async def test_a_slot_at_a_school_is_for_its_own_classes(cast, context):
    venues = await schools.list_venues((cast.municipality.id,))
    at_al = next(v for v in venues if v.name == "Alskolan")
    slot = await stored_slot(cast.plan, at_al)

    with pytest.raises(BookingRefusedError) as caught:
        await booked(context, cast.teacher, cast.school_class, slot)

    assert caught.value.refusals == (Refusal.OTHER_SCHOOL,)
    await booked(context, cast.second_teacher, cast.second_class, slot)


async def test_the_same_slot_twice_is_refused(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    await booked(context, cast.teacher, cast.school_class, slot)

    with pytest.raises(BookingRefusedError) as caught:
        await booked(context, cast.teacher, cast.school_class, slot)

    assert caught.value.refusals == (Refusal.SAME_SLOT,)


async def test_the_last_place_goes_to_one_class(cast, context):
    slot = await stored_slot(cast.plan, cast.venue, places=1)
    await booked(context, cast.teacher, cast.school_class, slot)

    with pytest.raises(BookingRefusedError) as caught:
        await booked(context, cast.second_teacher, cast.second_class, slot)

    assert caught.value.refusals == (Refusal.FULL,)
    assert await taken(slot) == 1


async def test_a_second_click_books_once(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    key = a_key()

    numbers = [
        await book_slot(
            context,
            cast.teacher,
            key,
            class_id=cast.school_class.id,
            slot_id=slot.id,
            details=some_details(),
        )
        for _ in range(2)
    ]

    assert numbers[0] == numbers[1]
    assert await taken(slot) == 1
    assert await methods_to(cast, "larare.ek@skola.example") == ["request"]


@pytest.mark.parametrize("who", ["second_teacher", "officer", "foreign_coordinator"])
async def test_nobody_else_books_for_a_class(cast, context, who):
    slot = await stored_slot(cast.plan, cast.venue)

    with pytest.raises(NotFoundError):
        await booked(context, getattr(cast, who), cast.school_class, slot)


async def test_changed_counts_keep_the_sequence_and_renew_the_revision(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    before = await booked(context, cast.teacher, cast.school_class, slot)
    clock.advance(timedelta(hours=1))

    await change_details(
        context, cast.teacher, a_key(), number=before.number, details=some_details(pupils=22)
    )

    after = await bookings.get_booking(before.number, (cast.municipality.id,))
    assert after == replace(before, pupils=22, version=2, revised_at=clock())


async def test_a_cancelled_booking_frees_its_place_and_stays_as_cancelled(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    before = await booked(context, cast.teacher, cast.school_class, slot)
    clock.advance(timedelta(hours=1))

    await cancel_booking(
        context, cast.teacher, a_key(), number=before.number, cause=CancelCause.ILLNESS
    )

    after = await bookings.get_booking(before.number, (cast.municipality.id,))
    assert after == replace(
        before,
        state=BookingState.CANCELLED,
        cancel_cause=CancelCause.ILLNESS,
        sequence=1,
        version=2,
        revised_at=clock(),
    )
    assert await taken(slot) == 0
    assert await methods_to(cast, "larare.ek@skola.example") == ["request", "cancel"]
    shown = await entries.list_fragments(FeedKind.SCHOOL_CLASS, cast.school_class.id, clock())
    assert len(shown) == 1
    assert "STATUS:CANCELLED" in shown[0]
    clock.advance(timedelta(days=31))
    assert await entries.list_fragments(FeedKind.SCHOOL_CLASS, cast.school_class.id, clock()) == []


async def test_a_cancelled_class_can_book_again(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    first = await booked(context, cast.teacher, cast.school_class, slot)
    await cancel_booking(
        context, cast.teacher, a_key(), number=first.number, cause=CancelCause.OTHER
    )

    again = await booked(context, cast.teacher, cast.school_class, slot)

    assert again.number != first.number
    assert await taken(slot) == 1


async def test_a_booking_that_has_begun_is_closed(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue, half=Half.EM)
    booking = await booked(context, cast.teacher, cast.school_class, slot)
    clock.set(slot.starts_at)

    with pytest.raises(BookingClosedError):
        await cancel_booking(
            context, cast.teacher, a_key(), number=booking.number, cause=CancelCause.OTHER
        )
    with pytest.raises(BookingClosedError):
        await change_details(
            context, cast.teacher, a_key(), number=booking.number, details=some_details()
        )


async def test_another_municipalitys_class_is_not_found(cast, context):
    school = await stored_school(cast.other, "Eslövsskolan")
    foreign = await stored_class(cast.other, school)
    slot = await stored_slot(cast.plan, cast.venue)

    with pytest.raises(NotFoundError):
        await booked(context, cast.coordinator, foreign, slot)
