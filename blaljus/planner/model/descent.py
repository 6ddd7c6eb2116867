"""One line of search: a plan, and runs of the solver that make it better."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic

from blaljus.planner.model.answer import HALF, Answer, Values
from blaljus.planner.model.goals import Goal, Goals
from blaljus.planner.model.linear import Linear, part_of
from blaljus.planner.model.solver import Solver
from blaljus.planner.model.start import Start
from blaljus.planner.plan import Plan

Held = tuple[Goal, int]
"""A goal, and how much it may come to."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How one model is solved, and its values made of a plan and a plan of its values."""

    model: Linear
    goals: Goals
    start: Start
    answer: Answer
    solver: Solver

    def values(self, plan: Plan) -> Values:
        """Return a plan as values of the model as it is now."""
        values = self.start.values(plan)
        for fill in self.goals.fills:
            fill(values)
        return values


class Descent:
    """Makes a plan better, goal after goal; the best so far is in `plan`.

    Several may go on at once, each with a plan of its own, while nobody changes the model. One
    ends soon when somebody sets `enough`.
    """

    def __init__(
        self,
        ways: Ways,
        plan: Plan,
        held: Sequence[Held],
        *,
        tell: Callable[[Goal, Plan], None] | None = None,
        enough: Event | None = None,
    ) -> None:
        self.plan = plan
        self._ways = ways
        self._held = held
        self._tell = tell
        self._enough = enough

    def run(
        self,
        goal: Goal,
        until: float,
        closed: Collection[int] = (),
        settled: Collection[int] = (),
    ) -> int | None:
        """Minimise the last goal that is held; return what it comes to at least.

        Columns of `closed` that the plan so far does without stay 0; those of `settled` stay as
        they are, 0 or 1. `None` where the time is up.
        """
        seconds = until - monotonic()
        if seconds <= 0 or (self._enough is not None and self._enough.is_set()):
            return None
        model, start = self._ways.model, self._ways.values(self.plan)
        used = {column for column in {*closed, *settled} if start[column] > HALF}
        part = part_of(model, {*closed, *settled} - used, used.intersection(settled))
        size = len(model.lower)
        outcome = self._ways.solver.minimise(
            part.model,
            part.costs(goal.cost),
            part.inside(start),
            seconds,
            lambda values: self._consider(goal, part.outside(values, size)),
            enough=self._enough,
            tidy=goal.tidy,
        )
        if outcome.values is not None:
            self._consider(goal, part.outside(outcome.values, size))
        return outcome.at_least

    def _consider(self, goal: Goal, values: Values) -> None:
        self.offer(goal, self._ways.answer.plan(values))

    def offer(self, goal: Goal, plan: Plan) -> None:
        """Keep a plan if it is better than the best so far."""
        if self._worth(plan) < self._worth(self.plan):
            self.plan = plan
            if self._tell is not None:
                self._tell(goal, plan)

    def _worth(self, plan: Plan) -> list[int]:
        """Return what is least in the best plan: goal after goal, as far as each must be met."""
        amounts = [max(goal.amount(plan), enough) for goal, enough in self._held[:-1]]
        return [*amounts, self._held[-1][0].amount(plan)]
