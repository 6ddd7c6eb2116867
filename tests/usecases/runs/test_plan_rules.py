"""The rules of a school year's plan, and that planning follows them."""

from dataclasses import replace

import pytest
from factories import YEAR, a_key, coordinator_of, stored_municipality, stored_school

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.localtime import local
from blaljus.domain.slots import PlanRules
from blaljus.store import audit, plans, slots
from blaljus.usecases.followup.promises import begin_season
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.plan_rules import save_plan_rules
from blaljus.usecases.runs.planning import get_run, start_run

RULES = PlanRules(
    notice_days=7,
    morning_start_minute=9 * 60,
    afternoon_start_minute=12 * 60 + 45,
    station_minutes=25,
    change_minutes=5,
)


async def saved(context, cast, person=None, version=1, **others):
    await save_plan_rules(
        context,
        person or cast.coordinator,
        a_key(),
        plan_id=cast.plan.id,
        rules=replace(RULES, **others),
        version=version,
    )


async def proposed(context, cast):
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    return number, (await get_run(cast.coordinator, cast.municipality.id, number)).proposal


async def test_a_change_is_one_version_and_one_line(cast, context):
    await saved(context, cast, bus_seats=40, lunch_gap_minutes=60)
    await saved(context, cast, version=2, bus_seats=40, lunch_gap_minutes=60)

    plan = await plans.find_plan(cast.municipality.id, YEAR)
    assert (plan.version, plan.bus_seats, plan.lunch_gap_minutes) == (2, 40, 60)
    entry = (await audit.list_entries(cast.municipality.id))[-1]
    assert (entry.action, entry.version) == ("plan-changed", 2)
    assert entry.data == '{"bus_seats":40,"lunch_gap_minutes":60}'


async def test_who_saw_older_rules_or_coordinates_others_changes_nothing(cast, context):
    with pytest.raises(NotFoundError):
        await saved(context, cast, cast.foreign_coordinator, notice_days=1)
    await saved(context, cast, notice_days=10)
    with pytest.raises(StaleError):
        await saved(context, cast, notice_days=1)

    assert (await plans.find_plan(cast.municipality.id, YEAR)).notice_days == 10


@pytest.mark.parametrize(("seats", "most"), [(None, 2), (40, 2), (39, 1), (19, 1)])
async def test_a_shared_place_takes_no_more_pupils_than_the_buses(cast, context, seats, most):
    """Two classes of 20 from two schools; a class may also meet the crews at its own school."""
    await saved(context, cast, bus_seats=seats)

    _, proposal = await proposed(context, cast)

    assert proposal.placed == 2
    assert max(len(slot.classes) for slot in proposal.slots) == most


async def test_a_new_slot_begins_when_the_plan_says(cast, context):
    await saved(context, cast, morning_start_minute=8 * 60 + 30, afternoon_start_minute=13 * 60)
    number, _ = await proposed(context, cast)

    await approve_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, number=number
    )

    (slot,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    assert local(slot.starts_at).strftime("%H.%M") in ("08.30", "13.00")


async def test_a_new_plan_leaves_four_stations_their_minutes_before_lunch(store, context):
    town = await stored_municipality("1266", "Hörby")
    await stored_school(town)
    coordinator = await coordinator_of(town)

    await begin_season(context, coordinator, a_key(), municipality=town.id, school_year=YEAR)

    plan = await plans.find_plan(town.id, YEAR)
    assert plan.morning_start_minute == 8 * 60 + 45
    assert (plan.station_minutes, plan.bus_seats) == (25, None)
