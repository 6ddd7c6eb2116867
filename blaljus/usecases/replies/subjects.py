"""What a reply is about: somebody's duty or a class's booking, and how an answer is taken."""

from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.booking import Booking, may_change
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.replies import Answer, Invited, Reply, Revision
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING, AssignmentState, BookingState
from blaljus.store import accounts, agencies, assignments, bookings, outbox, replies, slots
from blaljus.store.replies import Subject
from blaljus.usecases.bookings.booking_changes import confirm_as_it_is
from blaljus.usecases.context import Context
from blaljus.usecases.people.answering import take_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A duty or a booking with its slot, as it is now."""

    subject: Subject
    item: Assignment | Booking
    slot: Slot
    is_open: bool
    is_protected: bool

    @property
    def is_accepted(self) -> bool:
        """Return whether the answer is yes already."""
        return self.item.state in (AssignmentState.ACCEPTED, BookingState.CONFIRMED)

    def is_moot(self, answer: Answer) -> bool:
        """Return whether an answer changes nothing: yes to a yes, no to what has ended."""
        if answer is Answer.NO:
            return self.item.state not in (*ACTIVE_ASSIGNMENT, *ACTIVE_BOOKING)
        return False

    def invited(self, address: str, last: Revision | None) -> Invited:
        """Return what one of the people was asked; `last` is of their newest reply."""
        return Invited(
            address=address,
            is_booking=isinstance(self.item, Booking),
            is_open=self.is_open,
            is_accepted=self.is_accepted,
            sequence=self.item.sequence,
            revised_at=self.item.revised_at,
            last=last,
        )

    async def take(self, context: Context, account: int, *, can: bool) -> str:
        """Do what the page does when this very person answers, and return the log's actor.

        In the caller's transaction.
        """
        person = await accounts.get_person(account, local_day(context.clock()))
        if isinstance(self.item, Assignment):
            if self.item.staff not in person.staff:
                raise NotFoundError
            await take_answer(context, person.actor, self.item, can=can)
        elif can and not self.is_accepted:
            await confirm_as_it_is(context, person, self.item.number)
        return person.actor


async def find(context: Context, uid: str) -> Found | None:
    """Return what a UID names, or None; in the caller's transaction."""
    subject = await replies.find_subject(uid)
    return await load(context, subject) if subject else None


async def load(context: Context, subject: Subject) -> Found:
    """Return a subject as it is now."""
    scope = (subject.municipality,)
    item: Assignment | Booking
    if subject.assignment is not None:
        item = await assignments.get_assignment(subject.assignment, scope)
    else:
        item = await bookings.get_booking(subject.number or 0, scope)
    slot = await slots.get_slot(item.slot, scope)
    protected = False
    if isinstance(item, Assignment):
        protected = (await agencies.get_staff(item.staff)).protected
    return Found(
        subject=subject,
        item=item,
        slot=slot,
        is_open=_is_open(item, slot, context.clock()),
        is_protected=protected,
    )


def may_wait_again(
    reply: Reply, item: Assignment | Booking | None, slot: Slot | None, *, now: datetime
) -> bool:
    """Return whether a reply that was left can wait again.

    A proposal only while what it is about is open, and as it was when it was left.
    """
    if reply.answer is not Answer.COUNTER or item is None or slot is None:
        return True
    changed = reply.settled_at is not None and item.revised_at > reply.settled_at
    return not changed and _is_open(item, slot, now)


def _is_open(item: Assignment | Booking, slot: Slot, now: datetime) -> bool:
    if isinstance(item, Assignment):
        return item.state in ACTIVE_ASSIGNMENT and now < slot.starts_at
    return item.state is not BookingState.CANCELLED and may_change(slot, now=now)


async def owner_of(account: int | None, found: Found | None) -> int | None:
    """Return the municipality whose coordinators a reply waits for; None: nobody can say.

    What names no event of ours goes to whoever wrote to the person last.
    """
    if found is not None:
        return found.subject.municipality
    last = await outbox.last_owner(account) if account is not None else None
    return last if last is not None else await replies.only_municipality()
