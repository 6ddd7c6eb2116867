"""Which rules together leave a class without a time: a set of which each one is needed.

Found by relaxing one rule at a time. It holds around the plan as it is, and is no proof: another
plan may place the class.
"""

from collections.abc import Collection, Sequence
from itertools import combinations

from blaljus.planner.advice.nearby import nearby
from blaljus.planner.advice.relax import Obstacle, without
from blaljus.planner.packing.around import seat_around
from blaljus.planner.packing.board import load
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem

_FAR_AWAY = {Obstacle.AREA, Obstacle.VENUES}
"""Without them people come, or the class goes, from one end of the problem to the other."""

_SESSIONS = (Obstacle.PUBLISHED, Obstacle.OTHER_CLASSES)


def conflict(problem: Problem, plan: Plan, class_id: int) -> tuple[Obstacle, ...]:
    """Return the obstacles that together keep an unplaced class out, in the order of `Obstacle`.

    These alone keep it out while all others stay; were any one of them gone, they would not. Two
    searches, from either end; the smaller set. Empty when the class finds a time after all, or
    would not even without all obstacles. Raises `ValueError` unless the plan leaves the class out.
    """
    if class_id not in plan.unplaced:
        raise ValueError(f"class {class_id} is not among the unplaced")
    everything = list(Obstacle)
    if finds_time(problem, plan, class_id, ()) or not finds_time(
        problem, plan, class_id, everything
    ):
        return ()
    sets = (_needed(problem, plan, class_id, order) for order in (everything, everything[::-1]))
    smallest = min(sets, key=len)
    return tuple(obstacle for obstacle in everything if obstacle in smallest)


def _needed(
    problem: Problem, plan: Plan, class_id: int, order: Sequence[Obstacle]
) -> set[Obstacle]:
    """Let each obstacle go for good whose loss does not help."""
    gone: list[Obstacle] = []
    for obstacle in order:
        if not finds_time(problem, plan, class_id, [*gone, obstacle]):
            gone.append(obstacle)
    return set(order) - set(gone)


def finds_time(problem: Problem, plan: Plan, class_id: int, gone: Collection[Obstacle]) -> bool:
    """Tell whether the class can be seated around the plan without some obstacles.

    A session that is in the way may be one to join too: so each that may go is tried both ways.
    """
    in_the_way = [obstacle for obstacle in _SESSIONS if obstacle in gone]
    if not problem.fixed:
        in_the_way = [obstacle for obstacle in in_the_way if obstacle is not Obstacle.PUBLISHED]
    choices = (kept for n in range(len(in_the_way) + 1) for kept in combinations(in_the_way, n))
    return any(
        _is_seated(problem, plan, class_id, [o for o in Obstacle if o in gone and o not in kept])
        for kept in choices
    )


def _is_seated(problem: Problem, plan: Plan, class_id: int, gone: Collection[Obstacle]) -> bool:
    who = next(row for row in problem.classes if row.id == class_id)
    if _FAR_AWAY.isdisjoint(gone):
        problem, plan = nearby(problem, plan, who)
    for obstacle in gone:
        problem, plan = without(problem, plan, who, obstacle)
    board = load(problem, plan)
    return seat_around(board, board.class_at[class_id])
