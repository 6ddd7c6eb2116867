from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blaljus.domain.availability import (
    Filling,
    copied,
    differing,
    filled,
    is_open,
    nights_copied,
    nights_differing,
    nights_filled,
    said_of,
    season_of,
    shown_version,
    week_days,
    weeks_between,
    weeks_of,
)
from blaljus.domain.schools import Block
from blaljus.domain.words import AvailabilityState, BlockKind, Half

FREE, ON_CALL, NOT = AvailabilityState
MONDAY = date(2026, 9, 14)


def a_block(kind, first_on, last_on, name="", school_unit=None):
    return Block(school_unit=school_unit, kind=kind, name=name, first_on=first_on, last_on=last_on)


def a_term(first_on, last_on):
    return a_block(BlockKind.TERM, first_on, last_on, "Termin")


def test_tuesday_mornings_of_weeks_38_to_44_are_seven_half_days():
    said = filled(
        Filling(
            weekdays=frozenset({1}),
            halves=frozenset({Half.FM}),
            first_week=date.fromisocalendar(2026, 38, 1),
            last_week=date.fromisocalendar(2026, 44, 1),
            state=FREE,
        )
    )

    assert list(said) == [(date.fromisocalendar(2026, week, 2), Half.FM) for week in range(38, 45)]
    assert set(said.values()) == {FREE}


def test_weeks_go_on_through_week_53_into_the_next_year():
    first, last = date.fromisocalendar(2026, 52, 1), date.fromisocalendar(2027, 1, 1)

    assert [week.isocalendar().week for week in weeks_between(first, last)] == [52, 53, 1]


def test_a_season_is_the_weekdays_of_its_terms_and_names_what_closes_schools():
    blocks = [
        a_term(date(2027, 2, 18), date(2027, 3, 2)),
        a_block(BlockKind.HOLIDAY, date(2027, 2, 22), date(2027, 2, 26), "Sportlov"),
        a_block(BlockKind.TRAINING_DAY, date(2027, 3, 1), date(2027, 3, 1), "Studiedag", 7),
    ]

    assert season_of([blocks]) == {
        date(2027, 2, 18): "",
        date(2027, 2, 19): "",
        **{date(2027, 2, day): "Sportlov" for day in range(22, 27)},
        date(2027, 3, 1): "",
        date(2027, 3, 2): "",
    }


def test_a_day_is_off_only_where_every_municipality_is_off():
    holiday = a_block(BlockKind.HOLIDAY, MONDAY, MONDAY, "Lov")
    term = a_term(MONDAY, MONDAY + timedelta(days=1))

    assert season_of([[term, holiday], [term]])[MONDAY] == ""
    assert season_of([[term, holiday], [term, holiday]])[MONDAY] == "Lov"
    assert season_of([[term, holiday], []])[MONDAY] == "Lov"


def test_no_calendar_is_no_season():
    assert weeks_of(season_of([]), MONDAY) == ()


def test_weeks_begin_with_this_one_and_skip_those_between_terms():
    season = season_of([[a_term(MONDAY, MONDAY + timedelta(days=9))]])

    assert weeks_of(season, MONDAY + timedelta(days=4)) == (MONDAY, MONDAY + timedelta(days=7))
    assert weeks_of(season, MONDAY + timedelta(days=5)) == (MONDAY + timedelta(days=7),)
    assert weeks_of(season, MONDAY + timedelta(days=7)) == (MONDAY + timedelta(days=7),)
    assert weeks_of(season, MONDAY + timedelta(days=14)) == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (MONDAY - timedelta(days=1), False),
        (MONDAY, True),
        (MONDAY + timedelta(days=1), False),
        (MONDAY + timedelta(days=400), False),
    ],
)
def test_a_day_is_open_on_school_days_from_today(day, expected):
    season = {MONDAY - timedelta(days=1): "", MONDAY: "", MONDAY + timedelta(days=1): "Lov"}

    assert is_open(season, day, MONDAY) is expected


def test_a_copied_week_says_nothing_too():
    said = {(MONDAY, Half.FM): FREE}
    target = MONDAY + timedelta(weeks=2)

    copy = copied(said, MONDAY, [target])

    assert copy.pop((target, Half.FM)) is FREE
    assert len(copy) == 9
    assert set(copy.values()) == {NOT}


def test_only_what_differs_is_a_change():
    said = {(MONDAY, Half.FM): FREE, (MONDAY, Half.EM): ON_CALL}
    wanted = {(MONDAY, Half.EM): NOT, (MONDAY, Half.FM): FREE}

    assert differing(said, wanted) == {(MONDAY, Half.EM): NOT}
    assert differing(said, {(MONDAY + timedelta(days=1), Half.FM): NOT}) == {}


half_days = st.tuples(st.sampled_from(week_days(MONDAY)), st.sampled_from(Half))
saids = st.dictionaries(half_days, st.sampled_from(AvailabilityState))


@given(saids, saids)
def test_making_the_differences_leaves_none_and_taking_them_back_restores(said, wanted):
    changes = differing(said, wanted)
    after = {**said, **changes}
    before = {half_day: said_of(said, half_day) for half_day in changes}

    assert differing(after, wanted) == {}
    assert differing({**after, **before}, said) == {}
    assert [day for day, _ in changes] == sorted(day for day, _ in changes)


nights = st.sets(st.sampled_from(week_days(MONDAY))).map(lambda days: dict.fromkeys(days, True))


@given(saids, saids, st.sets(half_days), st.sets(half_days), nights, nights)
def test_a_version_is_equal_exactly_when_what_is_shown_is(
    said, other, locked, also, slept, elsewhere
):
    def seen(what, shut, worked):
        week = [(day, half) for day in week_days(MONDAY) for half in Half]
        return [(said_of(what, h), h in shut, worked.get(h[0], False)) for h in week]

    one = shown_version([MONDAY], said, locked, slept)

    same = one == shown_version([MONDAY], other, also, elsewhere)
    assert same == (seen(said, locked, slept) == seen(other, also, elsewhere))
    assert 0 <= one < 2**31


@given(nights, nights)
def test_making_the_differences_of_nights_leaves_none(slept, wanted):
    changes = nights_differing(slept, {**dict.fromkeys(week_days(MONDAY), False), **wanted})

    assert {day for day, night in {**slept, **changes}.items() if night} == set(wanted)


def test_a_week_of_nights_is_copied_with_the_nights_that_are_none():
    tuesday, week = MONDAY + timedelta(days=1), timedelta(weeks=1)

    copied_nights = nights_copied({tuesday: True}, MONDAY, [MONDAY + week])

    assert [day for day, night in copied_nights.items() if night] == [tuesday + week]
    assert len(copied_nights) == 5


def test_filling_nights_says_nothing_of_half_days():
    filling = Filling(
        weekdays=frozenset({1}),
        halves=frozenset(Half),
        first_week=MONDAY,
        last_week=MONDAY,
        state=NOT,
        night=True,
    )

    assert filled(filling) == {}
    assert nights_filled(filling) == {MONDAY + timedelta(days=1): True}
    assert nights_filled(replace(filling, night=None)) == {}
