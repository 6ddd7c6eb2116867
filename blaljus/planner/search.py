"""The exact search: goal after goal, each with the ones before it held.

Most classes, least crew cost (both proved), then what the time allows. It does not know the solver;
`exact` hands it one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Protocol

from blaljus.planner.answer import Answer, Values
from blaljus.planner.crewing import Crewing
from blaljus.planner.facts import Facts
from blaljus.planner.formulate import Seating
from blaljus.planner.linear import Linear
from blaljus.planner.plan import Plan, Proof, Solution, crew_cost
from blaljus.planner.problem import Problem
from blaljus.planner.roster import Roster
from blaljus.planner.spots import Spots
from blaljus.planner.start import Start

COVERAGE_SHARE = 0.6
"""The part of the time that coverage may take; if it is not enough, crew is spared all the same."""

Better = Callable[[Values, int | None], None]
"""Gets feasible values, and what the sum is proved to be at least, if anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a solver found: feasible values and what the sum is at least, where it has them."""

    values: Values | None
    at_least: int | None


class Minimise(Protocol):
    """A solver: it minimises a sum with whole coefficients from feasible values on."""

    def __call__(
        self, model: Linear, cost: Mapping[int, int], start: Values, seconds: float, better: Better
    ) -> Outcome:
        """Call `better` with each better values; return the best and what is proved."""


class Stage(StrEnum):
    """What the search is about. Values are stable: pages show them."""

    COVERAGE = "coverage"
    CREW = "crew"


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
        minimise: Minimise,
        report: Callable[[Report], None],
    ) -> None:
        self.problem = problem
        self.plan = start
        self._began = monotonic()
        self._seconds = seconds
        self._base = base
        self._wish_tolerance = wish_tolerance
        self._minimise = minimise
        self._report = report
        self._placed_at_most: int | None = None
        self._cost_at_least: int | None = None
        facts = Facts(problem)
        self.model = Linear()
        self.seating = Seating(facts, Spots(facts), self.model)
        crewing = Crewing(self.seating)
        self.roster = Roster(crewing)
        self._answer = Answer(crewing)
        self._start = Start(crewing, self.roster)

    def run(self) -> Solution:
        """Search until everything is proved or the time is up."""
        self._cover()
        self._spare_crew()
        return Solution(plan=self.plan, proof=self.proof())

    def proof(self) -> Proof:
        """Return what is proved of the best plan."""
        return Proof(placed_at_most=self._placed_at_most, crew_cost_at_least=self._cost_at_least)

    def _cover(self) -> None:
        """Place most classes."""
        self._tell(Stage.COVERAGE, self.plan)
        seats = dict.fromkeys(self.seating.seats.values(), -1)
        outcome = self._run(Stage.COVERAGE, seats, self._left() * COVERAGE_SHARE)
        if outcome.at_least is not None:
            self._placed_at_most = -outcome.at_least
        self._tell(Stage.COVERAGE, None)

    def _spare_crew(self) -> None:
        """Take least crew with as many classes placed."""
        seats = [(column, 1.0) for column in self.seating.seats.values()]
        self.model.at_least(seats, placed(self.plan))
        outcome = self._run(Stage.CREW, self.roster.cost, self._left())
        self._cost_at_least = outcome.at_least
        self._tell(Stage.CREW, None)

    def _run(self, stage: Stage, cost: Mapping[int, int], seconds: float) -> Outcome:
        def better(values: Values, _: int | None) -> None:
            self._offer(stage, values)

        if seconds <= 0:
            return Outcome(values=None, at_least=None)
        outcome = self._minimise(self.model, cost, self._start.values(self.plan), seconds, better)
        if outcome.values is not None:
            self._offer(stage, outcome.values)
        return outcome

    def _offer(self, stage: Stage, values: Values) -> None:
        """Keep a plan if it is better than the best so far."""
        plan = self._answer.plan(values)
        if self._worth(plan) > self._worth(self.plan):
            self.plan = plan
            self._tell(stage, plan)

    def _worth(self, plan: Plan) -> tuple[int, int]:
        return placed(plan), -crew_cost(self.problem, plan)

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
                placed_at_most=self._placed_at_most,
                crew_cost_at_least=self._cost_at_least,
            )
        )


def placed(plan: Plan) -> int:
    """Count the classes that a plan places."""
    return sum(len(session.classes) for session in plan.sessions)
