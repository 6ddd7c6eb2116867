"""The promise as a matrix: where each class stands with each required service."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.booking import Booking
from blaljus.domain.schools import SchoolClass, SchoolUnit
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import (
    ACTIVE_ASSIGNMENT,
    ACTIVE_BOOKING,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCoverage:
    """One row of the matrix."""

    school_class: SchoolClass
    states: Mapping[Service, CoverageState]
    booking: Booking | None
    slot: Slot | None

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


def _gap_key(row: ClassCoverage) -> tuple[object, ...]:
    worst = sorted(GAP_ORDER.index(state) for state in row.states.values())
    return (worst, row.school_class.school, row.school_class.label, row.school_class.id)


class _Index:
    """The facts, findable: built once, asked once per class."""

    def __init__(self, facts: CoverageFacts, now: datetime) -> None:
        self.slots = {slot.id: slot for slot in facts.slots}
        self.service_of = {station.id: station.provides for station in facts.stations}
        self.stations: dict[int, list[Station]] = defaultdict(list)
        for station in facts.stations:
            self.stations[station.slot].append(station)
        self.staffed = Counter(a.station for a in facts.assignments if a.state in ACTIVE_ASSIGNMENT)
        self.bookings: dict[int, list[Booking]] = defaultdict(list)
        for booking in facts.bookings:
            self.bookings[booking.school_class].append(booking)
        self.visits: dict[int, list[Visit]] = defaultdict(list)
        for visit in facts.visits:
            self.visits[visit.booking].append(visit)
        self.offers = [s for s in facts.slots if _bookable(s, now)]

    def outcomes(self, bookings: Iterable[Booking], service: Service) -> set[VisitState]:
        """Return what became of a service at the stations of some bookings."""
        return {
            visit.state
            for booking in bookings
            for visit in self.visits[booking.id]
            if self.service_of.get(visit.station) is service
        }

    def has_staff(self, slot: int, service: Service) -> bool:
        """Return whether every station of a service in a slot has its people."""
        stations = [s for s in self.stations[slot] if s.provides is service]
        return bool(stations) and all(self.staffed[s.id] >= s.staff_needed for s in stations)

    def offered(self, school_unit: int, service: Service) -> bool:
        """Return whether a school may book a slot where the service has its people."""
        return any(s.open_to(school_unit) and self.has_staff(s.id, service) for s in self.offers)


def _bookable(slot: Slot, now: datetime) -> bool:
    return slot.state is SlotState.PUBLISHED and slot.starts_at > now and slot.taken < slot.places


def _row(school_class: SchoolClass, required: tuple[Service, ...], index: _Index) -> ClassCoverage:
    bookings = index.bookings[school_class.id]
    active = [b for b in bookings if b.state in ACTIVE_BOOKING]
    booking = max(active, key=lambda b: (not b.catch_up, b.id), default=None)
    return ClassCoverage(
        school_class=school_class,
        states={service: _state(school_class, service, active, index) for service in required},
        booking=booking,
        slot=index.slots.get(booking.slot) if booking else None,
    )


def _state(
    school_class: SchoolClass, service: Service, active: list[Booking], index: _Index
) -> CoverageState:
    outcomes = index.outcomes(active, service)
    if outcomes & set(MET):
        return CoverageState.MET
    if VisitState.MISSED in outcomes:
        return CoverageState.MISSED
    if active:
        staffed = any(index.has_staff(booking.slot, service) for booking in active)
        return CoverageState.BOOKED if staffed else CoverageState.AT_RISK
    offered = index.offered(school_class.school_unit, service)
    return CoverageState.OFFERED if offered else CoverageState.NONE
