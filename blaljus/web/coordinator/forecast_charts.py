"""The forecast as charts: what each service has left from each week on, and what is needed.

Lengths are units of a drawing that is `WIDTH` wide and scales with the page: text in it stays
readable on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from blaljus.domain.forecast import Forecast, ServiceOutlook, ServiceWeek, Week
from blaljus.domain.words import Service

WIDTH, HEIGHT = 320, 170
LEFT, TOP, RIGHT, BOTTOM = 34, 14, 316, 140
"""Where bars may be: numbers stand to the left, weeks below."""
WEEK_LABELS = 7
"""Most that fit below without touching."""
LINE_HEIGHT = 14
"""Closer than this, two numbers cover each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What is left from a week on. `enough`: at least what is needed."""

    x: float
    y: float
    width: float
    height: float
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A number or a week beside the bars, where it stands."""

    at: float
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One service: a bar for each week, and a line at what is needed."""

    service: Service
    needed: int
    left: int
    goal: float
    bars: Sequence[Bar]
    weeks: Sequence[Mark]
    numbers: Sequence[Mark]


def charts(forecast: Forecast) -> list[Chart]:
    """Return a chart for each promised service, the bottleneck first; each has its own scale."""
    return [_chart(row, forecast.weeks_of(row.service)) for row in forecast.services]


def _chart(row: ServiceOutlook, weeks: Sequence[ServiceWeek]) -> Chart:
    step = (RIGHT - LEFT) / max(len(weeks), 1)
    most = max([week.left for week in weeks] + [row.needed, 1])
    return Chart(
        service=row.service,
        needed=row.needed,
        left=row.left,
        goal=_height_of(row.needed, most),
        bars=[_bar(i, week, step, row.needed, most) for i, week in enumerate(weeks)],
        weeks=_week_marks([week.week for week in weeks], step),
        numbers=_numbers(row.needed, most),
    )


def _bar(index: int, week: ServiceWeek, step: float, needed: int, most: int) -> Bar:
    top = _height_of(week.left, most)
    return Bar(
        x=round(LEFT + index * step, 1),
        y=top,
        width=round(step * 0.8, 1),
        height=round(BOTTOM - top, 1),
        enough=week.left >= needed,
    )


def _height_of(half_days: int, most: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * half_days / most, 1)


def _week_marks(weeks: Sequence[Week], step: float) -> list[Mark]:
    every = -(-len(weeks) // WEEK_LABELS) or 1
    return [
        Mark(at=round(LEFT + (index + 0.4) * step, 1), number=weeks[index][1])
        for index in range(0, len(weeks), every)
    ]


def _numbers(needed: int, most: int) -> list[Mark]:
    """Return what is written at the left: what is needed, and the scale's ends where they fit."""
    goal = Mark(at=_height_of(needed, most), number=needed)
    ends = [Mark(at=TOP, number=most), Mark(at=BOTTOM, number=0)]
    return [goal, *(mark for mark in ends if abs(mark.at - goal.at) >= LINE_HEIGHT)]
