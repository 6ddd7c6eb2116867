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
from blaljus.domain.words import ACTIVE_ASSIGNMENT, Role
from blaljus.mail.incoming import subject_of
from blaljus.store import agencies, assignments, bookings, recipients, replies, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.store.recipients import Known
from blaljus.usecases.operation.log import page_of_many
from blaljus.usecases.replies.subjects import may_wait_again
from blaljus.usecases.replies.undelivered import Unreached, list_unreached

PAGE = 50
"""Waiting replies on a page."""

LATELY = 20
"""Decided ones that are shown below."""

DECIDED = (ReplyState.YES, ReplyState.NO, ReplyState.LEFT, ReplyState.ENDED)


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
    is_ahead: bool
    """What it is about has not begun."""
    may_wait: bool
    """It was left, and a coordinator may take that back."""
    hidden: bool
    """Somebody protected wrote it, as things stand: neither address nor words are shown."""
    head: bytes
    """How a plain letter begins, empty for other replies."""

    @property
    def is_waiting(self) -> bool:
        """Return whether nobody has decided."""
        return self.reply.state is ReplyState.WAITING

    @property
    def is_proposal(self) -> bool:
        """Return whether another time is proposed."""
        return self.reply.answer is Answer.COUNTER

    @property
    def tells(self) -> bool:
        """Return whether somebody gets a letter that the time stands, if it is left."""
        return self.is_proposal and self.is_ahead and self.reply.account is not None

    @property
    def may_be_taken(self) -> bool:
        """Return whether it can be taken as yes or no; a proposed time is neither."""
        return self.is_open and not self.is_proposal

    @property
    def keeps_time(self) -> bool:
        """Return whether leaving it means that the time stands."""
        return self.booking is not None or (self.duty is not None and self.is_proposal)

    @property
    def address(self) -> str:
        """Return whom the letter says it is from, empty for protected people."""
        return "" if self.hidden else self.reply.sender

    @property
    def may_be_read(self) -> bool:
        """Return whether it is a letter that waits, and not one that may be a protected person's.

        Of those, and of letters without a clear sender, the address is empty.
        """
        return self.reply.is_letter and self.is_waiting and bool(self.address)

    @property
    def subject(self) -> str:
        """Return a waiting letter's subject, empty where it may not be read."""
        return subject_of(self.head) if self.may_be_read else ""

    @property
    def comment(self) -> str:
        """Return what the person wrote, empty for protected people."""
        return "" if self.hidden else self.reply.comment


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


async def get_row(person: Person, reply_id: int, clock: Clock) -> ReplyRow:
    """Return a reply of the person's municipalities, or raise `NotFoundError`; in a transaction."""
    reply = await replies.get_reply(reply_id, person.municipalities)
    (row,) = await _rows((reply.municipality or 0,), [reply], clock)
    return row


async def _rows(scope: tuple[int, ...], found: Sequence[Reply], clock: Clock) -> list[ReplyRow]:
    duties = await assignments.get_assignments({r.assignment for r in found if r.assignment}, scope)
    booked = await bookings.get_bookings({r.booking for r in found if r.booking}, scope)
    wanted = {duty.slot for duty in duties} | {booking.slot for booking in booked}
    where = {slot.id: slot for slot in await slots.get_slots(wanted, scope)}
    stations = {station.id: station for station in await slots.list_stations(where)}
    writers = await _writers(scope, found)
    staff = {duty.staff for duty in duties} | set(_subjects(writers, Role.STAFF))
    taught = {b.school_class for b in booked} | set(_subjects(writers, Role.TEACHER))
    known = _Known(
        duties={duty.id: duty for duty in duties},
        bookings={booking.id: booking for booking in booked},
        slots=where,
        stations=stations,
        staff=await agencies.get_staff_members(staff),
        classes={c.id: c for c in await schools.get_classes(taught, scope)},
        writers=writers,
        heads=await replies.list_heads({r.id for r in found if r.is_letter}),
        protected=await recipients.list_protected(
            {r.account for r in found if r.account}, {r.sender for r in found if r.sender}
        ),
    )
    return [_row(reply, known, clock) for reply in found]


async def _writers(scope: tuple[int, ...], found: Sequence[Reply]) -> Mapping[int, Known]:
    """Return who wrote what is about no duty or booking, as far as they are known here."""
    loose = {r.account for r in found if r.account and not (r.assignment or r.booking)}
    return await recipients.known_accounts(loose, scope[0])


def _subjects(writers: Mapping[int, Known], role: Role) -> list[int]:
    return [who.subject for who in writers.values() if who.role is role and who.subject]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    duties: Mapping[int, Assignment]
    bookings: Mapping[int, Booking]
    slots: Mapping[int, Slot]
    stations: Mapping[int, Station]
    staff: Mapping[int, StaffMember]
    classes: Mapping[int, SchoolClass]
    writers: Mapping[int, Known]
    heads: Mapping[int, bytes]
    protected: tuple[set[int], set[str]]

    def subject_of(self, reply: Reply, role: Role) -> int:
        """Return the class or person that a writer is, 0 where they are neither."""
        who = self.writers.get(reply.account or 0)
        loose = not (reply.assignment or reply.booking)
        return who.subject or 0 if who and loose and who.role is role else 0

    def hides(self, reply: Reply, member: StaffMember | None) -> bool:
        """Return whether somebody protected wrote a reply."""
        accounts, addresses = self.protected
        theirs = reply.account in accounts or reply.sender in addresses
        return theirs or (member is not None and member.protected)


def _row(reply: Reply, known: _Known, clock: Clock) -> ReplyRow:
    duty = known.duties.get(reply.assignment or 0)
    booking = known.bookings.get(reply.booking or 0)
    item = duty or booking
    slot = known.slots[item.slot] if item else None
    ahead = slot is not None and clock() < slot.starts_at
    counted_on = duty is not None and duty.state in ACTIVE_ASSIGNMENT
    staff = duty.staff if duty else known.subject_of(reply, Role.STAFF)
    taught = booking.school_class if booking else known.subject_of(reply, Role.TEACHER)
    member = known.staff.get(staff)
    return ReplyRow(
        reply=reply,
        duty=duty,
        member=member,
        booking=booking,
        school_class=known.classes.get(taught),
        slot=slot,
        station=known.stations[duty.station] if duty else None,
        is_open=counted_on and ahead,
        is_ahead=ahead,
        may_wait=reply.state is ReplyState.LEFT and may_wait_again(reply, item, slot, now=clock()),
        hidden=known.hides(reply, member),
        head=known.heads.get(reply.id, b""),
    )
