"""How duties are spread: a person's half-days, offered and taken, and an agency's."""

import pytest
from factories import (
    YEAR,
    a_key,
    coordinator_of,
    stored_agency,
    stored_municipality,
    stored_plan,
    stored_slot,
    stored_staff,
    stored_term,
)

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Half, Service
from blaljus.planner.load import AgencyLoad
from blaljus.store import slots
from blaljus.store.engine import count_statements
from blaljus.usecases.followup.load import get_load
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person


async def given_duty(context, cast, **when):
    """Put the police officer at the first station of a new slot; return the duty's id."""
    slot = await stored_slot(cast.plan, cast.venue, **when)
    station = (await slots.list_stations([slot.id]))[0]
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=station.id,
        staff_id=cast.staff[Service.POLICE],
    )


async def load_of(cast, clock, year=None):
    return await get_load(cast.coordinator, cast.municipality.id, year, clock=clock)


def police(page):
    return next(share for share in page.agencies if share.agency.provides is Service.POLICE)


async def test_each_person_has_half_days_offered_and_half_days_with_a_duty(cast, context, clock):
    await given_duty(context, cast)
    await given_duty(context, cast, half=Half.EM)

    share = police(await load_of(cast, clock))

    (officer,) = share.people
    assert (officer.free, officer.on_call, officer.here, officer.elsewhere) == (6, 0, 2, 0)
    assert share.load == AgencyLoad(
        agency=share.agency.id, people=1, half_days=2, least=2, middle=2.0, most=2
    )


async def test_a_duty_that_was_declined_is_no_load(cast, context, clock):
    duty = await given_duty(context, cast)
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=False)

    assert (await load_of(cast, clock)).half_days == 0


async def test_who_has_most_comes_first_and_the_middle_lies_between(cast, context, clock):
    agency = police(await load_of(cast, clock)).agency.id
    await stored_staff(agency, "police-2", protected=True)
    await given_duty(context, cast)

    share = police(await load_of(cast, clock))

    assert [p.half_days for p in share.people] == [1, 0]
    assert share.people[1].member.shown_as.startswith("Områdespolis nr ")
    assert (share.load.least, share.load.middle, share.load.most) == (0, 0.5, 1)


async def test_half_days_in_another_municipality_count_apart(cast, context, clock):
    await given_duty(context, cast)

    page = await get_load(cast.foreign_coordinator, cast.other.id, None, clock=clock)

    (officer,) = police(page).people
    assert (officer.here, officer.elsewhere) == (0, 1)


async def test_another_year_begins_at_nothing(cast, context, clock):
    await given_duty(context, cast)

    page = await load_of(cast, clock, SchoolYear(2027))

    assert (page.half_days, police(page).offered) == (0, 0)


async def test_a_municipality_of_others_is_not_found(cast, clock):
    with pytest.raises(NotFoundError):
        await get_load(cast.coordinator, cast.other.id, None, clock=clock)


async def test_three_hundred_people_cost_no_more_statements_than_one(clock, sqlite_store):
    municipality = await stored_municipality()
    await stored_term(municipality)
    await stored_plan(municipality)
    coordinator = await coordinator_of(municipality)
    agency = await stored_agency(Service.POLICE, municipality)
    await stored_staff(agency, "police-0")

    async def cost():
        with count_statements() as heard:
            page = await get_load(coordinator, municipality.id, YEAR, clock=clock)
        return sum(len(share.people) for share in page.agencies), len(heard)

    _, one = await cost()
    for number in range(1, 300):
        await stored_staff(agency, f"police-{number}")

    assert await cost() == (300, one)
