"""Times a class can choose among, and every reason against each of the others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from blaljus.domain.booking import (
    Booking,
    BookingClosedError,
    BookingDetails,
    Refusal,
    may_change,
    nearest,
    refusals,
)
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.schools import Block, SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station, services_of
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING, Service, Transport
from blaljus.store import assignments, bookings, plans, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.booking import get_own_class
from blaljus.usecases.context import Context

ALTERNATIVES = 3
"""Times offered to who came too late: enough to choose, few enough to read at a glance."""

HIDDEN = {Refusal.PAST, Refusal.NOT_PUBLISHED, Refusal.OTHER_SCHOOL}
"""No wish of the class changes these; and where another school's children meet is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A time: what is there, whom it still seeks, and every reason against it."""

    slot: Slot
    stations: Sequence[Station]
    sought: Sequence[Service]
    reasons: Sequence[Refusal]

    @property
    def services(self) -> tuple[Service, ...]:
        """Return who has a station."""
        return services_of(self.stations)

    @property
    def staffed(self) -> tuple[Service, ...]:
        """Return whose stations all have their people."""
        return tuple(service for service in self.services if service not in self.sought)


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """The slots of a plan with what decides who may come; loaded at once."""

    plan: SeasonPlan
    slots: Sequence[Slot]
    stations: Mapping[int, Sequence[Station]]
    assignments: Sequence[Assignment]
    blocks: Sequence[Block]
    pupils: Mapping[int, Sequence[int]]
    """Of each class that comes, by slot; of the slots where they decide about places."""

    def choices(
        self, school_class: SchoolClass, current: Booking | None, pupils: int, *, now: datetime
    ) -> tuple[Choice, ...]:
        """Return every slot as a choice of a class, in order of time."""
        details = BookingDetails(
            pupils=pupils, adults=0, phone="", access_needs={}, transport=Transport.NONE
        )
        staffed = _staffed(self.assignments)
        notice = timedelta(days=self.plan.notice_days)
        return tuple(
            Choice(
                slot=slot,
                stations=self.stations[slot.id],
                sought=_sought(self.stations[slot.id], staffed),
                reasons=refusals(
                    slot,
                    self.stations[slot.id],
                    school_class,
                    details,
                    self.blocks,
                    notice=notice,
                    now=now,
                    current=current,
                    others=self.pupils.get(slot.id, ()),
                ),
            )
            for slot in self.slots
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotChoices:
    """What the page of times shows; `current` and `current_slot` while the class has a time."""

    school_class: SchoolClass
    own: bool
    current: Booking | None
    current_slot: Slot | None
    every: Sequence[Choice]

    @property
    def version(self) -> int:
        """Return the version of the class's booking, 0 while it has none."""
        return self.current.version if self.current else 0

    @property
    def fit(self) -> list[Choice]:
        """Return the times the class may take."""
        return [choice for choice in self.every if not choice.reasons]

    @property
    def unfit(self) -> list[Choice]:
        """Return the times that the class could have, but for the reasons given."""
        return [c for c in self.every if c.reasons and not HIDDEN & set(c.reasons)]

    def get(self, slot: int) -> Choice:
        """Return the choice of a published slot, or raise `NotFoundError`."""
        for choice in self.every:
            if choice.slot.id == slot:
                return choice
        raise NotFoundError

    def nearest(self, wanted: datetime) -> list[Choice]:
        """Return the fitting times nearest to a moment, the nearest first."""
        return nearest_choices(self.fit, wanted)


def nearest_choices(choices: Iterable[Choice], wanted: datetime) -> list[Choice]:
    """Return the `ALTERNATIVES` choices nearest in time to a moment, the nearest first."""
    by_slot = {choice.slot.id: choice for choice in choices}
    found = nearest([choice.slot for choice in by_slot.values()], wanted, ALTERNATIVES)
    return [by_slot[slot.id] for slot in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """A class that has a place, and when its booking was made or changed last."""

    school_class: SchoolClass
    since: datetime


async def get_choices(
    context: Context, person: Person, class_id: int, *, pupils: int | None = None
) -> SlotChoices:
    """Return every published time of a class's plan; judged for `pupils`, else the whole class.

    Without a plan there are no times. Raises `BookingClosedError` once the class's own time has
    begun. Costs the same number of statements for any number of them.
    """
    async with read_transaction():
        school_class = await get_own_class(person, class_id)
        scope = (school_class.municipality,)
        plan = await plans.find_plan(scope[0], SchoolYear(school_class.school_year))
        if plan is None:
            return _none(person, school_class)
        booked = await bookings.list_class_bookings([class_id], scope)
        season = await load_season(plan, await slots.list_slots(plan.id, scope))
    current = next((b for b in booked if b.state in ACTIVE_BOOKING and not b.catch_up), None)
    current_slot = next((s for s in season.slots if current and s.id == current.slot), None)
    if current_slot is not None and not may_change(current_slot, now=context.clock()):
        raise BookingClosedError
    return SlotChoices(
        school_class=school_class,
        own=class_id in person.classes,
        current=current,
        current_slot=current_slot,
        every=season.choices(
            school_class, current, pupils or school_class.pupils, now=context.clock()
        ),
    )


def _none(person: Person, school_class: SchoolClass) -> SlotChoices:
    own = school_class.id in person.classes
    return SlotChoices(
        school_class=school_class, own=own, current=None, current_slot=None, every=()
    )


async def list_takers(slot: Slot) -> list[Taker]:
    """Return who has the places of a slot, the newest first."""
    scope = (slot.municipality,)
    async with read_transaction():
        taken = await bookings.list_in_slots([slot.id], scope)
        classes = await schools.get_classes([b.school_class for b in taken], scope)
    by_id = {c.id: c for c in classes}
    takers = [Taker(school_class=by_id[b.school_class], since=b.revised_at) for b in taken]
    return sorted(takers, key=lambda taker: (taker.since, taker.school_class.id), reverse=True)


async def load_season(plan: SeasonPlan, found: Sequence[Slot]) -> Season:
    """Return slots of a plan with their stations, people, classes and days off."""
    scope = (plan.municipality,)
    stations: dict[int, list[Station]] = defaultdict(list)
    for station in await slots.list_stations([slot.id for slot in found]):
        stations[station.slot].append(station)
    return Season(
        plan=plan,
        slots=found,
        stations=stations,
        assignments=await assignments.list_plan_assignments(plan.id, scope),
        blocks=await schools.list_blocks(scope),
        pupils=await _pupils_in(found, scope),
    )


async def _pupils_in(found: Iterable[Slot], scope: tuple[int, ...]) -> Mapping[int, Sequence[int]]:
    by_slot: dict[int, list[int]] = defaultdict(list)
    grouped = [slot.id for slot in found if slot.group_pupils is not None]
    for booking in await bookings.list_in_slots(grouped, scope):
        by_slot[booking.slot].append(booking.pupils)
    return by_slot


def sought_services(
    stations: Iterable[Station], duties: Iterable[Assignment]
) -> tuple[Service, ...]:
    """Return the services with a station that lacks people, in the order of the enum."""
    return _sought(stations, _staffed(duties))


def _staffed(duties: Iterable[Assignment]) -> Counter[int]:
    return Counter(duty.station for duty in duties if duty.state in ACTIVE_ASSIGNMENT)


def _sought(stations: Iterable[Station], staffed: Counter[int]) -> tuple[Service, ...]:
    return services_of(s for s in stations if staffed[s.id] < s.staff_needed)
