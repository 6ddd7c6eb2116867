"""What the solving process is asked and what it tells: one JSON object a line."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaProof:
    """What is proved of one police area while the rest of the plan stays as it is."""

    area: int
    classes: int
    placed: int
    placed_at_most: int | None
    crew_cost: int
    crew_cost_at_least: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A problem to solve within so many seconds; 0 asks for the heuristic's plan alone."""

    problem: Problem
    seconds: float
    seed: int = 0
    start: Plan | None = None
    """A plan to begin with; `None`: the heuristic's."""
    base: Plan | None = None
    """An earlier plan to move away from as little as possible. It may break today's rules."""
    wish_tolerance: int = 0
    """Per cent more crew cost that may be spent on wishes."""
    areas: tuple[AreaProof, ...] = ()
    """Police areas that an earlier run finished in `start`; they are left as they are."""


class Told(msgspec.Struct, frozen=True, kw_only=True, tag="told"):
    """Where the solver stands: a better plan, better bounds, or both."""

    stage: str
    seconds: float
    processor_seconds: float = 0.0
    """Since the start like `seconds`, without what other programs took of the machine."""
    plan: Plan | None = None
    placed: int
    """Classes in the best plan; costs and moves at least hold for these and any larger number."""
    placed_at_most: int | None = None
    crew_cost_at_least: int | None = None
    moved_at_least: int | None = None
    areas: tuple[AreaProof, ...] = ()
    """The police areas that are finished, when the problem is solved area by area."""
    peak_bytes: int = 0


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """The last line."""

    how: Literal["finished", "no-memory"] = "finished"
    peak_bytes: int = 0


Message = Told | Done
