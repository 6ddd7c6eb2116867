"""The exact search: goal after goal, each with the ones before it held.

Most classes, least crew cost (both proved), then what the time allows. It does not know the solver;
`exact` hands it one.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event, Thread
from time import monotonic

from blaljus.planner.figures import placed, places
from blaljus.planner.model.answer import HALF, Answer, Values
from blaljus.planner.model.bounds import Bounds
from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.descent import Descent, Held, Ways
from blaljus.planner.model.facts import Facts
from blaljus.planner.model.formulate import Seating
from blaljus.planner.model.goals import Goal, Goals, Stage
from blaljus.planner.model.linear import Linear
from blaljus.planner.model.narrow import BOUNDS_SHARE, FEWEST_CLOSED, NARROW_SHARE, narrowings
from blaljus.planner.model.roster import Roster
from blaljus.planner.model.solver import Report, Solver
from blaljus.planner.model.spots import Spots
from blaljus.planner.model.start import Start
from blaljus.planner.model.towns import columns_outside, towns_apart
from blaljus.planner.plan import Plan, Proof, Solution, crew_cost
from blaljus.planner.problem import Problem

COVERAGE_SHARE = 0.6
"""The part of the time that coverage may take; if it is not enough, crew is spared all the same."""

LATER_SHARE = 0.5
"""The part of the time left that each goal without proof may take."""

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

Closed = tuple[set[int], frozenset[int]]
"""What a run shorter than the whole leaves out, and what it leaves as it is."""


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
        later_share: float = 1,
        solver: Solver,
        report: Callable[[Report], None],
    ) -> None:
        self.problem = problem
        self._began = monotonic()
        self._seconds = seconds
        self._base = base
        self._wish_tolerance = wish_tolerance
        self._later_share = later_share
        self._solver = solver
        self._report = report
        self._proof = Proof()
        self._is_trusted = True
        """No plan has shown that the solver proved what is not so."""
        self._held: list[Held] = []
        """The goals so far, and how much each may come to."""
        facts = Facts(problem)
        self.model = Linear()
        self._seating = Seating(facts, Spots(facts), self.model)
        crewing = Crewing(self._seating)
        roster = Roster(crewing)
        self.goals = Goals(crewing, roster)
        self._ways = Ways(self.model, self.goals, Start(crewing, roster), Answer(crewing), solver)
        self._descent = Descent(
            self._ways, start, self._held, tell=lambda goal, plan: self._tell(goal.stage, plan)
        )
        self._crewing = crewing
        self._bounds = Bounds(crewing, roster, solver)
        self._towns = towns_apart(crewing.spots)

    @property
    def plan(self) -> Plan:
        """The best plan so far."""
        return self._descent.plan

    def cover(self, share: float = 1) -> Solution:
        """Search for most classes alone, in a share of the time."""
        if not self._seating.lost_locks():
            coverage = self.goals.coverage()
            self._tell(coverage.stage, self.plan)
            at_least = self._pursue(coverage, share)
            self._prove(coverage, placed_at_most=-at_least if at_least is not None else None)
        return Solution(plan=self.plan, proof=self._proof)

    def run(self) -> Solution:
        """Search until everything is proved or the time is up."""
        goals, covered = self.goals, self.cover(COVERAGE_SHARE)
        if self._seating.lost_locks():
            return covered
        if self._base is not None:
            moved = goals.moved(self._base)
            at_least = self._pursue(moved, COVERAGE_SHARE)
            announced = len(
                places(self._base).keys() & {row.id for row in self._crewing.facts.classes}
            )
            self._prove(moved, moved_at_least=None if at_least is None else announced + at_least)
        crew = goals.crew()
        at_least = self._pursue(crew, 1, tolerance=self._wish_tolerance)
        self._prove(crew, crew_cost_at_least=None if self._base else at_least)
        self._seconds -= max(0.0, self._left() - self._later_share * self._seconds)
        later = [goals.load, goals.wishes]
        for goal in [goals.wanted, *(reversed(later) if self._wish_tolerance else later)]:
            self._pursue(goal(), LATER_SHARE)
        if (perhaps_busy := goals.perhaps_busy()).cost:
            self._pursue(perhaps_busy, LATER_SHARE)
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
        if goal.cost and goal.stage is Stage.CREW and self._all_placed:
            at_least = self._bound_crew(monotonic() + BOUNDS_SHARE * (until - monotonic()))
        if goal.cost and goal.amount(self.plan) != at_least:
            soon = monotonic() + NARROW_SHARE * (until - monotonic())
            unproved = self._narrow_runs(goal, soon)
            if goal.amount(self.plan) != at_least:
                at_least = _greater(at_least, self._run_whole(goal, until, unproved))
        amount = goal.amount(self.plan)
        self._is_trusted &= at_least is None or at_least <= amount
        self._held[-1] = goal, amount + max(0, amount * tolerance // 100)
        self.model.at_most(
            [(column, float(cost)) for column, cost in goal.cost.items()], self._held[-1][1]
        )
        return at_least if self._is_trusted else None

    @property
    def _all_placed(self) -> bool:
        coverage, _ = self._held[0]
        return coverage.amount(self.plan) == coverage.least

    def _bound_crew(self, until: float) -> int:
        """Add rows of what crew must come at least, and return what that costs.

        None is added that the plan breaks: then the solver proved what is not so.
        """
        cost = 0
        for terms, at_least, price in self._bounds.rows(self._towns, until):
            values = self._ways.values(self.plan)
            if sum(values[column] * weight for column, weight in terms) < at_least - HALF:
                self._is_trusted = False
            else:
                self.model.at_least(terms, at_least)
                cost += price * at_least
        return cost

    def _narrow_runs(self, goal: Goal, until: float) -> list[Closed]:
        """Find good plans soon, without what is dear when all may be done in fractions.

        Crew is also spared in towns alone, the others as they are: each takes no time. Return the
        runs of towns that had too little, the worst off first.
        """
        seconds = until - monotonic()
        costs = self._solver.reduced_costs
        prices = costs(self.model, goal.cost, seconds) if seconds > 0 else None
        runs = self._left_out(goal, prices) if prices else []
        unproved = []
        for done, (dear, settled) in enumerate(runs):
            if goal.amount(self.plan) == goal.least:
                return []
            soon = monotonic() + (until - monotonic()) / (len(runs) - done)
            at_least = self._descent.run(goal, soon, dear, settled)
            if settled and at_least is not None and at_least < goal.amount(self.plan):
                unproved.append((at_least, done))
        return [runs[done] for _, done in sorted(unproved)]

    def _run_whole(self, goal: Goal, until: float, unproved: Sequence[Closed]) -> int | None:
        """Search everything, and beside it, in a thread, towns whose own runs had too little time.

        What was found beside counts only where the whole is not proved: so a proved plan is the
        same whichever of the two was quicker.
        """
        if CORES == 1 or not unproved:
            return self._descent.run(goal, until)
        enough = Event()
        beside = Descent(self._ways, self.plan, [*self._held], enough=enough)
        thread = Thread(target=_run_all, args=(beside, goal, until, unproved))
        thread.start()
        is_over = True  # also when the whole ends in an error: nobody waits for the towns then
        try:
            at_least = self._descent.run(goal, until)
            is_over = goal.amount(self.plan) == at_least
        finally:
            if is_over:
                enough.set()
            thread.join()
        if not is_over:
            self._descent.offer(goal, beside.plan)
        return at_least

    def _left_out(self, goal: Goal, prices: Values) -> list[Closed]:
        """Return for each run that is much shorter than the whole what it closes and settles."""
        found = []
        for least, towns in narrowings(goal.stage, self._towns):
            dear = {column for column, price in enumerate(prices) if price > least}
            settled = frozenset(columns_outside(self._crewing, towns) if towns else ())
            if len(dear | settled) > FEWEST_CLOSED * len(self.model.lower):
                found.append((dear, settled))
        return found

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
                moved_at_least=self._proof.moved_at_least,
            )
        )


def _run_all(descent: Descent, goal: Goal, until: float, runs: Sequence[Closed]) -> None:
    """Run one after another, each in its part of the time left."""
    for done, (dear, settled) in enumerate(runs):
        soon = monotonic() + (until - monotonic()) / (len(runs) - done)
        descent.run(goal, soon, dear, settled)


def _greater(one: int | None, other: int | None) -> int | None:
    return max((bound for bound in (one, other) if bound is not None), default=None)
