"""When classes really arrive and leave: what the carousel, the log and a move make of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.booking import BookingClosedError
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.stays import Stay, StaysRefusedError, stay_of
from blaljus.domain.words import Half, Service
from blaljus.store import audit, bookings, kept_rounds, outbox, slots
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.days.callouts import Absence, note_callout
from blaljus.usecases.days.carousel import get_carousel, get_station_rounds
from blaljus.usecases.days.stays import set_stays
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.crew import Deed, last_of_crew, note_own_crew
from blaljus.usecases.people.staffing import assign_person

ALL_DAY = Stay(arrives_at=None, leaves_at=None)


@pytest.fixture
async def slot(cast, context):
    """Two classes and three services from 9.00 to 10.25; the first begins at the police."""
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    return await slots.get_slot(slot.id, (cast.municipality.id,))


def after(slot, minutes):
    return slot.starts_at + timedelta(minutes=minutes)


def late(slot, minutes):
    return Stay(arrives_at=after(slot, minutes), leaves_at=None)


async def first_of(slot):
    return (await bookings.list_in_slots([slot.id], (slot.municipality,)))[0]


async def say(context, cast, slot, stay, **more):
    booking = await first_of(slot)
    stays = {booking.id: stay}
    await set_stays(context, cast.coordinator, a_key(), slot_id=slot.id, stays=stays, **more)


async def findings(context):
    return [found for _, wrong in await verify_store(clock=context.clock) for found in wrong]


def stops_of(carousel, group=1):
    way = carousel.of_group(carousel.rotation, carousel.groups[group - 1])
    start = carousel.slot.starts_at
    return [((stop.starts_at - start) // timedelta(minutes=1), s.provides) for stop, s in way]


async def test_a_late_class_misses_the_first_rounds_and_nobody_is_told_yet(cast, context, slot):
    sent = await outbox.count_messages((cast.municipality.id,))
    leaves = Stay(arrives_at=after(slot, 20), leaves_at=after(slot, 60))

    await say(context, cast, slot, leaves, version=slot.version)

    shown = await get_carousel(cast.coordinator, slot.id)
    assert all(20 <= minute <= 50 for minute, _ in stops_of(shown))
    trip = next(trip for trip in shown.trips(shown.rotation) if trip.has_times)
    assert [m.service for m in shown.rotation.missed] == [s.provides for s in trip.misses] != []
    assert shown.slot.version == slot.version + 1
    assert await outbox.count_messages((cast.municipality.id,)) == sent
    booking, last = await first_of(slot), (await audit.list_entries(cast.municipality.id))[-1]
    assert (last.action, last.subject) == ("booking-stay", f"booking:{booking.id}")
    assert (stay_of(booking), last.version) == (leaves, booking.version)
    assert await findings(context) == []


async def test_the_old_times_give_the_old_carousel(cast, context, slot):
    before = await get_carousel(cast.coordinator, slot.id)
    await say(context, cast, slot, late(slot, 30))

    await say(context, cast, slot, ALL_DAY)
    await say(context, cast, slot, ALL_DAY)

    now = await get_carousel(cast.coordinator, slot.id)
    assert (now.rotation, now.groups) == (before.rotation, before.groups)
    assert now.slot.version == slot.version + 2


async def test_rounds_wait_where_every_class_comes_later(cast, context, slot):
    booked = await bookings.list_in_slots([slot.id], (slot.municipality,))
    stays = {booking.id: late(slot, 10) for booking in booked}

    await set_stays(context, cast.coordinator, a_key(), slot_id=slot.id, stays=stays)

    shown = await get_carousel(cast.coordinator, slot.id)
    assert shown.rotation.rounds[0][0] == after(slot, 10)
    assert shown.rotation.missed == ()


async def test_rounds_that_have_begun_stand_when_a_bus_is_late(cast, context, clock, slot):
    before = await get_carousel(cast.coordinator, slot.id)
    clock.set(after(slot, 10))

    await say(context, cast, slot, late(slot, 25))

    shown = await get_carousel(cast.coordinator, slot.id)
    assert stops_of(shown, 2)[0] == stops_of(before, 2)[0]
    assert min(minute for minute, _ in stops_of(shown)) >= 25
    clock.set(after(slot, 20))
    crew = next(s for s in shown.stations if s.provides is Service.AMBULANCE)
    gone = Absence(station=crew.id, left_at=after(slot, 20), back_at=None)
    await note_callout(context, cast.coordinator, a_key(), slot_id=slot.id, absence=gone)
    last = await get_carousel(cast.coordinator, slot.id)
    assert stops_of(last, 2)[0] == stops_of(before, 2)[0]
    assert {miss.service for miss in last.rotation.missed} >= {Service.AMBULANCE}


async def test_a_crew_cannot_undo_what_later_times_were_planned_around(cast, context, clock, slot):
    police = (await slots.list_stations([slot.id]))[0]
    duty = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=police.id,
        staff_id=cast.staff[Service.POLICE],
    )
    clock.set(after(slot, 5))
    deed = {"assignment_id": duty, "deed": Deed.LEAVE}
    await note_own_crew(context, cast.officer, a_key(), **deed)
    assert last_of_crew(await get_station_rounds(cast.officer, duty), now=clock()) is not None
    clock.set(after(slot, 7))

    await say(context, cast, slot, late(slot, 25))

    assert last_of_crew(await get_station_rounds(cast.officer, duty), now=clock()) is None


async def test_what_is_kept_holds_no_more_when_other_classes_come(cast, context, clock, slot):
    clock.set(after(slot, 1))
    await say(context, cast, slot, late(slot, 25))
    kept = await kept_rounds.find_kept(slot.id, (slot.municipality,))
    assert kept.decided is not None
    booking = await first_of(slot)
    await bookings.save_booking(booking, now=clock(), details=replace(booking.details, pupils=7))

    shown = await get_carousel(cast.coordinator, slot.id)

    assert shown.groups[0].pupils == 7
    assert min(minute for minute, _ in stops_of(shown)) >= 25


async def test_times_that_cannot_be_are_refused_and_none_is_stored(cast, context, slot):
    first, second = await bookings.list_in_slots([slot.id], (slot.municipality,))
    stays = {first.id: late(slot, 20), second.id: late(slot, 85)}

    with pytest.raises(StaysRefusedError) as caught:
        await set_stays(context, cast.coordinator, a_key(), slot_id=slot.id, stays=stays)

    assert caught.value.problems == {f"arrives_{second.id}": "arrives-outside"}
    assert stay_of(await first_of(slot)) == ALL_DAY


async def test_a_class_that_moves_leaves_its_times_behind(cast, context, slot):
    await say(context, cast, slot, late(slot, 20))
    other = await stored_slot(cast.plan, cast.venue, half=Half.EM)
    booking = await first_of(slot)

    await book_slot(
        context,
        cast.teacher,
        a_key(),
        slot_id=other.id,
        class_id=cast.school_class.id,
        details=booking.details,
    )

    assert stay_of(await first_of(other)) == ALL_DAY
    assert await findings(context) == []


async def test_others_and_old_pages_and_held_slots_change_nothing(cast, context, clock, slot):
    for person in (cast.foreign_coordinator, cast.teacher, cast.officer):
        with pytest.raises(NotFoundError):
            await set_stays(context, person, a_key(), slot_id=slot.id, stays={})
    stays = {987: ALL_DAY}
    with pytest.raises(NotFoundError):
        await set_stays(context, cast.coordinator, a_key(), slot_id=slot.id, stays=stays)
    with pytest.raises(StaleError):
        await say(context, cast, slot, late(slot, 20), version=slot.version - 1)
    clock.set(slot.ends_at)
    with pytest.raises(BookingClosedError):
        await say(context, cast, slot, late(slot, 20))

    assert stay_of(await first_of(slot)) == ALL_DAY
