"""A slot as its coordinator sees it, and who could take its stations."""

from collections.abc import Sequence
from dataclasses import dataclass

from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import Booking, may_change
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.staffing import Assignment, StaffingRefusal
from blaljus.domain.words import ACTIVE_ASSIGNMENT, SlotState
from blaljus.store import assignments, callouts, plans, recipients, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.carousel import Carousel, make_carousel
from blaljus.usecases.context import Context
from blaljus.usecases.happenings import FullHappening, load_happening
from blaljus.usecases.staffing import list_candidates


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who might take a station: duties so far this year, and every reason against."""

    member: StaffMember
    duties: int
    reasons: Sequence[StaffingRefusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingPage:
    """A station to fill; `replaced` is who is there now, if one is to be replaced."""

    slot: Slot
    station: Station
    replaced: tuple[Assignment, StaffMember] | None
    candidates: Sequence[Candidate]


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
            slot, plan, happening.stations, happening.bookings, happening.classes, noted
        ),
    )


def _post(station: Station, happening: FullHappening) -> Post:
    here = [(d, happening.staff[d.staff]) for d in happening.duties if d.station == station.id]
    return Post(
        station=station,
        duties=[row for row in here if row[0].state in ACTIVE_ASSIGNMENT],
        ended=[row for row in here if row[0].state not in ACTIVE_ASSIGNMENT],
    )


async def get_staffing_page(
    context: Context, person: Person, slot_id: int, station_id: int, replaced: int | None
) -> StaffingPage:
    """Return who could take a station: those who can first, fairest first, then the others."""
    page = await get_slot_page(context, person, slot_id)
    found = await list_candidates(context, person, slot_id, station_id)
    post = next(post for post in page.posts if post.station.id == station_id)
    duties = await assignments.list_plan_assignments(page.plan.id, (page.slot.municipality,))
    there = {duty.id: (duty, member) for duty, member in post.duties}
    known = {duty.staff for duty, _ in post.duties}
    return StaffingPage(
        slot=page.slot,
        station=post.station,
        replaced=there.get(replaced) if replaced is not None else None,
        candidates=[
            Candidate(
                member=member,
                duties=sum(duty.staff == member.id for duty in duties),
                reasons=reasons,
            )
            for member, reasons in found
            if member.id not in known
        ],
    )
