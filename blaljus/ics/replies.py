"""Answers of calendar programs (RFC 5546 3.2.3, 3.2.7), read with suspicion."""

from datetime import UTC, datetime

from icalendar import Calendar, Component, vCalAddress

from blaljus.domain.localtime import LOCAL
from blaljus.domain.replies import Answer, Revision, Said
from blaljus.domain.text import clean_text

ANSWERS = {
    "ACCEPTED": Answer.YES,
    "DECLINED": Answer.NO,
    "TENTATIVE": Answer.MAYBE,
    "DELEGATED": Answer.DELEGATED,
}
"""What PARTSTAT means; another answers nothing."""

LONGEST_COMMENT = 500
_MOST = 2**31 - 1


class UnreadableReplyError(ValueError):
    """A calendar is none, or answers nothing that we can tell."""


def read_reply(text: str) -> Said:
    """Return what a calendar with METHOD REPLY or COUNTER says of its one event.

    Raises `UnreadableReplyError` for anything else. A reply may lack ORGANIZER: Exchange does.
    """
    try:
        calendar = Calendar.from_ical(text)
        return _said(calendar, _only(calendar.walk("VEVENT")))
    except UnreadableReplyError:
        raise
    except Exception as error:  # noqa: BLE001 -- hostile calendars break parsers in many ways
        raise UnreadableReplyError(type(error).__name__) from None


def _only(found: list[Component]) -> Component:
    if len(found) != 1:
        raise UnreadableReplyError("not one event")
    return found[0]


def _said(calendar: Calendar, event: Component) -> Said:
    method = str(calendar.get("METHOD", "")).strip().upper()
    if method not in ("REPLY", "COUNTER"):
        raise UnreadableReplyError("no reply")
    attendee = event["ATTENDEE"]
    if not isinstance(attendee, vCalAddress):
        raise UnreadableReplyError("not one attendee")
    counter = method == "COUNTER"
    answer = Answer.COUNTER if counter else ANSWERS[str(attendee.params["PARTSTAT"]).upper()]
    return Said(
        uid=str(event["UID"]).strip()[:120],
        answer=answer,
        attendee=_address(str(attendee)),
        revision=Revision(sequence=_sequence(event), stamped_at=_moment(event, "DTSTAMP")),
        comment=clean_text(str(event.get("COMMENT", "")))[:LONGEST_COMMENT],
        proposed=(_moment(event, "DTSTART"), _moment(event, "DTEND")) if counter else None,
    )


def _address(text: str) -> str:
    scheme, colon, rest = text.partition(":")
    return (rest if colon and scheme.lower() == "mailto" else text).strip()[:254]


def _sequence(event: Component) -> int:
    number = int(str(event.get("SEQUENCE", 0)))
    if not 0 <= number <= _MOST:
        raise UnreadableReplyError("sequence")
    return number


def _moment(event: Component, name: str) -> datetime:
    value = getattr(event[name], "dt", None)
    if not isinstance(value, datetime):
        raise UnreadableReplyError("no moment")
    aware = value if value.tzinfo else value.replace(tzinfo=LOCAL)
    return aware.astimezone(UTC)
