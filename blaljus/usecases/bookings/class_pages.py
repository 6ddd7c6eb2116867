"""A class as its coordinator sees it: how it stands, its times so far, and what it could have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blaljus.domain.booking import Booking, Refusal, may_change
from blaljus.domain.coverage import ClassCoverage, CoverageFacts, Visit, coverage
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.wishes import Wishes
from blaljus.store import bookings, plans, recipients, schools, slots, undelivered, visits, wishes
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.choosing import Choice, Season, load_season
from blaljus.usecases.context import Context
from blaljus.usecases.operation.log import LogLine, read_history

GONE = {Refusal.PAST, Refusal.SAME_SLOT}
"""A slot refused for these is no choice to explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPage:
    """A class with its bookings, newest first, and every slot of its plan as a choice.

    `plan` and `row`, its row of the matrix, are None while its school year has no plan.
    """

    school_class: SchoolClass
    teachers: int
    plan: SeasonPlan | None
    row: ClassCoverage | None
    bookings: Sequence[tuple[Booking, Slot]]
    choices: Sequence[Choice]
    may_change: bool
    history: Sequence[LogLine]
    wishes: Wishes
    unreached: int
    """How many of its teachers no letter reaches."""

    @property
    def current(self) -> Booking | None:
        """Return the booking that stands."""
        return self.row.booking if self.row else None

    @property
    def version(self) -> int:
        """Return the version of the booking that stands, 0 while there is none."""
        return self.current.version if self.current else 0

    @property
    def fit(self) -> list[Choice]:
        """Return the slots the class may take."""
        return [choice for choice in self.choices if not choice.reasons]

    @property
    def unfit(self) -> list[Choice]:
        """Return the other slots that are still to come, but the one it has."""
        return [c for c in self.choices if c.reasons and not GONE & set(c.reasons)]


async def get_class_page(context: Context, person: Person, class_id: int) -> ClassPage:
    """Return a class of the person's municipalities, or raise `NotFoundError`.

    Costs the same number of statements for any number of slots and bookings.
    """
    async with read_transaction():
        return await load_class_page(context, person, class_id)


async def load_class_page(context: Context, person: Person, class_id: int) -> ClassPage:
    """Do what `get_class_page` does in the caller's transaction."""
    school_class = await schools.get_class(class_id, person.municipalities)
    scope = (school_class.municipality,)
    booked = await bookings.list_class_bookings([class_id], scope)
    where = await slots.get_slots({b.slot for b in booked}, scope)
    teachers = await recipients.teachers_of([class_id])
    history = await read_history(person, scope[0], [f"booking:{b.id}" for b in booked])
    plan = await plans.find_plan(scope[0], SchoolYear(school_class.school_year))
    season = await _season(plan) if plan else None
    found = await visits.list_visits(plan.id, scope) if plan else []
    wished = await wishes.list_wishes([class_id], scope)
    troubled = {trouble.account for trouble in await undelivered.list_every()}
    row = _row(season, school_class, booked, found, context) if season else None
    return ClassPage(
        school_class=school_class,
        teachers=len(teachers[class_id]),
        plan=plan,
        row=row,
        bookings=_with_slots(booked, {slot.id: slot for slot in where}),
        choices=_choices(season, row, context) if season and row else (),
        may_change=bool(row and row.slot and may_change(row.slot, now=context.clock())),
        history=history,
        wishes=wished.get(class_id, {}),
        unreached=sum(teacher.account in troubled for teacher in teachers[class_id]),
    )


async def _season(plan: SeasonPlan) -> Season:
    return await load_season(plan, await slots.list_slots(plan.id, (plan.municipality,)))


def _row(
    season: Season,
    school_class: SchoolClass,
    booked: Sequence[Booking],
    found: Sequence[Visit],
    context: Context,
) -> ClassCoverage | None:
    facts = CoverageFacts(
        classes=[school_class],
        slots=season.slots,
        stations=[station for each in season.stations.values() for station in each],
        bookings=[b for b in booked if b.plan == season.plan.id],
        assignments=season.assignments,
        visits=found,
        blocks=season.blocks,
    )
    rows = coverage(facts, season.plan.required, (), now=context.clock()).rows
    return rows[0] if rows else None


def _choices(season: Season, row: ClassCoverage, context: Context) -> Sequence[Choice]:
    pupils = row.booking.pupils if row.booking else row.school_class.pupils
    return season.choices(row.school_class, row.booking, pupils, now=context.clock())


def _with_slots(
    booked: Sequence[Booking], where: Mapping[int, Slot]
) -> Sequence[tuple[Booking, Slot]]:
    newest = sorted(booked, key=lambda booking: booking.id, reverse=True)
    return [(booking, where[booking.slot]) for booking in newest]


async def get_own_number(person: Person, class_id: int, number: int) -> int:
    """Return a booking's number if it is of this class of the person's, or raise."""
    booking = await bookings.get_booking(number, person.municipalities)
    if booking.school_class != class_id:
        raise NotFoundError
    return booking.number
