"""The referee of carousels finds each thing that can be wrong with a good one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from planner.rotations import THREE, a_group, a_problem, a_station, at, span

from blaljus.domain.words import Service
from blaljus.planner.carousel.referee import RotationRule, rotation_violations
from blaljus.planner.carousel.rotation import Missed, MissReason, rotate

PROBLEM = a_problem()
GOOD = rotate(PROBLEM)
LATER = timedelta(minutes=1)


def rules(problem, rotation):
    return {found.rule for found in rotation_violations(problem, rotation)}


def with_stop(number=0, **changes):
    stops = list(GOOD.stops)
    stops[number] = replace(stops[number], **changes)
    return replace(GOOD, stops=tuple(stops))


def stations(**changes):
    return replace(PROBLEM, stations=(replace(THREE[0], **changes), *THREE[1:]))


def first_group(**others):
    return replace(PROBLEM, groups=(a_group(**others), *PROBLEM.groups[1:]))


def test_a_good_carousel_passes():
    assert rules(PROBLEM, GOOD) == set()


@pytest.mark.parametrize(
    ("problem", "rotation", "rule"),
    [
        (PROBLEM, with_stop(station=7), RotationRule.UNKNOWN),
        (PROBLEM, with_stop(group=-1), RotationRule.UNKNOWN),
        (replace(PROBLEM, ends_at=at(84)), GOOD, RotationRule.OUTSIDE),
        (replace(PROBLEM, starts_at=at(1)), GOOD, RotationRule.OUTSIDE),
        (first_group(here=(1, 600)), GOOD, RotationRule.GROUP_NOT_HERE),
        (first_group(here=(0, 84)), GOOD, RotationRule.GROUP_NOT_HERE),
        (replace(PROBLEM, pauses=(span(84, 90),)), GOOD, RotationRule.PAUSE),
        (stations(away=(span(0, 1),)), GOOD, RotationRule.CREW_AWAY),
        (stations(max_pupils=19), GOOD, RotationRule.NOT_FOR_GROUP),
        (first_group(pupils=61), GOOD, RotationRule.NOT_FOR_GROUP),
        (replace(stations(works_in_rain=False), rain=True), GOOD, RotationRule.NOT_FOR_GROUP),
        (stations(minutes=24), GOOD, RotationRule.WRONG_LENGTH),
        (PROBLEM, with_stop(starts_at=at(16)), RotationRule.WRONG_LENGTH),
        (PROBLEM, with_stop(2, station=1), RotationRule.STATION_TWICE),
        (replace(PROBLEM, walks={(0, 1): 6}), GOOD, RotationRule.NO_TIME_TO_CHANGE),
        (first_group(extra_minutes=1), GOOD, RotationRule.NO_TIME_TO_CHANGE),
        (PROBLEM, with_stop(6, station=0), RotationRule.MET_TWICE),
        (PROBLEM, replace(GOOD, stops=GOOD.stops[1:]), RotationRule.NOT_COUNTED),
    ],
)
def test_each_broken_rule_is_found(problem, rotation, rule):
    assert rule in rules(problem, rotation)


def test_a_service_that_is_met_is_not_missed_and_one_is_missed_once():
    miss = Missed(group=0, service=Service.POLICE, reason=MissReason.NO_TIME)
    without = replace(GOOD, stops=GOOD.stops[1:], missed=(miss,))

    assert rules(PROBLEM, without) == set()
    assert rules(PROBLEM, replace(GOOD, missed=(miss,))) == {RotationRule.NOT_COUNTED}
    twice = replace(without, missed=(miss, miss))
    assert rules(PROBLEM, twice) == {RotationRule.NOT_COUNTED}


FACTS = {
    MissReason.NO_STATION: a_problem(1, THREE[1:]),
    MissReason.TOO_MANY_PUPILS: a_problem((a_group(61),), (THREE[0],)),
    MissReason.NOT_REACHABLE: a_problem(
        (a_group(step_free_only=True),), (a_station(step_free=False),)
    ),
    MissReason.RAIN: a_problem(1, (a_station(works_in_rain=False),), rain=True),
    MissReason.CREW_AWAY: a_problem(1, (a_station(away=(span(0, 60),)),)),
    MissReason.SHORT_STAY: a_problem((a_group(here=(20, 600)),), THREE[:1]),
    MissReason.NO_TIME: a_problem(1, THREE[:1], minutes=5),
}


@pytest.mark.parametrize("fact", MissReason)
@pytest.mark.parametrize("said", MissReason)
def test_a_reason_must_be_a_fact(fact, said):
    problem = replace(FACTS[fact], required=(Service.POLICE,))
    true = rotate(problem)
    miss = Missed(group=0, service=Service.POLICE, reason=said)

    found = rules(problem, replace(true, missed=(miss,)))

    assert [m.reason for m in true.missed] == [fact]
    assert found == (set() if said is fact else {RotationRule.WRONG_REASON} - {None})
