"""Slots and people are called something else: calendars and letters say so.

Before the change `remember` reads what is planned, behind the locks of its slots; after it
`retell` shows and tells what differs. In the transaction of the change.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from blaljus.domain.booking import Booking, BookingDetails
from blaljus.domain.happenings import duty_event
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import AssignmentState, Method
from blaljus.mail.facts import BookingFacts
from blaljus.mail.letters import (
    AnyLetter,
    AssignmentReaddressed,
    AssignmentRequest,
    AssignmentUpdate,
)
from blaljus.store import assignments, bookings, recipients, slots
from blaljus.store.recipients import Addressee
from blaljus.usecases.bookings.places import count_places
from blaljus.usecases.calendars.happenings import (
    FullHappening,
    duty_url,
    load_happening,
    show_in_calendars,
)
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.notices import Change, booking_facts, duty_facts, tell_teachers
from blaljus.usecases.letters.owing import Notice, owe


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Slots as they were, and where the mail of their people went (by staff id)."""

    happenings: Sequence[FullHappening]
    addressees: Mapping[int, Addressee]


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """A slot before and after; `moved` is whether its place is called something else."""

    context: Context
    actor: str
    was: FullHappening
    now: FullHappening
    old_addressees: Mapping[int, Addressee]
    moved: bool
    details: Mapping[int, BookingDetails]

    def new_address(self, duty: Assignment) -> bool:
        """Return whether the person's mail goes elsewhere than before."""
        return self.now.staff[duty.staff].account != self.was.staff[duty.staff].account

    def differs(self, duty: Assignment) -> bool:
        """Return whether a letter would tell the person something else than before."""
        before, after = duty_facts(self.was, duty), duty_facts(self.now, duty)
        return replace(before, function=after.function) != after


async def remember(planned: Iterable[tuple[int, int]]) -> Remembered:
    """Return slots, given as (municipality, slot), with all that takes part in them."""
    found = [
        await load_happening(await slots.get_slot(slot, (municipality,)))
        for municipality, slot in planned
    ]
    people = {duty.staff for happening in found for duty in happening.active_duties}
    return Remembered(
        happenings=found, addressees=await recipients.staff_addressees(sorted(people))
    )


async def retell(
    context: Context,
    actor: str,
    remembered: Remembered,
    *,
    handed_over: Collection[int],
    details: Mapping[int, BookingDetails] = MappingProxyType({}),
) -> None:
    """Store what calendars show of the slots now, and owe letters to whom they tell news.

    A place with another name raises the sequence, and people answer again; other texts do not.
    Who has a new address gets a cancellation at the old one and an invitation at the new one;
    the answer stands. The teachers of the bookings `handed_over` know it all already. `details` are
    what bookings say from now on, by id, where that is new.
    """
    for was in remembered.happenings:
        slot = await slots.get_slot(was.slot.id, (was.slot.municipality,))
        news = _News(
            context=context,
            actor=actor,
            was=was,
            now=await load_happening(slot),
            old_addressees=remembered.addressees,
            moved=slot.venue_name != was.slot.venue_name,
            details=details,
        )
        await _retell(news, handed_over)


async def _retell(news: _News, handed_over: Collection[int]) -> None:
    slot = await slots.touch_slot(news.now.slot, now=news.context.clock(), moved=news.moved)
    told = await _save_bookings(news, handed_over)
    await _save_duties(news)
    await count_places(slot)
    now = await load_happening(await slots.get_slot(slot.id, (slot.municipality,)))
    await show_in_calendars(news.context, now)
    news = replace(news, now=now)
    await _tell_teachers(news, told)
    for duty in now.active_duties:
        await _tell_person(news, duty)


async def _save_bookings(news: _News, handed_over: Collection[int]) -> set[int]:
    """Store a new revision of each booking that letters tell otherwise, and return their ids."""
    classes = {c.id: c for c in news.now.classes}
    told = set()
    for booking in news.now.bookings:
        if booking.id in handed_over:
            continue
        details = news.details.get(booking.id, booking.details)
        says = replace(booking, pupils=details.pupils)
        new = booking_facts(news.now, says, classes[booking.school_class])
        if _told_before(news, booking) == new:
            continue
        saved = await bookings.save_booking(
            booking, details=details, retold=int(news.moved), now=news.context.clock()
        )
        subject = ("booking", saved.id)
        await record(
            news.context, news.actor, saved.municipality, "booking-changed", subject, saved.version
        )
        told.add(saved.id)
    return told


def _told_before(news: _News, booking: Booking) -> BookingFacts:
    """Return what letters told of a booking: others may have changed it in this transaction."""
    then = {b.id: b for b in news.was.bookings}[booking.id]
    before = {c.id: c for c in news.was.classes}[booking.school_class]
    return booking_facts(news.was, then, before)


async def _save_duties(news: _News) -> None:
    """Store a new revision of each duty whose place or address is another one."""
    for duty in news.now.active_duties:
        retold = 2 if news.new_address(duty) else int(news.moved)
        if not retold:
            continue
        saved = await assignments.save_assignment(
            await assignments.get_assignment(duty.id, (duty.municipality,), lock=True),
            state=AssignmentState.INVITED if news.moved else duty.state,
            now=news.context.clock(),
            retold=retold,
        )
        subject = ("assignment", saved.id)
        await record(
            news.context, news.actor, saved.municipality, "duty-changed", subject, saved.version
        )


async def _tell_teachers(news: _News, told: Collection[int]) -> None:
    classes = {c.id: c for c in news.now.classes}
    change = Change.MOVED if news.moved else Change.TEXT
    for booking in news.now.bookings:
        if booking.id in told:
            school_class = classes[booking.school_class]
            was = _told_before(news, booking)
            await tell_teachers(news.context, news.now, booking, school_class, change, before=was)


async def _tell_person(news: _News, duty: Assignment) -> None:
    if news.new_address(duty):
        await _leave_old_address(news, duty)
    elif not news.differs(duty):
        return
    to = (await recipients.staff_addressees([duty.staff]))[duty.staff]
    notice = Notice(
        municipality=duty.municipality,
        to=to,
        method=Method.REQUEST,
        letter=_letter(news, duty),
        uid=duty.uid,
        # Invitations have the duty's first version; all later news has the slot's, above that.
        version=news.now.slot.version,
        event=duty_event(news.now, duty, duty_url(news.context, duty)),
        contact=news.now.contact,
        accepted=duty.state is AssignmentState.ACCEPTED,
    )
    await owe(news.context, notice)


def _letter(news: _News, duty: Assignment) -> AnyLetter:
    link, facts = duty_url(news.context, duty), duty_facts(news.now, duty)
    if news.new_address(duty) and duty.state is not AssignmentState.ACCEPTED:
        return AssignmentRequest(link=link, facts=facts)
    before = replace(duty_facts(news.was, duty), function=facts.function)
    return AssignmentUpdate(link=link, before=before, facts=facts, answer_again=news.moved)


async def _leave_old_address(news: _News, duty: Assignment) -> None:
    # Below the invitation's sequence: the old and the new address may lead to one calendar.
    ended = replace(duty, sequence=duty.sequence - 1)
    notice = Notice(
        municipality=duty.municipality,
        to=news.old_addressees[duty.staff],
        method=Method.CANCEL,
        letter=AssignmentReaddressed(link=news.context.url("/"), facts=duty_facts(news.now, duty)),
        uid=duty.uid,
        version=duty.version,
        event=duty_event(news.now, ended, duty_url(news.context, duty)),
        contact=news.now.contact,
    )
    await owe(news.context, notice)
