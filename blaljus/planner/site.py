"""What the packer asks of a venue, worked out once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from blaljus.domain.words import Service
from blaljus.planner.problem import Problem, ProblemClass, ProblemStation, ProblemVenue

Crew = tuple[tuple[int, int], ...]
"""(station index, staff position)."""


@dataclass(frozen=True, slots=True)
class Need:
    """People that a venue needs of one service, and how many of them may not be on call."""

    service: Service
    people: int
    not_on_call: int


class Site:
    """A venue by position: its stations in the order they are manned, and what they need.

    `order` has the required stations first, strict before on-call ones, so that whoever is free
    stands where nobody on call may. `wanted` are the stations that may stay empty.
    """

    def __init__(self, problem: Problem, venue: ProblemVenue) -> None:
        self.id = venue.id
        self.municipality = venue.municipality
        self.stations = venue.stations
        must = [i for i, station in enumerate(venue.stations) if is_must(problem, station)]
        self.must = len(must)
        self.wanted = [i for i in range(len(venue.stations)) if i not in must]
        self.order = (
            sorted(must, key=lambda i: (venue.stations[i].on_call_allowed, i)) + self.wanted
        )
        self.unstaffed = sum(station.staff_needed == 0 for station in venue.stations)
        self.limit = len(venue.stations) if venue.max_groups is None else venue.max_groups
        self.needs = needs(venue.stations[i] for i in must)
        self.crew_size = sum(n.people for n in self.needs if n.service in problem.services)
        promised = {need.service for need in self.needs} >= set(problem.services)
        self.open = venue.open & ((1 << len(problem.half_days)) - 1) if promised else 0
        self.classes: list[int] = []
        """Positions of the classes that may come here."""

    def manned(self, crew: Crew) -> int:
        """Count the stations that work with this crew."""
        return len({station for station, _ in crew}) + self.unstaffed

    def places(self, crew: Crew) -> int:
        """Return how many classes can come: one for each manned station, within the limit."""
        return min(self.limit, self.manned(crew))


def is_must(problem: Problem, station: ProblemStation) -> bool:
    """Tell whether a session cannot be held without the station."""
    return station.required or station.service in problem.services


def needs(stations: Iterable[ProblemStation]) -> tuple[Need, ...]:
    """Add up the staff of stations by service, in the order of the first station of each."""
    people: dict[Service, int] = defaultdict(int)
    strict: dict[Service, int] = defaultdict(int)
    for station in stations:
        people[station.service] += station.staff_needed
        strict[station.service] += 0 if station.on_call_allowed else station.staff_needed
    return tuple(Need(service, n, strict[service]) for service, n in people.items() if n)


def fits(school_class: ProblemClass, venue: ProblemVenue) -> bool:
    """Tell whether every station of the venue takes a class of that size."""
    return all(school_class.pupils <= station.max_pupils for station in venue.stations)


def free_mask(problem: Problem, school_class: ProblemClass) -> int:
    """Return when a class can come: free, and nothing closes its school."""
    mask = school_class.free & ((1 << len(problem.half_days)) - 1)
    for _, closed in school_class.blocked:
        mask &= ~closed
    return mask
