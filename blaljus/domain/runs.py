"""Runs of the planner: proposals that a coordinator approves or throws away."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blaljus.domain.errors import BlaljusError


class RunState(StrEnum):
    """Life of a run. Values are stable."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DISCARDED = "discarded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """A run; `proposal` is JSON, `world` the SHA-256 of the problem it answers."""

    id: int
    municipality: int
    plan: int
    number: int
    state: RunState
    proposal: str
    world: str
    created_at: datetime
    decided_at: datetime | None
    version: int


class RunDecidedError(BlaljusError):
    """The run was approved or discarded already."""

    code = "run-decided"


class WorldChangedError(BlaljusError):
    """What was planned with is no longer so; plan again. Nothing was changed."""

    code = "world-changed"
