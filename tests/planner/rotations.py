"""Carousels for tests: one to write by hand, and any that might occur."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from blaljus.domain.words import REQUIRED_SERVICES, Service
from blaljus.planner.carousel.problem import RotationGroup, RotationProblem, RotationStation

START = datetime(2027, 4, 14, 6, 30, tzinfo=UTC)
"""8.30 on a spring morning in Höör."""


def at(minutes):
    return START + timedelta(minutes=minutes)


def span(first, last):
    return at(first), at(last)


def a_group(pupils=20, *, booking=1, here=(0, 600), **others):
    return RotationGroup(parts=((booking, pupils),), here=span(*here), **others)


def a_station(service=Service.POLICE, **others):
    return RotationStation(**{"service": service, "minutes": 25, "max_pupils": 60, **others})


THREE = tuple(a_station(service) for service in REQUIRED_SERVICES)


def a_problem(groups=3, stations=THREE, *, minutes=None, **others):
    """As many groups of 20 as said, or those given, in a slot as long as the stations need."""
    if isinstance(groups, int):
        groups = tuple(a_group(booking=number) for number in range(groups))
    known = {
        "required": REQUIRED_SERVICES,
        "change_minutes": 5,
        "walks": {},
        "starts_at": START,
        "ends_at": at(len(stations) * 30 - 5 if minutes is None else minutes),
    }
    return RotationProblem(groups=groups, stations=tuple(stations), **{**known, **others})


def table(rotation):
    """Return (minutes after the start, group, station, minutes) of each stop."""
    return [
        (
            (stop.starts_at - START) // timedelta(minutes=1),
            stop.group,
            stop.station,
            (stop.ends_at - stop.starts_at) // timedelta(minutes=1),
        )
        for stop in rotation.stops
    ]


moments = st.integers(0, 48).map(lambda fives: 5 * fives)


@st.composite
def spans(draw):
    first = draw(moments)
    return span(first, first + 5 * draw(st.integers(1, 20)))


@st.composite
def groups(draw):
    first = draw(st.sampled_from([0, 0, 0, 20, 60]))
    last = draw(st.sampled_from([600, 600, 600, 60, 110]))
    return a_group(
        draw(st.integers(1, 40)),
        here=(first, first + last),
        step_free_only=draw(st.booleans()),
        extra_minutes=draw(st.sampled_from([0, 0, 5, 15])),
    )


@st.composite
def stations(draw):
    return a_station(
        draw(st.sampled_from(list(Service))),
        minutes=draw(st.sampled_from([5, 10, 12, 15, 25, 40])),
        max_pupils=draw(st.sampled_from([15, 30, 60])),
        step_free=draw(st.sampled_from([True, True, True, False])),
        works_in_rain=draw(st.booleans()),
        away=tuple(draw(st.lists(spans(), max_size=2))),
    )


@st.composite
def problems(draw, most=5):
    places = draw(st.lists(stations(), max_size=most))
    size = len(places)
    walks = draw(
        st.dictionaries(
            st.tuples(st.integers(0, most), st.integers(0, most)), st.integers(0, 20), max_size=size
        )
    )
    return a_problem(
        tuple(draw(st.lists(groups(), max_size=most))),
        places,
        minutes=draw(st.sampled_from([5, 30, 85, 115, 180, 300])),
        change_minutes=draw(st.sampled_from([0, 5, 10])),
        pauses=tuple(draw(st.lists(spans(), max_size=1))),
        walks=walks,
        rain=draw(st.booleans()),
    )
