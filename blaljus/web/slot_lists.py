"""Times in order, by week and day, as the pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from blaljus.domain.localtime import iso_week, local_day
from blaljus.usecases.bookings.choosing import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The times of one day."""

    on: date
    choices: list[Choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The days with times of one ISO week; `year` is the ISO year it belongs to."""

    year: int
    number: int
    days: list[Day]


def by_week(choices: Iterable[Choice]) -> list[Week]:
    """Return choices, already in order of time, by week and day."""
    days = [
        Day(on=on, choices=list(group))
        for on, group in groupby(choices, key=lambda c: local_day(c.slot.starts_at))
    ]
    return [
        Week(year=year, number=number, days=list(group))
        for (year, number), group in groupby(days, key=lambda day: iso_week(day.on))
    ]
