"""Who could come instead: fairest first, with reasons; and who could step in at once."""

from datetime import date, timedelta

import pytest
from factories import a_key, stored_availability, stored_slot, stored_staff

from blaljus.domain.localtime import local_day
from blaljus.domain.words import Half, Service
from blaljus.planner.advice.substitutes import Bar, Merit
from blaljus.store import agencies, schools, slots
from blaljus.store.engine import count_statements
from blaljus.usecases.days.slot_pages import get_slot_page
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.people.staffing_pages import get_staffing_page
from blaljus.usecases.repair.desk import get_reserves
from blaljus.web.coordinator.advice_words import about

FULL_WEEK = 3
"""Half-days that the planner asks of a person in one week, at most."""


async def assigned(context, cast, slot, staff, service=Service.POLICE):
    stations = await slots.list_stations([slot.id])
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=next(s.id for s in stations if s.provides is service),
        staff_id=staff,
    )


async def colleague(cast, name, *half_days):
    agency = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    staff = await stored_staff(agency, name)
    await stored_availability(staff, *half_days)
    return staff


@pytest.fixture
async def slot(cast, context):
    """A morning with the officer of the cast."""
    slot = await stored_slot(cast.plan, cast.venue)
    await assigned(context, cast, slot, cast.staff[Service.POLICE])
    return slot


async def page(context, cast, slot, replaced=None):
    (station, *_) = await slots.list_stations([slot.id])
    return await get_staffing_page(context, cast.coordinator, slot.id, station.id, replaced)


async def replacing(context, cast, slot):
    shown = await get_slot_page(context, cast.coordinator, slot.id)
    return await page(context, cast, slot, shown.posts[0].duties[0][0].id)


async def test_who_has_fewest_duties_comes_first_and_of_as_many_who_is_out_anyway(
    cast, context, slot
):
    day = local_day(slot.starts_at)
    idle = await colleague(cast, "police-9", (day, Half.FM))
    near = await colleague(cast, "police-8", (day, Half.FM), (day, Half.EM))
    busy = await colleague(cast, "police-7", (day, Half.FM), (day + timedelta(1), Half.FM))
    afternoon = await stored_slot(cast.plan, cast.venue, half=Half.EM)
    tomorrow = await stored_slot(cast.plan, cast.venue, day=day + timedelta(1))
    await assigned(context, cast, afternoon, near)
    await assigned(context, cast, tomorrow, busy)

    shown = await replacing(context, cast, slot)

    assert [row.member.id for row in shown.candidates] == [idle, near, busy]
    assert [row.duties for row in shown.candidates] == [0, 1, 1]
    assert Merit.OUT_THAT_DAY in shown.candidates[1].merits
    assert all(row.can for row in shown.candidates)


async def test_a_full_week_speaks_against_somebody_but_the_coordinator_may_ask(cast, context, slot):
    monday = local_day(slot.starts_at) - timedelta(1)
    venues = [v for v in await schools.list_venues((cast.municipality.id,)) if v != cast.venue]
    others = [(monday + timedelta(n), Half.EM) for n in range(FULL_WEEK)]
    tired = await colleague(cast, "police-2", (monday + timedelta(1), Half.FM), *others)
    for day, half in others:
        elsewhere = await stored_slot(cast.plan, venues[0], day=day, half=half)
        await assigned(context, cast, elsewhere, tired)

    shown = await replacing(context, cast, slot)

    row = shown.candidate(tired)
    assert (row.reasons, row.bars) == ((), [Bar.WEEK_FULL])
    assert (row.can, row.may_ask) == (False, True)


async def test_an_empty_station_is_judged_alike(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    able = await colleague(cast, "police-2", (local_day(slot.starts_at), Half.FM))
    unable = await colleague(cast, "police-3")

    shown = await page(context, cast, slot)

    who = [(row.member.id, row.can) for row in shown.candidates]
    assert who == [(cast.staff[Service.POLICE], True), (able, True), (unable, False)]
    assert shown.candidates[2].bars == [], "staffing has said so"


async def test_a_slot_of_today_is_still_staffed_without_the_planners_word(
    cast, context, slot, clock
):
    able = await colleague(cast, "police-2", (local_day(slot.starts_at), Half.FM))
    clock.set(slot.starts_at - timedelta(hours=1))

    shown = await replacing(context, cast, slot)

    assert [(row.member.id, row.can) for row in shown.candidates] == [(able, True)]
    seen = await get_slot_page(context, cast.coordinator, slot.id)
    assert await get_reserves(context, seen) == {}


async def test_a_reserve_is_who_can_come_at_once(cast, context, slot):
    able = await colleague(cast, "police-2", (local_day(slot.starts_at), Half.FM))
    await colleague(cast, "police-3", (date(2027, 3, 18), Half.FM))
    shown = await get_slot_page(context, cast.coordinator, slot.id)

    reserves = await get_reserves(context, shown)

    (duty, _), *_ = shown.posts[0].duties
    assert {key: [r.member.id for r in people] for key, people in reserves.items()} == {
        duty.id: [able]
    }


async def test_who_said_no_to_the_slot_is_asked_last_and_marked(cast, context, slot):
    able = await colleague(
        cast, "police-2", (date(2027, 3, 16), Half.EM), (local_day(slot.starts_at), Half.FM)
    )
    await assigned(context, cast, await stored_slot(cast.plan, cast.venue, half=Half.EM), able)
    (duty, _), *_ = (await get_slot_page(context, cast.coordinator, slot.id)).posts[0].duties
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=False)

    to_fill = (await page(context, cast, slot)).candidates
    await assigned(context, cast, slot, able)
    shown = await get_slot_page(context, cast.coordinator, slot.id)
    reserves = await get_reserves(context, shown)

    said_no = cast.staff[Service.POLICE]
    rows = [(row.member.id, row.can, row.declined, row.duties) for row in to_fill]
    assert rows == [(able, True, False, 1), (said_no, True, True, 0)]
    assert "har sagt nej till det här passet" in about(to_fill[1], "sv")
    ((_, found),) = reserves.items()
    assert [(row.member.id, row.declined) for row in found] == [(said_no, True)]


async def test_more_slots_and_people_cost_no_more_statements(cast, context, slot):
    async def cost():
        shown = await get_slot_page(context, cast.coordinator, slot.id)
        with count_statements() as heard:
            await get_reserves(context, shown)
            await replacing(context, cast, slot)
        return len(heard)

    one = await cost()
    for n in range(3):
        day = date(2027, 3, 16) + timedelta(n)
        staff = await colleague(cast, f"police-{n + 2}", (day, Half.EM))
        more = await stored_slot(cast.plan, cast.venue, day=day, half=Half.EM)
        await assigned(context, cast, more, staff)

    assert await cost() == one
