from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from planner.rotations import THREE, a_group, a_problem, a_station, at, problems, span, spans, table

from blaljus.domain.words import REQUIRED_SERVICES, Service
from blaljus.planner.carousel.referee import rotation_violations
from blaljus.planner.carousel.replan import replan
from blaljus.planner.carousel.rotation import Missed, MissReason, rotate


def left(problem, station, first, last=600):
    """The same slot after a crew has left, and come back."""
    away = replace(problem.stations[station], away=(span(first, last),))
    stations = list(problem.stations)
    stations[station] = away
    return replace(problem, stations=tuple(stations))


def test_a_crew_that_does_not_come_back_costs_only_its_own_meetings():
    problem = a_problem()
    before = rotate(problem)
    now = left(problem, 0, 30)

    after = replan(now, before, at(30))

    assert after.missed == (
        Missed(group=1, service=Service.POLICE, reason=MissReason.CREW_AWAY),
        Missed(group=2, service=Service.POLICE, reason=MissReason.CREW_AWAY),
    )
    assert [stop for stop in before.stops if stop.station] == [s for s in after.stops if s.station]


def test_who_missed_a_crew_meets_it_in_a_free_round_when_it_is_back():
    problem = a_problem(3, minutes=115)
    before = rotate(problem)
    now = left(problem, 0, 2, 28)

    after = replan(now, before, at(5))

    assert after.missed == ()
    assert after.rounds == before.rounds
    assert [stop for stop in table(after) if stop[2] == 0] == [
        (30, 2, 0, 25),
        (60, 1, 0, 25),
        (90, 0, 0, 25),
    ]


def test_rounds_become_shorter_when_that_saves_a_meeting():
    problem = a_problem()
    before = rotate(problem)
    now = left(problem, 0, 2, 28)

    after = replan(now, before, at(5))

    assert after.minutes == 15
    assert after.missed == ()
    assert rotation_violations(now, after) == ()


def test_a_stop_that_was_cut_counts_from_ten_minutes_on():
    problem = a_problem()
    before = rotate(problem)

    cut, lost = (replan(left(problem, 0, minute), before, at(15)) for minute in (10, 9))

    assert (0, 0, 0, 10) in table(cut)
    assert Missed(group=0, service=Service.POLICE, reason=MissReason.CREW_AWAY) not in cut.missed
    assert Missed(group=0, service=Service.POLICE, reason=MissReason.CREW_AWAY) in lost.missed


def test_shorter_rounds_wait_for_who_needs_longer_to_change():
    slow = a_group(extra_minutes=10)
    both = (Service.POLICE, Service.RESCUE)
    problem = a_problem((slow, a_group(), a_group()), THREE[:2], minutes=90, required=both)
    now = left(problem, 1, 2, 28)

    after = replan(now, rotate(problem), at(5))

    assert rotation_violations(now, after) == ()
    assert (0, 0, 0, 25) in table(after)


def test_when_nobody_is_away_nothing_changes():
    problem = a_problem()
    before = rotate(problem)

    for minutes in (0, 10, 30, 200):
        assert replan(problem, before, at(minutes)).stops == before.stops


@given(problems(), st.integers(0, 30), st.integers(0, 4), spans(), spans())
@settings(max_examples=300, deadline=None)
def test_whatever_happens_the_referee_finds_nothing_and_the_past_stays(
    problem, fives, station, first, second
):
    before, now = rotate(problem), at(5 * fives)
    stations = list(problem.stations)
    if station < len(stations):
        away = (*stations[station].away, first, second)
        stations[station] = replace(stations[station], away=away)
    after_all = replace(problem, stations=tuple(stations))

    after = replan(after_all, before, now)

    assert rotation_violations(after_all, after) == ()
    begun = {stop for stop in before.stops if stop.starts_at < now and stop.station != station}
    assert begun <= set(after.stops)
    assert replan(after_all, before, now) == after


@given(st.integers(2, 5), st.integers(0, 4), st.integers(0, 30), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_no_more_is_missed_than_by_going_on_as_planned(groups, station, fives, lasts):
    places = [a_station(REQUIRED_SERVICES[n % 3]) for n in range(5)]
    problem = a_problem(groups, places)
    before = rotate(problem)
    now = left(problem, station, 5 * fives, 5 * (fives + lasts))

    after = replan(now, before, at(5 * fives))

    away = now.stations[station].away[0]
    stays = [s for s in before.stops if s.station != station or not _cut(s, away)]
    going_on = {(s.group, problem.stations[s.station].service) for s in stays}
    met = {(s.group, problem.stations[s.station].service) for s in after.stops}
    assert len(met) >= len(going_on)


def _cut(stop, away):
    here = max(away[0] - stop.starts_at, stop.ends_at - away[1])
    return here < timedelta(minutes=10)


def test_three_stations_are_the_promise():
    assert [station.service for station in THREE] == list(REQUIRED_SERVICES)


def late(problem, group, minute, last=600):
    """The same slot with another time for a group."""
    groups = list(problem.groups)
    groups[group] = replace(groups[group], here=span(minute, last))
    return replace(problem, groups=tuple(groups))


def test_a_class_whose_bus_is_late_has_not_been_where_it_was_to_be():
    problem = a_problem()
    before = rotate(problem)

    after = replan(late(problem, 0, 20), before, at(10))

    assert 0 not in {stop[1] for stop in table(after) if stop[0] < 20}
    assert after.stops[:2] == before.stops[1:3]
    assert after.missed == ()
    assert after.minutes < before.minutes


def test_a_class_that_must_leave_early_misses_its_last_round():
    problem = a_problem()
    before = rotate(problem)

    after = replan(late(problem, 0, 0, 50), before, at(35))

    assert max(stop[0] + stop[3] for stop in table(after) if stop[1] == 0) <= 50
    assert {miss.reason for miss in after.missed} == {MissReason.SHORT_STAY}


@given(
    problems().filter(lambda p: p.groups),
    st.integers(0, 40),
    st.integers(-60, 120),
    st.integers(10, 180),
)
@settings(max_examples=60)
def test_whatever_a_bus_does_the_referee_has_nothing_against_it(problem, minute, first, length):
    before = rotate(problem)
    now = late(problem, 0, first, first + length)

    assert rotation_violations(now, replan(now, before, at(minute))) == ()
