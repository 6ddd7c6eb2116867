"""Why a class has no time: where its half-days went, which rules together, what would help."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.words import Service
from blaljus.planner.advice.changes import Change, changes
from blaljus.planner.advice.conflict import conflict
from blaljus.planner.advice.explain import StepCode, WhyNot, explain
from blaljus.planner.advice.ideas import Help
from blaljus.planner.advice.relax import Obstacle
from blaljus.planner.check import violations
from blaljus.planner.pack import pack
from blaljus.planner.plan import Plan
from blaljus.planner.problem import HalfDay, Problem
from blaljus.store import plans, schools
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context
from blaljus.usecases.runs.planning import get_run
from blaljus.usecases.runs.problem import World, load_world
from blaljus.usecases.runs.proposal import Proposal, as_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the ids of a problem are called."""

    staff: Mapping[int, str]
    venues: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpful:
    """A single change that was tried out, and where the class would then meet everyone.

    What does not belong to its kind is empty.
    """

    kind: Help
    service: Service | None
    staff: str
    venue: str
    at: HalfDay | None
    then: HalfDay
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a plan gives a class no time; `reason` is the first step that leaves no half-day.

    With `seat` the plan does give it one: planning again is enough.
    """

    reason: StepCode
    steps: tuple[tuple[StepCode, int], ...] = ()
    rules: tuple[Obstacle, ...] = ()
    """They keep the class out together; without any one of them it would find a time."""
    helps: tuple[Helpful, ...] = ()
    seat: tuple[HalfDay, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """A class without a time; `run` is the proposal it is explained for, if it is one."""

    school_class: SchoolClass
    why: Why
    run: int | None


async def get_why(
    context: Context, person: Person, class_id: int, *, run: int | None = None
) -> WhyPage | None:
    """Return why a class has no time in a run's proposal, else were everything planned now.

    None for a class that has one, or whose school year has no plan. Raises `NotFoundError`.
    """
    async with read_transaction():
        school_class = await schools.get_class(class_id, person.municipalities)
        owner = school_class.municipality
        found = await get_run(person, owner, run) if run else None
        plan = await plans.find_plan(owner, SchoolYear(school_class.school_year))
        world = await load_world(plan, clock=context.clock) if plan else None
    if world is None:
        return None
    if not world.problem.half_days:
        return WhyPage(school_class=school_class, why=Why(reason=StepCode.SEASON), run=None)
    if all(row.id != class_id for row in world.problem.classes):
        return None
    # Each of these is a search of its own: the server answers others meanwhile.
    why, of_run = await asyncio.to_thread(
        _explained, world, found.proposal if found else None, class_id
    )
    return WhyPage(school_class=school_class, why=why, run=run if of_run else None)


def _explained(world: World, proposal: Proposal | None, class_id: int) -> tuple[Why, bool]:
    """Return why, and whether it is of the proposal: one that no longer holds is no answer."""
    plan = as_plan(proposal, world.problem) if proposal else None
    of_run = plan is not None and not violations(world.problem, plan)
    answer = plan if plan is not None and of_run else pack(world.problem)
    return why_not(world.problem, answer, class_id, names_of(world)), of_run


def names_of(world: World) -> Names:
    """Return what pages call people and places: protected people by their function."""
    return Names(
        staff={member.id: member.shown_as for member in world.staff.values()},
        venues={venue.id: venue.name for venue in world.venues.values()},
    )


def why_not(problem: Problem, plan: Plan, class_id: int, names: Names) -> Why:
    """Return everything there is to say of one class of a plan that keeps every rule."""
    for session in plan.sessions:
        if class_id in session.classes:
            seat = problem.half_days[session.half_day], names.venues[session.venue]
            return Why(reason=StepCode.TIME_LEFT, seat=seat)
    alone = Plan(sessions=plan.sessions, unplaced=(class_id,))
    (found,) = explain(problem, alone)
    # What the first step that left nothing asks for comes first: it is what the reason names.
    tried = sorted(
        changes(problem, plan, class_id), key=lambda c: str(c.idea.service) != str(found.reason)
    )
    return replace(
        dwindling(found),
        rules=conflict(problem, plan, class_id),
        helps=tuple(_helpful(problem, change, names) for change in tried),
    )


def dwindling(found: WhyNot) -> Why:
    """Return how the half-days of a class dwindle, and no more."""
    steps = tuple((step.code, step.half_days) for step in found.steps)
    return Why(reason=found.reason, steps=steps)


def _helpful(problem: Problem, change: Change, names: Names) -> Helpful:
    idea = change.idea
    return Helpful(
        kind=idea.kind,
        service=idea.service,
        staff="" if idea.staff is None else names.staff[idea.staff],
        venue="" if idea.venue is None else names.venues[idea.venue],
        at=None if idea.half_day is None else problem.half_days[idea.half_day],
        then=problem.half_days[change.session.half_day],
        place=names.venues[change.session.venue],
    )
