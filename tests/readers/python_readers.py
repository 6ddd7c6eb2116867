"""icalendar and vobject (Python), each on its own code."""

import warnings

import icalendar
from readers.reading import ReadEvent, Reading, UnreadableError, reading, utc

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # vobject speaks to old Pythons too
    import vobject


def by_icalendar(calendars: list[bytes]) -> list[Reading]:
    """Return what icalendar reads, or raise `UnreadableError`."""
    return [_icalendar(calendar) for calendar in calendars]


def _icalendar(body: bytes) -> Reading:
    try:
        calendar = icalendar.Calendar.from_ical(body)
        broken = [event.errors for event in calendar.events if event.errors]
        if broken or calendar.errors:
            raise UnreadableError(broken)
        return reading(calendar.get("METHOD"), [_event(event) for event in calendar.events])
    except (ValueError, KeyError, icalendar.error.ComponentEndMissing, IndexError) as error:
        raise UnreadableError(error) from error


def _event(event: icalendar.Event) -> ReadEvent:
    return ReadEvent(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        start=utc(event["DTSTART"].dt),
        end=utc(event["DTEND"].dt),
        summary=str(event["SUMMARY"]),
        description=str(event.get("DESCRIPTION", "")),
        location=str(event.get("LOCATION", "")),
        status=str(event["STATUS"]),
    )


def by_vobject(calendars: list[bytes]) -> list[Reading]:
    """Return what vobject reads, or raise `UnreadableError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [_vobject(calendar) for calendar in calendars]


def _vobject(body: bytes) -> Reading:
    try:
        calendar = vobject.readOne(body.decode())
        calendar.validate(raiseException=True)
        events = [_component(event) for event in calendar.contents.get("vevent", [])]
        return reading(calendar.method.value, events)
    except (vobject.base.VObjectError, AttributeError, ValueError, StopIteration) as error:
        raise UnreadableError(error) from error


def _component(event: vobject.base.Component) -> ReadEvent:
    optional = {
        name: event.contents[name][0].value if name in event.contents else ""
        for name in ("description", "location")
    }
    return ReadEvent(
        uid=event.uid.value,
        sequence=int(event.sequence.value),
        start=utc(event.dtstart.value),
        end=utc(event.dtend.value),
        summary=event.summary.value,
        status=event.status.value,
        **optional,
    )
