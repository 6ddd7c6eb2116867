from datetime import date, timedelta

import pytest
from factories import a_key, person_of, stored_slot, stored_staff

from blaljus.domain.availability import Filling
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.words import AvailabilityState, Half, Service
from blaljus.store import agencies, audit, slots
from blaljus.store.engine import count_statements
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.availability import (
    copy_week,
    fill_times,
    find_change,
    get_times,
    save_times,
    undo_times,
)
from blaljus.usecases.people.staffing import assign_person

FREE, ON_CALL, NOT = AvailabilityState
MONDAY = date(2027, 3, 8)
NEXT = MONDAY + timedelta(weeks=1)
"""Its Tuesday to Thursday everybody of the cast is free."""


@pytest.fixture
def officer(cast):
    return cast.staff[Service.POLICE]


async def said_by(staff, first=MONDAY, last=MONDAY + timedelta(days=13)):
    rows = await agencies.list_availability([staff], first, last)
    return {(row.day, row.half): row.state for row in rows}


async def saved(context, cast, officer, wanted, key=None, version=None):
    shown = await get_times(context, cast.officer, officer, MONDAY)
    await save_times(
        context,
        cast.officer,
        key or a_key(),
        staff=officer,
        first=MONDAY,
        wanted=wanted,
        version=shown.version if version is None else version,
    )


async def given_duty(context, cast, day=date(2027, 3, 16), half=Half.FM):
    slot = await stored_slot(cast.plan, cast.venue, day=day, half=half)
    station = (await slots.list_stations([slot.id]))[0]
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=slot.id,
        staff_id=cast.staff[Service.POLICE],
    )


def tuesdays(state=FREE, first=MONDAY, last=NEXT):
    return Filling(
        weekdays=frozenset({1}),
        halves=frozenset({Half.FM}),
        first_week=first,
        last_week=last,
        state=state,
    )


async def test_the_page_begins_with_the_asked_week_and_shows_four(cast, context, officer):
    shown = await get_times(context, cast.officer, officer, MONDAY)

    assert shown.shown == tuple(MONDAY + timedelta(weeks=n) for n in range(4))
    assert len(shown.days) == 20
    assert shown.earlier == MONDAY - timedelta(weeks=4)
    assert shown.later == MONDAY + timedelta(weeks=4)
    assert shown.member.id == officer


@pytest.mark.parametrize("first", [None, date(1, 1, 1), date(2026, 8, 1)])
async def test_without_a_week_or_before_all_the_page_begins_now(cast, context, officer, first):
    shown = await get_times(context, cast.officer, officer, first)

    assert shown.shown[0] == date(2027, 1, 11)
    assert shown.earlier is None
    assert [day.is_past for day in shown.days[:5]] == [True, True, True, True, False]


async def test_after_the_last_week_the_page_shows_that(cast, context, officer):
    shown = await get_times(context, cast.officer, officer, date(9999, 12, 31))

    assert shown.shown == (date(2027, 6, 7),)
    assert shown.later is None


async def test_days_off_are_named_and_closed(cast, context, officer):
    shown = await get_times(context, cast.officer, officer, date(2027, 2, 22))

    assert {(day.off, day.is_open) for day in shown.days[:5]} == {("Sportlov", False)}
    assert shown.days[5].is_open


async def test_saving_stores_exactly_what_was_ticked_and_leaves_one_row(cast, context, officer):
    before = await said_by(officer)
    await saved(context, cast, officer, {(MONDAY, Half.FM): ON_CALL, (NEXT, Half.EM): FREE})

    assert await said_by(officer) == {
        **before,
        (MONDAY, Half.FM): ON_CALL,
        (NEXT, Half.EM): FREE,
    }
    (row,) = await audit.list_entries(None)
    assert (row.action, row.subject, row.version) == ("availability-said", f"staff:{officer}", 2)
    assert row.data == '{"said":{"2027-03-08 fm":"on_call","2027-03-15 em":"free"}}'


async def test_saving_what_stands_already_leaves_no_row(cast, context, officer):
    before = await said_by(officer)

    await saved(context, cast, officer, {(MONDAY, Half.FM): NOT})

    assert await said_by(officer) == before
    assert await audit.list_entries(None) == []


