"""Local time: half-days and the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from blaljus.domain.localtime import at_local, half_of, half_span, halves_of
from blaljus.domain.words import Half

DAY = date(2027, 3, 16)


def at(hour, minute=0):
    return at_local(DAY, time(hour, minute))


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "halves"),
    [
        (at(8), at(12), [Half.FM]),
        (at(12), at(16), [Half.EM]),
        (at(11), at(12) + timedelta(microseconds=1), [Half.FM, Half.EM]),
        (at(8, 45), at(14, 40), [Half.FM, Half.EM]),
    ],
)
def test_a_time_that_ends_at_noon_touches_the_morning_alone(starts_at, ends_at, halves):
    assert halves_of(starts_at, ends_at) == [(DAY, half) for half in halves]


@pytest.mark.parametrize("half", Half)
def test_a_half_day_is_the_half_day_of_its_first_and_last_moment(half):
    starts_at, ends_at = half_span(DAY, half)

    assert half_of(starts_at) is half_of(ends_at - timedelta(microseconds=1)) is half
    assert halves_of(starts_at, ends_at) == [(DAY, half)]


def test_the_clock_of_the_wall_is_another_hour_of_utc_in_summer():
    assert at(9) == datetime(2027, 3, 16, 8, tzinfo=UTC)
    assert at_local(date(2027, 6, 1), time(9)) == datetime(2027, 6, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_an_hour_that_never_comes_or_comes_twice_is_refused(day):
    with pytest.raises(ValueError, match="is not one moment"):
        at_local(day, time(2, 30))
    assert at_local(day, time(3)) - at_local(day, time(1, 59)) in (
        timedelta(minutes=1),
        timedelta(hours=2, minutes=1),
    )
