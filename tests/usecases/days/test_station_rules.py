"""What stations at a place ask for, from the page to the plan and the published slot."""

from datetime import date

import pytest
from factories import YEAR, a_key, stored_agency, stored_availability, stored_slot, stored_staff

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.schools import StationRules
from blaljus.domain.words import REQUIRED_SERVICES, Half, Service
from blaljus.store import agencies, assignments, audit, schools, slots
from blaljus.usecases.days.station_rules import get_stations, save_stations
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import get_run, start_run
from blaljus.usecases.runs.problem import load_world


def asked(**rules):
    """The stations of the three services; `police={"staff_needed": 2}` says what is unusual."""
    return [
        StationRules(provides=service, **rules.get(service.value, {}))
        for service in REQUIRED_SERVICES
    ]


async def saved(context, cast, person=None, version=1, group_pupils=None, **rules):
    await save_stations(
        context,
        person or cast.coordinator,
        a_key(),
        venue_id=cast.venue.id,
        wanted=asked(**rules),
        version=version,
        group_pupils=group_pupils,
    )


async def published(context, cast):
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    proposal = (await get_run(cast.coordinator, cast.municipality.id, number)).proposal
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    return proposal


@pytest.fixture
async def second_officer(cast):
    """Of another police agency, free when everybody is."""
    agency = await stored_agency(Service.POLICE, cast.municipality)
    staff = await stored_staff(agency, "police-2")
    days = [(date(2027, 3, day), half) for day in (16, 17, 18) for half in Half]
    await stored_availability(staff, *days)
    return staff


async def test_a_change_is_one_version_and_one_line_and_none_asks_for_the_usual(cast, context):
    usual = await get_stations(context, cast.coordinator, cast.venue.id)
    assert list(usual.stations) == asked()

    await saved(context, cast, police={"staff_needed": 2, "outdoors": True})

    venue = await schools.get_venue(cast.venue.id, (cast.municipality.id,))
    assert (venue.version, venue.stations[0].staff_needed, venue.stations[0].outdoors) == (
        2,
        2,
        True,
    )
    entry = (await audit.list_entries(cast.municipality.id))[-1]
    assert (entry.action, entry.subject, entry.version) == (
        "venue-stations",
        f"venue:{venue.id}",
        2,
    )


async def test_others_older_pages_and_agencies_of_another_service_change_nothing(cast, context):
    rescue = (await agencies.get_staff(cast.staff[Service.RESCUE])).agency
    with pytest.raises(NotFoundError):
        await saved(context, cast, cast.foreign_coordinator)
    with pytest.raises(NotFoundError):
        await saved(context, cast, police={"agency": rescue})
    with pytest.raises(StaleError):
        await saved(context, cast, version=7)

    assert (await schools.get_venue(cast.venue.id, (cast.municipality.id,))).version == 1


async def test_a_station_of_one_agency_is_manned_by_it_alone(cast, context, second_officer):
    theirs = (await agencies.get_staff(second_officer)).agency
    await saved(context, cast, police={"agency": theirs})

    proposal = await published(context, cast)

    crews = [dict(slot.crew) for slot in proposal.slots if slot.venue == cast.venue.id]
    assert crews
    assert {crew[0] for crew in crews} == {second_officer}


async def test_a_station_that_needs_two_gets_two_in_the_slot_too(cast, context, second_officer):
    await saved(context, cast, police={"staff_needed": 2, "max_pupils": 30, "outdoors": True})

    await published(context, cast)

    scope = (cast.municipality.id,)
    made = await slots.list_slots(cast.plan.id, scope)
    here = next(slot for slot in made if slot.venue == cast.venue.id)
    police, *others = await slots.list_stations([here.id])
    assert (police.staff_needed, police.max_pupils, police.outdoors) == (2, 30, True)
    duties = await assignments.list_assignments([here.id], scope)
    officers = {duty.staff for duty in duties if duty.station == police.id}
    assert officers == {cast.staff[Service.POLICE], second_officer}
    assert [station.staff_needed for station in others] == [1, 1]


async def test_a_class_larger_than_a_station_takes_is_not_planned_there(cast, context):
    await saved(context, cast, ambulance={"max_pupils": 19})

    proposal = await published(context, cast)

    assert cast.venue.id not in {slot.venue for slot in proposal.slots}


async def test_groups_by_pupils_let_a_large_class_come_and_its_slot_counts_them(cast, context):
    await saved(context, cast, ambulance={"max_pupils": 19}, group_pupils=15)
    assert (await schools.get_venue(cast.venue.id, (cast.municipality.id,))).group_pupils == 15

    proposal = await published(context, cast)

    planned = next(slot for slot in proposal.slots if slot.venue == cast.venue.id)
    scope = (cast.municipality.id,)
    here = next(s for s in await slots.list_slots(cast.plan.id, scope) if s.venue == cast.venue.id)
    assert (here.group_pupils, here.places) == (15, 3)
    assert here.taken == 2 * len(planned.classes), "20 pupils are two groups"


async def test_a_published_slot_keeps_its_groups_and_is_not_planned_into(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    await saved(context, cast, group_pupils=15)

    fixed = (await load_world(cast.plan, clock=clock)).problem.fixed
    await saved(context, cast, version=2)
    again = (await load_world(cast.plan, clock=clock)).problem.fixed

    assert (await slots.get_slot(slot.id, (cast.municipality.id,))).group_pupils is None
    assert ([f.free_places for f in fixed], [f.free_places for f in again]) == ([0], [3])
