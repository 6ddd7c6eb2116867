"""What a carousel is made from: groups, stations, the slot's time and what lies between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations

from blaljus.domain.words import Service

Span = tuple[datetime, datetime]
"""Aware UTC, half-open `[start, end)`."""

SHORTEST_MINUTES = 10
"""A stop is worth making from ten minutes on: the shortest seen at such days elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationGroup:
    """Pupils who go together. `parts` are (booking id, pupils), one for each class in it."""

    parts: tuple[tuple[int, int], ...]
    here: Span
    """From when its bus or walk arrives to when it must leave."""
    step_free_only: bool = False
    extra_minutes: int = 0
    """Added to every change of station."""

    @property
    def pupils(self) -> int:
        """Return how many go together."""
        return sum(pupils for _, pupils in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationStation:
    """One station; `away` is when its crew is not there."""

    service: Service
    minutes: int
    max_pupils: int
    step_free: bool = True
    works_in_rain: bool = True
    away: tuple[Span, ...] = ()

    @property
    def shortest(self) -> timedelta:
        """Return the shortest stop that counts as a meeting."""
        return timedelta(minutes=min(self.minutes, SHORTEST_MINUTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationProblem:
    """A slot to fill: `[starts_at, ends_at)`; nobody is anywhere during `pauses`.

    `walks` are minutes from one station to another, by position; a way that is not named takes
    no longer than `change_minutes`.
    """

    groups: tuple[RotationGroup, ...]
    stations: tuple[RotationStation, ...]
    required: tuple[Service, ...]
    starts_at: datetime
    ends_at: datetime
    change_minutes: int
    pauses: tuple[Span, ...] = ()
    walks: Mapping[tuple[int, int], int]
    rain: bool = False

    def takes(self, group: int, station: int) -> bool:
        """Return whether a station is for a group at all, whatever the time."""
        who, where = self.groups[group], self.stations[station]
        return (
            who.pupils <= where.max_pupils
            and (where.step_free or not who.step_free_only)
            and (where.works_in_rain or not self.rain)
        )

    def change(self, group: int, before: int, after: int) -> timedelta:
        """Return the time that a group needs from one station to another."""
        walk = max(self.change_minutes, self.walks.get((before, after), 0))
        return timedelta(minutes=walk + self.groups[group].extra_minutes)

    @property
    def longest_change(self) -> int:
        """Return the minutes that every group can change between any two stations in."""
        ways = permutations(range(len(self.stations)), 2)
        walks = max((self.walks.get(way, 0) for way in ways), default=0)
        extra = max((group.extra_minutes for group in self.groups), default=0)
        return max(self.change_minutes, walks) + extra


def overlap(one: Span, other: Span) -> bool:
    """Return whether two spans share a moment."""
    return one[0] < other[1] and other[0] < one[1]
