"""Why a class has no time in a season that lacks a service, and what would help."""

from datetime import date, timedelta

import pytest
from factories import YEAR, a_key, stored_availability, stored_class, stored_school, stored_slot

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import iso_week
from blaljus.domain.words import Half, Service
from blaljus.planner.advice.explain import StepCode
from blaljus.planner.advice.ideas import Help
from blaljus.planner.advice.relax import Obstacle
from blaljus.planner.problem import HalfDay
from blaljus.store import tables as t
from blaljus.usecases.repair.moving import move_class
from blaljus.usecases.repair.ways import Target
from blaljus.usecases.runs.planning import start_run
from blaljus.usecases.runs.run_words import proposal_lines
from blaljus.usecases.runs.why import get_why
from blaljus.usecases.runs.why_words import (
    help_text,
    reason_text,
    rules_text,
    then_text,
    why_lines,
)

WEEK_10 = date(2027, 3, 8)


@pytest.fixture
async def no_ambulance(cast):
    """From week 10 on nobody of the ambulance can come; what is left of the year begins there."""
    a = t.Availability
    await a.delete().where((a.staff == cast.staff[Service.AMBULANCE]) & (a.day >= WEEK_10))


async def why_of(context, cast, **others):
    person = others.pop("person", cast.coordinator)
    return await get_why(context, person, cast.school_class.id, **others)


async def test_a_season_without_ambulance_names_it_and_the_half_day_that_would_help(
    cast, context, no_ambulance
):
    found = await why_of(context, cast)

    why = found.why
    assert why.reason is StepCode.AMBULANCE
    assert reason_text(why, "sv").startswith("Ingen från ambulansen har angett en tid")
    assert why.steps[-1] == (StepCode.CAPACITY, 0)
    assert Obstacle.AMBULANCE in why.rules
    first = why.helps[0]
    assert (first.kind, first.service) == (Help.STAFF, Service.AMBULANCE)
    assert help_text(first, "sv") == (
        "En halvdag till för ambulansen v. 11, till exempel tis 16 mars fm."
    )
    assert then_text(first, "sv").startswith("Då kan klassen få tis 16 mars fm, ")


async def test_the_change_that_is_named_does_give_the_class_a_time(cast, context, no_ambulance):
    (first, *_) = (await why_of(context, cast)).why.helps
    staff = cast.staff[Service.AMBULANCE]
    await stored_availability(staff, (first.at.day, first.at.half))

    found = await why_of(context, cast)

    assert found.why.seat is not None
    assert found.why.seat[0] == first.then


async def test_the_same_is_said_in_a_terminal(cast, context, no_ambulance):
    place = {"municipality": cast.municipality.id, "school_year": YEAR}
    number = await start_run(context, cast.coordinator, a_key(), **place)

    lines = await proposal_lines(context, cast.municipality.id, number)

    why = (await why_of(context, cast, run=number)).why
    assert f"Utan tid: 4A, Ekskolan. {reason_text(why, 'sv')}" in lines
    assert {f"  {line}" for line in why_lines(why, "sv")} <= set(lines)


async def test_a_class_that_only_has_to_be_planned_is_told_where(cast, context):
    why = (await why_of(context, cast)).why

    assert (why.reason, why.rules, why.helps) == (StepCode.TIME_LEFT, (), ())
    assert why.seat == (HalfDay(date(2027, 3, 16), Half.FM), "Brandstationen i Höör")
    assert "tis 16 mars fm, Brandstationen i Höör" in reason_text(why, "sv")


async def test_a_class_with_a_time_is_not_explained(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    goal = {"class_id": cast.school_class.id, "target": Target(slot=slot.id)}
    await move_class(context, cast.coordinator, a_key(), **goal)

    assert await why_of(context, cast) is None


async def test_a_class_too_large_for_any_station_hears_so_and_of_nothing_that_helps(cast, context):
    school = await stored_school(cast.municipality, "Storskolan")
    large = await stored_class(cast.municipality, school, "4X", year4_pupils=40, other_pupils=40)

    why = (await get_why(context, cast.coordinator, large.id)).why

    assert (why.reason, why.rules, why.helps) == (StepCode.PUPILS, (Obstacle.SIZE,), ())
    assert rules_text(why, "sv") == "Det som hindrar är hur många elever en grupp rymmer."


async def test_at_the_end_of_the_year_no_days_are_left(cast, context, clock):
    clock.set(clock() + timedelta(days=200))

    found = await why_of(context, cast)

    assert (found.why.reason, found.why.steps) == (StepCode.SEASON, ())


@pytest.mark.parametrize("who", ["teacher", "foreign_coordinator"])
async def test_nobody_else_is_told(cast, context, who):
    with pytest.raises(NotFoundError):
        await why_of(context, cast, person=getattr(cast, who))


async def test_another_municipalitys_run_is_not_there(cast, context):
    with pytest.raises(NotFoundError):
        await why_of(context, cast, run=7)


def test_week_10_is_where_the_test_thinks():
    assert iso_week(WEEK_10) == (2027, 10)
