"""The carousel of one slot (körschema): which group is at which station, when."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blaljus.domain.words import Service
from blaljus.planner.carousel.meetings import Cells, Meetings, Wish, arrange
from blaljus.planner.carousel.problem import SHORTEST_MINUTES, RotationProblem, Span, overlap
from blaljus.planner.carousel.rounds import round_shapes, rounds_of


class MissReason(StrEnum):
    """Why a group does not meet a service. Values are stable: pages use them."""

    NO_STATION = "no-station"
    TOO_MANY_PUPILS = "too-many-pupils"
    NOT_REACHABLE = "not-reachable"
    RAIN = "rain"
    CREW_AWAY = "crew-away"
    SHORT_STAY = "short-stay"
    NO_TIME = "no-time"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stop:
    """One group at one station, `[starts_at, ends_at)`; both counted from 0."""

    starts_at: datetime
    group: int
    station: int
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Missed:
    """A required service that a group does not meet."""

    group: int
    service: Service
    reason: MissReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """A carousel: its rounds, the stops by time and group, and what cannot be met.

    `proved`: in these rounds no order meets more of the required services.
    """

    rounds: tuple[Span, ...]
    stops: tuple[Stop, ...]
    missed: tuple[Missed, ...]
    minutes: int
    change_minutes: int
    proved: bool


Fixed = Sequence[Stop]
"""Stops that have been or have begun, cut to what took place."""


def rotate(problem: RotationProblem) -> Rotation:
    """Return the carousel of a slot: each group meets what it can, in rounds as long as possible.

    Rounds are shortened only where that lets groups meet more. Same problem, same answer.
    """
    return best_rotation(problem, problem.starts_at, (), {}, shapes=round_shapes(problem))


def best_rotation(
    problem: RotationProblem,
    begin: datetime,
    fixed: Fixed,
    before: Mapping[tuple[int, datetime], int],
    *,
    shapes: Iterator[tuple[int, int]],
    keep_length: bool = False,
) -> Rotation:
    """Return the best carousel from `begin` on, after what is `fixed`.

    `before` says where groups were to be, by the start of the round; what can stays. The first of
    the shapes wins that has the most required meetings and then, unless `keep_length`, shows most
    groups the most: rounds do not become shorter for less.
    """
    wishes = _wishes(problem, fixed)
    been = {(stop.group, problem.stations[stop.station].service) for stop in fixed}
    wished = {(wish.group, station) for wish in wishes for station in wish.stations}
    most = _worth(problem, wished, been, keep_length)
    best: tuple[tuple[int, int], Rotation] | None = None
    for minutes, change in shapes:
        start = max(begin, _first_start(problem, fixed, minutes))
        rounds = rounds_of(start, problem.ends_at, problem.pauses, minutes, change)
        made = _in_rounds(problem, wishes, rounds, before)
        worth = _worth(problem, {(g, s) for (g, _), s in made.cells.items()}, been, keep_length)
        if best is None or worth > best[0]:
            stops = sorted([*fixed, *_stops(problem, rounds, made.cells, fixed)])
            best = worth, _rotation(problem, rounds, stops, (minutes, change), made)
        if worth == most:
            break
    return best[1] if best else _nothing(problem, fixed)


def _worth(
    problem: RotationProblem,
    met: Collection[tuple[int, int]],
    been: Collection[tuple[int, Service]],
    keep_length: bool,  # noqa: FBT001 -- handed on
) -> tuple[int, int]:
    """Return (required services met, other activities met) of groups at stations.

    A second station of a service that is met is nice to have: no round is shortened for it.
    """
    all_met = [(group, station, problem.stations[station].service) for group, station in met]
    new = [found for found in all_met if (found[0], found[2]) not in been]
    required = {(group, service) for group, _, service in new if service in problem.required}
    others = {(group, s) for group, s, service in new if service not in problem.required}
    return len(required), 0 if keep_length else len(others)


def _first_start(problem: RotationProblem, fixed: Fixed, minutes: int) -> datetime:
    """Return when a round may begin so that who has far to go still gets the shortest stop."""
    if not fixed:
        return problem.starts_at
    late = max(0, minutes - SHORTEST_MINUTES)
    change = timedelta(minutes=problem.longest_change - late)
    return max(stop.ends_at for stop in fixed) + change


def _rotation(
    problem: RotationProblem,
    rounds: tuple[Span, ...],
    stops: Sequence[Stop],
    shape: tuple[int, int],
    made: Meetings,
) -> Rotation:
    return Rotation(
        rounds=rounds,
        stops=tuple(stops),
        missed=_missed(problem, stops),
        minutes=shape[0],
        change_minutes=shape[1],
        proved=made.proved,
    )


def _nothing(problem: RotationProblem, fixed: Fixed) -> Rotation:
    made = Meetings(cells={}, required=0, proved=True)
    return _rotation(problem, (), sorted(fixed), (0, problem.change_minutes), made)


def _wishes(problem: RotationProblem, fixed: Fixed) -> list[Wish]:
    """Return what is still to be met: the required services, then every other station."""
    been = {(stop.group, stop.station) for stop in fixed}
    required, others = [], []
    for group in range(len(problem.groups)):
        fit = [s for s in range(len(problem.stations)) if problem.takes(group, s)]
        met = {problem.stations[s].service for s in fit if (group, s) in been}
        for service in problem.required:
            there = tuple(s for s in fit if problem.stations[s].service is service)
            if there and service not in met:
                required.append(Wish(group=group, stations=there, required=True))
        others += [
            Wish(group=group, stations=(s,), required=False) for s in fit if (group, s) not in been
        ]
    return required + others


def _in_rounds(
    problem: RotationProblem,
    wishes: Sequence[Wish],
    rounds: Sequence[Span],
    before: Mapping[tuple[int, datetime], int],
) -> Meetings:
    groups = [
        _open(rounds, lambda turn, here=group.here: here[0] <= turn[0] and turn[1] <= here[1])  # type: ignore[misc]
        for group in problem.groups
    ]
    stations = [
        _open(rounds, lambda turn, away=station.away: not any(overlap(turn, a) for a in away))  # type: ignore[misc]
        for station in problem.stations
    ]
    turns = {start: number for number, (start, _) in enumerate(rounds)}
    kept = {(g, turns[at]): s for (g, at), s in before.items() if at in turns}
    return arrange(wishes, groups, stations, kept)


def _open(rounds: Sequence[Span], fits: Callable[[Span], bool]) -> frozenset[int]:
    return frozenset(number for number, turn in enumerate(rounds) if fits(turn))


def _stops(
    problem: RotationProblem, rounds: Sequence[Span], cells: Cells, fixed: Fixed
) -> Iterator[Stop]:
    """Yield the stops of the rounds; who has far to go begins later than the round."""
    last = {stop.group: stop for stop in sorted(fixed)}
    for (group, turn), station in sorted(cells.items()):
        start, end = rounds[turn]
        if before := last.get(group):
            ready = before.ends_at + problem.change(group, before.station, station)
            start = max(start, ready)
        length = timedelta(minutes=problem.stations[station].minutes)
        stop = Stop(group=group, station=station, starts_at=start, ends_at=min(end, start + length))
        last[group] = stop
        yield stop


def _missed(problem: RotationProblem, stops: Collection[Stop]) -> tuple[Missed, ...]:
    met = {(stop.group, problem.stations[stop.station].service) for stop in stops}
    return tuple(
        Missed(group=group, service=service, reason=_reason(problem, group, service))
        for group in range(len(problem.groups))
        for service in problem.required
        if (group, service) not in met
    )


def _reason(problem: RotationProblem, group: int, service: Service) -> MissReason:
    """Return the first thing that stood in the way of every station of the service."""
    who = problem.groups[group]
    there = [s for s in problem.stations if s.service is service]
    narrowed = (
        (MissReason.NO_STATION, there),
        (MissReason.TOO_MANY_PUPILS, there := [s for s in there if who.pupils <= s.max_pupils]),
        (
            MissReason.NOT_REACHABLE,
            there := [s for s in there if s.step_free or not who.step_free_only],
        ),
        (MissReason.RAIN, there := [s for s in there if s.works_in_rain or not problem.rain]),
    )
    for reason, left in narrowed:
        if not left:
            return reason
    if any(station.away for station in there):
        return MissReason.CREW_AWAY
    whole = who.here[0] <= problem.starts_at and problem.ends_at <= who.here[1]
    return MissReason.NO_TIME if whole else MissReason.SHORT_STAY
