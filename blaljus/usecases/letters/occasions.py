"""What there is to remind of in a plan, as things stand; and to whom, with which letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from blaljus.domain.booking import Booking
from blaljus.domain.localtime import SchoolYear, at_local, local_day
from blaljus.domain.reminders import Occasion, ReminderKind
from blaljus.domain.schools import Block, SchoolClass, SchoolUnit, unanswered
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING, BlockKind
from blaljus.store import assignments, bookings, plans, schools, slots, visits

REPORT_WITHIN = timedelta(days=30)
"""After that nobody remembers how many came."""

ANSWER_WITHIN = timedelta(days=60)
"""After that a term is half over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What a plan's reminders follow from; loaded at once."""

    plan: SeasonPlan
    slots: Mapping[int, Slot]
    bookings: Sequence[Booking]
    """Active ones."""
    duties: Sequence[Assignment]
    classes: Mapping[int, SchoolClass]
    units: Sequence[SchoolUnit]
    blocks: Sequence[Block]
    reported: frozenset[int]

    @property
    def unanswered(self) -> list[str]:
        """Return the names of the schools that owe classes, by name."""
        return [unit.name for unit in unanswered(self.units, self.classes.values())]


async def load_season(plan: SeasonPlan) -> Season:
    """Return what is stored of a plan, in the caller's transaction: seven statements."""
    scope = (plan.municipality,)
    booked = await bookings.list_bookings(plan.id, scope)
    classes = await schools.list_classes(scope, SchoolYear(plan.school_year))
    return Season(
        plan=plan,
        slots={slot.id: slot for slot in await slots.list_slots(plan.id, scope)},
        bookings=[booking for booking in booked if booking.state in ACTIVE_BOOKING],
        duties=await assignments.list_plan_assignments(plan.id, scope),
        classes={school_class.id: school_class for school_class in classes},
        units=await schools.list_units(scope),
        blocks=await schools.list_blocks(scope),
        reported=frozenset(await visits.reported_bookings(plan.id, scope)),
    )


async def plans_now(now: datetime) -> list[SeasonPlan]:
    """Return the plans of the school year of a moment, of every municipality."""
    return await plans.list_plans_of(SchoolYear.of(local_day(now)))


def occasions(season: Season, now: datetime) -> list[Occasion]:
    """Return all there is to remind of, by kind and subject."""
    found = [
        *_classes_soon(season, now),
        *_duties_soon(season, now),
        *_not_booked(season, now),
        *_not_reported(season, now),
        *_not_answered(season, now),
    ]
    return sorted(found, key=lambda occasion: occasion.key)


def _classes_soon(season: Season, now: datetime) -> list[Occasion]:
    return [
        _of_slot(ReminderKind.CLASS_SOON, f"booking:{b.id}", season.slots[b.slot], b.revised_at)
        for b in season.bookings
        if b.slot in season.slots
        and season.slots[b.slot].starts_at > now
        and b.school_class in season.classes
    ]


def _duties_soon(season: Season, now: datetime) -> list[Occasion]:
    return [
        _of_slot(ReminderKind.DUTY_SOON, f"assignment:{d.id}", season.slots[d.slot], d.revised_at)
        for d in season.duties
        if d.state in ACTIVE_ASSIGNMENT
        and d.slot in season.slots
        and season.slots[d.slot].starts_at > now
    ]


def _of_slot(kind: ReminderKind, subject: str, slot: Slot, since: datetime) -> Occasion:
    day = local_day(slot.starts_at)
    return Occasion(
        kind=kind,
        subject=subject,
        day=day,
        counted_from=day,
        until=slot.starts_at,
        since=since,
    )


def _not_booked(season: Season, now: datetime) -> list[Occasion]:
    """Return the classes without a slot that may still book one, by when that ends."""
    placed = {booking.school_class for booking in season.bookings}
    found = []
    for class_id, school_class in season.classes.items():
        closes = last_closing(season, school_class, now)
        if school_class.active and class_id not in placed and closes is not None:
            occasion = Occasion(
                kind=ReminderKind.NOT_BOOKED,
                subject=f"class:{class_id}",
                day=local_day(closes),
                # The last free place changes as others book: the year tells steps apart.
                counted_from=SchoolYear(season.plan.school_year).first_on,
                until=closes,
            )
            found.append(occasion)
    return found


def last_closing(season: Season, school_class: SchoolClass, now: datetime) -> datetime | None:
    """Return when booking closes for the last slot a class may take; None where none is left."""
    notice = timedelta(days=season.plan.notice_days)
    open_till = [
        slot.starts_at - notice
        for slot in season.slots.values()
        if slot.taken < slot.places and slot.open_to(school_class.school_unit)
    ]
    return max((at for at in open_till if at > now), default=None)


def _not_reported(season: Season, now: datetime) -> list[Occasion]:
    found = []
    for booking in season.bookings:
        slot = season.slots.get(booking.slot)
        known = booking.school_class in season.classes
        if known and slot and slot.ends_at <= now and booking.id not in season.reported:
            day = local_day(slot.ends_at)
            occasion = Occasion(
                kind=ReminderKind.NOT_REPORTED,
                subject=f"booking:{booking.id}",
                day=day,
                counted_from=day,
                until=slot.ends_at + REPORT_WITHIN,
            )
            found.append(occasion)
    return found


def _not_answered(season: Season, now: datetime) -> list[Occasion]:
    """Return one occasion for all schools that owe classes, counted from the term's first day."""
    today = local_day(now)
    terms = [
        block.first_on
        for block in season.blocks
        if block.kind is BlockKind.TERM and block.first_on <= today <= block.last_on
    ]
    if not terms or not season.unanswered:
        return []
    began = max(terms)
    return [
        Occasion(
            kind=ReminderKind.NOT_ANSWERED,
            subject=f"municipality:{season.plan.municipality}",
            day=began,
            counted_from=began,
            until=at_local(began, time(12)) + ANSWER_WITHIN,
        )
    ]
