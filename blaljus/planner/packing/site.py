"""What the packer asks of a venue, worked out once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from blaljus.domain.words import Service
from blaljus.planner.problem import Problem, ProblemClass, ProblemStation, ProblemVenue

Crew = tuple[tuple[int, int], ...]
"""(station index, staff position)."""


@dataclass(frozen=True, slots=True)
class Need:
    """People that a venue needs of one service, and how many of them may not be on call.

    With an agency: so many of them from it.
    """

    service: Service
    people: int
    not_on_call: int
    agency: int | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A size of session: its crew and the groups that come without wanted stations."""

    large: bool
    staff: tuple[int, ...]
    """People at each station of `Site.order`, as far as it is needed."""
    needs: tuple[Need, ...]
    crew_size: int
    """Those of the promised services: they cost."""
    groups: int


@dataclass(slots=True)
class Session:
    """One session while it is planned; `classes` are positions, those of this plan only."""

    crew: Crew
    places: int
    wanted: int
    """Manned stations that nobody promised, such as the bus."""
    languages: frozenset[str]
    fixed: int | None = None
    classes: list[int] = field(default_factory=list)


class Site:
    """A venue by position: its stations in the order they are manned, and what they need.

    `order` has the stations that must be manned, those of an agency first and strict before
    on-call ones, so that each gets whom only it can take. `wanted` are those that may stay empty.
    """

    def __init__(self, problem: Problem, venue: ProblemVenue) -> None:
        self.id = venue.id
        self.municipality = venue.municipality
        self.stations = venue.stations
        must = [i for i, station in enumerate(venue.stations) if is_must(problem, station)]
        self.order = sorted(must, key=lambda i: _narrow(venue.stations[i], i))
        self.wanted = [i for i in range(len(venue.stations)) if i not in must]
        self.group_limit = group_limit(venue)
        self._per_crew = venue.groups_per_crew
        self.is_per_station = venue.groups_per_crew is None
        self.limit = most_groups(venue)
        idle = sum(venue.stations[i].staff_needed == 0 for i in self.wanted)
        self.sure = min(self.limit, len(must) + idle if self._per_crew is None else self._per_crew)
        """Groups of the plain crew without the wanted stations that need staff."""
        self.needs = add_up((venue.stations[i], venue.stations[i].staff_needed) for i in self.order)
        self.formats = tuple(self._formats(problem))
        self.open = venue.open & ((1 << len(problem.half_days)) - 1) if self.formats else 0
        self.pins: list[tuple[int, int | None]] = []
        """(staff position, half-day or `None` for all)."""
        self.classes: list[int] = []
        """Positions of the classes that may come here."""

    def _formats(self, problem: Problem) -> Iterable[Format]:
        plain = tuple(self.stations[i].staff_needed for i in self.order)
        extra = tuple(self.stations[i].extra_staff for i in self.order)
        grows = self._per_crew is not None and self.limit > self._per_crew
        sizes = [(False, plain, self.sure)] if not grows or any(extra) else []
        if grows:
            staff = tuple(a + b for a, b in zip(plain, extra, strict=True))
            sizes.append((True, staff, self.limit))
        for large, staff, groups in sizes:
            asked = zip((self.stations[i] for i in self.order), staff, strict=True)
            needs = add_up(asked)
            paid = (need for need in needs if need.agency is None)
            size = sum(need.people for need in paid if need.service in problem.services)
            if {need.service for need in needs} >= set(problem.services):
                yield Format(large, staff, needs, size, groups)

    def places(self, crew: Crew) -> int:
        """Return how many groups can come with a crew that has all that must be there."""
        there: dict[int, int] = defaultdict(int)
        for station, _ in crew:
            there[station] += 1
        if self._per_crew is None:
            manned = sum(there[i] >= s.staff_needed for i, s in enumerate(self.stations))
            return min(self.limit, manned)
        large = next((each.staff for each in self.formats if each.large), None)
        if large is None:
            return self.sure
        full = all(there[i] >= people for i, people in zip(self.order, large, strict=True))
        return self.limit if full else self.sure

    def manned_by_choice(self, crew: Crew) -> int:
        """Count the manned stations that could have stayed empty."""
        there = {station for station, _ in crew}
        return sum(i in there or self.stations[i].staff_needed == 0 for i in self.wanted)

    def groups(self, pupils: Iterable[int]) -> int:
        """Count the groups of classes of these sizes that come together."""
        limit = self.group_limit
        if limit is None:
            return sum(1 for _ in pupils)
        small: list[int] = []
        count = 0
        for size in pupils:
            if size > limit:
                count += -(-size // limit)
            else:
                small.append(size)
        return count + len(small) - _pairs(sorted(small), limit)


def _pairs(small: list[int], limit: int) -> int:
    """Count the pairs that fit a group, of ascending sizes."""
    low, high, pairs = 0, len(small) - 1, 0
    while low < high:
        if small[low] + small[high] <= limit:
            low += 1
            pairs += 1
        high -= 1
    return pairs


def _narrow(station: ProblemStation, index: int) -> tuple[bool, bool, int]:
    return station.agency is None, station.on_call_allowed, index


def is_must(problem: Problem, station: ProblemStation) -> bool:
    """Tell whether a session cannot be held without the station."""
    return station.required or station.service in problem.services


def add_up(asked: Iterable[tuple[ProblemStation, int]]) -> tuple[Need, ...]:
    """Add up the staff of stations: each service in all, then its agencies."""
    people: dict[tuple[Service, int | None], int] = defaultdict(int)
    strict: dict[tuple[Service, int | None], int] = defaultdict(int)
    for station, staff in asked:
        for agency in (None,) if station.agency is None else (None, station.agency):
            people[station.service, agency] += staff
            strict[station.service, agency] += 0 if station.on_call_allowed else staff
    return tuple(Need(key[0], n, strict[key], key[1]) for key, n in people.items() if n)


def group_limit(venue: ProblemVenue) -> int | None:
    """Return the most pupils of a group, or `None` where a class is a group."""
    if venue.group_pupils is None:
        return None
    return min([venue.group_pupils, *(station.max_pupils for station in venue.stations)])


def most_groups(venue: ProblemVenue) -> int:
    """Return the most groups of a session, with everybody there."""
    if venue.groups_per_crew is not None:
        return venue.groups_per_crew if venue.max_groups is None else venue.max_groups
    stations = len(venue.stations)
    return stations if venue.max_groups is None else min(stations, venue.max_groups)


def fits(school_class: ProblemClass, venue: ProblemVenue) -> bool:
    """Tell whether the stations of the venue take a class of that size, split or not."""
    limit = group_limit(venue)
    if limit is None:
        return all(school_class.pupils <= station.max_pupils for station in venue.stations)
    return limit > 0 and -(-school_class.pupils // limit) <= most_groups(venue)


def free_mask(problem: Problem, school_class: ProblemClass) -> int:
    """Return when a class can come: free, and nothing closes its school."""
    mask = school_class.free & ((1 << len(problem.half_days)) - 1)
    for _, closed in school_class.blocked:
        mask &= ~closed
    return mask
