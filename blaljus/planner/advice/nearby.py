"""The part of a problem that decides whether a class can be seated: a county is slow to go through.

Where it may go, who serves there, and whatever else those people do.
"""

from dataclasses import replace

from blaljus.planner.plan import Plan, PlannedSession
from blaljus.planner.problem import Problem, ProblemClass, ProblemVenue


def nearby(problem: Problem, plan: Plan, who: ProblemClass) -> tuple[Problem, Plan]:
    """Return a smaller problem and plan in which a class finds a time if it does in the whole.

    That holds as long as the class stays at its venues and people in their municipalities.
    """
    if problem.buses:
        return problem, plan
    towns = {row.municipality for row in problem.venues if row.id in who.venues}
    serve = {person.id for person in problem.staff if person.municipalities & towns}
    sessions = tuple(s for s in plan.sessions if s.venue in who.venues or _has(s, serve))
    fixed = tuple(
        slot for slot in problem.fixed if slot.venue in who.venues or serve.intersection(slot.staff)
    )
    kept = {*who.venues, *(s.venue for s in sessions), *(slot.venue for slot in fixed)}
    venues = tuple(row for row in problem.venues if row.id in kept)
    there = {class_id for session in sessions for class_id in session.classes}
    crews = {member.staff for session in sessions for member in session.crew}
    crews |= {person for slot in fixed for person in slot.staff}
    crews |= {pin.staff for pin in problem.pins if pin.venue in kept}
    smaller = replace(
        problem,
        classes=_classes(problem, {*there, who.id}, venues),
        venues=venues,
        staff=tuple(person for person in problem.staff if person.id in serve | crews),
        fixed=fixed,
        locked=tuple(
            lock
            for lock in problem.locked
            if lock.school_class in there | {who.id} and lock.venue in kept
        ),
        pins=tuple(pin for pin in problem.pins if pin.venue in kept),
    )
    return smaller, Plan(sessions=sessions, unplaced=(who.id,))


def _has(session: PlannedSession, people: set[int]) -> bool:
    return any(member.staff in people for member in session.crew)


def _classes(
    problem: Problem, ids: set[int], venues: tuple[ProblemVenue, ...]
) -> tuple[ProblemClass, ...]:
    kept = {row.id for row in venues}
    return tuple(
        replace(row, venues=tuple(venue for venue in row.venues if venue in kept))
        for row in problem.classes
        if row.id in ids
    )
