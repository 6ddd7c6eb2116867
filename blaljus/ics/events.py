"""One event as a VEVENT, its properties always in the same order."""

from datetime import UTC, datetime

from icalendar import Event, vCategory, vDatetime, vGeo, vInt

from blaljus.domain.calendar import CalendarEvent
from blaljus.ics.properties import line, local_time, text, uri

CANCELLED_PREFIX = "INSTÄLLT: "
"""First in the summary: most calendar programs show no status."""

_GEO_DIGITS = 6
"""Decimals of a degree: 0.1 m."""


def feed_event(event: CalendarEvent) -> str:
    """Return the VEVENT of one stored revision for feeds: CRLF, folded, the same every time.

    `feed` adds the ORGANIZER, which belongs to the feed. Raises `ValueError` for a time that is
    not one moment on local clocks.
    """
    prefix = CANCELLED_PREFIX if event.cancelled else ""
    return as_text(vevent(event, summary=prefix + event.summary))


def vevent(event: CalendarEvent, *, summary: str) -> Event:
    """Return the component that feeds and invitations share; nobody is named in it."""
    component = Event()
    component["UID"] = line(event.uid)
    component["SEQUENCE"] = vInt(event.sequence)
    component["DTSTAMP"] = component["LAST-MODIFIED"] = _stamp(event.revised_at)
    component["DTSTART"] = local_time(event.starts_at)
    component["DTEND"] = local_time(event.ends_at)
    component["SUMMARY"] = line(summary)
    _add_place(component, event)
    _add_details(component, event)
    _add_status(component, event)
    return component


def as_text(component: Event) -> str:
    """Return a component as text, in the order its properties were set."""
    written: bytes = component.to_ical(sorted=False)
    return written.decode()


def _stamp(moment: datetime) -> vDatetime:
    return vDatetime(moment.astimezone(UTC).replace(microsecond=0))


def _add_place(component: Event, event: CalendarEvent) -> None:
    if event.location:
        component["LOCATION"] = line(event.location)
    if event.latitude is not None and event.longitude is not None:
        latitude, longitude = (
            round(event.latitude, _GEO_DIGITS),
            round(event.longitude, _GEO_DIGITS),
        )
        component["GEO"] = vGeo((latitude, longitude))


def _add_details(component: Event, event: CalendarEvent) -> None:
    if description := text(event.description):
        component["DESCRIPTION"] = description
    if event.url:
        component["URL"] = uri(event.url)
    if event.categories:
        component["CATEGORIES"] = categories = vCategory([])
        categories.cats = [line(category) for category in event.categories]


def _add_status(component: Event, event: CalendarEvent) -> None:
    taken = event.busy and not event.cancelled
    component["STATUS"] = line(_status(event))
    component["TRANSP"] = line("OPAQUE" if taken else "TRANSPARENT")
    taken_word = "BUSY" if event.confirmed else "TENTATIVE"
    component["X-MICROSOFT-CDO-BUSYSTATUS"] = line(taken_word if taken else "FREE")


def _status(event: CalendarEvent) -> str:
    if event.cancelled:
        return "CANCELLED"
    return "CONFIRMED" if event.confirmed else "TENTATIVE"
