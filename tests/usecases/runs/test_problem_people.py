"""What the planner is told of people, places and municipalities."""

from datetime import UTC, date, datetime

import pytest
from factories import (
    YEAR,
    a_key,
    shared_venue,
    stored_agency,
    stored_availability,
    stored_class,
    stored_plan,
    stored_school,
    stored_slot,
    stored_staff,
    stored_term,
)

from blaljus.domain.words import Half, Service
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.problem import HalfDay
from blaljus.store import agencies, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.runs.planning import get_run, start_run
from blaljus.usecases.runs.problem import load_world

TUESDAY = date(2027, 3, 16)


async def world_of(plan, clock):
    return await load_world(plan, clock=clock)


def person_in(world, staff):
    return next(who for who in world.problem.staff if who.id == staff)


async def proposed(context, coordinator, municipality):
    number = await start_run(
        context, coordinator, a_key(), municipality=municipality.id, school_year=YEAR
    )
    return (await get_run(coordinator, municipality.id, number)).proposal


async def only_free_on(staff, *half_days):
    await t.Availability.delete().where(t.Availability.staff == staff)
    await stored_availability(staff, *half_days)


def half_days_of(world, mask):
    return [h for i, h in enumerate(world.problem.half_days) if mask >> i & 1]


async def moved_schools(municipality, north, east):
    u = t.SchoolUnit
    await u.update({u.latitude: north, u.longitude: east}).where(u.municipality == municipality.id)


@pytest.fixture
async def engaged(cast, context):
    """The police officer stands in Höör on a Tuesday morning; Eslöv plans too, 20 km away."""
    slot = await stored_slot(cast.plan, cast.venue, day=TUESDAY)
    station = (await slots.list_stations([slot.id]))[0]
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=station.id,
        staff_id=cast.staff[Service.POLICE],
    )
    await stored_term(cast.other)
    school = await stored_school(cast.other, "Vallskolan")
    await stored_class(cast.other, school, "4V")
    await moved_schools(cast.other, 55.84, 13.30)
    return await stored_plan(cast.other)


async def test_a_duty_elsewhere_is_known_by_time_and_municipality(cast, engaged, clock):
    world = await world_of(engaged, clock)

    officer = person_in(world, cast.staff[Service.POLICE])
    assert half_days_of(world, officer.busy) == [HalfDay(TUESDAY, Half.FM)]
    assert [municipality for _, municipality in officer.busy_in] == [cast.municipality.id]


async def test_nothing_else_of_another_municipality_is_known(cast, engaged, clock):
    world = await world_of(engaged, clock)

    assert {venue.municipality for venue in world.venues.values()} == {cast.other.id}
    assert {c.municipality for c in world.classes.values()} == {cast.other.id}
    assert world.problem.fixed == ()
    assert all(text not in repr(world) for text in ("Brandstationen", "Ekskolan", "4A"))


async def test_municipalities_lie_where_their_schools_do_in_their_police_area(cast, engaged, clock):
    places = {row.id: row for row in (await world_of(engaged, clock)).problem.municipalities}

    home, far = places[cast.other.id], places[cast.municipality.id]
    assert (home.x_km, home.y_km, home.region) == (0.0, 0.0, 12)
    assert (round(far.x_km), round(far.y_km)) == (15, 11)
    assert home.area == far.area != 0


@pytest.mark.parametrize(("gap", "placed"), [(20, 0), (40, 1)])
async def test_nobody_serves_two_places_too_far_apart_for_lunch(
    cast, engaged, context, gap, placed
):
    """The way takes 22 minutes, and Tuesday afternoon is the only time left."""
    await only_free_on(cast.staff[Service.POLICE], (TUESDAY, Half.FM), (TUESDAY, Half.EM))
    await t.Plan.update({t.Plan.lunch_gap_minutes: gap}).where(t.Plan.id == engaged.id)

    proposal = await proposed(context, cast.foreign_coordinator, cast.other)

    assert [(slot.day, slot.half) for slot in proposal.slots] == [(TUESDAY, Half.EM)] * placed
    assert len(proposal.unplaced) == 1 - placed


async def test_a_duty_this_week_before_the_notice_time_counts_in_the_week(
    cast, engaged, context, clock
):
    """On Monday the week before, Wednesday is the first day that can still be planned."""
    clock.set(datetime(2027, 3, 9, 8, tzinfo=UTC))
    await t.Agency.update({t.Agency.per_week: 1, t.Agency.notice_days: 0}, force=True)

    world = await world_of(engaged, clock)

    officer = person_in(world, cast.staff[Service.POLICE])
    assert half_days_of(world, officer.busy) == [HalfDay(TUESDAY, Half.FM)]
    assert all(venue.open & 1 == 0 for venue in world.problem.venues)
    assert all(row.free & 1 == 0 for row in world.problem.classes)
    plan = pack(world.problem)
    assert (plan.sessions, violations(world.problem, plan)) == ((), ())


async def test_duties_of_this_season_that_are_over_count_in_its_cap(cast, engaged, clock):
    await t.Agency.update({t.Agency.per_season: 4}, force=True)
    clock.set(datetime(2027, 4, 12, 8, tzinfo=UTC))

    world = await world_of(engaged, clock)

    assert person_in(world, cast.staff[Service.POLICE]).per_season == 3
    assert person_in(world, cast.staff[Service.RESCUE]).per_season == 4


async def test_people_start_from_where_their_agency_says_or_the_only_place_it_serves(
    cast, engaged, clock
):
    police = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    await t.Agency.update({t.Agency.home: cast.municipality.id}).where(t.Agency.id == police)
    local = await stored_staff(await stored_agency(Service.PARTNER, cast.other), "partner-1")

    world = await world_of(engaged, clock)

    assert person_in(world, cast.staff[Service.POLICE]).home == cast.municipality.id
    assert person_in(world, local).home == cast.other.id
    assert person_in(world, cast.staff[Service.RESCUE]).home is None


async def test_a_hundred_duties_cost_no_more_statements(cast, engaged, clock, context):
    with count_statements() as one:
        await world_of(engaged, clock)
    for day in (17, 18):
        slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, day))
        await stored_slot(engaged, await shared_venue(cast.other), day=date(2027, 3, day))
        for station in await slots.list_stations([slot.id]):
            place = {"slot_id": slot.id, "station_id": station.id}
            staff = cast.staff[station.provides]
            await assign_person(context, cast.coordinator, a_key(), **place, staff_id=staff)

    with count_statements() as many:
        await world_of(engaged, clock)

    assert len(many) == len(one)
