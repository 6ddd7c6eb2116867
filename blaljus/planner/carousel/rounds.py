"""The rounds of a carousel: when all groups begin and end together."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from blaljus.planner.carousel.problem import SHORTEST_MINUTES, RotationProblem, Span, overlap

STEP_MINUTES = 5
"""Shorter rounds are tried five minutes at a time: people read clocks that way."""


def round_shapes(problem: RotationProblem) -> Iterator[tuple[int, int]]:
    """Yield (minutes, change minutes) of rounds to try, best first.

    As long as the stations wish, then ever shorter. With the change that everybody manages, then
    with a tighter one: who has far to go begins later at the next station.
    """
    longest = problem.longest_change
    for minutes in _lengths(problem):
        late = max(0, minutes - SHORTEST_MINUTES)
        yield minutes, longest
        if (tight := max(problem.change_minutes, longest - late)) < longest:
            yield minutes, tight


def _lengths(problem: RotationProblem) -> Iterator[int]:
    wished = max((station.minutes for station in problem.stations), default=0)
    if wished:
        yield wished
        below = (wished - 1) // STEP_MINUTES * STEP_MINUTES
        yield from range(below, SHORTEST_MINUTES - 1, -STEP_MINUTES)


def rounds_of(
    begin: datetime, end: datetime, pauses: Sequence[Span], minutes: int, change: int
) -> tuple[Span, ...]:
    """Return the rounds that fit in `[begin, end)`, none in a pause."""
    found: list[Span] = []
    start, length = begin, timedelta(minutes=minutes)
    while start + length <= end:
        held = [pause for pause in pauses if overlap((start, start + length), pause)]
        if held:
            start = max(pause[1] for pause in held)
            continue
        found.append((start, start + length))
        start += length + timedelta(minutes=change)
    return tuple(found)
