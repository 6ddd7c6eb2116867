"""A plan as it is stored and shown: dates and ids in place of masks and positions."""

from dataclasses import dataclass
from datetime import date

import msgspec

from blaljus.domain.words import Half
from blaljus.planner.advice.explain import explain
from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession, crew_cost
from blaljus.planner.problem import HalfDay, Problem
from blaljus.usecases.runs.problem import World


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedSlot:
    """One slot to be, or (`fixed`) more classes for a published one."""

    venue: int
    day: date
    half: Half
    classes: tuple[int, ...]
    crew: tuple[tuple[int, int], ...]
    """(position of the station in the venue's list, staff id)."""
    fixed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A class that found no time: the first step that left none, and all steps."""

    class_id: int
    reason: str
    steps: tuple[tuple[str, int], ...]
    """(step, half-days left after it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a coordinator approves."""

    slots: tuple[ProposedSlot, ...]
    unplaced: tuple[Unplaced, ...]
    crew_cost: int

    @property
    def placed(self) -> int:
        """Return how many classes get a slot."""
        return sum(len(slot.classes) for slot in self.slots)

    @property
    def half_days(self) -> int:
        """Return how many half-days of staff it takes."""
        return sum(len(slot.crew) for slot in self.slots)


def propose(world: World, answer: Plan) -> Proposal:
    """Return a planner's answer as a proposal, with why each class left over has no time."""
    return Proposal(
        slots=tuple(_slot(session, world.problem) for session in answer.sessions),
        unplaced=tuple(
            Unplaced(
                class_id=why.class_id,
                reason=why.reason.value,
                steps=tuple((step.code.value, step.half_days) for step in why.steps),
            )
            for why in explain(world.problem, answer)
        ),
        crew_cost=crew_cost(world.problem, answer),
    )


def _slot(session: PlannedSession, problem: Problem) -> ProposedSlot:
    half_day = problem.half_days[session.half_day]
    return ProposedSlot(
        venue=session.venue,
        day=half_day.day,
        half=half_day.half,
        classes=session.classes,
        crew=tuple((member.station, member.staff) for member in session.crew),
        fixed=session.fixed,
    )


def read_proposal(text: str) -> Proposal:
    """Return a stored proposal."""
    return msgspec.json.decode(text, type=Proposal)


def write_proposal(proposal: Proposal) -> str:
    """Return a proposal as it is stored."""
    return msgspec.json.encode(proposal).decode()


def as_plan(proposal: Proposal, problem: Problem) -> Plan | None:
    """Return a proposal as an answer to a newer problem; None where one of its days is gone.

    Classes that came since count as not placed, so that the referee judges the rest.
    """
    index_of = {half_day: index for index, half_day in enumerate(problem.half_days)}
    if any(HalfDay(slot.day, slot.half) not in index_of for slot in proposal.slots):
        return None
    placed = {class_id for slot in proposal.slots for class_id in slot.classes}
    return Plan(
        sessions=tuple(
            PlannedSession(
                venue=slot.venue,
                half_day=index_of[HalfDay(slot.day, slot.half)],
                classes=slot.classes,
                crew=tuple(
                    PlannedCrew(station=station, staff=staff) for station, staff in slot.crew
                ),
                fixed=slot.fixed,
            )
            for slot in proposal.slots
        ),
        unplaced=tuple(sorted(c.id for c in problem.classes if c.id not in placed)),
    )
