"""The single changes that would give a class a time while all others stay, each tried out.

The ideas come from masks; then each is made, the class is seated, and the referee judges.
"""

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from blaljus.planner.advice.ideas import Help, Idea, Ideas
from blaljus.planner.advice.relax import helper
from blaljus.planner.check import Violation, violations
from blaljus.planner.pack import to_plan
from blaljus.planner.packing.around import seat_around
from blaljus.planner.packing.board import load
from blaljus.planner.packing.people import masks_by
from blaljus.planner.plan import Plan, PlannedSession
from blaljus.planner.problem import Problem, ProblemClass, ProblemStaff, ProblemVenue

ENOUGH = 3
"""So many changes of a kind are offered."""

TRIES = 5
"""So many ideas of a kind are tried: each takes about 10 ms for 45 classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An idea that works, and the session that the class is in once it is made.

    One more half-day of a service is given by a person who is not in the problem.
    """

    idea: Idea
    session: PlannedSession


def changes(problem: Problem, plan: Plan, class_id: int) -> tuple[Change, ...]:
    """Return single changes, up to `ENOUGH` of each kind and service, in the order of `Help`.

    With any one of them the class gets a time and every other class and person stays as they are.
    None found does not mean that none exists. Raises `ValueError` unless the plan leaves the class
    out.
    """
    if class_id not in plan.unplaced:
        raise ValueError(f"class {class_id} is not among the unplaced")
    known = frozenset(violations(problem, plan))
    attempt = partial(_attempt, problem, plan, class_id, known)
    found: list[Change] = []
    for ideas in Ideas(load(problem, plan), class_id).kinds():
        worked = (change for change in map(attempt, islice(ideas, TRIES)) if change)
        found += islice(worked, ENOUGH)
    return tuple(found)


def _attempt(
    problem: Problem, plan: Plan, class_id: int, known: frozenset[Violation], idea: Idea
) -> Change | None:
    """Make a change and seat the class; `known` are rules that the plan breaks already."""
    changed = made(problem, class_id, idea)
    board = load(changed, plan)
    if not seat_around(board, board.class_at[class_id]):
        return None
    after = to_plan(board)
    if not known.issuperset(violations(changed, after)):
        return None
    return Change(idea=idea, session=next(s for s in after.sessions if class_id in s.classes))


def made(problem: Problem, class_id: int, idea: Idea) -> Problem:
    """Return the problem with one change made."""
    if idea.kind is Help.STAFF:
        return replace(problem, staff=(*problem.staff, _newcomer(problem, idea)))
    if idea.kind is Help.PERSON:
        return replace(problem, staff=tuple(_gives_more(p, idea) for p in problem.staff))
    day = _day(problem, idea)
    if idea.kind is Help.VENUE_OPENS:
        return replace(problem, venues=tuple(_open(v, idea, day) for v in problem.venues))
    classes = (_freer(c, idea, day) if c.id == class_id else c for c in problem.classes)
    return replace(problem, classes=tuple(classes))


def _day(problem: Problem, idea: Idea) -> int:
    """Return the half-days of the idea's day; none if it has no day."""
    if idea.half_day is None:
        return 0
    return masks_by(problem.half_days, lambda half_day: half_day.day)[idea.half_day]


def _newcomer(problem: Problem, idea: Idea) -> ProblemStaff:
    """Return somebody who gives that half-day and no other."""
    assert idea.service is not None  # noqa: S101 -- the ideas about staff name it
    assert idea.half_day is not None  # noqa: S101 -- as well
    id_ = 1 + max((person.id for person in problem.staff), default=0)
    return helper(problem, id_, idea.service, idea.agency or 0, 1 << idea.half_day)


def _gives_more(person: ProblemStaff, idea: Idea) -> ProblemStaff:
    if person.id != idea.staff:
        return person
    season = None if person.per_season is None else person.per_season + 1
    return replace(person, per_week=person.per_week + 1, per_season=season)


def _open(venue: ProblemVenue, idea: Idea, day: int) -> ProblemVenue:
    return replace(venue, open=venue.open | day) if venue.id == idea.venue else venue


def _freer(who: ProblemClass, idea: Idea, day: int) -> ProblemClass:
    if idea.kind is Help.VENUE:
        return replace(who, venues=(*who.venues, *(v for v in [idea.venue] if v is not None)))
    if idea.kind is Help.SCHOOL_OPENS:
        blocked = tuple((reason, mask & ~day) for reason, mask in who.blocked)
        return replace(who, blocked=blocked, free=who.free | day)
    return replace(who, free=who.free | day)
