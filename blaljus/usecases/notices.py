"""What a change owes to people: letters with the calendar's event, put in the outbox.

Written in the change's own transaction; the worker sends them after the commit.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from blaljus.domain.booking import Booking, spoken_number
from blaljus.domain.calendar import CalendarEvent, Letter, Recipient
from blaljus.domain.happenings import Happening, booking_event, duty_event
from blaljus.domain.schools import SchoolClass
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import AssignmentState, BookingState, Method
from blaljus.ics.invitations import invitation
from blaljus.mail.addresses import UnmailableError
from blaljus.mail.compose import compose
from blaljus.mail.facts import BookingFacts, DutyFacts
from blaljus.mail.letters import (
    AnyLetter,
    AssignmentCancel,
    AssignmentRequest,
    AssignmentUpdate,
    BookingCancel,
    BookingRequest,
    BookingUpdate,
    DeclineNotice,
    write,
)
from blaljus.store import recipients
from blaljus.store.outbox import add_message
from blaljus.store.recipients import Addressee
from blaljus.usecases.context import Context
from blaljus.usecases.happenings import FullHappening, booking_url, duty_url


class Change(StrEnum):
    """What happened to a booking or a duty."""

    NEW = "new"
    MOVED = "moved"
    TEXT = "text"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    """One letter to one person; `version` of its subject makes the Message-ID."""

    municipality: int
    to: Addressee
    method: Method
    letter: AnyLetter
    uid: str
    version: int
    event: CalendarEvent | None = None
    accepted: bool = False


def booking_facts(
    happening: Happening, booking: Booking, school_class: SchoolClass
) -> BookingFacts:
    """Return what letters tell of a booking."""
    return BookingFacts(
        class_name=school_class.name,
        number=spoken_number(booking.number),
        starts_at=happening.slot.starts_at,
        ends_at=happening.slot.ends_at,
        place=happening.slot.venue_name,
        stations=tuple(station.name for station in happening.stations),
        pupils=booking.pupils,
        adults=booking.adults,
    )


def duty_facts(happening: FullHappening, duty: Assignment) -> DutyFacts:
    """Return what letters tell of a duty: functions, never names."""
    return DutyFacts(
        function=happening.staff[duty.staff].shown_as,
        station=next(s.name for s in happening.stations if s.id == duty.station),
        starts_at=happening.slot.starts_at,
        ends_at=happening.slot.ends_at,
        place=happening.slot.venue_name,
        classes=tuple(c.name for c in happening.classes),
        pupils=sum(booking.pupils for booking in happening.bookings),
    )


async def tell_teachers(
    context: Context,
    happening: FullHappening,
    booking: Booking,
    school_class: SchoolClass,
    change: Change,
    *,
    before: BookingFacts | None = None,
    to: Sequence[Addressee] | None = None,
) -> None:
    """Owe each teacher of the class an invitation, an update or a cancellation.

    `before` is what the booking was, when it was moved or its texts changed; `to` are others than
    the class's teachers of now.
    """
    url = booking_url(context, booking)
    event = booking_event(happening, booking, school_class, url)
    facts = booking_facts(happening, booking, school_class)
    if to is None:
        to = (await recipients.teachers_of([school_class.id]))[school_class.id]
    for teacher in to:
        notice = _Notice(
            municipality=booking.municipality,
            to=teacher,
            method=Method.CANCEL if change is Change.CANCELLED else Method.REQUEST,
            letter=_booking_letter(context, booking, facts, before, change),
            uid=booking.uid,
            version=booking.version,
            event=event,
            accepted=change is Change.TEXT and booking.state is BookingState.CONFIRMED,
        )
        await _owe(context, notice)


def _booking_letter(
    context: Context,
    booking: Booking,
    facts: BookingFacts,
    before: BookingFacts | None,
    change: Change,
) -> AnyLetter:
    url = booking_url(context, booking)
    if change is Change.CANCELLED:
        return BookingCancel(
            link=context.url(f"/boka?klass={booking.school_class}"),
            facts=facts,
            cause=booking.cancel_cause,
        )
    if before is not None:
        return BookingUpdate(link=url, before=before, facts=facts)
    confirmed = booking.state is not BookingState.TENTATIVE
    return BookingRequest(link=url, facts=facts, confirmed=confirmed)


async def tell_person(
    context: Context, happening: FullHappening, duty: Assignment, change: Change
) -> None:
    """Owe the assigned person an invitation, or a cancellation when the duty ended."""
    addressees = await recipients.staff_addressees([duty.staff])
    url = duty_url(context, duty)
    facts = duty_facts(happening, duty)
    ended = change is Change.CANCELLED
    letter = AssignmentCancel if ended else AssignmentRequest
    notice = _Notice(
        municipality=duty.municipality,
        to=addressees[duty.staff],
        method=Method.CANCEL if ended else Method.REQUEST,
        letter=letter(link=url, facts=facts),
        uid=duty.uid,
        version=duty.version,
        event=duty_event(happening, duty, url),
    )
    await _owe(context, notice)


async def tell_people_of_classes(
    context: Context, before: FullHappening, happening: FullHappening
) -> None:
    """Owe everybody on duty in a slot an update when other classes come; their answers stand."""
    duties = happening.active_duties
    addressees = await recipients.staff_addressees([duty.staff for duty in duties])
    for duty in duties:
        url = duty_url(context, duty)
        letter = AssignmentUpdate(
            link=url,
            before=duty_facts(before, duty),
            facts=duty_facts(happening, duty),
            answer_again=False,
        )
        notice = _Notice(
            municipality=duty.municipality,
            to=addressees[duty.staff],
            method=Method.REQUEST,
            letter=letter,
            uid=duty.uid,
            # The duty is as it was: the slot's version, above the duty's first, tells the news.
            version=happening.slot.version,
            event=duty_event(happening, duty, url),
            accepted=duty.state is AssignmentState.ACCEPTED,
        )
        await _owe(context, notice)


def with_class(
    happening: FullHappening, booking: Booking, school_class: SchoolClass
) -> FullHappening:
    """Return a happening as it was while a class that has left took part."""
    return replace(
        happening,
        bookings=[*happening.bookings, booking],
        classes=sorted([*happening.classes, school_class], key=lambda c: (c.school, c.label, c.id)),
    )


def without_classes(happening: FullHappening, classes: Collection[int]) -> FullHappening:
    """Return a happening as it was before some classes came, by their ids."""
    return replace(
        happening,
        bookings=[b for b in happening.bookings if b.school_class not in classes],
        classes=[c for c in happening.classes if c.id not in classes],
    )


async def tell_coordinators_of_decline(
    context: Context, happening: FullHappening, duty: Assignment
) -> None:
    """Owe each coordinator a mail: somebody cannot come, here is the slot."""
    link = context.url(f"/samordnare/pass/{happening.slot.id}")
    letter = DeclineNotice(link=link, facts=duty_facts(happening, duty))
    for coordinator in await recipients.coordinators_of(duty.municipality):
        notice = _Notice(
            municipality=duty.municipality,
            to=coordinator,
            method=Method.MAIL,
            letter=letter,
            uid=duty.uid,
            version=duty.version,
        )
        await _owe(context, notice)


async def _owe(context: Context, notice: _Notice) -> None:
    now = context.clock()
    to = notice.to
    texts = write(notice.letter, to.language)
    letter = Letter(
        message_id=_message_id(context, notice),
        sent_at=now,
        method=notice.method,
        sender_name=context.sender_name,
        sender_address=context.sender_address,
        recipient=Recipient(name=to.name, address=to.address, language=to.language),
        subject=texts.subject,
        text=texts.text,
        html=texts.html,
        event=notice.event,
    )
    await add_message(
        notice.municipality,
        account=to.account,
        method=notice.method.value,
        subject=texts.subject[:300],
        message_id=letter.message_id,
        sender=context.sender_address,
        mime=_mime(letter, accepted=notice.accepted),
        now=now,
    )


def _mime(letter: Letter, *, accepted: bool) -> bytes | None:
    """Return the letter as it goes out; None where no mail can reach the address.

    Somebody's bad address must not stop a booking: the outbox shows the letter as failed.
    """
    try:
        return compose(letter, _calendar(letter, accepted=accepted))
    except UnmailableError:
        return None


def _message_id(context: Context, notice: _Notice) -> str:
    """Return the same id for the same news: a retry is recognised, and nothing is owed twice."""
    subject = notice.uid.partition("@")[0]
    parts = (subject, str(notice.version), notice.method.value, str(notice.to.account))
    return f"{'.'.join(parts)}@{context.mail_domain}"


def _calendar(letter: Letter, *, accepted: bool) -> bytes | None:
    if letter.event is None:
        return None
    return invitation(
        letter.event,
        method=letter.method,
        organiser_name=letter.sender_name,
        organiser_address=letter.sender_address,
        recipient=letter.recipient,
        accepted=accepted,
    )
