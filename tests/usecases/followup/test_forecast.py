"""What is left of a school year, from stored facts."""

from datetime import UTC, date, datetime

import pytest
from booking_steps import booked_by
from factories import (
    stored_availability,
    stored_class,
    stored_municipality,
    stored_plan,
    stored_school,
    stored_slot,
    stored_term,
)

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Half, Service
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.followup.forecast import NOTHING, ForecastState, get_outlook


async def outlook_of(cast, clock, year=None):
    return await get_outlook(cast.municipality.id, year, clock=clock)


async def test_the_promise_can_be_kept_as_long_as_every_service_has_half_days_left(cast, clock):
    outlook = await outlook_of(cast, clock)

    assert outlook.state is ForecastState.OPEN
    assert (outlook.forecast.classes, outlook.forecast.last_week) == (2, (2027, 11))
    assert outlook.plan_by == date(2027, 3, 7)
    assert (outlook.forecast.short, outlook.stranded) == ((), [])


async def test_whoever_reads_it_late_is_told_to_plan_today(cast, clock):
    clock.set(datetime(2027, 3, 8, 8, tzinfo=UTC))

    assert (await outlook_of(cast, clock)).plan_by == date(2027, 3, 8)


async def test_a_service_without_times_is_short_and_no_day_is_named(cast, clock):
    ambulance = cast.staff[Service.AMBULANCE]
    await t.Availability.delete().where(t.Availability.staff == ambulance)

    outlook = await outlook_of(cast, clock)

    assert outlook.forecast.short == (Service.AMBULANCE,)
    assert outlook.forecast.services[0].classes_at_most == 0
    assert outlook.plan_by is None


async def test_the_services_that_run_out_before_the_others_are_the_bottleneck(cast, clock):
    for service in (Service.POLICE, Service.RESCUE):
        await stored_availability(cast.staff[service], (date(2027, 5, 4), Half.FM))

    assert (await outlook_of(cast, clock)).forecast.bottlenecks == (Service.AMBULANCE,)


async def test_a_class_away_all_term_is_named_and_blames_no_service(cast, clock):
    school = await stored_school(cast.municipality, "Resskolan")
    away = await stored_class(cast.municipality, school, "4C")
    await t.CalendarBlock.insert(
        t.CalendarBlock(
            municipality=cast.municipality.id,
            school_unit=school,
            kind="lov",
            name="Resa",
            first_on=date(2027, 1, 11),
            last_on=date(2027, 6, 11),
        )
    )

    outlook = await outlook_of(cast, clock)

    assert [c.id for c in outlook.stranded] == [away.id]
    assert (outlook.forecast.short, outlook.plan_by) == ((), None)


async def test_nothing_is_foreseen_once_all_classes_have_a_time(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    for school_class in (cast.school_class, cast.second_class):
        await booked_by(context, cast.coordinator, school_class, slot)

    outlook = await outlook_of(cast, clock)

    assert (outlook.state, outlook.forecast) == (ForecastState.ALL_PLACED, NOTHING)


async def test_nothing_is_foreseen_before_anybody_has_told_a_time(cast, clock):
    await t.Availability.delete(force=True)

    assert (await outlook_of(cast, clock)).state is ForecastState.NO_TIMES


async def test_nothing_is_foreseen_when_the_year_is_over(cast, clock):
    clock.set(datetime(2027, 6, 10, 8, tzinfo=UTC))

    assert (await outlook_of(cast, clock)).state is ForecastState.SEASON_OVER


async def test_nothing_is_foreseen_without_a_plan_or_classes(cast, clock):
    assert (await get_outlook(cast.other.id, None, clock=clock)).state is ForecastState.NO_PLAN
    await stored_term(cast.other)
    await stored_plan(cast.other)
    assert (await get_outlook(cast.other.id, None, clock=clock)).state is ForecastState.NO_CLASSES


async def test_a_year_that_nobody_knows_is_not_found(cast, clock):
    with pytest.raises(NotFoundError):
        await outlook_of(cast, clock, SchoolYear(2019))


async def test_three_hundred_classes_cost_no_more_statements_than_one(clock, sqlite_store):
    municipality = await stored_municipality()
    await stored_term(municipality)
    await stored_plan(municipality)
    school = await stored_school(municipality)
    await stored_class(municipality, school, "4A")

    async def cost():
        with count_statements() as heard:
            await get_outlook(municipality.id, None, clock=clock)
        return len(heard)

    one = await cost()
    for number in range(299):
        await stored_class(municipality, school, f"4-{number}")

    assert await cost() == one
