"""A country cut into police areas: each is a problem of its own, with everything else as it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession
from blaljus.planner.problem import Problem, ProblemClass, ProblemStaff

Area = int
NOWHERE: Area = -(2**63)
"""The area of the municipalities whose place is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One area: its problem, and what a plan of the whole holds of it."""

    problem: Problem
    plan: Plan


class Areas:
    """The areas of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._towns = {town.id: town.area for town in problem.municipalities}
        self._venues = {row.id: self._area(row.municipality) for row in problem.venues}

    @property
    def can_be_parted(self) -> bool:
        """Tell whether there are several areas, and no buses, which areas might share."""
        return len(self.classes()) > 1 and not self.problem.buses

    def classes(self) -> dict[Area, int]:
        """Count the classes of each area, areas ascending. A class belongs to its first venue."""
        counts: dict[Area, int] = defaultdict(int)
        for row in self.problem.classes:
            if row.venues:
                counts[self._venues[row.venues[0]]] += 1
        return dict(sorted(counts.items()))

    def part(self, plan: Plan, area: Area) -> Part:
        """Return the problem of one area when the rest of the plan stays.

        People keep their duties elsewhere. A class placed in another area belongs to that.
        """
        inside, outside = self._split(plan, area)
        fixed = tuple(slot for slot in self.problem.fixed if self._venues[slot.venue] == area)
        classes = self._classes(plan, area)
        ids = {row.id for row in classes}
        pins = tuple(pin for pin in self.problem.pins if self._venues[pin.venue] == area)
        needed = {who for slot in fixed for who in slot.staff} | {pin.staff for pin in pins}
        problem = replace(
            self.problem,
            classes=classes,
            venues=tuple(row for row in self.problem.venues if self._venues[row.id] == area),
            staff=tuple(self._staff(outside, area, needed)),
            fixed=fixed,
            locked=tuple(
                lock
                for lock in self.problem.locked
                if lock.school_class in ids and self._venues[lock.venue] == area
            ),
            pins=pins,
        )
        waiting = tuple(who for who in plan.unplaced if who in ids)
        return Part(problem=problem, plan=Plan(sessions=inside, unplaced=waiting))

    def merged(self, plan: Plan, area: Area, part: Plan) -> Plan:
        """Return a plan of the whole with another plan in one area."""
        _, outside = self._split(plan, area)
        settled = {who for s in (*outside, *part.sessions) for who in s.classes}
        waiting = ({*plan.unplaced, *part.unplaced}) - settled
        return Plan(
            sessions=tuple(sorted((*outside, *part.sessions), key=lambda s: (s.half_day, s.venue))),
            unplaced=tuple(row.id for row in self.problem.classes if row.id in waiting),
        )

    def older(self, base: Plan, part: Part) -> Plan:
        """Return what an earlier plan of the whole says of one part."""
        classes = {row.id for row in part.problem.classes}
        venues = {row.id for row in part.problem.venues}
        sessions = tuple(
            replace(
                s, classes=tuple(who for who in s.classes if who in classes), crew=_crew(s, part)
            )
            for s in base.sessions
            if s.venue in venues and classes.intersection(s.classes)
        )
        placed = {who for s in sessions for who in s.classes}
        return Plan(sessions=sessions, unplaced=tuple(sorted(classes - placed)))

    def _area(self, municipality: int) -> Area:
        return self._towns.get(municipality, NOWHERE)

    def _split(
        self, plan: Plan, area: Area
    ) -> tuple[tuple[PlannedSession, ...], tuple[PlannedSession, ...]]:
        inside = tuple(s for s in plan.sessions if self._venues[s.venue] == area)
        outside = tuple(s for s in plan.sessions if self._venues[s.venue] != area)
        return inside, outside

    def _classes(self, plan: Plan, area: Area) -> tuple[ProblemClass, ...]:
        at = {who: self._venues[s.venue] for s in plan.sessions for who in s.classes}
        at |= {who: self._venues[s.venue] for s in self.problem.fixed for who in s.classes}
        home = (
            (row, self._venues[row.venues[0]] if row.venues else None)
            for row in self.problem.classes
        )
        return tuple(
            replace(row, venues=tuple(v for v in row.venues if self._venues[v] == area))
            for row, first in home
            if at.get(row.id, first) == area
        )

    def _staff(
        self, outside: Iterable[PlannedSession], area: Area, needed: set[int]
    ) -> Iterable[ProblemStaff]:
        """Yield who serves the area, busy where the rest of the plan needs them."""
        busy: dict[int, dict[int, int]] = defaultdict(dict)
        towns = {row.id: row.municipality for row in self.problem.venues}
        for session in outside:
            for member in session.crew:
                busy[member.staff][session.half_day] = towns[session.venue]
        for slot in self.problem.fixed:
            for who in slot.staff if self._venues[slot.venue] != area else ():
                busy[who][slot.half_day] = towns[slot.venue]
        for person in self.problem.staff:
            if person.id in needed or any(self._area(m) == area for m in person.municipalities):
                yield _busier(person, busy[person.id])


def _crew(session: PlannedSession, part: Part) -> tuple[PlannedCrew, ...]:
    known = {person.id for person in part.problem.staff}
    return tuple(member for member in session.crew if member.staff in known)


def _busier(person: ProblemStaff, duties: dict[int, int]) -> ProblemStaff:
    mask = person.busy
    for half_day in duties:
        mask |= 1 << half_day
    known = dict(person.busy_in) | duties
    return replace(person, busy=mask, busy_in=tuple(sorted(known.items())))
