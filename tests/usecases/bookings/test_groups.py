"""Slots whose places are groups of pupils: booking, changing, leaving, and all at once."""

import asyncio
from datetime import date

import pytest
from factories import a_key, some_details, stored_class, stored_slot

from blaljus.domain.booking import BookingRefusedError, Refusal
from blaljus.domain.words import CancelCause
from blaljus.store import bookings, slots
from blaljus.store.engine import transactional
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details
from blaljus.usecases.bookings.choosing import get_choices
from blaljus.usecases.days.carousel import get_carousel
from blaljus.usecases.operation.verifying import verify_store


@pytest.fixture
async def slot(cast):
    """Three groups of at most 20 pupils."""
    return await stored_slot(cast.plan, cast.venue, group_pupils=20)


async def a_class(cast, label, pupils=20):
    school = cast.school_class.school_unit
    return await stored_class(cast.municipality, school, label, year4_pupils=pupils)


async def booked(context, cast, school_class, slot, pupils):
    return await book_slot(
        context,
        cast.coordinator,
        a_key(),
        class_id=school_class.id,
        slot_id=slot.id,
        details=some_details(pupils=pupils),
    )


async def taken(slot):
    return (await slots.get_slot(slot.id, (slot.municipality,))).taken


async def counts_are_right(context):
    found = dict(await verify_store(clock=context.clock))
    return not found["2 bookings fit the places of their slot"]


async def changed(context, cast, number, pupils):
    await change_details(
        context, cast.coordinator, a_key(), number=number, details=some_details(pupils=pupils)
    )


async def test_a_large_class_takes_two_places_and_two_small_ones_share_one(cast, context, slot):
    await booked(context, cast, cast.school_class, slot, 31)
    assert await taken(slot) == 2
    await booked(context, cast, await a_class(cast, "4C"), slot, 9)
    assert await taken(slot) == 3

    await booked(context, cast, await a_class(cast, "4D"), slot, 11)

    assert await taken(slot) == 3
    assert await counts_are_right(context)


async def test_a_class_that_makes_one_group_too_many_is_refused(cast, context, slot):
    await booked(context, cast, cast.school_class, slot, 40)
    await booked(context, cast, await a_class(cast, "4C"), slot, 12)
    late = await a_class(cast, "4D")

    with pytest.raises(BookingRefusedError) as full:
        await booked(context, cast, late, slot, 9)
    with pytest.raises(BookingRefusedError) as large:
        await booked(context, cast, late, slot, 61)

    assert full.value.refusals == (Refusal.FULL,)
    assert large.value.refusals == (Refusal.TOO_MANY_PUPILS,)
    assert await taken(slot) == 3


async def test_the_choices_say_what_a_booking_would(cast, context, slot):
    await booked(context, cast, cast.school_class, slot, 40)
    await booked(context, cast, await a_class(cast, "4C"), slot, 12)
    late = await a_class(cast, "4D")

    small = await get_choices(context, cast.coordinator, late.id, pupils=8)
    larger = await get_choices(context, cast.coordinator, late.id, pupils=9)

    assert small.get(slot.id).reasons == ()
    assert larger.get(slot.id).reasons == (Refusal.FULL,)


async def test_a_class_that_grows_takes_more_or_is_refused_and_stays(cast, context, slot):
    number = await booked(context, cast, cast.school_class, slot, 20)
    await booked(context, cast, await a_class(cast, "4C"), slot, 20)

    await changed(context, cast, number, 40)
    assert await taken(slot) == 3
    with pytest.raises(BookingRefusedError):
        await changed(context, cast, number, 41)

    assert await taken(slot) == 3
    assert (await bookings.get_booking(number, (cast.municipality.id,))).pupils == 40


async def test_who_leaves_gives_back_what_is_not_shared(cast, context, slot):
    large = await booked(context, cast, cast.school_class, slot, 40)
    small = await booked(context, cast, await a_class(cast, "4C"), slot, 9)
    await booked(context, cast, await a_class(cast, "4D"), slot, 9)

    await cancel_booking(
        context, cast.coordinator, a_key(), number=small, cause=CancelCause.ILLNESS
    )
    assert await taken(slot) == 3
    other = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 17))
    await booked(context, cast, cast.school_class, other, 40)

    assert (await taken(slot), await taken(other)) == (1, 1)
    assert (await bookings.get_booking(large, (cast.municipality.id,))).slot == other.id
    assert await counts_are_right(context)


async def test_the_carousel_has_the_groups_that_were_booked(cast, context, slot):
    await booked(context, cast, cast.school_class, slot, 31)
    await booked(context, cast, await a_class(cast, "4C"), slot, 9)
    await booked(context, cast, await a_class(cast, "4D"), slot, 11)

    carousel = await get_carousel(cast.coordinator, slot.id)

    assert [
        ([(c.label, pupils) for c, pupils in group.classes], group.split)
        for group in carousel.groups
    ] == [([("4A", 16)], True), ([("4A", 15)], True), ([("4C", 9), ("4D", 11)], False)]
    assert carousel.rotation.missed == ()


async def test_of_many_who_want_the_last_groups_no_more_get_them_than_fit(cast, context, slot):
    classes = [await a_class(cast, f"4{letter}") for letter in "CDEFGHIJ"]
    sizes = [21, 9, 33, 20, 8, 12, 40, 11]

    answers = await asyncio.gather(
        *(booked(context, cast, c, slot, n) for c, n in zip(classes, sizes, strict=True)),
        return_exceptions=True,
    )

    refused = [answer for answer in answers if isinstance(answer, BookingRefusedError)]
    assert [r.refusals for r in refused] == [(Refusal.FULL,)] * len(refused)
    assert len(refused) + sum(isinstance(answer, int) for answer in answers) == len(classes)
    assert refused
    assert 2 <= await taken(slot) <= 3
    assert await counts_are_right(context)


@transactional
async def set_taken_twice(slot):
    fresh = await slots.get_slot(slot.id, (slot.municipality,))
    return await slots.set_taken(fresh, 1), await slots.set_taken(fresh, 2)


async def test_the_database_refuses_a_count_that_was_made_of_older_bookings(cast, slot):
    assert await set_taken_twice(slot) == (True, False)

    assert await taken(slot) == 1
    assert not await transactional(slots.set_taken)(slot, 4)
