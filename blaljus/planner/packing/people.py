"""Who can still be asked, half-day by half-day. For the packer; the referee has its own sums."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from enum import Enum, auto

from blaljus.domain.localtime import iso_week
from blaljus.domain.words import Half, Service
from blaljus.planner.packing.roads import Roads
from blaljus.planner.problem import HalfDay, Problem, ProblemStaff

Tally = list[int]
"""`tally[k]`: mask of the half-days that at least `k` of the counted masks hold; `[0]` is all."""

Pool = tuple[int, Service, int | None]
"""Who serves a municipality, of a service, of one agency or (`None`) of any."""


class Kind(Enum):
    """What `People.supply` counts."""

    ANYONE = auto()
    FREE = auto()
    """Not those who are only on call."""
    OUT = auto()
    """Those who are out on that day anyway."""
    ALL_DAY = auto()
    """Mornings: those who can stay for the afternoon."""
    ALL_DAY_FREE = auto()


def bits(mask: int) -> Iterator[int]:
    """Yield the indices of the set bits, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def tally(masks: Iterable[int], top: int) -> Tally:
    """Count masks per half-day, up to `top`."""
    counts = [-1] + [0] * top
    reached = 0
    for mask in masks:
        if not mask:
            continue
        reached = min(reached + 1, top)
        for k in range(reached, 0, -1):
            counts[k] |= counts[k - 1] & mask
    return counts


def masks_by(half_days: tuple[HalfDay, ...], key: Callable[[HalfDay], Hashable]) -> list[int]:
    """Return for each half-day the mask of all that share its key."""
    groups: dict[Hashable, int] = defaultdict(int)
    for index, half_day in enumerate(half_days):
        groups[key(half_day)] |= 1 << index
    return [groups[key(half_day)] for half_day in half_days]


