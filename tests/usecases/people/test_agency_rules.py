"""What an agency asks of the planning, and that the planner keeps to it."""

from dataclasses import replace
from datetime import date

import pytest
from factories import YEAR, a_key, stored_agency, stored_availability, stored_class, stored_school

from blaljus.domain.agencies import AgencyRules
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.words import Half, Service
from blaljus.store import agencies, audit
from blaljus.usecases.people.agency_rules import get_agency_rules, save_agency_rules
from blaljus.usecases.runs.planning import get_run, start_run

USUAL = AgencyRules(per_day=2, per_week=3, per_season=None, notice_days=7, home=None)


@pytest.fixture
async def police(cast):
    """The id of the agency that serves Höör and Eslöv."""
    return (await agencies.get_staff(cast.staff[Service.POLICE])).agency


async def saved(context, person, agency, version=1, **others):
    rules = replace(USUAL, **others)
    await save_agency_rules(context, person, a_key(), agency=agency, rules=rules, version=version)


async def rules_of(cast, agency, clock):
    page = await get_agency_rules(cast.coordinator, cast.municipality.id, agency, clock=clock)
    return page.agency


async def test_a_change_is_one_version_and_one_line_of_what_changed(cast, context, clock, police):
    await saved(context, cast.coordinator, police, per_week=1, home=cast.other.id)

    agency = await rules_of(cast, police, clock)
    assert (agency.per_day, agency.per_week, agency.home) == (2, 1, cast.other.id)
    assert agency.version == 2
    (entry,) = [e for e in await audit.list_entries(None) if e.subject == f"agency:{police}"]
    assert (entry.action, entry.version) == ("agency-rules", 2)
    assert entry.data == f'{{"home":{cast.other.id},"per_week":1}}'


async def test_the_same_rules_again_change_nothing(cast, context, clock, police):
    await saved(context, cast.coordinator, police)

    assert (await rules_of(cast, police, clock)).version == 1


async def test_who_saw_older_rules_changes_nothing(cast, context, clock, police):
    await saved(context, cast.foreign_coordinator, police, per_week=1)

    with pytest.raises(StaleError):
        await saved(context, cast.coordinator, police, per_week=5)

    assert (await rules_of(cast, police, clock)).per_week == 1


async def test_an_agency_of_others_and_a_home_it_does_not_serve_are_not_found(
    cast, context, clock, police
):
    theirs = await stored_agency(Service.RESCUE, cast.other)

    with pytest.raises(NotFoundError):
        await saved(context, cast.coordinator, theirs, per_week=1)
    with pytest.raises(NotFoundError):
        await rules_of(cast, theirs, clock)
    with pytest.raises(NotFoundError):
        await saved(context, cast.coordinator, police, home=99)
    assert (await agencies.get_agencies([theirs, police]))[theirs].per_week == 3


async def planned(context, cast):
    number = await start_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, school_year=YEAR
    )
    return (await get_run(cast.coordinator, cast.municipality.id, number)).proposal


@pytest.fixture
async def busy_term(cast):
    """Two more classes at a school of their own: four schools' worth of slots in one week."""
    for name in ("Bokskolan", "Lindskolan"):
        await stored_class(cast.municipality, await stored_school(cast.municipality, name), "4C")
    for staff in cast.staff.values():
        half_days = [(date(2027, 3, day), half) for day in (15, 19) for half in Half]
        await stored_availability(staff, *half_days)


@pytest.mark.parametrize(
    ("rules", "slots"),
    [({"per_season": 1}, 1), ({"per_week": 2}, 2), ({"per_week": 2, "per_season": 1}, 1)],
)
async def test_the_planner_gives_nobody_more_than_the_agency_allows(
    cast, context, police, busy_term, rules, slots
):
    await saved(context, cast.coordinator, police, **rules)

    proposal = await planned(context, cast)

    duties = [staff for slot in proposal.slots for _, staff in slot.crew]
    assert duties.count(cast.staff[Service.POLICE]) == min(slots, len(proposal.slots))
    assert len(proposal.slots) <= slots


@pytest.mark.parametrize(("days", "found"), [(62, True), (63, False)])
async def test_nobody_is_asked_later_than_the_agency_settles_its_shifts(
    cast, context, police, days, found
):
    """It is 15 January, and everybody is free on 16-18 March only: 62 days to the last."""
    await saved(context, cast.coordinator, police, notice_days=days)

    proposal = await planned(context, cast)

    assert bool(proposal.slots) == found
