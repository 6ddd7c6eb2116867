"""The answer to a season as JSON: placements, crews, and what was proved."""

from collections import defaultdict
from dataclasses import dataclass

import msgspec

from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession, Solution, crew_cost
from blaljus.planner.problem import Problem
from blaljus.planner.season.reading import SeasonError, parse, typed
from blaljus.planner.season.rows import (
    AnswerFile,
    CrewRow,
    OldAnswerFile,
    PlacementRow,
    ProofRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """An earlier answer to plan anew from. It need not keep the rules of today's problem."""

    plan: Plan
    left_out: int
    """Placements and crew members that name what the problem no longer has."""


def write_answer(problem: Problem, solution: Solution) -> bytes:
    """Return the answer, rows sorted: the same plan gives the same bytes.

    It is called optimal only when the plan meets both bounds.
    """
    sessions = sorted(solution.plan.sessions, key=lambda s: (s.half_day, s.venue))
    answer = AnswerFile(
        placements=sorted(
            (
                PlacementRow(school_class=class_id, venue=s.venue, slot=s.half_day)
                for s in sessions
                for class_id in s.classes
            ),
            key=lambda row: row.school_class,
        ),
        crews=[
            CrewRow(venue=s.venue, slot=s.half_day, staff=sorted(m.staff for m in s.crew))
            for s in sessions
        ],
        proof=_proof(problem, solution),
    )
    return msgspec.json.format(msgspec.json.encode(answer), indent=1) + b"\n"


def _proof(problem: Problem, solution: Solution) -> ProofRow:
    placed = sum(len(session.classes) for session in solution.plan.sessions)
    proof = solution.proof
    bounds = proof.placed_at_most, proof.crew_cost_at_least
    met = bounds == (placed, crew_cost(problem, solution.plan))
    return ProofRow(
        placed_upper_bound=proof.placed_at_most,
        crew_cost_lower_bound=proof.crew_cost_at_least,
        status="optimal" if met else "feasible",
    )


def read_answer(problem: Problem, data: bytes) -> Base:
    """Return an earlier answer, or raise `SeasonError` with its mistakes, `place: reason`.

    Classes, venues, slots and people that have left the problem since are left out.
    """
    answer = typed(parse(data), OldAnswerFile)
    known_classes = {row.id for row in problem.classes}
    known_venues = {row.id for row in problem.venues}
    rows = [
        row
        for row in answer.placements
        if row.school_class in known_classes
        and row.venue in known_venues
        and 0 <= row.slot < len(problem.half_days)
    ]
    if answer.placements and not rows:
        raise SeasonError(["placements: not one is of a class and a venue of this problem"])
    _once(answer)
    return _base(problem, answer, rows)


def _once(answer: OldAnswerFile) -> None:
    seen: set[int] = set()
    for index, row in enumerate(answer.placements):
        if row.school_class in seen:
            raise SeasonError([f"placements[{index}]: class {row.school_class} is placed twice"])
        seen.add(row.school_class)


def _base(problem: Problem, answer: OldAnswerFile, rows: list[PlacementRow]) -> Base:
    classes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        classes[row.slot, row.venue].append(row.school_class)
    crews = {(row.slot, row.venue): row.staff for row in answer.crews}
    crew = {key: _crew(problem, key[1], crews.get(key, [])) for key in classes}
    placed = {row.school_class for row in rows}
    named = len(answer.placements) + sum(len(crews.get(key, [])) for key in classes)
    return Base(
        plan=Plan(
            sessions=tuple(
                PlannedSession(venue=v, half_day=t, classes=tuple(sorted(here)), crew=crew[t, v])
                for (t, v), here in sorted(classes.items())
            ),
            unplaced=tuple(sorted({row.id for row in problem.classes} - placed)),
        ),
        left_out=named - len(rows) - sum(map(len, crew.values())),
    )


def _crew(problem: Problem, venue: int, staff: list[int]) -> tuple[PlannedCrew, ...]:
    """Return who stands where: each at the station of the own service."""
    stations = next(row.stations for row in problem.venues if row.id == venue)
    at = {station.service: index for index, station in enumerate(stations)}
    services = {person.id: person.service for person in problem.staff}
    posts = sorted(
        (at[services[person]], person)
        for person in set(staff)
        if person in services and services[person] in at
    )
    return tuple(PlannedCrew(station=station, staff=person) for station, person in posts)
