"""What a plan is worth, in numbers that two plans can be compared by."""

from collections import Counter
from dataclasses import dataclass
from math import hypot

from blaljus.planner.plan import Plan, crew_cost
from blaljus.planner.problem import Problem

ROAD = 1.3
"""A road is so many times longer than the straight line."""

KM_PER_MINUTE = 1.1
"""A car makes 66 km an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of one plan: half-days and staff-days are those of promised services."""

    classes: int
    placed: int
    crew_half_days: int
    staff_days: int
    """One person on one day that the person would not be out otherwise."""
    crew_cost: int
    """2 x half-days + staff-days."""
    max_load: int
    """The most sessions of one person."""
    load_squares: int
    """The sum over staff of sessions squared: least when the load is even."""
    wish_met: int
    first_wish: int
    travel_minutes: int
    """From the home municipality to the venue, one way, summed over half-days."""
    moved: int | None
    """Classes that lose the place and time of an earlier plan; `None` without one."""


def figures(problem: Problem, plan: Plan, base: Plan | None = None) -> Figures:
    """Return the numbers of a plan that names nothing unknown."""
    load = Counter(member.staff for session in plan.sessions for member in session.crew)
    half_days, cost = _half_days(problem, plan), crew_cost(problem, plan)
    wish_met, first_wish = _wishes(problem, plan)
    return Figures(
        classes=len(problem.classes),
        placed=placed(plan),
        crew_half_days=half_days,
        staff_days=cost - 2 * half_days,
        crew_cost=cost,
        max_load=max(load.values(), default=0),
        load_squares=sum(times * times for times in load.values()),
        wish_met=wish_met,
        first_wish=first_wish,
        travel_minutes=round(_travel(problem, plan)),
        moved=None if base is None else _moved(plan, base),
    )


def placed(plan: Plan) -> int:
    """Count the classes that a plan places."""
    return sum(len(session.classes) for session in plan.sessions)


def _half_days(problem: Problem, plan: Plan) -> int:
    promised = {person.id for person in problem.staff if person.service in problem.services}
    return sum(m.staff in promised for session in plan.sessions for m in session.crew)


def _wishes(problem: Problem, plan: Plan) -> tuple[int, int]:
    wishes = {row.id: row.wishes for row in problem.classes}
    at = [(wishes[who], s.half_day) for s in plan.sessions for who in s.classes]
    return sum(t in wanted for wanted, t in at), sum(wanted[:1] == (t,) for wanted, t in at)


def _travel(problem: Problem, plan: Plan) -> float:
    """Return the minutes of those whose home is known."""
    towns = {row.id: row for row in problem.municipalities}
    venues = {row.id: row for row in problem.venues}
    homes = {p.id: towns[p.home] for p in problem.staff if p.home in towns}
    return sum(
        ROAD * hypot(home.x_km - venue.x_km, home.y_km - venue.y_km) / KM_PER_MINUTE
        for session in plan.sessions
        for venue in [venues[session.venue]]
        for member in session.crew
        for home in [homes.get(member.staff)]
        if home is not None
    )


def _moved(plan: Plan, base: Plan) -> int:
    old, new = places(base), places(plan)
    planned = new.keys() | set(plan.unplaced)
    return sum(new.get(who) != place for who, place in old.items() if who in planned)


def places(plan: Plan) -> dict[int, tuple[int, int]]:
    """Return the venue and the half-day of each class that a plan places."""
    return {who: (s.venue, s.half_day) for s in plan.sessions for who in s.classes}
