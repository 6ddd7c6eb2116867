"""Published slots as sessions that may be planned anew, and may stay as they are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession
from blaljus.planner.problem import FixedSlot, Problem, ProblemStaff, ProblemVenue


def lift(problem: Problem, slots: Sequence[FixedSlot]) -> Problem:
    """Return the problem in which published slots may be planned anew."""
    for slot in slots:
        problem = _lift_one(problem, slot)
    return problem


def with_lifted(problem: Problem, plan: Plan, slots: Sequence[FixedSlot]) -> Plan:
    """Return the plan with lifted slots as sessions of the `problem` that knew them."""
    by_id = {slot.id: slot for slot in slots}
    sessions = [session for session in plan.sessions if session.fixed not in by_id]
    for slot in slots:
        joined = (s.classes for s in plan.sessions if s.fixed == slot.id)
        sessions.append(
            PlannedSession(
                venue=slot.venue,
                half_day=slot.half_day,
                classes=tuple(sorted({*slot.classes, *(c for classes in joined for c in classes)})),
                crew=tuple(_crew(problem, slot)),
            )
        )
    return replace(plan, sessions=tuple(sorted(sessions, key=lambda s: (s.half_day, s.venue))))


def _crew(problem: Problem, slot: FixedSlot) -> Iterator[PlannedCrew]:
    """Yield who is there, each at a station of their service: a slot does not say at which."""
    venue = next(venue for venue in problem.venues if venue.id == slot.venue)
    left = [station.staff_needed + station.extra_staff for station in venue.stations]
    staff = {person.id: person for person in problem.staff}
    for who in sorted(slot.staff):
        stations = _may_stand(venue, staff[who])
        at = next((i for i in stations if left[i] > 0), stations[-1] if stations else 0)
        if left:
            left[at] -= 1
        yield PlannedCrew(station=at, staff=who)


def _may_stand(venue: ProblemVenue, person: ProblemStaff) -> list[int]:
    """Return the stations of a person's service; those of the own agency alone come first."""
    found = [
        i
        for i, station in enumerate(venue.stations)
        if station.service is person.service and station.agency in {None, person.agency}
    ]
    return sorted(found, key=lambda i: (venue.stations[i].agency is None, i))


def _lift_one(problem: Problem, slot: FixedSlot) -> Problem:
    bit = 1 << slot.half_day
    return replace(
        problem,
        fixed=tuple(other for other in problem.fixed if other.id != slot.id),
        venues=tuple(
            replace(v, open=v.open | bit) if v.id == slot.venue else v for v in problem.venues
        ),
        classes=tuple(
            replace(c, free=c.free | bit) if c.id in slot.classes else c for c in problem.classes
        ),
        staff=tuple(
            _can_stay(p, slot.half_day) if p.id in slot.staff else p for p in problem.staff
        ),
    )


def _can_stay(person: ProblemStaff, half_day: int) -> ProblemStaff:
    """Return a person who is to come already: busy there, and agreed with the agency."""
    bit = 1 << half_day
    return replace(
        person,
        free=person.free | bit,
        busy=person.busy & ~bit,
        busy_in=tuple(row for row in person.busy_in if row[0] != half_day),
        too_late=person.too_late & ~bit,
    )
