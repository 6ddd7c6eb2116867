"""A slot as its coordinator sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import Booking, may_change
from blaljus.domain.own_calendars import overlapping
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, SlotState
from blaljus.store import callouts, kept_rounds, own_calendars, plans, recipients, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.calendars.happenings import FullHappening, load_happening
from blaljus.usecases.context import Context
from blaljus.usecases.days.carousel import make_carousel
from blaljus.usecases.days.rounds import Carousel


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A station with who is counted on there, and who said no or was taken off."""

    station: Station
    duties: Sequence[tuple[Assignment, StaffMember]]
    ended: Sequence[tuple[Assignment, StaffMember]]

    @property
    def missing(self) -> int:
        """Return how many people the station still needs."""
        return max(0, self.station.staff_needed - len(self.duties))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPage:
    """A slot with everything that takes part in it."""

    slot: Slot
    plan: SeasonPlan
    posts: Sequence[Post]
    booked: Sequence[tuple[Booking, SchoolClass]]
    may_change: bool
    """Whether it is published and has not begun."""
    messages: int
    """How many mails calling it off would owe."""
    carousel: Carousel
    """Groups are made of `booked`; stations are `posts`, by position."""
    clashes: Mapping[int, bool]
    """Assignments whose person's own calendar says busy; True: perhaps. What with, nobody knows."""


async def get_slot_page(context: Context, person: Person, slot_id: int) -> SlotPage:
    """Return a slot of the person's municipalities, or raise `NotFoundError`.

    Costs the same number of statements for any number of stations, people and classes.
    """
    async with read_transaction():
        slot = await slots.get_slot(slot_id, person.municipalities)
        plan = await plans.get_plan(slot.plan, (slot.municipality,))
        happening = await load_happening(slot)
        teachers = await recipients.teachers_of([b.school_class for b in happening.bookings])
        noted = await callouts.list_callouts(slot.id, (slot.municipality,))
        kept = await kept_rounds.find_kept(slot.id, (slot.municipality,))
        clashes = await _clashes(slot, happening)
    by_id = {c.id: c for c in happening.classes}
    published = slot.state is SlotState.PUBLISHED
    return SlotPage(
        slot=slot,
        plan=plan,
        posts=[_post(station, happening) for station in happening.stations],
        booked=[(b, by_id[b.school_class]) for b in happening.bookings],
        may_change=published and may_change(slot, now=context.clock()),
        messages=len(happening.active_duties) + sum(map(len, teachers.values())),
        carousel=make_carousel(
            slot, plan, happening.stations, happening.bookings, happening.classes, noted, kept
        ),
        clashes=clashes,
    )


async def _clashes(slot: Slot, happening: FullHappening) -> Mapping[int, bool]:
    span = slot.starts_at, slot.ends_at
    duties = {duty.id: duty.staff for duty in happening.active_duties}
    busy = await own_calendars.list_busy(set(duties.values()), *span)
    judged = {duty: overlapping(busy.get(staff, ()), *span) for duty, staff in duties.items()}
    return {duty: soft for duty, soft in judged.items() if soft is not None}


def _post(station: Station, happening: FullHappening) -> Post:
    here = [(d, happening.staff[d.staff]) for d in happening.duties if d.station == station.id]
    return Post(
        station=station,
        duties=[row for row in here if row[0].state in ACTIVE_ASSIGNMENT],
        ended=[row for row in here if row[0].state not in ACTIVE_ASSIGNMENT],
    )
