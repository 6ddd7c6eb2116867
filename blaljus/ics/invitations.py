"""Invitations to one recipient (RFC 5546): REQUEST and CANCEL."""

from dataclasses import replace
from datetime import timedelta

from icalendar import Alarm, Event, vCalAddress, vDuration

from blaljus.domain.calendar import CalendarEvent, Recipient
from blaljus.domain.words import Method
from blaljus.ics.events import as_text, vevent
from blaljus.ics.feeds import new_calendar, opening
from blaljus.ics.properties import line, mailbox
from blaljus.ics.zone import VTIMEZONE

REMINDER = timedelta(days=-1)
"""Before the start: time to arrange a replacement."""

_PARTICIPANT = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}


def invitation(
    event: CalendarEvent,
    *,
    method: Method,
    organiser_name: str,
    organiser_address: str,
    recipient: Recipient,
    accepted: bool = False,
) -> bytes:
    """Return a calendar with one event for one recipient; `method` is `REQUEST` or `CANCEL`.

    Pass `accepted` when only texts changed since the recipient said yes: it keeps the answer.
    Raises `ValueError` for a time that is not one moment on local clocks.
    """
    assert method is not Method.MAIL, "a plain mail carries no calendar"  # noqa: S101 -- see STYLE
    cancelling = method is Method.CANCEL
    event = replace(event, cancelled=cancelling)
    component = vevent(event, summary=event.summary)
    component["ORGANIZER"] = mailbox(organiser_name, organiser_address)
    component["ATTENDEE"] = _attendee(recipient, cancelling=cancelling, accepted=accepted)
    if not cancelling:
        component.add_component(_reminder(event.summary))
    return _calendar(method, component)


def _attendee(recipient: Recipient, *, cancelling: bool, accepted: bool) -> vCalAddress:
    answer = {} if cancelling else _answer(accepted=accepted)
    return mailbox(recipient.name, recipient.address, _PARTICIPANT | answer)


def _answer(*, accepted: bool) -> dict[str, str]:
    if accepted:
        return {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}


def _reminder(summary: str) -> Alarm:
    alarm = Alarm()
    alarm["ACTION"] = line("DISPLAY")
    alarm["TRIGGER"] = vDuration(REMINDER)
    alarm["DESCRIPTION"] = line(summary)
    return alarm


def _calendar(method: Method, component: Event) -> bytes:
    head = opening(new_calendar(method.value.upper()))
    return "".join((head, VTIMEZONE, as_text(component), "END:VCALENDAR\r\n")).encode()
