"""Nights at work: said by the person, kept out of every plan, set aside by nobody."""

from datetime import date, timedelta

import pytest
from factories import YEAR, a_key, stored_slot

from blaljus.domain.availability import Filling
from blaljus.domain.errors import StaleError
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.staffing import StaffingRefusal, StaffingRefusedError
from blaljus.domain.words import AvailabilityState, Service
from blaljus.planner.referee.rule import Rule
from blaljus.store import audit, nights, slots
from blaljus.usecases.people.availability import (
    copy_week,
    fill_times,
    find_change,
    get_times,
    save_times,
    undo_times,
)
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import get_run, start_run

MONDAY = date(2027, 3, 15)
TUESDAY, WEDNESDAY, THURSDAY = [MONDAY + timedelta(days=n) for n in (1, 2, 3)]
WEEK = timedelta(weeks=1)


@pytest.fixture
def officer(cast):
    return cast.staff[Service.POLICE]


async def saved(context, cast, officer, *rested, version=None, repeat=None):
    """Tick days of rest on the page, and nothing else; return the form's key."""
    shown, key = await get_times(context, cast.officer, officer, MONDAY), a_key()
    await save_times(
        context,
        cast.officer,
        key,
        staff=officer,
        first=MONDAY,
        wanted={},
        version=shown.version if version is None else version,
        rested=rested,
        repeat=repeat,
    )
    return key.key


async def nights_of(officer):
    return [day for _, day in await nights.list_nights([officer], date.min, date.max)]


async def given_duty(context, cast, officer, day, **others):
    slot = await stored_slot(cast.plan, cast.venue, day=day)
    station = (await slots.list_stations([slot.id]))[0]
    place = {"slot_id": slot.id, "station_id": station.id}
    await assign_person(context, cast.coordinator, a_key(), **place, staff_id=officer, **others)


async def proposed(context, cast):
    number = await start_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, school_year=YEAR
    )
    return number, (await get_run(cast.coordinator, cast.municipality.id, number)).proposal


async def test_a_night_is_one_version_and_one_line_and_can_be_taken_back(cast, context, officer):
    key = await saved(context, cast, officer, TUESDAY)

    (row,) = await audit.list_entries(None)
    assert (row.action, row.subject, row.version) == ("availability-said", f"staff:{officer}", 2)
    assert row.data == '{"nights":{"2027-03-16":true},"said":{}}'
    assert await nights_of(officer) == [TUESDAY]
    assert (await find_change(cast.officer, key)).nights == ((TUESDAY, True),)

    await undo_times(context, cast.officer, a_key(), staff=officer, undone=key)

    assert await nights_of(officer) == []


async def test_a_day_that_is_no_longer_ticked_is_no_rest(cast, context, officer):
    await saved(context, cast, officer, TUESDAY, THURSDAY)

    await saved(context, cast, officer, THURSDAY)

    assert await nights_of(officer) == [THURSDAY]


async def test_nights_are_filled_and_copied_many_at_once(cast, context, officer):
    filling = Filling(
        weekdays=frozenset({1}),
        halves=frozenset(),
        first_week=MONDAY,
        last_week=MONDAY + WEEK,
        state=AvailabilityState.NOT_AVAILABLE,
        night=True,
    )
    await fill_times(context, cast.officer, a_key(), staff=officer, filling=filling)
    assert await nights_of(officer) == [TUESDAY, TUESDAY + WEEK]

    weeks = {"source": MONDAY, "first_week": MONDAY + 4 * WEEK, "last_week": MONDAY + 4 * WEEK}
    await copy_week(context, cast.officer, a_key(), staff=officer, **weeks)
    await saved(context, cast, officer, WEDNESDAY, repeat=MONDAY)

    assert await nights_of(officer) == [WEDNESDAY, WEDNESDAY + WEEK, TUESDAY + 4 * WEEK]


async def test_who_has_a_duty_answers_it_first(cast, context, officer):
    await given_duty(context, cast, officer, TUESDAY)
    seen = await get_times(context, cast.officer, officer, MONDAY)
    assert TUESDAY not in seen.open_days

    with pytest.raises(StaleError):
        await saved(context, cast, officer, TUESDAY)
    filling = Filling(
        weekdays=frozenset({1, 2}),
        halves=frozenset(),
        first_week=MONDAY,
        last_week=MONDAY,
        state=AvailabilityState.NOT_AVAILABLE,
        night=True,
    )
    key = a_key()
    await fill_times(context, cast.officer, key, staff=officer, filling=filling)

    assert await nights_of(officer) == [WEDNESDAY]
    assert (await find_change(cast.officer, key.key)).kept == 1


async def test_who_saw_another_page_changes_no_night(cast, context, officer):
    seen = await get_times(context, cast.officer, officer, MONDAY)
    await saved(context, cast, officer, TUESDAY)

    with pytest.raises(StaleError):
        await saved(context, cast, officer, WEDNESDAY, version=seen.version)

    assert await nights_of(officer) == [TUESDAY]


async def test_the_planner_lets_people_rest(cast, context, officer):
    await saved(context, cast, officer, TUESDAY, THURSDAY)

    _, proposal = await proposed(context, cast)

    assert [slot.day for slot in proposal.slots] == [WEDNESDAY]


async def test_nobody_is_placed_when_every_day_is_rest(cast, context, officer):
    await saved(context, cast, officer, TUESDAY, WEDNESDAY, THURSDAY)

    _, proposal = await proposed(context, cast)

    assert (proposal.slots, {row.reason for row in proposal.unplaced}) == ((), {"police"})


async def test_a_night_said_after_the_proposal_stops_the_approval(cast, context, officer):
    number, proposal = await proposed(context, cast)
    await saved(context, cast, officer, *(slot.day for slot in proposal.slots))

    with pytest.raises(WorldChangedError) as caught:
        await approve_run(
            context, cast.coordinator, a_key(), municipality=cast.municipality.id, number=number
        )

    assert Rule.STAFF_RESTING.value in str(caught.value.data["changes"])


async def test_no_reason_sets_the_rest_aside(cast, context, officer):
    await saved(context, cast, officer, TUESDAY)

    with pytest.raises(StaffingRefusedError) as caught:
        await given_duty(context, cast, officer, TUESDAY, override_reason="Hon lovade")

    assert caught.value.refusals == (StaffingRefusal.RESTING,)
