"""How soon the planner answers: who can replace, where a class can move, why not, what is left.

    python bench/planner_repair.py [--sizes ML] [--questions 300]

Every answer is one of a seeded season with its plan loaded, as a page asks. Times are those of the
processor, the median and the 99th percentile; "of load" is the 99th over the time to load the plan,
in the same run.

    python bench/planner_repair.py --absences 10

How often the quick plan around somebody who is away, all else being published, moves as few classes
as is proved: so many absences of each season of S and M, half a season and two weeks in turns.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from statistics import median, quantiles

from plannerbench.seasons import SUPPLY, season

from blaljus.planner.advice.absence import Absence, replan
from blaljus.planner.advice.changes import changes
from blaljus.planner.advice.conflict import conflict
from blaljus.planner.advice.explain import explain
from blaljus.planner.advice.forecast import forecast
from blaljus.planner.advice.repair import Desk
from blaljus.planner.exact import solve
from blaljus.planner.figures import figures
from blaljus.planner.pack import first_plan, pack
from blaljus.planner.plan import Plan
from blaljus.planner.problem import FixedSlot, Problem
from blaljus.planner.season.season import read_season

SMALL = 100
"""More classes than this get a quicker plan, and nobody waits for rules in conflict: the run page
works them out once."""

WHY = 5
"""So many unplaced classes are asked about: each answer solves dozens of problems."""

HALF_DAYS_A_WEEK = 10


def main() -> None:
    """Print a table, one line a season and question."""
    words = _words()
    if words.absences:
        _compare(words.absences)
        return
    print("| season | question | times asked | median | p99 | of load |")
    print("|---|---|---|---|---|---|")
    for size in words.sizes:
        for supply in SUPPLY if size != "L" else ("normal", "over"):
            made = season(size, supply, 1)
            problem = read_season(json.dumps(made).encode())
            _ask(made["name"], problem, words.questions)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="ML", help="letters of S, M, L")
    parser.add_argument("--questions", type=int, default=300, help="of the quick kinds")
    parser.add_argument("--absences", type=int, default=0, help="compare so many of each season")
    return parser.parse_args()


def _ask(name: str, problem: Problem, questions: int) -> None:
    rng = random.Random(name)  # noqa: S311 -- repeatable, no secret
    is_small = len(problem.classes) <= SMALL
    plan = pack(problem) if is_small else first_plan(problem)
    (loading,) = _times([lambda: Desk(problem, plan)])
    desk = Desk(problem, plan)
    posts = [(m.staff, s.venue, s.half_day) for s in plan.sessions for m in s.crew]
    classes = [row.id for row in problem.classes]
    unplaced = plan.unplaced[:WHY]
    asked: dict[str, list[Callable[[], object]]] = {
        "replace": [
            lambda post=post: desk.replacements(*post) for post in rng.choices(posts, k=questions)
        ],
        "move": [lambda c=c: desk.moves(c) for c in rng.choices(classes, k=questions)],
        "re-plan": [lambda: replan(problem, plan, _absence(problem, plan))],
        "table": [lambda c=c: explain(problem, _only(plan, c)) for c in unplaced],
        "conflict": [lambda c=c: conflict(problem, plan, c) for c in unplaced if is_small],
        "changes": [lambda c=c: changes(problem, plan, c) for c in unplaced if is_small],
        "forecast": [lambda: forecast(problem)],
    }
    for kind, calls in asked.items():
        if calls:
            print(_line(name, kind, _times(calls), loading), flush=True)


def _absence(problem: Problem, plan: Plan) -> list[Absence]:
    """Return the season's first half without the busiest person of the plan."""
    crew = [member.staff for session in plan.sessions for member in session.crew]
    half = (1 << len(problem.half_days) // 2) - 1
    return [Absence(staff=max(sorted(set(crew)), key=crew.count), half_days=half)]


def _compare(absences: int) -> None:
    fewest = moves = times = 0
    for size, supply, seed in product("SM", ("loose", "normal", "tight"), (1, 2)):
        problem, plan = _published(read_season(json.dumps(season(size, supply, seed)).encode()))
        crew = sorted({person for slot in problem.fixed for person in slot.staff})
        rng = random.Random(seed)  # noqa: S311 -- repeatable, no secret
        for number in range(absences):
            away = replan(
                problem, plan, [_some_absence(rng, crew, problem, is_long=number % 2 == 0)]
            )
            quick = figures(away.problem, away.plan, away.base)
            best = solve(
                away.problem, away.plan, seconds=10, seed=1, base=away.base, report=lambda _: None
            )
            times += 1
            moves += bool(quick.moved)
            fewest += (quick.placed, quick.moved) == (
                best.proof.placed_at_most,
                best.proof.moved_at_least,
            )
    print(f"{times} absences, {moves} of them move a class; proved to move fewest: {fewest}")


def _published(problem: Problem) -> tuple[Problem, Plan]:
    """Return a season all of whose plan is published."""
    plan = pack(problem)
    slots = (
        FixedSlot(
            id=number,
            venue=session.venue,
            half_day=session.half_day,
            free_places=0,
            classes=session.classes,
            staff=tuple(member.staff for member in session.crew),
        )
        for number, session in enumerate(plan.sessions)
    )
    return replace(problem, fixed=tuple(slots)), Plan(sessions=(), unplaced=plan.unplaced)


def _some_absence(
    rng: random.Random, crew: list[int], problem: Problem, *, is_long: bool
) -> Absence:
    """Return somebody of the crew who is away for half the season or two weeks."""
    length = len(problem.half_days) // 2 if is_long else 2 * HALF_DAYS_A_WEEK
    begins = rng.randrange(len(problem.half_days) - length)
    return Absence(staff=rng.choice(crew), half_days=((1 << length) - 1) << begins)


def _only(plan: Plan, class_id: int) -> Plan:
    return replace(plan, unplaced=(class_id,))


def _times(calls: Iterable[Callable[[], object]]) -> list[float]:
    found = []
    for call in calls:
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return found


def _line(name: str, kind: str, times: list[float], loading: float) -> str:
    worst = quantiles(times, n=100)[-1] if len(times) >= 100 else max(times)  # noqa: PLR2004 -- %
    cells = [f"{1000 * median(times):.2f} ms", f"{1000 * worst:.2f} ms", f"{worst / loading:.2f}"]
    return f"| {name} | {kind} | {len(times)} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
