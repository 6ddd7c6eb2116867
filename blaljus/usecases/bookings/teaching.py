"""What a teacher's pages show: classes and how they stand, and their bookings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blaljus.domain.attendance import AttendanceReport, may_report
from blaljus.domain.booking import Booking, may_change
from blaljus.domain.coverage import CoverageFacts, coverage
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.replies import Reply
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.words import (
    ACTIVE_BOOKING,
    REQUIRED_SERVICES,
    BookingState,
    CoverageState,
    Service,
)
from blaljus.store import assignments, bookings, plans, proposals, schools, slots, visits
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.booking import get_own_booking
from blaljus.usecases.bookings.choosing import (
    Choice,
    Season,
    load_season,
    nearest_choices,
    sought_services,
)
from blaljus.usecases.context import Context

SUGGESTED = 3
"""Times offered at once on the class's page; more are a click away."""


class Step(StrEnum):
    """What a class does next. Values are stable: templates use them."""

    WAIT = "wait"
    """Nothing can be booked: no plan, no published slot, or none that fits."""
    BOOK = "book"
    CONFIRM = "confirm"
    PREPARE = "prepare"
    REPORT = "report"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassStatus:
    """One class of a teacher's page; `booking`, `slot` and `stations` while it has a time."""

    school_class: SchoolClass
    states: Mapping[Service, CoverageState]
    booking: Booking | None
    slot: Slot | None
    stations: Sequence[Station]
    suggested: Sequence[Choice]
    """The first times that fit; while the class has one that it may leave, the nearest to it."""
    published: bool
    """Whether the class's municipality has published any time that is still to come."""
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPage:
    """A booking with all around it. `newer` is what replaced it, where it was cancelled."""

    booking: Booking
    school_class: SchoolClass
    slot: Slot
    stations: Sequence[Station]
    sought: Sequence[Service]
    own: bool
    may_change: bool
    may_report: bool
    newer: Booking | None
    report: AttendanceReport | None
    proposal: Reply | None
    """Another time that was proposed for it and waits for a coordinator."""

    @property
    def active(self) -> bool:
        """Return whether the class still has its place."""
        return self.booking.state in ACTIVE_BOOKING


async def list_my_classes(context: Context, person: Person) -> list[ClassStatus]:
    """Return the classes the person teaches, by school and label, each with its next step."""
    now = context.clock()
    async with read_transaction():
        classes = await schools.get_classes(person.classes, person.scope)
        booked = await bookings.list_class_bookings(person.classes, person.scope)
        found: list[ClassStatus] = []
        for municipality, year in sorted({(c.municipality, c.school_year) for c in classes}):
            mine = [c for c in classes if (c.municipality, c.school_year) == (municipality, year)]
            plan = await plans.find_plan(municipality, SchoolYear(year))
            found += await _statuses(plan, mine, booked, now) if plan else map(_unplanned, mine)
    return sorted(found, key=lambda status: classes.index(status.school_class))


def _unplanned(school_class: SchoolClass) -> ClassStatus:
    return ClassStatus(
        school_class=school_class,
        states=dict.fromkeys(REQUIRED_SERVICES, CoverageState.NONE),
        booking=None,
        slot=None,
        stations=(),
        suggested=(),
        published=False,
        step=Step.WAIT,
    )


async def _statuses(
    plan: SeasonPlan, classes: list[SchoolClass], booked: list[Booking], now: datetime
) -> list[ClassStatus]:
    season = await load_season(plan, await slots.list_slots(plan.id, (plan.municipality,)))
    facts = CoverageFacts(
        classes=classes,
        slots=season.slots,
        stations=[station for each in season.stations.values() for station in each],
        bookings=[booking for booking in booked if booking.plan == plan.id],
        assignments=season.assignments,
        visits=await visits.list_visits(plan.id, (plan.municipality,)),
        blocks=season.blocks,
    )
    rows = coverage(facts, plan.required, (), now=now).rows
    return [
        _status(season, row.school_class, row.states, row.booking, row.slot, now) for row in rows
    ]


def _status(
    season: Season,
    school_class: SchoolClass,
    states: Mapping[Service, CoverageState],
    booking: Booking | None,
    slot: Slot | None,
    now: datetime,
) -> ClassStatus:
    fit = _fit(season, school_class, booking, slot, now)
    return ClassStatus(
        school_class=school_class,
        states=states,
        booking=booking,
        slot=slot,
        stations=season.stations[slot.id] if slot else (),
        suggested=sorted(fit[:SUGGESTED], key=lambda choice: choice.slot.starts_at),
        published=any(slot.starts_at > now for slot in season.slots),
        step=_step(booking, slot, now) if booking else Step.BOOK if fit else Step.WAIT,
    )


def _fit(
    season: Season,
    school_class: SchoolClass,
    booking: Booking | None,
    slot: Slot | None,
    now: datetime,
) -> list[Choice]:
    """Return what the class could take now, nearest to its own time first, else in order."""
    if booking is None:
        every = season.choices(school_class, None, school_class.pupils, now=now)
        return [choice for choice in every if not choice.reasons]
    if slot is None or booking.state is BookingState.HELD or not may_change(slot, now=now):
        return []
    every = season.choices(school_class, booking, booking.pupils, now=now)
    return nearest_choices([c for c in every if not c.reasons], slot.starts_at)


def _step(booking: Booking, slot: Slot | None, now: datetime) -> Step:
    if booking.state is BookingState.HELD:
        return Step.DONE
    if slot is None:
        return Step.WAIT
    if may_report(slot, now=now):
        return Step.REPORT
    return Step.CONFIRM if booking.state is BookingState.TENTATIVE else Step.PREPARE


async def list_bookable_classes(context: Context, person: Person) -> list[SchoolClass]:
    """Return the classes the person may book for, own and coordinated, by school and label.

    Raises `NotFoundError` where there are none.
    """
    year = SchoolYear.of(local_day(context.clock()))
    taught = await schools.get_classes(person.classes, person.scope)
    everyones = (
        await schools.list_classes(person.municipalities, year) if person.municipalities else []
    )
    found = {c.id: c for c in [*taught, *everyones]}
    if not found:
        raise NotFoundError
    return sorted(found.values(), key=lambda c: (c.school, c.label, c.id))


async def get_booking_page(context: Context, person: Person, number: int) -> BookingPage:
    """Return a booking of a class the person teaches or coordinates, with all around it."""
    now = context.clock()
    async with read_transaction():
        booking, school_class = await get_own_booking(person, number)
        scope = (booking.municipality,)
        slot = await slots.get_slot(booking.slot, scope)
        stations = await slots.list_stations([slot.id])
        duties = await assignments.list_assignments([slot.id], scope)
        others = await bookings.list_class_bookings([school_class.id], scope)
        report = await visits.find_report(booking)
        proposal = await proposals.find_proposal(booking.municipality, booking=booking.id)
    return BookingPage(
        booking=booking,
        school_class=school_class,
        slot=slot,
        stations=stations,
        sought=sought_services(stations, duties),
        own=school_class.id in person.classes,
        may_change=may_change(slot, now=now),
        may_report=may_report(slot, now=now),
        newer=_newer(booking, others),
        report=report,
        proposal=proposal,
    )


def _newer(booking: Booking, others: Iterable[Booking]) -> Booking | None:
    if booking.state in ACTIVE_BOOKING:
        return None
    active = [b for b in others if b.state in ACTIVE_BOOKING and b.plan == booking.plan]
    return max(active, key=lambda b: b.id, default=None)
