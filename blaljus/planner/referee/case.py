"""A plan laid out for the referee: who is where, with its own arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil, hypot

from blaljus.planner.plan import Plan, PlannedSession
from blaljus.planner.problem import (
    FixedSlot,
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)

Finding = tuple[PlannedSession | None, int | None]
"""The session if there is one; the id of the class or person, or the index of the station."""


def holds(mask: int, half_day: int) -> bool:
    """Tell whether a mask has a half-day."""
    return bool(mask // 2**half_day % 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One half-day of one person."""

    person: int
    half_day: int
    day: date
    municipality: int | None
    """`None` if nobody knows where."""
    session: PlannedSession | None
    """`None` outside the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One class in one session of the plan."""

    session: PlannedSession
    school_class: ProblemClass
    venue: ProblemVenue


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One person at one station of one session of the plan."""

    session: PlannedSession
    person: ProblemStaff
    station: ProblemStation
    venue: ProblemVenue


class Case:
    """A problem by id and a plan that names nothing unknown."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.plan = plan
        self.classes = {row.id: row for row in problem.classes}
        self.venues = {row.id: row for row in problem.venues}
        self.staff = {row.id: row for row in problem.staff}
        self.fixed = {row.id: row for row in problem.fixed}
        self._places = {row.id: (row.x_km, row.y_km) for row in problem.municipalities}

    def day(self, half_day: int) -> date:
        """Return the date of a half-day."""
        return self.problem.half_days[half_day].day

    def slot_of(self, session: PlannedSession) -> FixedSlot | None:
        """Return the published slot that a session adds to, if any."""
        return None if session.fixed is None else self.fixed[session.fixed]

    def new_sessions(self) -> Iterator[PlannedSession]:
        """Yield the sessions that are not published yet."""
        return (session for session in self.plan.sessions if session.fixed is None)

    def people(self, session: PlannedSession) -> list[ProblemStaff]:
        """Return who meets the classes: the crew, or the staff of the published slot."""
        slot = self.slot_of(session)
        ids = slot.staff if slot else [member.staff for member in session.crew]
        return [self.staff[id_] for id_ in ids]

    def seats(self) -> Iterator[Seat]:
        """Yield each class in each session."""
        for session in self.plan.sessions:
            venue = self.venues[session.venue]
            for class_id in session.classes:
                yield Seat(session=session, school_class=self.classes[class_id], venue=venue)

    def posts(self) -> Iterator[Post]:
        """Yield each person at each station."""
        for session in self.plan.sessions:
            venue = self.venues[session.venue]
            for member in session.crew:
                person, station = self.staff[member.staff], venue.stations[member.station]
                yield Post(session=session, person=person, station=station, venue=venue)

    def group_limit(self, venue: ProblemVenue) -> int | None:
        """Return the most pupils of one group; `None` where no station sets a limit."""
        limits = [station.max_pupils for station in venue.stations]
        own = [] if venue.group_pupils is None else [venue.group_pupils]
        return min(limits + own, default=None)

    def groups(self, session: PlannedSession) -> int:
        """Count the groups of a session: large classes split, small ones two by two."""
        venue = self.venues[session.venue]
        limit = self.group_limit(venue)
        if venue.group_pupils is None or not limit:
            return len(session.classes)
        sizes = [self.classes[class_id].pupils for class_id in session.classes]
        whole = sum(ceil(size / limit) for size in sizes if size > limit)
        return whole + _shared(sorted(size for size in sizes if size <= limit), limit)

    def is_large(self, session: PlannedSession) -> bool:
        """Tell whether a session has more groups than the plain crew takes."""
        plain = self.venues[session.venue].groups_per_crew
        return plain is not None and self.groups(session) > plain

    def is_needed(self, station: ProblemStation) -> bool:
        """Tell whether a session cannot be held without the station."""
        return station.required or station.service in self.problem.services

    def is_near(self, one: int | None, other: int | None) -> bool:
        """Tell whether the lunch break is long enough to go from one municipality to another."""
        if one is None or other is None or one == other:
            return one is not None and one == other
        if one not in self._places or other not in self._places:
            return False
        (x, y), (u, v) = self._places[one], self._places[other]
        return 1.3 * hypot(x - u, y - v) / 1.1 <= self.problem.lunch_gap_minutes

    def travellers(self) -> Counter[tuple[int, int]]:
        """Count the pupils on buses by (municipality, half-day), published slots included."""
        trips = [(seat.school_class, seat.venue.id, seat.session.half_day) for seat in self.seats()]
        trips += [
            (self.classes[class_id], slot.venue, slot.half_day)
            for slot in self.problem.fixed
            for class_id in slot.classes
            if class_id in self.classes
        ]
        found: Counter[tuple[int, int]] = Counter()
        for who, venue, half_day in trips:
            municipality = self.municipality_of(who)
            if municipality is not None and venue != who.school_venue:
                found[municipality, half_day] += who.pupils
        return found

    def municipality_of(self, who: ProblemClass) -> int | None:
        """Return the municipality whose buses a class takes, if it is known."""
        if who.municipality is not None or who.school_venue not in self.venues:
            return who.municipality
        return self.venues[who.school_venue].municipality

    def duties(self) -> Iterator[tuple[Duty, list[Duty]]]:
        """Yield each duty of the plan, with all duties of that person, the plan's and others."""
        for duties in self._duties.values():
            yield from ((duty, duties) for duty in duties if duty.session)

    @cached_property
    def _duties(self) -> dict[int, list[Duty]]:
        found: dict[int, list[Duty]] = {}
        for post in self.posts():
            who, at = post.person.id, post.venue.municipality
            duty = self._duty(who, post.session.half_day, at, post.session)
            found.setdefault(who, self._outside(post.person)).append(duty)
        return found

    @cached_property
    def _published(self) -> dict[int, list[FixedSlot]]:
        found = defaultdict(list)
        for slot in self.problem.fixed:
            for person in slot.staff:
                found[person].append(slot)
        return found

    def _outside(self, person: ProblemStaff) -> list[Duty]:
        slots, known = self._published.get(person.id, []), dict(person.busy_in)
        at: set[tuple[int, int | None]] = {
            (slot.half_day, self.venues[slot.venue].municipality) for slot in slots
        }
        told = {half_day for half_day, _ in at}
        for i in range(len(self.problem.half_days) if person.busy else 0):
            if holds(person.busy, i) and i not in told:
                at.add((i, known.get(i)))
        return [self._duty(person.id, half_day, where, None) for half_day, where in at]

    def _duty(
        self, person: int, half_day: int, municipality: int | None, session: PlannedSession | None
    ) -> Duty:
        day = self.day(half_day)
        return Duty(
            person=person, half_day=half_day, day=day, municipality=municipality, session=session
        )


def _shared(sizes: list[int], limit: int) -> int:
    """Count the groups of ascending class sizes: the largest takes the smallest with it, if it may.

    No pairing is better: if the smallest is too much for the largest, so is everybody.
    """
    groups = 0
    while sizes:
        largest = sizes.pop()
        if sizes and sizes[0] + largest <= limit:
            sizes.pop(0)
        groups += 1
    return groups