async def test_a_double_click_saves_once(cast, context, officer):
    key = a_key()
    shown = await get_times(context, cast.officer, officer, MONDAY)
    for _ in range(2):
        await saved(context, cast, officer, {(MONDAY, Half.FM): FREE}, key, shown.version)

    assert len(await audit.list_entries(None)) == 1


async def test_what_was_changed_in_another_tab_meanwhile_makes_a_page_stale(cast, context, officer):
    seen = await get_times(context, cast.officer, officer, MONDAY)
    await saved(context, cast, officer, {(MONDAY, Half.FM): FREE})
    before = await said_by(officer)

    with pytest.raises(StaleError):
        await saved(context, cast, officer, {(MONDAY, Half.EM): FREE}, version=seen.version)
    assert await said_by(officer) == before


async def test_a_duty_given_meanwhile_makes_a_page_stale(cast, context, officer):
    seen = await get_times(context, cast.officer, officer, MONDAY)
    await given_duty(context, cast)

    with pytest.raises(StaleError):
        await saved(context, cast, officer, {(MONDAY, Half.EM): FREE}, version=seen.version)


@pytest.mark.parametrize(
    "half_day",
    [
        (date(2027, 1, 12), Half.FM),
        (date(2027, 2, 23), Half.FM),
        (date(2027, 3, 13), Half.FM),
        (date(2027, 5, 3), Half.FM),
        (date(2037, 3, 9), Half.FM),
        (date(2027, 3, 16), Half.FM),
    ],
    ids=["past", "holiday", "saturday", "other page", "no term", "has a duty"],
)
async def test_half_days_the_page_could_not_change_are_refused(cast, context, officer, half_day):
    await given_duty(context, cast)
    before = await said_by(officer)

    with pytest.raises(StaleError):
        await saved(context, cast, officer, {half_day: NOT, (MONDAY, Half.FM): FREE})
    assert await said_by(officer) == before


async def test_a_half_day_with_a_duty_is_locked_and_names_it(cast, context, officer):
    duty = await given_duty(context, cast)

    shown = await get_times(context, cast.officer, officer, MONDAY)
    tuesday = next(day for day in shown.days if day.day == date(2027, 3, 16))
    morning, afternoon = tuesday.halves
    assert (morning.duty.assignment, morning.duty.station.name) == (duty, "Police")
    assert morning.duty.slot.venue_name == "Brandstationen i Höör"
    assert afternoon.duty is None


async def test_a_declined_duty_frees_the_half_day_for_changes(cast, context, officer):
    duty = await given_duty(context, cast)
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=False)

    await saved(context, cast, officer, {(date(2027, 3, 16), Half.FM): NOT})

    assert (date(2027, 3, 16), Half.FM) not in await said_by(officer)


async def test_filling_reaches_open_half_days_and_leaves_booked_ones(cast, context, officer):
    await given_duty(context, cast)
    key = a_key()
    filling = tuesdays(ON_CALL, date(2027, 2, 15), NEXT)

    await fill_times(context, cast.officer, key, staff=officer, filling=filling)

    change = await find_change(cast.officer, key.key)
    assert [day for day, *_ in change.changes] == [
        date(2027, 2, 16),
        date(2027, 3, 2),
        date(2027, 3, 9),
    ]
    assert change.kept == 1
    assert (await said_by(officer))[(date(2027, 3, 16), Half.FM)] is FREE


async def test_filling_past_weeks_changes_nothing(cast, context, officer):
    key = a_key()
    filling = tuesdays(FREE, date(2026, 9, 7), date(2027, 1, 4))

    await fill_times(context, cast.officer, key, staff=officer, filling=filling)

    assert (await find_change(cast.officer, key.key)).changes == ()


async def test_copying_a_week_says_the_same_of_others_and_leaves_booked_ones(
    cast, context, officer
):
    await given_duty(context, cast)
    await saved(context, cast, officer, {(MONDAY, Half.FM): FREE})
    key = a_key()

    await copy_week(
        context,
        cast.officer,
        key,
        staff=officer,
        source=MONDAY,
        first_week=NEXT,
        last_week=NEXT + timedelta(weeks=1),
    )

    later = NEXT + timedelta(weeks=1)
    assert await said_by(officer, NEXT, later + timedelta(days=6)) == {
        (NEXT, Half.FM): FREE,
        (date(2027, 3, 16), Half.FM): FREE,
        (later, Half.FM): FREE,
    }
    assert (await find_change(cast.officer, key.key)).kept == 1