class People:
    """The staff of a problem by position (ascending id), with their duties so far.

    For a person `p`, `duties[p]` maps half-day to municipality (`None`: unknown); `left[p]` are the
    half-days that the caps leave, `far[p]` those of them that are too far from a municipality for
    the lunch break, `out[p]` all of the days with a duty, and `double[p]` the mornings with the
    afternoon left too.
    """

    def __init__(self, problem: Problem) -> None:
        self.staff: list[ProblemStaff] = sorted(problem.staff, key=lambda person: person.id)
        self.season = (1 << len(problem.half_days)) - 1
        self.day = masks_by(problem.half_days, lambda half_day: half_day.day)
        self.week = masks_by(problem.half_days, lambda half_day: iso_week(half_day.day))
        self._mornings = _mornings(problem.half_days, self.day)
        self._roads = Roads(problem)
        self._compact = [self._roads.are_all_near(person.municipalities) for person in self.staff]
        self._available = [person.available & self.season for person in self.staff]
        self.duties: list[dict[int, int | None]] = []
        for person in self.staff:
            busy = dict.fromkeys(bits(person.busy & self.season))
            known = {t: place for t, place in person.busy_in if t in busy}
            self.duties.append({**busy, **known})
        size = len(self.staff)
        self.left, self.out, self.double = [0] * size, [0] * size, [0] * size
        self.far: list[dict[int, int]] = [{} for _ in self.staff]
        self.pools: dict[tuple[int, Service], list[int]] = defaultdict(list)
        self._tallies: dict[tuple[int, Service], dict[tuple[int | None, Kind], Tally]] = {}
        self._top = 1 + _most_needed(problem)
        visited = {venue.municipality for venue in problem.venues}
        self._serves = [tuple(sorted(person.municipalities & visited)) for person in self.staff]
        for index, person in enumerate(self.staff):
            for municipality in self._serves[index]:
                self.pools[municipality, person.service].append(index)
            self._refresh(index)

    def assign(self, person: int, half_day: int, municipality: int | None) -> None:
        """Give a person a duty; the caller has checked that it is free."""
        self.duties[person][half_day] = municipality
        self._refresh(person)

    def release(self, person: int, half_day: int) -> None:
        """Take a duty back."""
        del self.duties[person][half_day]
        self._refresh(person)

    def is_out(self, person: int, half_day: int) -> bool:
        """Tell whether the person has a duty on the day of `half_day`."""
        return bool(self.out[person] >> half_day & 1)

    def is_perhaps_busy(self, person: int, half_day: int) -> bool:
        """Tell whether others are asked first."""
        return bool(self.staff[person].perhaps_busy >> half_day & 1)

    def may_go(self, person: int, municipality: int) -> int:
        """Return when a person may take one more duty in a municipality that is served."""
        far = self.far[person]
        return self.left[person] & ~far.get(municipality, 0) if far else self.left[person]

    def can(self, person: int, half_day: int, municipality: int, *, on_call: bool) -> bool:
        """Tell whether the person may take one more duty in a municipality that is served."""
        mask = self.may_go(person, municipality)
        if not on_call:
            mask &= self.staff[person].free
        return bool(mask >> half_day & 1)

    def supply(self, pool: Pool, kind: Kind) -> Tally:
        """Count who may come per half-day, up to one more than any venue needs of a service."""
        municipality, service, agency = pool
        known = self._tallies.setdefault((municipality, service), {})
        key = agency, kind
        if key not in known:
            people = self.pools.get((municipality, service), ())
            masks = (
                self._mask(p, municipality, kind)
                for p in people
                if agency is None or self.staff[p].agency == agency
            )
            known[key] = tally(masks, self._top)
        return known[key]

    def speakers(self, municipality: int, services: Iterable[Service], language: str) -> int:
        """Return the half-days on which someone of these services who speaks it may come."""
        mask = 0
        for service in services:
            for person in self.pools.get((municipality, service), ()):
                if language in self.staff[person].languages:
                    mask |= self.may_go(person, municipality)
        return mask

    def _mask(self, person: int, municipality: int, kind: Kind) -> int:
        mask = self.may_go(person, municipality)
        free = self.staff[person].free
        if kind is Kind.FREE:
            mask &= free
        elif kind is Kind.OUT:
            mask &= self.out[person]
        elif kind is not Kind.ANYONE:
            mask &= self.double[person]
            mask &= free & free >> 1 if kind is Kind.ALL_DAY_FREE else -1
        return mask

    def _refresh(self, person: int) -> None:
        """Work the masks of a person out of the duties."""
        who, duties = self.staff[person], self.duties[person]
        taken = out = 0
        for half_day in duties:
            taken |= 1 << half_day
            out |= self.day[half_day]
        left = self._available[person] & ~taken & self._within_caps(who, taken, 1)
        twice = self._within_caps(who, taken, 2) & self._mornings
        self.left[person], self.out[person] = left, out
        self.double[person] = left & left >> 1 & twice
        self.far[person] = self._too_far(person, duties)
        for municipality in self._serves[person]:
            self._tallies.pop((municipality, who.service), None)

    def _too_far(self, person: int, duties: dict[int, int | None]) -> dict[int, int]:
        served, far = self.staff[person].municipalities, dict[int, int]()
        if self._compact[person] and all(place in served for place in duties.values()):
            return far
        for municipality in self._serves[person]:
            for half_day, place in duties.items():
                if not self._roads.is_near(municipality, place):
                    far[municipality] = far.get(municipality, 0) | self.day[half_day]
        return far

    def _within_caps(self, who: ProblemStaff, taken: int, more: int) -> int:
        """Return the half-days on which `more` duties keep the person's caps."""
        over = who.per_season is not None and taken.bit_count() + more > who.per_season
        if over or more > min(who.per_day, who.per_week):
            return 0
        mask = self.season
        for half_day in bits(taken):
            week, day = self.week[half_day], self.day[half_day]
            if (taken & week).bit_count() + more > who.per_week:
                mask &= ~week
            elif (taken & day).bit_count() + more > who.per_day:
                mask &= ~day
        return mask


def _most_needed(problem: Problem) -> int:
    """Return the most people of one service that a venue needs."""
    sums = [
        sum(s.staff_needed + s.extra_staff for s in venue.stations if s.service is service)
        for venue in problem.venues
        for service in Service
    ]
    return max(sums, default=0)


def _mornings(half_days: tuple[HalfDay, ...], day: list[int]) -> int:
    """Return the mask of the mornings whose afternoon follows."""
    return sum(
        1 << i
        for i, half_day in enumerate(half_days)
        if half_day.half is Half.FM and day[i] >> i + 1 & 1
    )
