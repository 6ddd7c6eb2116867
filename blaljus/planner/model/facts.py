"""A problem worked out for the exact model: who can come where and when.

Rows go by position, ids ascending, so that the order of the input does not matter. For the exact
solver; the packer and the referee have arithmetic of their own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import hypot

from blaljus.domain.localtime import iso_week
from blaljus.planner.problem import (
    FixedSlot,
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)

ROAD, KM_PER_MINUTE = 1.3, 1.1
"""A road is 1.3 times the straight line; a car makes 66 km an hour."""

Spot = tuple[int, int]
"""(venue position, half-day)."""


def bits(mask: int) -> Iterator[int]:
    """Yield the indices of the set bits, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(half_days: Iterable[int]) -> int:
    """Return the mask of half-days."""
    mask = 0
    for half_day in half_days:
        mask |= 1 << half_day
    return mask


class Facts:
    """The rows of a problem by position, and what follows from what is settled already."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.season = (1 << len(problem.half_days)) - 1
        settled = {class_id for slot in problem.fixed for class_id in slot.classes}
        self.classes: list[ProblemClass] = sorted(
            (c for c in problem.classes if c.id not in settled), key=lambda c: c.id
        )
        self.venues: list[ProblemVenue] = sorted(problem.venues, key=lambda v: v.id)
        self.staff: list[ProblemStaff] = sorted(problem.staff, key=lambda p: p.id)
        self.venue_at = {venue.id: index for index, venue in enumerate(self.venues)}
        self.person_at = {person.id: index for index, person in enumerate(self.staff)}
        self.class_at = {row.id: index for index, row in enumerate(self.classes)}
        self.day = _numbered([(half_day.day.toordinal(),) for half_day in problem.half_days])
        self.week = _numbered([iso_week(half_day.day) for half_day in problem.half_days])
        self.other_half = _other_halves(self.day)
        self.fixed: dict[Spot, FixedSlot] = {
            (self.venue_at[slot.venue], slot.half_day): slot
            for slot in sorted(problem.fixed, key=lambda slot: slot.id)
        }
        self.free = [free_mask(c) & self.season for c in self.classes]
        self._places = {row.id: row for row in problem.municipalities}
        self._near: dict[tuple[int, int], bool] = {}
        self.taken = self._taken()
        self.out = [{self.day[t] for t in taken} for taken in self.taken]
        """Per person the days with a duty that stands already."""
        self.on_buses = self._on_buses()
        """Per municipality and half-day the pupils who go by bus to a published slot."""

    def bus_municipality(self, row: ProblemClass) -> int | None:
        """Return the municipality whose buses a class takes, if it is known."""
        if row.municipality is not None or row.school_venue not in self.venue_at:
            return row.municipality
        return self.venues[self.venue_at[row.school_venue]].municipality

    def must(self, station: ProblemStation) -> bool:
        """Tell whether a session cannot be held without the station."""
        return station.required or station.service in self.problem.services

    def minutes(self, municipality: int, other: int) -> float:
        """Return the minutes between two municipalities; infinite when a place is unknown."""
        if municipality == other:
            return 0.0
        if municipality not in self._places or other not in self._places:
            return float("inf")
        a, b = self._places[municipality], self._places[other]
        return ROAD * hypot(a.x_km - b.x_km, a.y_km - b.y_km) / KM_PER_MINUTE

    def near(self, municipality: int, other: int) -> bool:
        """Tell whether a person can change between the two over lunch."""
        key = min(municipality, other), max(municipality, other)
        if key not in self._near:
            self._near[key] = self.minutes(*key) <= self.problem.lunch_gap_minutes
        return self._near[key]

    def home_minutes(self, person: int, venue: int) -> float:
        """Return the minutes from a person's home municipality to a venue; 0 when unknown."""
        at, there = self.staff[person].home, self.venues[venue]
        home = None if at is None else self._places.get(at)
        if home is None:
            return 0.0
        return ROAD * hypot(home.x_km - there.x_km, home.y_km - there.y_km) / KM_PER_MINUTE

    def may_come(self, person: int, municipality: int) -> int:
        """Return the mask of half-days on which one more duty there breaks no rule by itself."""
        who, taken = self.staff[person], self.taken[person]
        mask = who.available & self.season & ~mask_of(taken) if self.left(person) else 0
        for t, where in taken.items():
            other = self.other_half[t]
            if other is not None and (where is None or not self.near(where, municipality)):
                mask &= ~(1 << other)
        days, weeks = self.tally(person, self.day), self.tally(person, self.week)
        return mask_of(
            t
            for t in bits(mask)
            if days[self.day[t]] < who.per_day and weeks[self.week[t]] < who.per_week
        )

    def left(self, person: int) -> int:
        """Return how many more duties the season allows."""
        most = self.staff[person].per_season
        left = len(self.day) if most is None else most - len(self.taken[person])
        return max(0, left)

    def tally(self, person: int, part: list[int]) -> dict[int, int]:
        """Count the standing duties of a person in each day or week."""
        counts: dict[int, int] = defaultdict(int)
        for t in self.taken[person]:
            counts[part[t]] += 1
        return counts

    def _taken(self) -> list[dict[int, int | None]]:
        """Return for each person the standing duties: half-day to municipality, if known."""
        taken: list[dict[int, int | None]] = []
        for who in self.staff:
            known = dict(who.busy_in)
            taken.append({t: known.get(t) for t in bits(who.busy & self.season)})
        for (venue, half_day), slot in self.fixed.items():
            for person in slot.staff:
                where = self.venues[venue].municipality
                taken[self.person_at[person]][half_day] = where
        return taken

    def _on_buses(self) -> Counter[tuple[int, int]]:
        pupils: Counter[tuple[int, int]] = Counter()
        rows = {row.id: row for row in self.problem.classes}
        for slot in self.problem.fixed:
            for row in (rows[id_] for id_ in slot.classes if id_ in rows):
                where = self.bus_municipality(row)
                if where is not None and slot.venue != row.school_venue:
                    pupils[where, slot.half_day] += row.pupils
        return pupils


def free_mask(school_class: ProblemClass) -> int:
    """Return when a class can come: free, and nothing closes its school."""
    mask = school_class.free
    for _, closed in school_class.blocked:
        mask &= ~closed
    return mask


def _numbered(parts: Sequence[tuple[int, ...]]) -> list[int]:
    """Return for each the number of its value, ascending."""
    numbers = {value: number for number, value in enumerate(sorted(set(parts)))}
    return [numbers[value] for value in parts]


def _other_halves(day: list[int]) -> list[int | None]:
    other: list[int | None] = [None] * len(day)
    for first, second in pairwise(range(len(day))):
        if day[first] == day[second]:
            other[first], other[second] = second, first
    return other
