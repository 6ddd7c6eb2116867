"""Where a class can go, what it means for whom, and going there in one transaction."""

import asyncio
from datetime import date, timedelta

import pytest
from factories import a_key, stored_availability, stored_class, stored_slot, stored_staff
from own_calendars import a_busy_time, stored_own_calendar

from blaljus.domain.booking import BookingRefusedError
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.localtime import local_day
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.words import (
    ACTIVE_ASSIGNMENT,
    REQUIRED_SERVICES,
    Half,
    Service,
    SlotState,
)
from blaljus.store import agencies, assignments, bookings, outbox, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.class_pages import get_class_page
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.repair.moving import move_class
from blaljus.usecases.repair.ways import Target, get_ways

TEACHER, SECOND = "larare.ek@skola.example", "larare.al@skola.example"


async def staffed_slot(context, cast, **others):
    slot = await stored_slot(cast.plan, cast.venue, **others)
    for station in await slots.list_stations([slot.id]):
        await assign_person(
            context,
            cast.coordinator,
            a_key(),
            slot_id=slot.id,
            station_id=station.id,
            staff_id=cast.staff[station.provides],
        )
    return slot


async def ways_of(context, cast, school_class=None):
    class_id = (school_class or cast.school_class).id
    shown = await get_class_page(context, cast.coordinator, class_id)
    return shown, await get_ways(context, shown)


async def go(context, cast, way, *, school_class=None, version=0, **others):
    return await move_class(
        context,
        others.pop("person", cast.coordinator),
        a_key(),
        class_id=(school_class or cast.school_class).id,
        **{"target": way.target, "crew": way.crew_code, "version": version, **others},
    )


async def seated(context, cast, slot, *classes):
    for school_class in classes or [cast.school_class]:
        await move_class(
            context,
            cast.coordinator,
            a_key(),
            class_id=school_class.id,
            target=Target(slot=slot.id),
        )


async def letters(cast, since=0):
    sent = await outbox.list_messages((cast.municipality.id,), limit=99)
    return sorted((m.address, m.method) for m in sent if m.id > since)


async def last_letter(cast):
    sent = await outbox.list_messages((cast.municipality.id,), limit=1)
    return sent[0].id if sent else 0


async def counted_on(cast, slot):
    duties = await assignments.list_assignments([slot.id], (cast.municipality.id,))
    return [d.staff for d in duties if d.state in ACTIVE_ASSIGNMENT]


async def broken(context):
    """What the product's own check of all it promises finds."""
    return {name: found for name, found in await verify_store(clock=context.clock) if found}


def new_ways(ways):
    return [way for way in ways if way.is_new]


async def test_a_class_without_a_time_is_offered_a_published_slot_before_new_ones(cast, context):
    slot = await staffed_slot(context, cast)

    _, ways = await ways_of(context, cast)

    assert ways[0].target == Target(slot=slot.id)
    assert (ways[0].disturbed, ways[0].told) == (0, 1 + len(REQUIRED_SERVICES))
    assert new_ways(ways)
    assert {way.disturbed for way in new_ways(ways)} == {len(REQUIRED_SERVICES)}
    assert [way.disturbed for way in ways] == sorted(way.disturbed for way in ways)


async def test_times_when_somebody_is_perhaps_busy_come_last_and_say_who(cast, context):
    days = [date(2027, 3, 16) + timedelta(days=n) for n in range(3)]
    police = cast.staff[Service.POLICE]
    await stored_own_calendar(police, *(a_busy_time(day, soft=True) for day in days))

    _, ways = await ways_of(context, cast)

    said = [(way.target.half, [member.id for member in way.perhaps_busy]) for way in ways]
    free, perhaps = (Half.EM, []), (Half.FM, [police])
    assert said == [free] * said.count(free) + [perhaps] * said.count(perhaps)
    assert {free[0], perhaps[0]} == {half for half, _ in said}


