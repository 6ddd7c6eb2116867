"""Feeds: a head, the time zone, and stored events joined."""

from collections.abc import Iterable
from hashlib import sha256

from icalendar import Calendar
from icalendar.parser import Contentline

from blaljus.domain.calendar import FeedHead
from blaljus.domain.localtime import LOCAL
from blaljus.ics.properties import Text, line, mailbox, uri
from blaljus.ics.zone import VTIMEZONE

PRODUCT = "-//Blåljus//Blåljusdagar//SV"
"""PRODID of everything we write."""

REFRESH = "PT1H"
"""How often programs are asked to poll; many come far less often."""

_PLAIN = str.maketrans({",": " ·", ";": " ·", "\\": "/"})
"""Programs disagree whether a name is unescaped, so it holds nothing that needs it."""

_BEGIN = "\nBEGIN:VEVENT\r\n"
_END = "END:VCALENDAR\r\n"


def feed(head: FeedHead, fragments: Iterable[str]) -> bytes:
    """Return a feed of stored `feed_event` fragments, in the order given; the caller sorts.

    Equal arguments give equal bytes. Each event gets the feed's ORGANIZER.
    """
    begin = _BEGIN + _organiser(head)
    events = "".join(fragments)
    # A line break starts no text: inside a property it is followed by a space.
    body = "".join((_head(head), VTIMEZONE, events)).replace(_BEGIN, begin)
    return (body + _END).encode()


def etag(body: bytes) -> str:
    """Return a strong entity tag with its quotes: equal bytes, equal tag."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def new_calendar(method: str) -> Calendar:
    """Return a calendar with the properties all of ours begin with."""
    calendar = Calendar()
    calendar["VERSION"] = line("2.0")
    calendar["PRODID"] = line(PRODUCT)
    calendar["CALSCALE"] = line("GREGORIAN")
    calendar["METHOD"] = line(method)
    return calendar


def opening(calendar: Calendar) -> str:
    """Return a calendar without its last line, so that parts can follow."""
    written: bytes = calendar.to_ical(sorted=False)
    return written.decode().removesuffix(_END)


def _head(head: FeedHead) -> str:
    calendar = new_calendar("PUBLISH")
    calendar["NAME"] = calendar["X-WR-CALNAME"] = line(head.name.translate(_PLAIN))
    calendar["X-WR-TIMEZONE"] = line(LOCAL.key)
    if head.source_url:
        _add_source(calendar, head.source_url)
    calendar["COLOR"] = line(head.colour)
    return opening(calendar)


def _add_source(calendar: Calendar, address: str) -> None:
    calendar["REFRESH-INTERVAL"] = Text(REFRESH, params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = line(REFRESH)
    calendar["SOURCE"] = source = uri(address)
    source.params["VALUE"] = "URI"


def _organiser(head: FeedHead) -> str:
    organiser = mailbox(head.organiser_name, head.organiser_address)
    parts = Contentline.from_parts("ORGANIZER", organiser.params, organiser)
    written: bytes = parts.to_ical()
    return written.decode() + "\r\n"
