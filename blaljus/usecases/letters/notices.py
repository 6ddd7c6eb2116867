"""Who is told of a change to a booking or a duty, and what the letter says.

Written in the change's own transaction; the worker sends them after the commit.
"""

from collections.abc import Sequence
from enum import StrEnum

from blaljus.domain.booking import Booking, spoken_number
from blaljus.domain.happenings import Happening, booking_event, duty_event
from blaljus.domain.people import actor_of
from blaljus.domain.schools import SchoolClass
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import AssignmentState, BookingState, Method
from blaljus.mail.facts import BookingFacts, DutyFacts
from blaljus.mail.letters import (
    AnyLetter,
    AssignmentCancel,
    AssignmentRequest,
    AssignmentUpdate,
    BookingCancel,
    BookingHandedOver,
    BookingRequest,
    BookingUpdate,
    DeclineNotice,
)
from blaljus.store import recipients
from blaljus.store.recipients import Addressee
from blaljus.usecases.calendars.happenings import FullHappening, booking_url, duty_url
from blaljus.usecases.context import Context
from blaljus.usecases.letters.owing import Notice, owe


class Change(StrEnum):
    """What happened to a booking or a duty."""

    NEW = "new"
    MOVED = "moved"
    TEXT = "text"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed-over"
    """It goes on with others; who is told of it has no part in it any more."""


_LEAVES = (Change.CANCELLED, Change.HANDED_OVER)


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
        notice = Notice(
            municipality=booking.municipality,
            to=teacher,
            method=Method.CANCEL if change in _LEAVES else Method.REQUEST,
            letter=_booking_letter(context, booking, facts, before, change),
            uid=booking.uid,
            version=booking.version,
            event=event,
            contact=happening.contact,
            accepted=change is Change.TEXT and booking.state is BookingState.CONFIRMED,
        )
        await owe(context, notice)


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
    if change is Change.HANDED_OVER:
        return BookingHandedOver(link=context.url("/"), facts=facts)
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
    notice = Notice(
        municipality=duty.municipality,
        to=addressees[duty.staff],
        method=Method.CANCEL if ended else Method.REQUEST,
        letter=letter(link=url, facts=facts),
        uid=duty.uid,
        version=duty.version,
        event=duty_event(happening, duty, url),
        contact=happening.contact,
    )
    await owe(context, notice)


async def tell_people_of_change(
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
        notice = Notice(
            municipality=duty.municipality,
            to=addressees[duty.staff],
            method=Method.REQUEST,
            letter=letter,
            uid=duty.uid,
            # The duty is as it was: the slot's version, above the duty's first, tells the news.
            version=happening.slot.version,
            event=duty_event(happening, duty, url),
            contact=happening.contact,
            accepted=duty.state is AssignmentState.ACCEPTED,
        )
        await owe(context, notice)


async def tell_coordinators_of_decline(
    context: Context, happening: FullHappening, duty: Assignment, actor: str
) -> None:
    """Owe each coordinator but `actor`, who said it, a mail: somebody cannot come, see the slot."""
    link = context.url(f"/samordnare/pass/{happening.slot.id}")
    person = (await recipients.staff_addressees([duty.staff]))[duty.staff]
    noted = actor != actor_of(person.account)
    letter = DeclineNotice(link=link, facts=duty_facts(happening, duty), noted=noted)
    for coordinator in await recipients.coordinators_of(duty.municipality):
        if noted and actor_of(coordinator.account) == actor:
            continue
        notice = Notice(
            municipality=duty.municipality,
            to=coordinator,
            method=Method.MAIL,
            letter=letter,
            uid=duty.uid,
            version=duty.version,
        )
        await owe(context, notice)
