"""The carousel of one slot: which group is at which station, when."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One group at one station, `[starts_at, ends_at)`; both counted from 0."""

    group: int
    station: int
    starts_at: datetime
    ends_at: datetime


def rotation(
    groups: int, stations: int, start: datetime, minutes: int, change_minutes: int
) -> tuple[Stop, ...]:
    """Return the stops by time and group: each group meets each station exactly once.

    All start at once and shift together, `minutes` at a station and `change_minutes` between.
    With more groups than stations some wait a round. `start` is aware, in UTC.
    """
    if min(groups, stations, change_minutes) < 0 or minutes < 1:
        raise ValueError(f"{groups} groups, {stations} stations, {minutes} + {change_minutes} min")
    rounds = max(groups, stations)
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + change_minutes)
    return tuple(
        Stop(group=group, station=station, starts_at=begins, ends_at=begins + length)
        for turn in range(rounds)
        for begins in [start + turn * step]
        for group in range(groups)
        for station in [(group + turn) % rounds]
        if station < stations
    )
