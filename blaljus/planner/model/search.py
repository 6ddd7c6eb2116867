"""The exact search: goal after goal, each with the ones before it held.

Most classes, least crew cost (both proved), then what the time allows. It does not know the solver;
`exact` hands it one.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Protocol

from blaljus.planner.figures import placed
from blaljus.planner.model.answer import HALF, Answer, Values
from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.facts import Facts
from blaljus.planner.model.formulate import Seating
from blaljus.planner.model.goals import Goal, Goals, Stage
from blaljus.planner.model.linear import Linear, part_of
from blaljus.planner.model.roster import Roster
from blaljus.planner.model.spots import Spots
from blaljus.planner.model.start import Start
from blaljus.planner.plan import Plan, Proof, Solution, crew_cost
from blaljus.planner.problem import Problem

COVERAGE_SHARE = 0.6
"""The part of the time that coverage may take; if it is not enough, crew is spared all the same."""

DEAR = 0.5
"""Columns with a greater reduced cost are left out of the first run of a goal.

Of 0.01 to 2, this gave plans within half a per cent of the best in the least time.
"""

NARROW_SHARE = 0.3
"""The part of a goal's time that the first run may take."""

LATER_SHARE = 0.5
"""The part of the time left that each goal without proof may take."""

Better = Callable[[Values], None]
"""Gets feasible values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a solver found: feasible values and what the sum is at least, where it has them."""

    values: Values | None
    at_least: int | None


NOTHING = Outcome(values=None, at_least=None)


class Solver(Protocol):
    """Minimises sums with whole coefficients."""

    def minimise(
        self, model: Linear, cost: Mapping[int, int], start: Values, seconds: float, better: Better
    ) -> Outcome:
        """Begin with feasible values; call `better` with each better ones."""

    def reduced_costs(
        self, model: Linear, cost: Mapping[int, int], seconds: float
    ) -> Values | None:
        """Return what each column adds at least when it is used, in fractions; `None`: no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Where the search stands. The plan keeps every rule; it comes only when it is better."""

    stage: Stage
    seconds: float
    plan: Plan | None
    placed: int
    crew_cost: int
    placed_at_most: int | None
    crew_cost_at_least: int | None


class Search:
    """One search. The best plan so far is in `plan`, what is proved of it in `proof`."""

    def __init__(
        self,
        problem: Problem,
        start: Plan,
        *,
        seconds: float,
        base: Plan | None,
        wish_tolerance: int,
        solver: Solver,
        report: Callable[[Report], None],
    ) -> None:
        self.problem = problem
        self.plan = start
        self._began = monotonic()
        self._seconds = seconds
        self._base = base
        self._wish_tolerance = wish_tolerance
        self._solver = solver
        self._report = report
        self._proof = Proof()
        self._is_trusted = True
        """No plan has shown that the solver proved what is not so."""
        self._held: list[tuple[Goal, int]] = []
        """The goals so far, and how much each may come to."""
        facts = Facts(problem)
        self.model = Linear()
        self._seating = Seating(facts, Spots(facts), self.model)
        crewing = Crewing(self._seating)
        roster = Roster(crewing)
        self.goals = Goals(crewing, roster)
        self._answer = Answer(crewing)
        self._start = Start(crewing, roster)

    def run(self) -> Solution:
        """Search until everything is proved or the time is up."""
        goals = self.goals
        if self._seating.lost_locks():
            return Solution(plan=self.plan, proof=self._proof)
        coverage = goals.coverage()
        self._tell(coverage.stage, self.plan)
        at_least = self._pursue(coverage, COVERAGE_SHARE)
        self._prove(coverage, placed_at_most=-at_least if at_least is not None else None)
        if self._base is not None:
            self._pursue(goals.moved(self._base), COVERAGE_SHARE)
        crew = goals.crew()
        at_least = self._pursue(crew, 1, tolerance=self._wish_tolerance)
        self._prove(crew, crew_cost_at_least=None if self._base else at_least)
        later = [goals.load, goals.wishes]
        for goal in [goals.wanted, *(reversed(later) if self._wish_tolerance else later)]:
            self._pursue(goal(), LATER_SHARE)
        self._pursue(goals.travel(), 1)
        return Solution(plan=self.plan, proof=self._proof)

    def _prove(self, goal: Goal, **proved: int | None) -> None:
        self._proof = replace(self._proof, **proved) if self._is_trusted else Proof()
        self._tell(goal.stage, None)

    def _pursue(self, goal: Goal, share: float, *, tolerance: int = 0) -> int | None:
        """Find the least of a goal in a share of the time left, and hold it from then on.

        Return what every plan comes to that keeps the goals before.
        """
        self._held.append((goal, 0))
        until = monotonic() + share * self._left()
        at_least = goal.least
        if goal.cost and goal.amount(self.plan) != goal.least:
            self._narrow_run(goal, monotonic() + NARROW_SHARE * (until - monotonic()))
            at_least = _greater(at_least, self._run(goal, until, ()))
        amount = goal.amount(self.plan)
        self._is_trusted &= at_least is None or at_least <= amount
        self._held[-1] = goal, amount + max(0, amount * tolerance // 100)
        self.model.at_most(
            [(column, float(cost)) for column, cost in goal.cost.items()], self._held[-1][1]
        )
        return at_least if self._is_trusted else None

    def _narrow_run(self, goal: Goal, until: float) -> None:
        """Find a good plan soon, without what is dear when all may be done in fractions."""
        prices = self._solver.reduced_costs(self.model, goal.cost, until - monotonic())
        if prices is not None:
            start = self._values()
            dear = {c for c, price in enumerate(prices) if price > DEAR and start[c] < HALF}
            self._run(goal, until, dear)

    def _run(self, goal: Goal, until: float, closed: Collection[int]) -> int | None:
        """Minimise a goal with some columns closed; return what it is at least without them."""
        seconds = until - monotonic()
        if seconds <= 0:
            return None
        part = part_of(self.model, closed)
        size = len(self.model.lower)
        outcome = self._solver.minimise(
            part.model,
            part.costs(goal.cost),
            part.inside(self._values()),
            seconds,
            lambda values: self._offer(goal, part.outside(values, size)),
        )
        if outcome.values is not None:
            self._offer(goal, part.outside(outcome.values, size))
        return outcome.at_least

    def _values(self) -> Values:
        values = self._start.values(self.plan)
        for fill in self.goals.fills:
            fill(values)
        return values

    def _offer(self, goal: Goal, values: Values) -> None:
        """Keep a plan if it is better than the best so far."""
        plan = self._answer.plan(values)
        if self._worth(plan) < self._worth(self.plan):
            self.plan = plan
            self._tell(goal.stage, plan)

    def _worth(self, plan: Plan) -> list[int]:
        """Return what is least in the best plan: goal after goal, as far as each must be met."""
        amounts = [max(goal.amount(plan), enough) for goal, enough in self._held[:-1]]
        return [*amounts, self._held[-1][0].amount(plan)]

    def _left(self) -> float:
        return self._seconds - (monotonic() - self._began)

    def _tell(self, stage: Stage, plan: Plan | None) -> None:
        self._report(
            Report(
                stage=stage,
                seconds=monotonic() - self._began,
                plan=plan,
                placed=placed(self.plan),
                crew_cost=crew_cost(self.problem, self.plan),
                placed_at_most=self._proof.placed_at_most,
                crew_cost_at_least=self._proof.crew_cost_at_least,
            )
        )


def _greater(one: int | None, other: int | None) -> int | None:
    return max((bound for bound in (one, other) if bound is not None), default=None)
