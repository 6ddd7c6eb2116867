"""The referee: checks any plan against every rule, sharing no code with what makes plans."""

from collections.abc import Iterator
from dataclasses import dataclass

from blaljus.planner.plan import Plan, PlannedSession
from blaljus.planner.problem import Problem
from blaljus.planner.referee.case import Case
from blaljus.planner.referee.rule import Rule
from blaljus.planner.referee.rules import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule: where (venue id, half-day index), and whom.

    `subject` is the id of a class or person, or the index of a station.
    """

    rule: Rule
    venue: int | None = None
    half_day: int | None = None
    subject: int | None = None


def violations(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Return every broken rule, by rule; empty means the plan may be shown.

    When the plan names something unknown, only that is returned.
    """
    case = Case(problem, plan)
    found = list(_unknown(case)) or [
        _violation(rule, session, subject)
        for rule, findings in RULES.items()
        for session, subject in findings(case)
    ]
    return tuple(sorted(set(found), key=repr))


def _violation(rule: Rule, session: PlannedSession | None, subject: int | None) -> Violation:
    if session is None:
        return Violation(rule=rule, subject=subject)
    return Violation(rule=rule, venue=session.venue, half_day=session.half_day, subject=subject)


def _unknown(case: Case) -> Iterator[Violation]:
    for session in case.plan.sessions:
        if not _is_known(case, session):
            yield _violation(Rule.UNKNOWN, session, None)
    for class_id in case.plan.unplaced:
        if class_id not in case.classes:
            yield _violation(Rule.UNKNOWN, None, class_id)


def _is_known(case: Case, session: PlannedSession) -> bool:
    venue = case.venues.get(session.venue)
    return (
        venue is not None
        and 0 <= session.half_day < len(case.problem.half_days)
        and (session.fixed is None or session.fixed in case.fixed)
        and all(class_id in case.classes for class_id in session.classes)
        and all(member.staff in case.staff for member in session.crew)
        and all(0 <= member.station < len(venue.stations) for member in session.crew)
    )
