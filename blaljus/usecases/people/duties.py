"""What people of the agencies see of their duties."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blaljus.domain.booking import Booking
from blaljus.domain.calendar import FeedHead
from blaljus.domain.callouts import Callout, may_note, open_callout
from blaljus.domain.happenings import Happening, duty_event
from blaljus.domain.localtime import local_day
from blaljus.domain.own_calendars import BusyTime, overlapping
from blaljus.domain.people import Person
from blaljus.domain.replies import Reply
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, AssignmentState, FeedKind
from blaljus.ics.events import feed_event
from blaljus.ics.feeds import feed
from blaljus.store import (
    assignments,
    audit,
    bookings,
    callouts,
    own_calendars,
    proposals,
    schools,
    slots,
)
from blaljus.store.engine import read_transaction
from blaljus.usecases.calendars.feed_reading import COLOURS
from blaljus.usecases.calendars.happenings import duty_url
from blaljus.usecases.context import Context
from blaljus.usecases.people.staffing import get_own_duty


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyClass:
    """A class that the person meets; `phone` is the teacher's, empty while it is not to be seen."""

    school_class: SchoolClass
    booking: Booking
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One assignment with where, when and whom."""

    assignment: Assignment
    slot: Slot
    station: Station
    stations: tuple[Station, ...]
    classes: tuple[DutyClass, ...]
    is_open: bool
    """Counted on and not begun: it can be answered."""
    is_today: bool
    """Counted on, on this very day, and not over: its crew may be called out."""
    away: Callout | None
    """The call-out of its crew, while nobody knows its return."""
    clash: bool | None = None
    """Whether a calendar of the person's own says just perhaps busy; None: not busy, or begun."""

    noted: bool = False
    """Whether a coordinator noted the answer, and the person did not give it."""
    proposal: Reply | None = None
    """Another time that was proposed for it and waits for a coordinator; only of one duty alone."""

    @property
    def needs_answer(self) -> bool:
        """Return whether the person has not said yes or no."""
        return self.is_open and self.assignment.state is not AssignmentState.ACCEPTED

    @property
    def pupils(self) -> int:
        """Return how many pupils come."""
        return sum(met.booking.pupils for met in self.classes)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDuties:
    """Everything a person is or was asked to do; `past` is newest first, `today` is answered."""

    today: tuple[Duty, ...]
    unanswered: tuple[Duty, ...]
    upcoming: tuple[Duty, ...]
    past: tuple[Duty, ...]


async def list_own_duties(context: Context, person: Person) -> OwnDuties:
    """Return the duties of every staff member that a person is."""
    async with read_transaction():
        found = await _with_slots(context, await assignments.list_duties(person.staff))
        mine = await _with_actors(person, found)
    today = tuple(duty for duty in mine if duty.is_today and not duty.needs_answer)
    others = [duty for duty in mine if duty not in today]
    return OwnDuties(
        today=today,
        unanswered=tuple(duty for duty in others if duty.needs_answer),
        upcoming=tuple(duty for duty in others if duty.is_open and not duty.needs_answer),
        past=tuple(reversed([duty for duty in others if not duty.is_open])),
    )


async def get_duty(context: Context, person: Person, assignment_id: int) -> Duty:
    """Return a duty of this very person, or raise `NotFoundError`."""
    async with read_transaction():
        found = await _with_slots(context, [await get_own_duty(person, assignment_id)])
        (duty,) = await _with_actors(person, found)
        proposal = await proposals.find_proposal(
            duty.assignment.municipality, assignment=assignment_id
        )
        return replace(duty, proposal=proposal)


async def get_duty_file(context: Context, person: Person, assignment_id: int) -> bytes:
    """Return an own duty as a calendar file of one event, or raise `NotFoundError`."""
    duty = await get_duty(context, person, assignment_id)
    happening = Happening(
        slot=duty.slot,
        stations=duty.stations,
        classes=[met.school_class for met in duty.classes],
        bookings=[met.booking for met in duty.classes],
    )
    url = duty_url(context, duty.assignment)
    head = FeedHead(
        kind=FeedKind.STAFF,
        name=f"Blåljusdag {duty.slot.venue_name}",
        source_url="",
        organiser_name=context.sender_name,
        organiser_address=context.sender_address,
        colour=COLOURS[FeedKind.STAFF],
    )
    return feed(head, [feed_event(duty_event(happening, duty.assignment, url))])


async def _with_slots(context: Context, mine: list[Assignment]) -> list[Duty]:
    if not mine:
        return []
    scope = tuple(sorted({duty.municipality for duty in mine}))
    where = {slot.id: slot for slot in await slots.get_slots({duty.slot for duty in mine}, scope)}
    stations = await slots.list_stations(where)
    booked = await bookings.list_in_slots(where, scope)
    classes = await schools.get_classes({b.school_class for b in booked}, scope)
    noted = await callouts.list_in_slots(where, scope)
    busy = await _busy_during(where.values(), {duty.staff for duty in mine})
    by_id = {c.id: c for c in classes}
    found = [
        _duty(
            context.clock(),
            duty,
            where[duty.slot],
            [s for s in stations if s.slot == duty.slot],
            [(b, by_id[b.school_class]) for b in booked if b.slot == duty.slot],
            open_callout(noted, duty.station),
        )
        for duty in mine
    ]
    return [_with_clash(duty, busy) for duty in found]


async def _with_actors(person: Person, found: list[Duty]) -> list[Duty]:
    subjects = {duty.assignment.id: f"assignment:{duty.assignment.id}" for duty in found}
    actors = await audit.last_actors(subjects.values(), ("duty-accepted", "duty-declined"))
    return [
        replace(duty, noted=actors.get(subjects[duty.assignment.id], person.actor) != person.actor)
        for duty in found
    ]


async def _busy_during(
    found: Collection[Slot], staff: Collection[int]
) -> Mapping[int, Sequence[BusyTime]]:
    start, end = min(slot.starts_at for slot in found), max(slot.ends_at for slot in found)
    return await own_calendars.list_busy(staff, start, end)


def _with_clash(duty: Duty, busy: Mapping[int, Sequence[BusyTime]]) -> Duty:
    times = busy.get(duty.assignment.staff, ()) if duty.is_open else ()
    return replace(duty, clash=overlapping(times, duty.slot.starts_at, duty.slot.ends_at))


def _duty(
    now: datetime,
    duty: Assignment,
    slot: Slot,
    stations: list[Station],
    booked: Iterable[tuple[Booking, SchoolClass]],
    away: Callout | None,
) -> Duty:
    reachable = shows_phones(duty, slot, now=now)
    classes = [
        DutyClass(school_class=c, booking=b, phone=b.phone if reachable else "") for b, c in booked
    ]
    counted_on = duty.state in ACTIVE_ASSIGNMENT
    return Duty(
        assignment=duty,
        slot=slot,
        station=next(s for s in stations if s.id == duty.station),
        stations=tuple(stations),
        classes=tuple(sorted(classes, key=lambda met: (met.school_class.name, met.booking.id))),
        is_open=counted_on and now < slot.starts_at,
        is_today=counted_on and may_note(slot, now=now) and now < slot.ends_at,
        away=away,
    )


def shows_phones(duty: Assignment, slot: Slot, *, now: datetime) -> bool:
    """Return whether the teachers' phones are seen: by who comes, the day before and on the day."""
    day, today = local_day(slot.starts_at), local_day(now)
    comes = duty.state is AssignmentState.ACCEPTED
    return comes and day - timedelta(days=1) <= today <= day
