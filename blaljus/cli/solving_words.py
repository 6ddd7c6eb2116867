"""What `blaljus plan solve` says: progress, what was found and proved, and why not."""

from collections.abc import Iterator

from blaljus.planner.advice.explain import explain
from blaljus.planner.plan import Plan
from blaljus.planner.problem import Problem
from blaljus.planner.process.judge import Standing
from blaljus.planner.process.messages import AreaProof
from blaljus.planner.solving import Ended, Outcome
from blaljus.usecases.runs.why import Names, dwindling, why_not
from blaljus.usecases.runs.why_words import reason_text
from blaljus.usecases.runs.why_words import why_lines as told

SEARCHED = 100
"""Classes of the largest season in which every class without a time is searched for help."""

ENDINGS = {
    Ended.FINISHED: "",
    Ended.STOPPED: "Stopped: this is the best plan so far.",
    Ended.HUNG: "The solver did not end when its time was up, and was ended.",
    Ended.DIED: "The solver broke down.",
    Ended.NO_MEMORY: "The solver had too little memory.",
    Ended.LIED: "The solver told what cannot be true; nothing that it proved is believed.",
}


def progress_line(standing: Standing) -> str:
    """Return time, best and bounds on one line."""
    found, proof = standing.figures, standing.proof
    most = "?" if proof.placed_at_most is None else proof.placed_at_most
    least = "?" if proof.crew_cost_at_least is None else proof.crew_cost_at_least
    moved = "" if found.moved is None else f", {found.moved} moved"
    return (
        f"{standing.seconds:8.2f} s  {standing.stage:<12}"
        f" {found.placed} of {found.classes} placed (at most {most}),"
        f" crew cost {found.crew_cost} (at least {least}){moved}"
    )


def ending_line(outcome: Outcome) -> str:
    """Return how the run ended, empty when as it should."""
    trouble = f" ({outcome.trouble})" if outcome.trouble else ""
    kept = "" if outcome.ended in {Ended.FINISHED, Ended.STOPPED} else " The best plan is kept."
    return f"{ENDINGS[outcome.ended]}{trouble}{kept}".strip()


def summary_lines(standing: Standing) -> list[str]:
    """Return what the plan holds and what is proved of it."""
    found = standing.figures
    crew = f"{found.crew_half_days} half-days, {found.staff_days} staff-days"
    lines = [
        f"{found.placed} of {found.classes} classes are placed; {_most(standing)}.",
        f"Crew cost {found.crew_cost} ({crew}); {_least(standing)}.",
        f"{found.wish_met} wishes met, {found.first_wish} of them first wishes.",
        f"At most {found.max_load} sessions for one person; {found.travel_minutes} min of travel.",
    ]
    if found.moved is not None:
        lines.append(f"{found.moved} classes lose the time or place they had; {_moved(standing)}.")
    if standing.areas:
        lines.append(_areas_line(standing.areas))
    return lines


def _areas_line(areas: tuple[AreaProof, ...]) -> str:
    """Return how near each police area is to its best while the rest stays as it is."""
    met = [area for area in areas if area.crew_cost == area.crew_cost_at_least]
    bound = [area for area in areas if area.crew_cost_at_least is not None]
    cost = sum(area.crew_cost for area in bound)
    least = sum(area.crew_cost_at_least or 0 for area in bound)
    return (
        f"{len(areas)} police areas are finished, {len(met)} of them proved while the rest stays as"
        f" it is; crew cost of those with a bound {cost} (at least {least})."
    )


def _most(standing: Standing) -> str:
    placed, most = standing.figures.placed, standing.proof.placed_at_most
    if placed == standing.figures.classes:
        return "that is all"
    if most is None:
        return "how many are possible is not proved"
    return "no plan places more" if most == placed else f"no plan places more than {most}"


def _moved(standing: Standing) -> str:
    moved, least = standing.figures.moved, standing.proof.moved_at_least
    if least is None:
        return "the fewest possible are not proved"
    return (
        "no plan of as many classes moves fewer"
        if least == moved
        else f"no plan of as many classes moves fewer than {least}"
    )


def _least(standing: Standing) -> str:
    cost, least = standing.figures.crew_cost, standing.proof.crew_cost_at_least
    if least is None:
        return "the least possible is not proved"
    return (
        "no plan of as many classes costs less"
        if least == cost
        else f"no plan of as many classes costs less than {least}"
    )


def why_lines(problem: Problem, plan: Plan) -> Iterator[str]:
    """Yield for each class without a time why, and what would help, in Swedish.

    Of a large season only how the half-days dwindle: each change that would help is a search.
    """
    labels = {row.id: row.label for row in problem.classes}
    names = Names(
        staff={person.id: f"person {person.id}" for person in problem.staff},
        venues={venue.id: f"plats {venue.id}" for venue in problem.venues},
    )
    if len(problem.classes) <= SEARCHED:
        found = ((c, why_not(problem, plan, c, names)) for c in sorted(plan.unplaced))
    else:
        found = ((row.class_id, dwindling(row)) for row in explain(problem, plan))
    for class_id, why in found:
        yield f"Klass {labels[class_id]}: {reason_text(why, 'sv')}"
        yield from (f"  {line}" for line in told(why, "sv"))
