"""A crew leaves, or a bus is late: what has begun stands, the rounds left are planned anew."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from blaljus.planner.carousel.problem import RotationProblem, RotationStation, Span
from blaljus.planner.carousel.rotation import Rotation, Stop, best_rotation
from blaljus.planner.carousel.rounds import round_shapes


def replan(problem: RotationProblem, before: Rotation, now: datetime) -> Rotation:
    """Return `before` with the rounds that begin at `now` or later planned anew.

    The stations of `problem` say when their crews are away, its groups when they are here. A stop
    that has begun counts while both were there, if that was long enough; otherwise the group may
    come back later. Groups keep their rounds where they can, and rounds their length unless
    shorter ones let more required meetings happen.
    """
    begun = tuple(span for span in before.rounds if span[0] < now)
    fixed = tuple(_begun_stops(problem, before, now))
    coming = {start for start, _ in before.rounds if start >= now}
    plans = {(s.group, _round_start(before, s)): s.station for s in before.stops}
    rest = best_rotation(
        problem,
        min(coming) if coming else _next_begin(problem, begun, now),
        fixed,
        {at: station for at, station in plans.items() if at[1] in coming},
        shapes=_shapes(problem, before),
        keep_length=True,
    )
    return replace(rest, rounds=(*begun, *rest.rounds))


def _shapes(problem: RotationProblem, before: Rotation) -> Iterator[tuple[int, int]]:
    """Yield the rounds as they are, then what else may be tried."""
    now = (before.minutes, before.change_minutes)
    if before.minutes:
        yield now
    yield from (shape for shape in round_shapes(problem) if shape != now)


def _next_begin(problem: RotationProblem, begun: tuple[Span, ...], now: datetime) -> datetime:
    """Return when a round after the last one could begin."""
    change = timedelta(minutes=problem.change_minutes)
    return max([now, problem.starts_at, *(end + change for _, end in begun)])


def _begun_stops(problem: RotationProblem, before: Rotation, now: datetime) -> Iterator[Stop]:
    for stop in before.stops:
        if _round_start(before, stop) < now:
            here = within_stay(stop, problem.groups[stop.group].here)
            start, end = longest_presence(problem.stations[stop.station], here)
            if end - start >= problem.stations[stop.station].shortest:
                yield replace(stop, starts_at=start, ends_at=end)


def _round_start(rotation: Rotation, stop: Stop) -> datetime:
    """Return when the round of a stop begins: who has far to go begins later."""
    return max(start for start, _ in rotation.rounds if start <= stop.starts_at)


def within_stay(stop: Stop, here: Span) -> Stop:
    """Return the part of a stop in which the group is at the place; an empty one for none."""
    start = min(max(stop.starts_at, here[0]), stop.ends_at)
    return replace(stop, starts_at=start, ends_at=max(start, min(stop.ends_at, here[1])))


def longest_presence(station: RotationStation, stop: Stop) -> Span:
    """Return the longest part of a stop in which the crew is there; an empty span for none."""
    edges = sorted({stop.starts_at, stop.ends_at, *_edges_within(station, stop)})
    parts = [
        (start, end)
        for start, end in pairwise(edges)
        if not any(away[0] <= start and end <= away[1] for away in station.away)
    ]
    return max(parts, key=lambda part: (part[1] - part[0], part[0]), default=(stop.starts_at,) * 2)


def _edges_within(station: RotationStation, stop: Stop) -> Iterator[datetime]:
    for edge in (moment for away in station.away for moment in away):
        if stop.starts_at < edge < stop.ends_at:
            yield edge
