"""How far a run is, as it is stored."""

import msgspec

from blaljus.domain.runs import Ending, PlanRun, Progress
from blaljus.planner.figures import figures
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem


def progress_of(problem: Problem, plan: Plan, ending: Ending | None = None) -> Progress:
    """Return where a plan stands before anything is proved of it."""
    found = figures(problem, plan)
    return Progress(
        classes=found.classes,
        placed=found.placed,
        crew_cost=found.crew_cost,
        wishes=sum(bool(row.wishes) for row in problem.classes),
        wishes_met=found.wish_met,
        ending=ending,
    )


def read_progress(run: PlanRun) -> Progress:
    """Return the stored progress of a run; that of an older release is empty, and ended."""
    if run.progress == "{}":
        return Progress(ending=Ending.FINISHED)
    return msgspec.json.decode(run.progress, type=Progress)


def as_json(progress: Progress) -> str:
    """Return progress as it is stored."""
    return msgspec.json.encode(progress).decode()
