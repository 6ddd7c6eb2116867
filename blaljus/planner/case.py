"""A plan laid out for the referee: who is where, with its own arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from blaljus.planner.plan import Plan, PlannedSession
from blaljus.planner.problem import (
    FixedSlot,
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)


def holds(mask: int, half_day: int) -> bool:
    """Tell whether a mask has a half-day."""
    return bool(mask // 2**half_day % 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One half-day of one person."""

    person: int
    half_day: int
    day: date
    venue: int | None
    """`None` elsewhere."""
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

    def day(self, half_day: int) -> date:
        """Return the date of a half-day."""
        return self.problem.half_days[half_day].day

    def slot_of(self, session: PlannedSession) -> FixedSlot | None:
        """Return the published slot that a session adds to, if any."""
        return None if session.fixed is None else self.fixed[session.fixed]

    def new_sessions(self) -> Iterator[PlannedSession]:
        """Yield the sessions that are not published yet."""
        return (session for session in self.plan.sessions if session.fixed is None)

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

    def duties(self) -> Iterator[tuple[Duty, list[Duty]]]:
        """Yield each duty of the plan, with all duties of that person, the plan's and others."""
        found: dict[int, list[Duty]] = {}
        for post in self.posts():
            duty = self._duty(post.person.id, post.session.half_day, post.venue.id, post.session)
            found.setdefault(post.person.id, self._outside(post.person)).append(duty)
        for duties in found.values():
            yield from ((duty, duties) for duty in duties if duty.session)

    def _outside(self, person: ProblemStaff) -> list[Duty]:
        slots = [slot for slot in self.problem.fixed if person.id in slot.staff]
        known = {slot.half_day for slot in slots}
        indices = [i for i in range(len(self.problem.half_days)) if holds(person.busy, i)]
        published = [self._duty(person.id, slot.half_day, slot.venue, None) for slot in slots]
        return published + [self._duty(person.id, i, None, None) for i in indices if i not in known]

    def _duty(
        self, person: int, half_day: int, venue: int | None, session: PlannedSession | None
    ) -> Duty:
        day = self.day(half_day)
        return Duty(person=person, half_day=half_day, day=day, venue=venue, session=session)
