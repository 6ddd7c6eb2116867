"""Who is always there at a place, from the page to the plan and the published slot."""

from datetime import date

import pytest
from factories import YEAR, a_key, stored_agency, stored_availability, stored_staff

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.schools import StationRules
from blaljus.domain.words import REQUIRED_SERVICES, Half, Service
from blaljus.store import agencies, audit, schools
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, transactional
from blaljus.usecases.days.station_rules import get_stations, save_stations
from blaljus.usecases.days.venue_pins import drop_pins_of_leavers, pin_person
from blaljus.usecases.runs.planning import get_run, start_run
from blaljus.usecases.runs.problem import load_world

TODAY = date(2027, 1, 15)


@pytest.fixture
async def second_officer(cast):
    """Of another police agency, free on one morning alone."""
    agency = await stored_agency(Service.POLICE, cast.municipality)
    staff = await stored_staff(agency, "police-2")
    await stored_availability(staff, (date(2027, 3, 17), Half.FM))
    return staff


async def pin(context, cast, staff, *, pinned=True, version=1, person=None):
    shown = await get_stations(context, cast.coordinator, cast.venue.id)
    await pin_person(
        context,
        person or cast.coordinator,
        a_key(),
        venue_id=cast.venue.id,
        rules=shown.stations,
        staff=staff,
        pinned=pinned,
        version=version,
    )


async def pinned(context, cast):
    shown = await get_stations(context, cast.coordinator, cast.venue.id)
    return [(row.member.id, row.holds) for row in shown.pins.pinned]


async def planned_pins(cast, clock):
    return [pin.staff for pin in (await load_world(cast.plan, clock=clock)).problem.pins]


async def test_a_pin_is_one_version_and_one_line_and_can_be_taken_back(
    cast, context, clock, second_officer
):
    await pin(context, cast, second_officer)
    assert await pinned(context, cast) == [(second_officer, True)]
    assert await planned_pins(cast, clock) == [second_officer]

    await pin(context, cast, second_officer, pinned=False, version=2)

    assert await pinned(context, cast) == []
    assert (await schools.get_venue(cast.venue.id, (cast.municipality.id,))).version == 3
    lines = [e for e in await audit.list_entries(cast.municipality.id) if "pins" in e.action]
    assert [(line.subject, line.version) for line in lines] == [
        (f"venue:{cast.venue.id}", 2),
        (f"venue:{cast.venue.id}", 3),
    ]


async def test_every_new_slot_has_the_person_who_is_always_there(cast, context, second_officer):
    await pin(context, cast, second_officer)

    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    proposal = (await get_run(cast.coordinator, cast.municipality.id, number)).proposal

    here = [slot for slot in proposal.slots if slot.venue == cast.venue.id]
    assert all(second_officer in {staff for _, staff in slot.crew} for slot in here)
    assert {(slot.day, slot.half) for slot in here} <= {(date(2027, 3, 17), Half.FM)}


async def test_nobody_else_and_nobody_without_a_station_is_pinned(cast, context, second_officer):
    await pin(context, cast, second_officer)

    with pytest.raises(NotFoundError):
        await pin(context, cast, cast.staff[Service.POLICE], version=2)
    with pytest.raises(NotFoundError):
        await pin(context, cast, cast.staff[Service.RESCUE], pinned=False, version=2)
    with pytest.raises(NotFoundError):
        await pin(
            context, cast, cast.staff[Service.RESCUE], version=2, person=cast.foreign_coordinator
        )
    with pytest.raises(StaleError):
        await pin(context, cast, cast.staff[Service.RESCUE], version=1)

    assert await pinned(context, cast) == [(second_officer, True)]


async def test_a_pin_that_no_station_has_room_for_does_not_keep_slots_away(
    cast, context, clock, second_officer
):
    await pin(context, cast, second_officer)
    other = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    rules = [StationRules(provides=service) for service in REQUIRED_SERVICES]
    rules[0] = StationRules(provides=Service.POLICE, agency=other)

    await save_stations(
        context, cast.coordinator, a_key(), venue_id=cast.venue.id, wanted=rules, version=2
    )

    assert await pinned(context, cast) == [(second_officer, False)]
    assert await planned_pins(cast, clock) == []


async def test_who_serves_no_longer_is_not_planned_with_and_loses_the_pin_with_an_import(
    cast, context, clock, second_officer
):
    await pin(context, cast, second_officer)
    await pin(context, cast, cast.staff[Service.RESCUE], version=2)
    s = t.StaffMember
    await s.update({s.active: False}).where(s.id == second_officer)

    assert await planned_pins(cast, clock) == [cast.staff[Service.RESCUE]]
    assert await pinned(context, cast) == [
        (second_officer, False),
        (cast.staff[Service.RESCUE], True),
    ]
    await transactional(drop_pins_of_leavers)(cast.municipality.id, TODAY)

    assert await pinned(context, cast) == [(cast.staff[Service.RESCUE], True)]


async def test_the_page_costs_the_same_for_one_pin_and_three(cast, context):
    await pin(context, cast, cast.staff[Service.POLICE])
    with count_statements() as one:
        await get_stations(context, cast.coordinator, cast.venue.id)
    await pin(context, cast, cast.staff[Service.RESCUE], version=2)
    await pin(context, cast, cast.staff[Service.AMBULANCE], version=3)

    with count_statements() as three:
        await get_stations(context, cast.coordinator, cast.venue.id)

    assert len(three) == len(one)
