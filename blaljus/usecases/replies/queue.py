"""Replies as their coordinator reads them: what waits first, then what was decided lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blaljus.clock import Clock
from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import Booking
from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Person
from blaljus.domain.replies import Answer, Reply, ReplyState
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT
from blaljus.store import agencies, assignments, bookings, replies, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.operation.log import page_of_many
from blaljus.usecases.replies.undelivered import Unreached, list_unreached

PAGE = 50
"""Waiting replies on a page."""

LATELY = 20
"""Decided ones that are shown below."""

DECIDED = (ReplyState.YES, ReplyState.NO, ReplyState.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """A reply with what it is about; who is protected is shown by function alone."""

    reply: Reply
    duty: Assignment | None
    member: StaffMember | None
    booking: Booking | None
    school_class: SchoolClass | None
    slot: Slot | None
    station: Station | None
    is_open: bool
    """A duty that still can be answered."""

    @property
    def is_waiting(self) -> bool:
        """Return whether nobody has decided."""
        return self.reply.state is ReplyState.WAITING

    @property
    def is_proposal(self) -> bool:
        """Return whether another time is proposed."""
        return self.reply.answer is Answer.COUNTER

    @property
    def address(self) -> str:
        """Return whom the letter says it is from, empty for protected people."""
        return "" if self.member is not None and self.member.protected else self.reply.sender


@dataclass(frozen=True, slots=True, kw_only=True)
class RepliesPage:
    """What waits, newest first, on page `number` of `count`; what was decided; dead addresses."""

    waiting: Sequence[ReplyRow]
    decided: Sequence[ReplyRow]
    unreached: Sequence[Unreached]
    number: int
    count: int


async def get_replies(
    person: Person, municipality: int, wanted: int, *, clock: Clock
) -> RepliesPage:
    """Return a page of a municipality's replies, or raise `NotFoundError`.

    Costs the same number of statements for any number of replies.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    scope = (municipality,)
    async with read_transaction():
        many = await replies.count_replies(scope, [ReplyState.WAITING])
        number, count = page_of_many(wanted, many, PAGE)
        waiting = await replies.list_replies(
            scope, [ReplyState.WAITING], limit=PAGE, offset=(number - 1) * PAGE
        )
        decided = await replies.list_replies(scope, DECIDED, limit=LATELY)
        rows = await _rows(scope, [*waiting, *decided], clock)
        unreached = await list_unreached(scope, clock=clock)
    return RepliesPage(
        waiting=rows[: len(waiting)],
        decided=rows[len(waiting) :],
        unreached=unreached,
        number=number,
        count=count,
    )


async def _rows(scope: tuple[int, ...], found: Sequence[Reply], clock: Clock) -> list[ReplyRow]:
    duties = await assignments.get_assignments({r.assignment for r in found if r.assignment}, scope)
    booked = await bookings.get_bookings({r.booking for r in found if r.booking}, scope)
    wanted = {duty.slot for duty in duties} | {booking.slot for booking in booked}
    where = {slot.id: slot for slot in await slots.get_slots(wanted, scope)}
    stations = {station.id: station for station in await slots.list_stations(where)}
    staff = await agencies.get_staff_members({duty.staff for duty in duties})
    classes = await schools.get_classes({b.school_class for b in booked}, scope)
    known = _Known(
        duties={duty.id: duty for duty in duties},
        bookings={booking.id: booking for booking in booked},
        slots=where,
        stations=stations,
        staff=staff,
        classes={c.id: c for c in classes},
    )
    return [_row(reply, known, clock) for reply in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    duties: Mapping[int, Assignment]
    bookings: Mapping[int, Booking]
    slots: Mapping[int, Slot]
    stations: Mapping[int, Station]
    staff: Mapping[int, StaffMember]
    classes: Mapping[int, SchoolClass]


def _row(reply: Reply, known: _Known, clock: Clock) -> ReplyRow:
    duty = known.duties.get(reply.assignment or 0)
    booking = known.bookings.get(reply.booking or 0)
    item = duty or booking
    slot = known.slots[item.slot] if item else None
    counted_on = duty is not None and duty.state in ACTIVE_ASSIGNMENT
    return ReplyRow(
        reply=reply,
        duty=duty,
        member=known.staff[duty.staff] if duty else None,
        booking=booking,
        school_class=known.classes[booking.school_class] if booking else None,
        slot=slot,
        station=known.stations[duty.station] if duty else None,
        is_open=counted_on and slot is not None and clock() < slot.starts_at,
    )
