"""Solves one area after the other, each with the others as they are: a plan that only gets better.

Shared staff go to the areas in the order of a plan of the whole, so begin with one that is good.
"""

from collections.abc import Callable, Collection
from functools import partial
from time import monotonic
from typing import Protocol

from blaljus.planner.figures import placed
from blaljus.planner.plan import Plan, Solution, crew_cost
from blaljus.planner.problem import Problem
from blaljus.planner.process.areas import Area, Areas, Part
from blaljus.planner.process.messages import AreaProof


class Improve(Protocol):
    """An exact search in one area."""

    def __call__(
        self, part: Part, base: Plan | None, seconds: float, better: Callable[[Plan], None]
    ) -> Solution:
        """Call `better` with each better plan; return the best and what is proved."""


def improve_areas(
    problem: Problem,
    plan: Plan,
    base: Plan | None,
    *,
    seconds: float,
    done: Collection[Area],
    improve: Improve,
    better: Callable[[Area, Plan], None],
    finished: Callable[[AreaProof, Plan], None],
) -> Plan:
    """Return a plan that is better in each area but those `done`, as far as the time goes.

    `better` gets the area and the plan of the whole; `finished` gets what is proved of the area
    while the rest stays as it is, and the plan of the whole.
    """
    until = monotonic() + seconds
    areas = Areas(problem)
    left = {area: count for area, count in areas.classes().items() if area not in done}
    while left and monotonic() < until:
        share = (until - monotonic()) / sum(left.values())
        area = next(iter(left))
        part = areas.part(plan, area)
        older = areas.older(base, part) if base else None
        whole = partial(areas.merged, plan, area)
        solution = improve(part, older, share * left.pop(area), _of_whole(better, area, whole))
        plan = whole(solution.plan)
        finished(_proof(area, part.problem, solution), plan)
    return plan


def _of_whole(
    better: Callable[[Area, Plan], None], area: Area, whole: Callable[[Plan], Plan]
) -> Callable[[Plan], None]:
    return lambda found: better(area, whole(found))


def _proof(area: Area, problem: Problem, solution: Solution) -> AreaProof:
    return AreaProof(
        area=area,
        classes=len(problem.classes),
        placed=placed(solution.plan),
        placed_at_most=solution.proof.placed_at_most,
        crew_cost=crew_cost(problem, solution.plan),
        crew_cost_at_least=solution.proof.crew_cost_at_least,
    )