async def test_a_new_slot_is_published_with_its_crew_and_everybody_in_it_is_told(cast, context):
    _, ways = await ways_of(context, cast)
    way = new_ways(ways)[0]

    await go(context, cast, way)

    (made,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    assert (made.starts_at, made.ends_at, made.taken) == (way.starts_at, way.ends_at, 1)
    assert await counted_on(cast, made) == [staff for _, staff in way.crew]
    told = [f"{service.value}-1@blaljus.example" for service in REQUIRED_SERVICES]
    assert await letters(cast) == sorted((address, "request") for address in [TEACHER, *told])
    assert way.told == len(told) + 1
    assert await broken(context) == {}


async def test_the_slot_of_a_class_alone_is_called_off_and_its_people_come_at_the_new_time(
    cast, context
):
    old = await staffed_slot(context, cast)
    await seated(context, cast, old)
    shown, ways = await ways_of(context, cast)
    way = new_ways(ways)[0]
    assert (len(way.shifted), way.asked, way.released) == (len(REQUIRED_SERVICES), [], [])
    before = await last_letter(cast)

    await go(context, cast, way, version=shown.version)

    assert (await slots.get_slot(old.id, (cast.municipality.id,))).state is SlotState.CANCELLED
    assert await counted_on(cast, old) == []
    officers = [f"{service.value}-1@blaljus.example" for service in REQUIRED_SERVICES]
    both = [(address, method) for address in officers for method in ("cancel", "request")]
    assert await letters(cast, before) == sorted([(TEACHER, "request"), *both])
    (booking,) = await bookings.list_class_bookings([cast.school_class.id], (cast.municipality.id,))
    assert booking.slot != old.id
    assert await broken(context) == {}


async def test_who_stays_with_the_others_only_learns_that_the_class_left(cast, context):
    old = await staffed_slot(context, cast)
    await seated(context, cast, old, cast.school_class, cast.second_class)
    other = await staffed_slot(context, cast, day=local_day(old.starts_at) + timedelta(1))
    shown, ways = await ways_of(context, cast)
    way = next(way for way in ways if way.target.slot == other.id)
    assert (way.disturbed, way.closes, len(way.updated)) == (0, None, len(REQUIRED_SERVICES))
    before = await last_letter(cast)

    await go(context, cast, way, version=shown.version)

    assert await counted_on(cast, old) == list(cast.staff.values())
    assert {address for address, _ in await letters(cast, before)} == {
        TEACHER,
        *(f"{service.value}-1@blaljus.example" for service in REQUIRED_SERVICES),
    }
    assert await broken(context) == {}


async def test_joining_another_slot_lets_the_crew_of_an_empty_one_go(cast, context):
    old = await staffed_slot(context, cast)
    await seated(context, cast, old)
    other = await staffed_slot(context, cast, day=local_day(old.starts_at) + timedelta(1))
    shown, ways = await ways_of(context, cast)
    way = next(way for way in ways if way.target.slot == other.id)
    assert (len(way.released), way.closes.id) == (len(REQUIRED_SERVICES), old.id)

    await go(context, cast, way, version=shown.version)

    assert await counted_on(cast, old) == []
    assert len(await counted_on(cast, other)) == len(REQUIRED_SERVICES)
    assert await broken(context) == {}


async def test_a_new_slot_whose_crew_is_another_by_now_changes_nothing(cast, context):
    _, ways = await ways_of(context, cast)
    way = new_ways(ways)[0]

    with pytest.raises(WorldChangedError):
        await go(context, cast, way, crew=f"{way.crew_code} 3:99")
    await t.Availability.delete().where(t.Availability.staff == cast.staff[Service.POLICE])
    with pytest.raises(WorldChangedError):
        await go(context, cast, way)

    assert await slots.list_slots(cast.plan.id, (cast.municipality.id,), published=False) == []
    assert await letters(cast) == []


async def test_a_page_that_is_no_longer_true_moves_nobody(cast, context):
    slot = await staffed_slot(context, cast)
    _, ways = await ways_of(context, cast)
    await seated(context, cast, slot)

    with pytest.raises(StaleError):
        await go(context, cast, new_ways(ways)[0])
    with pytest.raises(BookingRefusedError):
        await go(context, cast, ways[0], version=1)

    assert [s.id for s in await slots.list_slots(cast.plan.id, (cast.municipality.id,))] == [
        slot.id
    ]


@pytest.mark.parametrize("who", ["teacher", "foreign_coordinator"])
async def test_only_a_coordinator_of_the_municipality_makes_a_slot(cast, context, who):
    _, ways = await ways_of(context, cast)

    with pytest.raises(NotFoundError):
        await go(context, cast, new_ways(ways)[0], person=getattr(cast, who))


async def test_a_slot_short_of_people_stays_a_way_but_comes_after_full_ones(cast, context):
    short = await stored_slot(cast.plan, cast.venue)
    full = await staffed_slot(context, cast, day=date(2027, 3, 17))

    _, ways = await ways_of(context, cast)

    joins = [(way.target.slot, way.is_short) for way in ways if not way.is_new]
    assert joins == [(full.id, False), (short.id, True)]


async def test_a_class_that_meets_everyone_today_has_no_other_way(cast, context, clock):
    slot = await staffed_slot(context, cast)
    await seated(context, cast, slot)
    clock.set(slot.starts_at)

    assert (await ways_of(context, cast))[1] == ()


async def test_more_slots_and_people_cost_no_more_statements(cast, context):
    async def cost():
        shown, _ = await ways_of(context, cast)
        with count_statements() as heard:
            await get_ways(context, shown)
        return len(heard)

    await staffed_slot(context, cast)
    one = await cost()
    agency = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    for n in range(3):
        day = date(2027, 3, 16) + timedelta(n)
        staff = await stored_staff(agency, f"police-{n + 2}")
        await stored_availability(staff, (day, Half.EM))
        await stored_class(cast.municipality, cast.school_class.school_unit, f"4{n}")
        await stored_slot(cast.plan, cast.venue, day=day, half=Half.EM)

    assert await cost() == one


async def test_of_two_who_move_a_class_at_once_one_does_and_the_other_is_told(cast, context):
    old = await staffed_slot(context, cast)
    await seated(context, cast, old)
    shown, ways = await ways_of(context, cast)
    first, second = new_ways(ways)[:2]

    answers = await asyncio.gather(
        *(go(context, cast, way, version=shown.version) for way in (first, second)),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["StaleError", "int"]
    assert len(await slots.list_slots(cast.plan.id, (cast.municipality.id,))) == 1
    assert await broken(context) == {}
