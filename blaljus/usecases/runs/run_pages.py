"""Runs of the planner as a coordinator reads them: names and times in place of ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.runs import PlanRun, Progress
from blaljus.domain.schools import SchoolClass, Venue
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import ACTIVE_BOOKING, SlotState
from blaljus.store import (
    bookings,
    plans,
    runs,
    schools,
    slots,
)
from blaljus.store.engine import read_transaction
from blaljus.usecases.runs.planning import RunPage, get_run
from blaljus.usecases.runs.proposal import Proposal, ProposedSlot, read_proposal
from blaljus.usecases.runs.run_crews import Crew, Crews, crew_of, load_crews
from blaljus.usecases.runs.run_letters import Letters, letters_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run in the list: how many classes it placed, and how many it left."""

    run: PlanRun
    placed: int
    unplaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """One proposed slot `[starts_at, ends_at)`; `slot` is what was published there, if anything.

    `extends` is true where the proposal puts more classes into a slot that stands already.
    """

    starts_at: datetime
    ends_at: datetime
    place: str
    classes: Sequence[SchoolClass]
    crew: Sequence[Crew]
    extends: bool
    slot: Slot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingClass:
    """A class without a time: the step that left no half-day, and (step, half-days left) each."""

    school_class: SchoolClass
    reason: str
    steps: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the ids of a proposal stand for."""

    venues: Mapping[int, Venue]
    classes: Mapping[int, SchoolClass]
    crews: Crews


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds before a proposal is approved: classes in all and with a time, coming slots."""

    classes: int
    with_time: int
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run with what approving it means."""

    run: PlanRun
    progress: Progress
    year: SchoolYear
    names: Names
    before: Standing
    slots: Sequence[SlotView]
    waiting: Sequence[WaitingClass]
    placed: int
    half_days: int
    staff_days: int
    letters: Letters
    """What approving it will owe."""

    @property
    def new_slots(self) -> int:
        """Return how many slots it would publish."""
        return sum(not slot.extends for slot in self.slots)

    @property
    def extended(self) -> int:
        """Return how many published slots would get more classes."""
        return len(self.slots) - self.new_slots


async def list_run_rows(person: Person, municipality: int) -> list[RunRow]:
    """Return the runs of a municipality, newest first, with their counts. One statement."""
    rows = await runs.list_runs(municipality) if municipality in person.municipalities else []
    proposals = [(run, read_proposal(run.proposal)) for run in rows]
    return [
        RunRow(run=run, placed=proposal.placed, unplaced=len(proposal.unplaced))
        for run, proposal in proposals
    ]


async def get_run_view(person: Person, municipality: int, number: int) -> RunView:
    """Return a run of a municipality the person coordinates, or raise `NotFoundError`.

    Costs the same number of statements for any number of slots.
    """
    scope = (municipality,)
    async with read_transaction():
        found = await get_run(person, municipality, number)
        plan = await plans.get_plan(found.run.plan, scope)
        names = await _load_names(found.proposal, municipality)
        published = await slots.list_slots(plan.id, scope, published=False)
        before = await _load_standing(plan, published)
        letters = await letters_of(found.proposal, municipality)
    return _view(found, plan, names, published, before, letters)


async def _load_standing(plan: SeasonPlan, published: Sequence[Slot]) -> Standing:
    scope = (plan.municipality,)
    booked = await bookings.list_bookings(plan.id, scope)
    classes = await schools.list_classes(scope, SchoolYear(plan.school_year))
    return Standing(
        classes=len(classes),
        with_time=len({b.school_class for b in booked if b.state in ACTIVE_BOOKING}),
        slots=sum(slot.state is SlotState.PUBLISHED for slot in published),
    )


async def _load_names(proposal: Proposal, municipality: int) -> Names:
    scope = (municipality,)
    wanted = [*_placed(proposal), *(row.class_id for row in proposal.unplaced)]
    return Names(
        venues={venue.id: venue for venue in await schools.list_venues(scope)},
        classes={c.id: c for c in await schools.get_classes(wanted, scope)},
        crews=await load_crews(proposal),
    )


def _placed(proposal: Proposal) -> list[int]:
    return [class_id for slot in proposal.slots for class_id in slot.classes]


def _view(
    found: RunPage,
    plan: SeasonPlan,
    names: Names,
    published: Sequence[Slot],
    before: Standing,
    letters: Letters,
) -> RunView:
    proposal = found.proposal
    ordered = sorted(proposal.slots, key=lambda s: (s.day, s.half != "fm", s.venue))
    duties = [(staff, slot.day) for slot in proposal.slots for _, staff in slot.crew]
    return RunView(
        run=found.run,
        progress=found.progress,
        year=SchoolYear(plan.school_year),
        names=names,
        before=before,
        slots=[_slot_view(slot, plan, names, published) for slot in ordered],
        waiting=[
            WaitingClass(
                school_class=names.classes[row.class_id], reason=row.reason, steps=row.steps
            )
            for row in proposal.unplaced
        ],
        placed=proposal.placed,
        half_days=proposal.half_days,
        staff_days=len(set(duties)),
        letters=letters,
    )


def _slot_view(
    proposed: ProposedSlot, plan: SeasonPlan, names: Names, published: Sequence[Slot]
) -> SlotView:
    venue = names.venues[proposed.venue]
    stations = len({position for position, _ in proposed.crew})
    starts_at, ends_at = plan.span(proposed.day, proposed.half, max(stations, 1))
    slot = _slot_there(proposed, starts_at, published)
    if proposed.fixed is not None and slot is not None:
        starts_at, ends_at = slot.starts_at, slot.ends_at
    return SlotView(
        starts_at=starts_at,
        ends_at=ends_at,
        place=venue.name,
        classes=[names.classes[class_id] for class_id in proposed.classes],
        crew=crew_of(proposed, (starts_at, ends_at), names.crews, plan, venue),
        extends=proposed.fixed is not None,
        slot=slot,
    )


def _slot_there(
    proposed: ProposedSlot, starts_at: datetime, published: Sequence[Slot]
) -> Slot | None:
    """Return the slot that the proposal fills or became; of several the newest."""
    there = [
        slot
        for slot in published
        if proposed.fixed == slot.id
        or (proposed.fixed is None and (slot.venue, slot.starts_at) == (proposed.venue, starts_at))
    ]
    return max(there, key=lambda slot: slot.id, default=None)
