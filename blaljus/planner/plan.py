"""What a planner answers: sessions with their classes and crews, and what found no place."""

from dataclasses import dataclass

from blaljus.planner.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCrew:
    """One person at one station: an index in the venue's `stations`, and a staff id."""

    station: int
    staff: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """One slot to be: venue id, index in `Problem.half_days`, class ids ascending.

    With `fixed` set it adds `classes` to that published slot; its crew is then empty, because the
    slot keeps its own.
    """

    venue: int
    half_day: int
    classes: tuple[int, ...]
    crew: tuple[PlannedCrew, ...]
    fixed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Sessions by half-day and venue, and the ids of the classes that found no time."""

    sessions: tuple[PlannedSession, ...]
    unplaced: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is proved of a plan, as `Problem` states it; `None` where nothing is."""

    placed_at_most: int | None = None
    """No plan places more classes."""
    crew_cost_at_least: int | None = None
    """No plan that places at least as many classes as this one costs less crew."""
    moved_at_least: int | None = None
    """No plan that places at least as many classes moves fewer of an earlier plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A plan with what is proved of it."""

    plan: Plan
    proof: Proof


def crew_cost(problem: Problem, plan: Plan) -> int:
    """Return 2 x half-days + staff-days that the plan adds, of staff of the promised services.

    A staff-day is one person on one day; a day the person is out anyway adds none.
    """
    staff = {person.id: person for person in problem.staff}
    out = {(p.id, problem.half_days[i].day) for p in problem.staff for i in _bits(p.busy)}
    out |= {
        (who, problem.half_days[slot.half_day].day) for slot in problem.fixed for who in slot.staff
    }
    duties = [
        (member.staff, problem.half_days[session.half_day].day)
        for session in plan.sessions
        for member in session.crew
        if staff[member.staff].service in problem.services
    ]
    return 2 * len(duties) + len(set(duties) - out)


def _bits(mask: int) -> list[int]:
    return [index for index in range(mask.bit_length()) if mask >> index & 1]
