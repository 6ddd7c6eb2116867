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

FIRST_SHARE = 0.4
"""The part of the time that goes through all areas; the rest is for those not proved by then."""


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

    Areas that are not proved get a second turn, with the time that the others left. `better` gets
    the area and the plan of the whole; `finished` gets what is proved of the area while the rest
    stays as it is, and the plan of the whole.
    """
    began, proved = monotonic(), set(done)
    areas = Areas(problem)
    classes = areas.classes()
    for share in (FIRST_SHARE, 1):
        until = began + share * seconds
        waiting = {area: count for area, count in classes.items() if area not in proved}
        while waiting and monotonic() < until:
            each = (until - monotonic()) / sum(waiting.values())
            area = next(iter(waiting))
            part = areas.part(plan, area)
            older = areas.older(base, part) if base else None
            whole = partial(areas.merged, plan, area)
            turn = each * waiting.pop(area)
            solution = improve(part, older, turn, _of_whole(better, area, whole))
            plan = whole(solution.plan)
            proof = _proof(area, part.problem, solution)
            finished(proof, plan)
            if proof.crew_cost == proof.crew_cost_at_least:
                proved.add(area)
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
