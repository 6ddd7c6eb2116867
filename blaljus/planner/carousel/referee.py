"""The referee of carousels: says every broken rule, and shares no code with what makes them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations, pairwise

from blaljus.planner.carousel.problem import RotationProblem
from blaljus.planner.carousel.rotation import Missed, MissReason, Rotation, Stop


class RotationRule(StrEnum):
    """What a carousel may never break."""

    UNKNOWN = "unknown"
    """A stop is of a group and a station of the slot."""
    OUTSIDE = "outside"
    """Every stop lies within the slot."""
    GROUP_NOT_HERE = "group-not-here"
    """Nobody is at a station before their bus comes or after it must leave."""
    PAUSE = "pause"
    """Lunch is free."""
    CREW_AWAY = "crew-away"
    NOT_FOR_GROUP = "not-for-group"
    """A station takes the pupils, can be reached by them, and can be held in rain if it rains."""
    WRONG_LENGTH = "wrong-length"
    """A stop is as long as the station wishes, or shorter, but no less than ten minutes."""
    STATION_TWICE = "station-twice"
    """One group at a station at a time."""
    NO_TIME_TO_CHANGE = "no-time-to-change"
    """A group has the time to go from one station to the next."""
    MET_TWICE = "met-twice"
    """A group meets a station once."""
    NOT_COUNTED = "not-counted"
    """Every required service is either met or listed as missed, once."""
    WRONG_REASON = "wrong-reason"
    """The reason why a service is missed is a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationViolation:
    """One broken rule, of a group, a station, or both."""

    rule: RotationRule
    group: int | None = None
    station: int | None = None


def rotation_violations(
    problem: RotationProblem, rotation: Rotation
) -> tuple[RotationViolation, ...]:
    """Return every broken rule; empty means that the carousel may be shown.

    When a stop names something unknown, only that is returned.
    """
    found = list(_unknown(problem, rotation)) or [
        *_stops(problem, rotation),
        *_stations(rotation),
        *_groups(problem, rotation),
        *_counts(problem, rotation),
    ]
    return tuple(sorted(set(found), key=repr))


def _unknown(problem: RotationProblem, rotation: Rotation) -> Iterator[RotationViolation]:
    for stop in rotation.stops:
        if stop.group not in range(len(problem.groups)) or stop.station not in range(
            len(problem.stations)
        ):
            yield _of(RotationRule.UNKNOWN, stop)


def _of(rule: RotationRule, stop: Stop) -> RotationViolation:
    return RotationViolation(rule=rule, group=stop.group, station=stop.station)


def _stops(problem: RotationProblem, rotation: Rotation) -> Iterator[RotationViolation]:
    for stop in rotation.stops:
        group, station = problem.groups[stop.group], problem.stations[stop.station]
        lasts = (stop.ends_at - stop.starts_at) / timedelta(minutes=1)
        arrives, leaves = group.here
        wet = problem.rain and not station.works_in_rain
        steps = group.step_free_only and not station.step_free
        crowded = sum(pupils for _, pupils in group.parts) > station.max_pupils
        broken = {
            RotationRule.OUTSIDE: stop.starts_at < problem.starts_at
            or stop.ends_at > problem.ends_at,
            RotationRule.GROUP_NOT_HERE: stop.starts_at < arrives or stop.ends_at > leaves,
            RotationRule.PAUSE: any(_meets(stop, *pause) for pause in problem.pauses),
            RotationRule.CREW_AWAY: any(_meets(stop, *away) for away in station.away),
            RotationRule.NOT_FOR_GROUP: wet or steps or crowded,
            RotationRule.WRONG_LENGTH: not min(10, station.minutes) <= lasts <= station.minutes,
        }
        yield from (_of(rule, stop) for rule, is_broken in broken.items() if is_broken)


def _meets(stop: Stop, start: datetime, end: datetime) -> bool:
    return not (stop.ends_at <= start or end <= stop.starts_at)


def _stations(rotation: Rotation) -> Iterator[RotationViolation]:
    for one, other in combinations(rotation.stops, 2):
        if one.station == other.station and _meets(one, other.starts_at, other.ends_at):
            yield RotationViolation(rule=RotationRule.STATION_TWICE, station=one.station)


def _groups(problem: RotationProblem, rotation: Rotation) -> Iterator[RotationViolation]:
    for index, group in enumerate(problem.groups):
        mine = [stop for stop in rotation.stops if stop.group == index]
        in_time = sorted(mine, key=lambda stop: (stop.starts_at, stop.ends_at))
        for before, after in pairwise(in_time):
            walk = problem.walks.get((before.station, after.station), 0)
            minutes = max(walk, problem.change_minutes) + group.extra_minutes
            if after.starts_at - before.ends_at < timedelta(minutes=minutes):
                yield _of(RotationRule.NO_TIME_TO_CHANGE, after)
        for station, times in Counter(stop.station for stop in mine).items():
            if times > 1:
                yield RotationViolation(rule=RotationRule.MET_TWICE, group=index, station=station)


def _counts(problem: RotationProblem, rotation: Rotation) -> Iterator[RotationViolation]:
    met = {(stop.group, problem.stations[stop.station].service) for stop in rotation.stops}
    listed = Counter((miss.group, miss.service) for miss in rotation.missed)
    wanted = {(group, s) for group in range(len(problem.groups)) for s in problem.required}
    for pair in wanted | set(listed):
        if listed[pair] != (pair in wanted and pair not in met):
            yield RotationViolation(rule=RotationRule.NOT_COUNTED, group=pair[0])
    for miss in rotation.missed:
        if miss.group in range(len(problem.groups)) and not _is_so(problem, miss):
            yield RotationViolation(rule=RotationRule.WRONG_REASON, group=miss.group)


def _is_so(problem: RotationProblem, miss: Missed) -> bool:
    """Return whether the reason holds of the service's stations, or of the group."""
    who = problem.groups[miss.group]
    pupils = sum(number for _, number in who.parts)
    held = [s for s in problem.stations if s.service is miss.service]
    large = [s for s in held if s.max_pupils >= pupils]
    reached = [s for s in large if s.step_free or not who.step_free_only]
    dry = [s for s in reached if s.works_in_rain or not problem.rain]
    away = [s for s in dry if s.away]
    late = who.here[0] > problem.starts_at or who.here[1] < problem.ends_at
    holds = {
        MissReason.NO_STATION: not held,
        MissReason.TOO_MANY_PUPILS: bool(held) and not large,
        MissReason.NOT_REACHABLE: bool(large) and not reached,
        MissReason.RAIN: bool(reached) and not dry,
        MissReason.CREW_AWAY: bool(away),
        MissReason.SHORT_STAY: bool(dry) and late and not away,
        MissReason.NO_TIME: bool(dry) and not late and not away,
    }
    return holds[miss.reason]
