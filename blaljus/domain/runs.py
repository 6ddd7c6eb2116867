"""Runs of the planner: searches whose best plan a coordinator approves or throws away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blaljus.domain.errors import BlaljusError

SILENCE = timedelta(seconds=15)
"""A search that nobody has heard of for so long has ended with its server."""


class RunState(StrEnum):
    """Life of a run. Values are stable."""

    RUNNING = "running"
    PROPOSED = "proposed"
    INTERRUPTED = "interrupted"
    """The server ended during the search; the best plan until then may still be approved."""
    APPROVED = "approved"
    DISCARDED = "discarded"
    FAILED = "failed"
    """Nothing makes it any longer; runs of an older release may have it."""


UNDECIDED = (RunState.PROPOSED, RunState.INTERRUPTED)
"""States in which a coordinator approves a run or throws it away."""


class Ending(StrEnum):
    """Why a search ended. Values are stable: runs are stored with them."""

    FINISHED = "finished"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    TROUBLE = "trouble"
    """The solver died, hung, lied or had too little memory; the best checked plan is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a search stands, or stood when it ended. Counts are those of its best plan."""

    stage: str = ""
    """What is sought now, as the planner calls it; empty before the search has begun."""
    seconds: float = 0.0
    """Since the search began."""
    classes: int = 0
    """Classes that are to be placed."""
    placed: int = 0
    placed_at_most: int | None = None
    """No plan places more; `None` while nothing is proved."""
    crew_cost: int = 0
    """2 x half-days + staff-days."""
    crew_cost_at_least: int | None = None
    """No plan that places as many classes costs less; `None` while nothing is proved."""
    wishes: int = 0
    """Classes that have wished."""
    wishes_met: int = 0
    ending: Ending | None = None
    """`None` while the search goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How a search is to be made."""

    seconds: int = 0
    """Time to search, 0-3600; 0 asks for the quick plan alone."""
    wish_tolerance: int = 0
    """Per cent more of the staff's time that may be spent on wishes, 0-100."""


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
    seconds: int
    wish_tolerance: int
    progress: str
    """JSON of a `Progress`."""
    heard_at: datetime | None
    """When the search was last heard of; `None` for runs older than searches."""
    stop_asked: bool

    def elapsed(self, now: datetime) -> int:
        """Return the whole seconds since the search began, at most those that it was given."""
        return min(max(0, int((now - self.created_at).total_seconds())), self.seconds)

    def is_silent(self, now: datetime) -> bool:
        """Tell whether the search ended without a word."""
        heard_at = self.heard_at or self.created_at
        return self.state is RunState.RUNNING and now - heard_at > SILENCE


class RunDecidedError(BlaljusError):
    """The run was approved or discarded already, or is still searching."""

    code = "run-decided"


class WorldChangedError(BlaljusError):
    """What was planned with is no longer so; plan again. Nothing was changed."""

    code = "world-changed"
