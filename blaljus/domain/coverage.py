"""The promise as a matrix: where each class stands with each required service."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.booking import Booking
from blaljus.domain.localtime import local_day
from blaljus.domain.schools import Block, SchoolClass, SchoolUnit, block_on
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import (
    ACTIVE_ASSIGNMENT,
    ACTIVE_BOOKING,
    BookingState,
    CoverageState,
    MissCause,
    Service,
    SlotState,
    VisitState,
)

MET = (VisitState.HELD, VisitState.SHORTENED)
"""A shortened visit is a visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What became of one booking at one station."""

    booking: int
    station: int
    state: VisitState
    cause: MissCause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFacts:
    """Everything that coverage follows from, of one plan; any order."""

    classes: Collection[SchoolClass]
    slots: Collection[Slot]
    stations: Collection[Station]
    bookings: Collection[Booking]
    assignments: Collection[Assignment]
    visits: Collection[Visit]
    blocks: Collection[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCoverage:
    """One row of the matrix.

    `day_off` names what keeps the class away on the day of its booking, or is empty. That is no
    state: the booking and its people stand, and somebody must act.
    """

    school_class: SchoolClass
    states: Mapping[Service, CoverageState]
    booking: Booking | None
    slot: Slot | None
    day_off: str

    @property
    def placed(self) -> bool:
        """Return whether the class has an active booking."""
        return self.booking is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The matrix, gaps first, and the schools that have not answered."""

    rows: tuple[ClassCoverage, ...]
    required: tuple[Service, ...]
    unanswered: tuple[SchoolUnit, ...]

    @property
    def totals(self) -> dict[CoverageState, int]:
        """Return how many cells are in each state; every state is there."""
        counted = Counter(state for row in self.rows for state in row.states.values())
        return {state: counted[state] for state in CoverageState}


GAP_ORDER = (
    CoverageState.MISSED,
    CoverageState.NONE,
    CoverageState.AT_RISK,
    CoverageState.OFFERED,
    CoverageState.BOOKED,
    CoverageState.MET,
)
"""Worst first: what the coordinator must act on."""


def coverage(
    facts: CoverageFacts,
    required: tuple[Service, ...],
    unanswered: tuple[SchoolUnit, ...],
    *,
    now: datetime,
) -> Coverage:
    """Return the matrix of the active classes: gaps first, then by school and label."""
    index = _Index(facts, now)
    rows = [_row(c, required, index) for c in facts.classes if c.active]
    rows.sort(key=_gap_key)
    return Coverage(rows=tuple(rows), required=required, unanswered=unanswered)


_RANK = {state: rank for rank, state in enumerate(GAP_ORDER)}


def _gap_key(row: ClassCoverage) -> tuple[object, ...]:
    # Who cannot come on the day stands among those who lack people.
    booked = CoverageState.AT_RISK if row.day_off else CoverageState.BOOKED
    seen = {CoverageState.BOOKED: booked}
    worst = sorted(_RANK[seen.get(state, state)] for state in row.states.values())
    return (worst, row.school_class.school, row.school_class.label, row.school_class.id)


class _Index:
    """The facts, findable: built once, asked once per class."""

    def __init__(self, facts: CoverageFacts, now: datetime) -> None:
        self.slots = {slot.id: slot for slot in facts.slots}
        self.service_of = {station.id: station.provides for station in facts.stations}
        self.manned = _manned(facts)
        self.bookings: dict[int, list[Booking]] = defaultdict(list)
        for booking in facts.bookings:
            self.bookings[booking.school_class].append(booking)
        self.visits: dict[int, list[Visit]] = defaultdict(list)
        for visit in facts.visits:
            self.visits[visit.booking].append(visit)
        self.blocks: dict[int | None, list[Block]] = defaultdict(list)
        for block in facts.blocks:
            self.blocks[block.school_unit].append(block)
        self.offers: dict[Service, set[int | None]] = defaultdict(set)
        for slot in facts.slots:
            if _bookable(slot, now):
                for service in self.manned[slot.id]:
                    self.offers[service].add(slot.venue_school)

    def outcomes(self, bookings: Iterable[Booking]) -> dict[Service, set[VisitState]]:
        """Return what became of each service at the stations of some bookings."""
        found: dict[Service, set[VisitState]] = defaultdict(set)
        for booking in bookings:
            for visit in self.visits[booking.id]:
                if visit.station in self.service_of:
                    found[self.service_of[visit.station]].add(visit.state)
        return found

    def day_off(self, school_class: SchoolClass, booking: Booking) -> str:
        """Return the name of what keeps a class away from a booking to come; empty for nothing."""
        slot = self.slots.get(booking.slot)
        if slot is None or booking.state is BookingState.HELD:
            return ""
        school = school_class.school_unit
        blocks = (*self.blocks[None], *self.blocks[school])
        block = block_on(blocks, school, local_day(slot.starts_at)) if blocks else None
        return block.name if block else ""

    def offered(self, school_unit: int, service: Service) -> bool:
        """Return whether a school may book a slot where the service has its people."""
        # As `Slot.open_to` says: slots at a school are its own, those elsewhere are everybody's.
        return not self.offers[service].isdisjoint((None, school_unit))


def _manned(facts: CoverageFacts) -> dict[int, set[Service]]:
    """Return by slot the services whose stations there, one or more, all have their people."""
    staffed = Counter(a.station for a in facts.assignments if a.state in ACTIVE_ASSIGNMENT)
    present: dict[int, set[Service]] = defaultdict(set)
    lacking: dict[int, set[Service]] = defaultdict(set)
    for station in facts.stations:
        present[station.slot].add(station.provides)
        if staffed[station.id] < station.staff_needed:
            lacking[station.slot].add(station.provides)
    return defaultdict(set, {slot: there - lacking[slot] for slot, there in present.items()})


def _bookable(slot: Slot, now: datetime) -> bool:
    return slot.state is SlotState.PUBLISHED and slot.starts_at > now and slot.taken < slot.places


def _row(school_class: SchoolClass, required: tuple[Service, ...], index: _Index) -> ClassCoverage:
    bookings = index.bookings[school_class.id]
    active = [b for b in bookings if b.state in ACTIVE_BOOKING]
    booking = max(active, key=lambda b: (not b.catch_up, b.id), default=None)
    return ClassCoverage(
        school_class=school_class,
        states=_states(school_class, required, active, index),
        booking=booking,
        slot=index.slots.get(booking.slot) if booking else None,
        day_off=index.day_off(school_class, booking) if booking else "",
    )


def _states(
    school_class: SchoolClass, required: tuple[Service, ...], active: list[Booking], index: _Index
) -> dict[Service, CoverageState]:
    outcomes = index.outcomes(active)
    return {
        service: _outcome(outcomes.get(service)) or _prospect(school_class, service, active, index)
        for service in required
    }


def _outcome(found: Collection[VisitState] | None) -> CoverageState | None:
    if not found:
        return None
    if any(state in MET for state in found):
        return CoverageState.MET
    return CoverageState.MISSED if VisitState.MISSED in found else None


def _prospect(
    school_class: SchoolClass, service: Service, active: list[Booking], index: _Index
) -> CoverageState:
    if active:
        staffed = any(service in index.manned[booking.slot] for booking in active)
        return CoverageState.BOOKED if staffed else CoverageState.AT_RISK
    offered = index.offered(school_class.school_unit, service)
    return CoverageState.OFFERED if offered else CoverageState.NONE