async def test_a_page_can_be_saved_and_its_week_repeated_at_once(cast, context, officer):
    await given_duty(context, cast)
    shown = await get_times(context, cast.officer, officer, MONDAY)

    await save_times(
        context,
        cast.officer,
        a_key(),
        staff=officer,
        first=MONDAY,
        wanted={(MONDAY, Half.FM): FREE},
        version=shown.version,
        repeat=MONDAY,
    )

    assert await said_by(officer) == {
        (MONDAY, Half.FM): FREE,
        (NEXT, Half.FM): FREE,
        (date(2027, 3, 16), Half.FM): FREE,
    }


async def test_undoing_restores_what_was_said_before(cast, context, officer):
    before, key, undo = await said_by(officer), a_key(), a_key()
    await fill_times(context, cast.officer, key, staff=officer, filling=tuesdays(ON_CALL))
    assert await said_by(officer) != before

    await undo_times(context, cast.officer, undo, staff=officer, undone=key.key)

    assert await said_by(officer) == before
    assert (await find_change(cast.officer, undo.key)).undoes


async def test_undoing_what_changed_since_is_refused(cast, context, officer):
    key = a_key()
    await fill_times(context, cast.officer, key, staff=officer, filling=tuesdays(ON_CALL))
    await fill_times(context, cast.officer, a_key(), staff=officer, filling=tuesdays(FREE))
    before = await said_by(officer)

    with pytest.raises(StaleError):
        await undo_times(context, cast.officer, a_key(), staff=officer, undone=key.key)
    assert await said_by(officer) == before


async def test_undoing_leaves_a_half_day_that_was_booked_since(cast, context, officer):
    key = a_key()
    await fill_times(context, cast.officer, key, staff=officer, filling=tuesdays(FREE, MONDAY))
    await given_duty(context, cast, day=date(2027, 3, 9))

    await undo_times(context, cast.officer, a_key(), staff=officer, undone=key.key)

    assert (date(2027, 3, 9), Half.FM) in await said_by(officer)


@pytest.mark.parametrize("undone", ["", "x", "k" * 24, "å" * 24, "a" * 10**5])
async def test_what_never_was_cannot_be_undone(cast, context, officer, undone):
    with pytest.raises(NotFoundError):
        await undo_times(context, cast.officer, a_key(), staff=officer, undone=undone)


async def test_another_kind_of_change_cannot_be_undone_here(cast, context, officer):
    duty, key = await given_duty(context, cast), a_key()
    await answer_duty(context, cast.officer, key, assignment_id=duty, can=True)

    assert await find_change(cast.officer, key.key) is None


async def test_only_the_person_sees_and_says_times(cast, context, officer):
    key = a_key()
    await fill_times(context, cast.officer, key, staff=officer, filling=tuesdays(ON_CALL))
    before = await said_by(officer)
    colleague = await person_of("rescue-1@blaljus.example")

    for person in (cast.teacher, cast.coordinator, colleague):
        with pytest.raises(NotFoundError):
            await get_times(context, person, officer, MONDAY)
        with pytest.raises(NotFoundError):
            await fill_times(context, person, a_key(), staff=officer, filling=tuesdays())
        with pytest.raises(NotFoundError):
            await undo_times(context, person, a_key(), staff=officer, undone=key.key)
    assert await said_by(officer) == before


async def test_somebody_whose_municipality_has_no_term_sees_no_weeks(cast, context):
    await stored_staff((await agencies.get_staff(cast.staff[Service.POLICE])).agency, "police-9")
    person = await person_of("police-9@blaljus.example")
    context.clock.set(context.clock() + timedelta(days=250))

    shown = await get_times(context, person, person.staff[0], None)

    assert (shown.weeks, shown.shown, shown.days) == ((), (), ())
    assert (shown.earlier, shown.later) == (None, None)


async def test_the_page_costs_the_same_with_one_duty_and_with_three(cast, context, officer):
    counts = []
    for day, half in [(16, Half.FM), (16, Half.EM), (17, Half.FM)]:
        await given_duty(context, cast, date(2027, 3, day), half)
        with count_statements() as heard:
            await get_times(context, cast.officer, officer, MONDAY)
        counts.append(len(heard))

    assert counts[0] == counts[2]
