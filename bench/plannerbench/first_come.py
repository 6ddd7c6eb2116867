"""First come, first served: each class in turn takes what is left, as phoning around does."""

from collections import defaultdict
from collections.abc import Iterator
from math import hypot

from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession
from blaljus.planner.problem import Problem, ProblemClass, ProblemStaff, ProblemVenue

Spot = tuple[int, int]
"""(venue, half-day)."""


def first_come(problem: Problem, *, joining: bool) -> Plan:
    """Let each class take its dearest wish that works, else the earliest time at any venue.

    Where `joining`, it may join a session with a place left for the crew that is there, and no
    crew grows afterwards; else each class books a visit of its own, as booking systems have it.
    """
    desk = _Desk(problem, joining=joining)
    waiting = [row.id for row in problem.classes if not desk.serve(row)]
    return Plan(sessions=tuple(desk.sessions()), unplaced=tuple(waiting))


class _Desk:
    def __init__(self, problem: Problem, *, joining: bool) -> None:
        self._problem = problem
        self._joining = joining
        self._venues = {row.id: row for row in problem.venues}
        self._towns = {row.id: row for row in problem.municipalities}
        self._days = [half_day.day for half_day in problem.half_days]
        self._classes: dict[Spot, list[int]] = defaultdict(list)
        self._crews: dict[Spot, list[tuple[int, ProblemStaff]]] = {}
        self._duties: dict[int, dict[int, int]] = defaultdict(dict)
        """Per person: half-day to municipality."""
        self._pools: dict[int, list[ProblemStaff]] = defaultdict(list)
        for person in problem.staff:
            for town in person.municipalities:
                self._pools[town].append(person)

    def serve(self, row: ProblemClass) -> bool:
        """Give a class a time, if one is left."""
        rest = (t for t in range(len(self._days)) if t not in row.wishes)
        for half_day in (*row.wishes, *rest):
            for venue in row.venues if row.free >> half_day & 1 else ():
                spot = venue, half_day
                if self._joins(row, spot) or self._opens(row, spot):
                    self._classes[spot].append(row.id)
                    return True
        return False

    def sessions(self) -> Iterator[PlannedSession]:
        """Yield the sessions by half-day and venue."""
        for spot, crew in sorted(self._crews.items(), key=lambda item: (item[0][1], item[0][0])):
            yield PlannedSession(
                venue=spot[0],
                half_day=spot[1],
                classes=tuple(sorted(self._classes[spot])),
                crew=tuple(PlannedCrew(station=at, staff=person.id) for at, person in crew),
            )

    def _joins(self, row: ProblemClass, spot: Spot) -> bool:
        if not self._joining or spot not in self._crews:
            return False
        if len(self._classes[spot]) >= _places(self._venues[spot[0]]):
            return False
        return _speaks(row, [person for _, person in self._crews[spot]])

    def _opens(self, row: ProblemClass, spot: Spot) -> bool:
        venue = self._venues[spot[0]]
        if spot in self._crews or not venue.open >> spot[1] & 1 or not _places(venue):
            return False
        here = [p for p in self._pools[venue.municipality] if self._can(p, venue, spot[1])]
        here.sort(key=lambda p: row.language is not None and row.language not in p.languages)
        crew = []
        for index, station in enumerate(venue.stations):
            found = [p for p in here if p.service is station.service][: station.staff_needed]
            if len(found) < station.staff_needed:
                return False
            crew += [(index, person) for person in found]
        if not _speaks(row, [person for _, person in crew]):
            return False
        self._crews[spot] = crew
        for _, person in crew:
            self._duties[person.id][spot[1]] = venue.municipality
        return True

    def _can(self, person: ProblemStaff, venue: ProblemVenue, half_day: int) -> bool:
        if not person.available >> half_day & 1:
            return False
        duties, day = self._duties[person.id], self._days[half_day]
        today = [town for t, town in duties.items() if self._days[t] == day]
        week = [t for t in duties if self._days[t].isocalendar()[:2] == day.isocalendar()[:2]]
        return (
            half_day not in duties
            and len(today) < person.per_day
            and len(week) < person.per_week
            and (person.per_season is None or len(duties) < person.per_season)
            and all(self._minutes(town, venue.municipality) <= self._lunch for town in today)
        )

    @property
    def _lunch(self) -> int:
        return self._problem.lunch_gap_minutes

    def _minutes(self, one: int, other: int) -> float:
        a, b = self._towns[one], self._towns[other]
        return 1.3 * hypot(a.x_km - b.x_km, a.y_km - b.y_km) / 1.1


def _places(venue: ProblemVenue) -> int:
    most = [limit for limit in (venue.max_groups, venue.groups_per_crew) if limit is not None]
    return min(most, default=len(venue.stations))


def _speaks(row: ProblemClass, crew: list[ProblemStaff]) -> bool:
    return row.language is None or any(row.language in person.languages for person in crew)
