from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blaljus.planner.rotation import Stop, rotation

START = datetime(2027, 4, 14, 6, 30, tzinfo=UTC)
counts = st.integers(min_value=0, max_value=12)
minutes = st.integers(min_value=1, max_value=60)


def test_two_groups_change_places_after_the_walk():
    stops = rotation(2, 2, START, 25, 5)

    second = START + timedelta(minutes=30)
    end = timedelta(minutes=25)
    assert stops == (
        Stop(group=0, station=0, starts_at=START, ends_at=START + end),
        Stop(group=1, station=1, starts_at=START, ends_at=START + end),
        Stop(group=0, station=1, starts_at=second, ends_at=second + end),
        Stop(group=1, station=0, starts_at=second, ends_at=second + end),
    )


def test_four_stations_of_25_minutes_take_115_minutes():
    stops = rotation(4, 4, START, 25, 5)

    assert max(stop.ends_at for stop in stops) - START == timedelta(minutes=115)


@given(groups=counts, stations=counts)
def test_every_group_meets_every_station_exactly_once(groups, stations):
    stops = rotation(groups, stations, START, 25, 5)

    met = Counter((stop.group, stop.station) for stop in stops)
    assert met == {(g, s): 1 for g in range(groups) for s in range(stations)}


@given(groups=counts, stations=counts, length=minutes, change=st.integers(0, 30))
def test_nobody_is_in_two_places_and_no_station_has_two_groups(groups, stations, length, change):
    stops = rotation(groups, stations, START, length, change)

    assert len({(stop.starts_at, stop.group) for stop in stops}) == len(stops)
    assert len({(stop.starts_at, stop.station) for stop in stops}) == len(stops)
    starts = sorted({stop.starts_at for stop in stops})
    gaps = {later - earlier for earlier, later in pairwise(starts)}
    assert gaps <= {timedelta(minutes=length + change)}


@pytest.mark.parametrize(
    ("groups", "stations", "length", "change"),
    [(-1, 3, 25, 5), (3, -1, 25, 5), (3, 3, 0, 5), (3, 3, 25, -1)],
)
def test_numbers_that_mean_nothing_are_refused(groups, stations, length, change):
    with pytest.raises(ValueError, match="groups"):
        rotation(groups, stations, START, length, change)
