"""Small changes to a plan, as values: what a coordinator chose is made, all else stays."""

from collections.abc import Iterator
from dataclasses import replace

from blaljus.planner.advice.repair import Move
from blaljus.planner.plan import Plan, PlannedSession


def moved(plan: Plan, move: Move) -> Plan:
    """Return the plan with a move made that `moves` gave for it.

    A new session that loses its last class is not held.
    """
    sessions = list(_left_by(plan, move.class_id))
    target = next(
        (s for s in sessions if (s.venue, s.half_day) == (move.venue, move.half_day)), None
    )
    if target is None:
        target = PlannedSession(
            venue=move.venue, half_day=move.half_day, classes=(), crew=move.crew, fixed=move.fixed
        )
    else:
        sessions.remove(target)
    sessions.append(replace(target, classes=tuple(sorted((*target.classes, move.class_id)))))
    return Plan(
        sessions=tuple(sorted(sessions, key=lambda session: (session.half_day, session.venue))),
        unplaced=tuple(class_id for class_id in plan.unplaced if class_id != move.class_id),
    )


def _left_by(plan: Plan, class_id: int) -> Iterator[PlannedSession]:
    for session in plan.sessions:
        classes = tuple(other for other in session.classes if other != class_id)
        if classes:
            yield replace(session, classes=classes)


def replaced(plan: Plan, person: int, other: int, *, venue: int, half_day: int) -> Plan:
    """Return the plan with another person in someone's place in one session."""

    def mended(session: PlannedSession) -> PlannedSession:
        if (session.venue, session.half_day) != (venue, half_day):
            return session
        crew = (
            replace(member, staff=other) if member.staff == person else member
            for member in session.crew
        )
        return replace(session, crew=tuple(crew))

    return replace(plan, sessions=tuple(map(mended, plan.sessions)))
