"""What a search asks of a solver, and what it tells of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from blaljus.planner.model.answer import Values
from blaljus.planner.model.goals import Stage
from blaljus.planner.model.linear import Linear
from blaljus.planner.plan import Plan

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
        self,
        model: Linear,
        cost: Mapping[int, int],
        start: Values | None,
        seconds: float,
        better: Better,
        *,
        enough: Event | None = None,
        tidy: bool,
    ) -> Outcome:
        """Begin with feasible values; call `better` with each better ones; end when `enough`."""

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
    moved_at_least: int | None
