from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blaljus.planner.carousel.meeting_bound import most_meetings
from blaljus.planner.carousel.meetings import Wish, arrange

TURNS = 4
turns = st.frozensets(st.integers(0, TURNS - 1))
sides = st.lists(turns, min_size=1, max_size=3)


def wishes_of(groups, stations):
    return [
        Wish(group=g, stations=(s,), required=True)
        for g in range(len(groups))
        for s in range(len(stations))
    ]


def truth(wishes, groups, stations):
    """Try everything: the most wishes that any order fulfils."""

    @cache
    def most(number, busy):
        if number == len(wishes):
            return 0
        group, places = wishes[number].group, wishes[number].stations
        here = [
            1 + most(number + 1, busy | {("g", group, turn), ("s", station, turn)})
            for station in places
            for turn in groups[group] & stations[station]
            if ("g", group, turn) not in busy and ("s", station, turn) not in busy
        ]
        return max([most(number + 1, busy), *here])

    return most(0, frozenset())


@given(groups=sides, stations=sides)
@example(  # two must step back, though one elsewhere is always enough
    groups=[frozenset({0, 1, 2}), frozenset({0, 1}), frozenset({0, 1, 2})],
    stations=[frozenset({0, 1, 2}), frozenset({0, 1}), frozenset({0, 1, 2})],
)
@settings(max_examples=200, deadline=None)
def test_as_many_meet_as_trying_everything_finds(groups, stations):
    wishes = wishes_of(groups, stations)

    found = arrange(wishes, groups, stations, {})

    best = truth(wishes, groups, stations)
    assert found.required == len(found.cells) == best
    assert most_meetings([(w.group, w.stations) for w in wishes], groups, stations) >= best


@given(groups=sides, stations=sides)
@settings(max_examples=200, deadline=None)
def test_one_of_two_stations_is_enough(groups, stations):
    places = tuple(range(len(stations)))
    wishes = [Wish(group=g, stations=places, required=True) for g in range(len(groups))]

    assert arrange(wishes, groups, stations, {}).required == truth(wishes, groups, stations)


@pytest.mark.parametrize("away", [range(5), range(4, 9), range(0, 12, 2)])
def test_twelve_groups_and_twelve_stations_are_proved_when_crews_leave(away):
    every = frozenset(range(12))
    groups, stations = [every] * 12, [every - set(away)] * 3 + [every] * 9
    wishes = wishes_of(groups, stations)

    found = arrange(wishes, groups, stations, {})

    assert found.proved
    assert found.required == 12 * 9 + 3 * (12 - len(away))


def test_somebody_steps_back_twice_where_that_is_the_only_way_on():
    groups = [frozenset(), frozenset({0, 1}), frozenset({1, 2})]
    stations = [frozenset({1}), frozenset({0}), frozenset({0, 1, 2})]

    assert arrange(wishes_of(groups, stations), groups, stations, {}).required == 4


def test_who_can_stay_stays():
    every = frozenset(range(3))
    before = {(0, 0): 1, (0, 1): 2, (0, 2): 0, (1, 0): 2, (1, 1): 0, (1, 2): 1}
    wishes = wishes_of([every] * 2, [every] * 3)

    assert arrange(wishes, [every] * 2, [every] * 3, before).cells == before


def test_others_make_room_for_one_that_need_not_be_too():
    every, before = frozenset(range(2)), {(0, 0): 0, (1, 0): 1}
    stations = [frozenset({0, 1}), frozenset({0}), frozenset({0})]
    wishes = [Wish(group=g, stations=(s,), required=False) for g, s in ((0, 0), (1, 1), (0, 2))]

    found = arrange(wishes, [every] * 2, stations, before)

    assert found.cells == {(0, 0): 2, (0, 1): 0, (1, 0): 1}


def test_others_make_room_for_a_required_meeting_and_stay_met():
    every = frozenset(range(2))
    before = {(0, 0): 0, (1, 0): 1}
    late = [frozenset({0, 1}), frozenset({1})]
    wishes = [Wish(group=1, stations=(0,), required=True), *wishes_of([every] * 2, late)]

    found = arrange(wishes, [every] * 2, late, before)

    assert found.required == 4
    assert found.cells[1, 1] == 1 or found.cells[0, 1] == 1
