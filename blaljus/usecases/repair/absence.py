"""Somebody is away for a while: a proposal that names everybody who is told, and applying it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Station
from blaljus.domain.words import ACTIVE_BOOKING, AvailabilityState
from blaljus.store import agencies, bookings, plans, recipients, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context
from blaljus.usecases.repair.difference import Difference, Facts, difference
from blaljus.usecases.runs.problem import load_announced

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one person hears: which times end, which are asked for, and of other classes."""

    member: StaffMember
    cancelled: Sequence[Span]
    invited: Sequence[Span]
    updated: Sequence[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePage:
    """A proposal around somebody who is away on `[first_on, last_on]`."""

    member: StaffMember
    first_on: date
    last_on: date
    change: Difference
    classes: Mapping[int, SchoolClass]
    """Those that move."""
    teachers: Mapping[int, int]
    """How many teachers each of them has."""
    people: Mapping[int, StaffMember]
    told: Sequence[Told]
    """The person who is away first."""
    given: int
    """Half-days that the person has given in that time: they are taken back."""

    @property
    def letters_to(self) -> int:
        """Return how many people get a letter."""
        return len(self.told) + sum(self.teachers.values())

    @property
    def is_nothing(self) -> bool:
        """Return whether approving it would change nothing at all."""
        return self.change.is_empty and not self.given

    @property
    def fingerprint(self) -> str:
        """Return what tells one proposal from another: SHA-256 of all it holds."""
        whole = repr((self.member.id, self.first_on, self.last_on, self.change, self.given))
        return sha256(whole.encode()).hexdigest()


async def get_absence(
    context: Context, person: Person, municipality: int, staff: int, span: tuple[date, date]
) -> AbsencePage:
    """Return what changes in a municipality when somebody is away on `[first, last]`.

    What is today stays. Raises `NotFoundError` for who does not serve the municipality.
    """
    async with read_transaction():
        return await load_absence(context, person, municipality, staff, span)


async def get_member(
    context: Context, person: Person, municipality: int, staff: int
) -> StaffMember:
    """Return somebody who serves a municipality of the person's, or raise `NotFoundError`."""
    if municipality not in person.municipalities:
        raise NotFoundError
    member = await agencies.get_staff(staff)
    serving = await agencies.agencies_serving((municipality,), local_day(context.clock()))
    if not member.active or member.agency not in serving:
        raise NotFoundError
    return member


async def load_absence(
    context: Context, person: Person, municipality: int, staff: int, span: tuple[date, date]
) -> AbsencePage:
    """Do what `get_absence` does in the caller's transaction."""
    member = await get_member(context, person, municipality, staff)
    first_on, last_on = span
    plan = await plans.find_plan(municipality, SchoolYear.of(first_on))
    facts = await _facts(context, plan) if plan else None
    found = difference(facts, staff, first_on, last_on) if facts else Difference()
    said = await agencies.list_availability([staff], first_on, last_on)
    moved = [row.booking.school_class for row in found.moved]
    teachers = await recipients.teachers_of(moved)
    people = {member.id: member, **(facts.world.staff if facts else {})}
    return AbsencePage(
        member=member,
        first_on=first_on,
        last_on=last_on,
        change=found,
        classes={c: facts.world.classes[c] for c in moved} if facts else {},
        teachers={class_id: len(teachers[class_id]) for class_id in moved},
        people=people,
        told=_told(facts, found, member, people) if facts else (),
        given=sum(row.state is not AvailabilityState.NOT_AVAILABLE for row in said),
    )


async def _facts(context: Context, plan: SeasonPlan) -> Facts:
    world = await load_announced(plan, clock=context.clock)
    booked = await bookings.list_bookings(plan.id, (plan.municipality,))
    stations: dict[int, list[Station]] = defaultdict(list)
    for station in await slots.list_stations(list(world.slots)):
        stations[station.slot].append(station)
    active = [b for b in booked if b.state in ACTIVE_BOOKING and not b.catch_up]
    return Facts(world=world, bookings={b.school_class: b for b in active}, stations=stations)


def _told(
    facts: Facts, found: Difference, member: StaffMember, people: Mapping[int, StaffMember]
) -> Sequence[Told]:
    ends, asks, learns = _cancelled(facts, found), _invited(found), _updated(facts, found)
    everybody = sorted({*ends, *asks, *learns}, key=lambda who: (who != member.id, who))
    return [
        Told(
            member=people[who],
            cancelled=ends.get(who, []),
            invited=asks.get(who, []),
            updated=learns.get(who, []),
        )
        for who in everybody
    ]


Spans = dict[int, list[Span]]
"""Times by person."""


def _cancelled(facts: Facts, found: Difference) -> Spans:
    spans: Spans = defaultdict(list)
    closed = {slot.id: slot for slot in found.closed}
    for duty in facts.world.duties:
        if duty.slot in closed:
            spans[duty.staff].append((closed[duty.slot].starts_at, closed[duty.slot].ends_at))
    for swap in found.swaps:
        if swap.leaves is not None:
            spans[swap.leaves.staff].append((swap.slot.starts_at, swap.slot.ends_at))
    return spans


def _invited(found: Difference) -> Spans:
    spans: Spans = defaultdict(list)
    for swap in found.swaps:
        if swap.comes is not None:
            spans[swap.comes].append((swap.slot.starts_at, swap.slot.ends_at))
    for opened in found.opened:
        for _, staff in opened.crew:
            spans[staff].append((opened.starts_at, opened.ends_at))
    return spans


def _updated(facts: Facts, found: Difference) -> Spans:
    """Return who stays in a slot whose classes change."""
    changed = {row.before.id for row in found.moved} | {row.target.slot for row in found.moved}
    changed -= {slot.id for slot in found.closed}
    leaving = {swap.leaves.id for swap in found.swaps if swap.leaves is not None}
    spans: Spans = defaultdict(list)
    for duty in facts.world.duties:
        if duty.slot in changed and duty.id not in leaving:
            slot = facts.world.slots[duty.slot]
            spans[duty.staff].append((slot.starts_at, slot.ends_at))
    return spans
