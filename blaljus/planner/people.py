"""Who can still be asked, half-day by half-day. For the packer; the referee has its own sums."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

from blaljus.domain.localtime import iso_week
from blaljus.domain.words import Half, Service
from blaljus.planner.problem import HalfDay, Problem, ProblemStaff

ELSEWHERE = -1
"""Stands for the unknown venue of a duty that is not in this problem."""

Tally = list[int]
"""`tally[k]`: mask of the half-days that at least `k` of the counted masks hold; `[0]` is all."""


def bits(mask: int) -> Iterator[int]:
    """Yield the indices of the set bits, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def tally(masks: Iterable[int], top: int) -> Tally:
    """Count masks per half-day, up to `top`."""
    counts = [-1] + [0] * top
    for mask in masks:
        for k in range(top, 0, -1):
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

    For a person `p`, `duties[p]` maps half-day to venue position; `open[p]` are the half-days left
    to go anywhere, `tied[p][venue]` those left for the venue where the person is that day, and
    `double[p]` the mornings with the afternoon open too.
    """

    def __init__(self, problem: Problem) -> None:
        self.staff: list[ProblemStaff] = sorted(problem.staff, key=lambda person: person.id)
        self.season = (1 << len(problem.half_days)) - 1
        self.day = masks_by(problem.half_days, lambda half_day: half_day.day)
        self.week = masks_by(problem.half_days, lambda half_day: iso_week(half_day.day))
        self._mornings = _mornings(problem.half_days, self.day)
        self.duties: list[dict[int, int]] = []
        for person in self.staff:
            self.duties.append(dict.fromkeys(bits(person.busy & self.season), ELSEWHERE))
        self.open = [0] * len(self.staff)
        self.double = [0] * len(self.staff)
        self.tied: list[dict[int, int]] = [{} for _ in self.staff]
        self.pools: dict[tuple[int, Service], list[int]] = defaultdict(list)
        self._tallies: dict[tuple[int, Service], dict[tuple[bool, bool], Tally]] = {}
        self._top = 1 + _most_needed(problem)
        for index, person in enumerate(self.staff):
            for municipality in sorted(person.municipalities):
                self.pools[municipality, person.service].append(index)
            self._refresh(index)

    def assign(self, person: int, half_day: int, venue: int) -> None:
        """Give a person a duty; the caller has checked that it is free."""
        self.duties[person][half_day] = venue
        self._refresh(person)

    def release(self, person: int, half_day: int) -> None:
        """Take a duty back."""
        del self.duties[person][half_day]
        self._refresh(person)

    def is_out(self, person: int, half_day: int) -> bool:
        """Tell whether the person has a duty on the day of `half_day`."""
        day = self.day[half_day]
        return any(day >> other & 1 for other in self.duties[person])

    def can(self, person: int, half_day: int, venue: int, *, on_call: bool) -> bool:
        """Tell whether the person may take one more duty, and so at a venue."""
        mask = self.open[person] | self.tied[person].get(venue, 0)
        if not on_call:
            mask &= self.staff[person].free
        return bool(mask >> half_day & 1)

    def supply(
        self, municipality: int, service: Service, *, on_call: bool, double: bool = False
    ) -> Tally:
        """Count who may go anywhere, per half-day (`double`: per morning, for the whole day)."""
        pool = municipality, service
        known = self._tallies.setdefault(pool, {})
        key = on_call, double
        if key not in known:
            source = self.double if double else self.open
            masks = (
                source[p] if on_call else source[p] & self._free(p, double=double)
                for p in self.pools.get(pool, ())
            )
            known[key] = tally(masks, self._top)
        return known[key]

    def _free(self, person: int, *, double: bool) -> int:
        free = self.staff[person].free
        return free & free >> 1 if double else free

    def _refresh(self, person: int) -> None:
        """Work the masks of a person out of the duties."""
        who, duties = self.staff[person], self.duties[person]
        taken = sum(1 << half_day for half_day in duties)
        left = (who.free | who.on_call) & ~taken & self._within_caps(who, taken, 1)
        tied: dict[int, int] = {}
        for half_day, venue in duties.items():
            tied[venue] = tied.get(venue, 0) | (left & self.day[half_day])
        for rest in tied.values():
            left &= ~rest
        twice = self._within_caps(who, taken, 2) & self._mornings
        self.open[person], self.tied[person] = left, tied
        self.double[person] = left & left >> 1 & twice
        for municipality in who.municipalities:
            self._tallies.pop((municipality, who.service), None)

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
        sum(station.staff_needed for station in venue.stations if station.service is service)
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
