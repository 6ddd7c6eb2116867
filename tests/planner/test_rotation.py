from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner.rotations import THREE, a_group, a_problem, a_station, at, problems, span, table

from blaljus.domain.words import REQUIRED_SERVICES, Service
from blaljus.planner.carousel.referee import rotation_violations
from blaljus.planner.carousel.rotation import Missed, MissReason, rotate


def test_three_groups_shift_together_in_25_minutes_and_5_to_change():
    assert table(rotate(a_problem())) == [
        *[(0, 0, 0, 25), (0, 1, 1, 25), (0, 2, 2, 25)],
        *[(30, 0, 1, 25), (30, 1, 2, 25), (30, 2, 0, 25)],
        *[(60, 0, 2, 25), (60, 1, 0, 25), (60, 2, 1, 25)],
    ]


def test_four_stations_take_115_minutes():
    stations = (*THREE, a_station(Service.PARTNER))

    rotation = rotate(a_problem(4, stations))

    assert len(rotation.stops) == 16
    assert max(stop.ends_at for stop in rotation.stops) == at(115)


@given(groups=st.integers(0, 12), stations=st.integers(0, 12))
def test_every_group_meets_every_station_where_the_time_allows(groups, stations):
    size = max(groups, stations)
    places = [a_station(REQUIRED_SERVICES[n % 3]) for n in range(stations)]

    rotation = rotate(a_problem(groups, places, minutes=max(25, size * 30 - 5)))

    met = {(stop.group, stop.station) for stop in rotation.stops}
    assert met == {(g, s) for g in range(groups) for s in range(stations)}
    assert len(rotation.stops) == groups * stations
    assert all(stop.ends_at - stop.starts_at == at(25) - at(0) for stop in rotation.stops)


@given(problems())
@settings(max_examples=300, deadline=None)
def test_whatever_is_asked_the_referee_finds_nothing(problem):
    assert rotation_violations(problem, rotate(problem)) == ()


@given(problems())
@settings(max_examples=50, deadline=None)
def test_the_same_problem_has_the_same_answer(problem):
    assert rotate(problem) == rotate(replace(problem))


def test_more_groups_than_rounds_get_shorter_rounds():
    rotation = rotate(a_problem(4, minutes=85))

    assert rotation.minutes == 15
    assert rotation.missed == ()
    assert len(rotation.stops) == 12


def test_rounds_become_shorter_so_that_nobody_comes_in_vain():
    partner = a_station(Service.PARTNER)

    rotation = rotate(a_problem(3, (*THREE, partner), minutes=105))

    assert rotation.minutes == 20
    assert len(rotation.stops) == 12


def test_lunch_is_free():
    rotation = rotate(a_problem(minutes=180, pauses=(span(50, 125),)))

    assert {start for start, *_ in table(rotation)} == {0, 125, 155}
    assert rotation.missed == ()


def test_who_has_far_to_go_gets_the_time_where_there_is_time():
    walks = {(0, 1): 12}

    rotation = rotate(a_problem(minutes=120, walks=walks))

    assert rotation.change_minutes == 12
    assert {minutes for *_, minutes in table(rotation)} == {25}


def test_who_has_far_to_go_begins_later_where_there_is_none():
    rotation = rotate(a_problem(walks={(0, 1): 12}))

    assert rotation.change_minutes == 5
    assert [stop for stop in table(rotation) if stop[3] < 25] == [(37, 0, 1, 18), (67, 2, 1, 18)]


def test_a_group_with_needs_has_longer_to_change_and_no_stairs():
    stairs = replace(THREE[1], step_free=False)
    slow = a_group(step_free_only=True, extra_minutes=5)

    rotation = rotate(a_problem((slow, a_group()), (THREE[0], stairs, THREE[2])))

    assert [stop for stop in table(rotation) if stop[1] == 0] == [(0, 0, 0, 25), (60, 0, 2, 25)]
    assert rotation.missed == (
        Missed(group=0, service=Service.RESCUE, reason=MissReason.NOT_REACHABLE),
    )


def test_the_adapted_way_costs_the_others_nothing():
    slow = a_group(extra_minutes=5)

    rotation = rotate(a_problem((slow, a_group(), a_group())))

    assert [minutes for _, group, _, minutes in table(rotation) if group == 0] == [25, 20, 20]
    assert {minutes for _, group, _, minutes in table(rotation) if group} == {25}


def test_in_rain_what_has_no_roof_is_left_out():
    open_air = replace(THREE[1], works_in_rain=False)
    problem = a_problem(2, (THREE[0], open_air, THREE[2]))

    assert rotate(problem).missed == ()
    rain = rotate(replace(problem, rain=True))

    assert {stop.station for stop in rain.stops} == {0, 2}
    assert [(miss.service, miss.reason) for miss in rain.missed] == [
        (Service.RESCUE, MissReason.RAIN)
    ] * 2


def test_two_stations_of_one_service_are_one_meeting_that_must_be():
    two = (a_station(max_pupils=15), a_station(max_pupils=30))
    problem = a_problem((a_group(20), a_group(10)), two, minutes=25, required=(Service.POLICE,))

    rotation = rotate(problem)

    assert table(rotation) == [(0, 0, 1, 25), (0, 1, 0, 25)]
    assert rotation.missed == ()


@pytest.mark.parametrize(
    ("group", "stations", "minutes", "reason"),
    [
        (a_group(), THREE[1:], 85, MissReason.NO_STATION),
        (a_group(61), THREE, 85, MissReason.TOO_MANY_PUPILS),
        (a_group(), (a_station(away=(span(0, 90),)), *THREE[1:]), 85, MissReason.CREW_AWAY),
        (a_group(here=(80, 600)), THREE, 85, MissReason.SHORT_STAY),
        (a_group(), THREE, 9, MissReason.NO_TIME),
    ],
)
def test_what_cannot_be_met_is_said_with_the_reason(group, stations, minutes, reason):
    problem = a_problem((group,), stations, minutes=minutes)

    rotation = rotate(problem)

    assert {miss.reason for miss in rotation.missed if miss.service is Service.POLICE} == {reason}
    assert rotation_violations(problem, rotation) == ()


def test_a_late_bus_makes_rounds_wait_for_nobody():
    late = a_group(here=(20, 600))

    rotation = rotate(a_problem((late, a_group(), a_group()), minutes=115))

    assert rotation.missed == ()
    assert min(start for start, group, *_ in table(rotation) if group == 0) == 30
