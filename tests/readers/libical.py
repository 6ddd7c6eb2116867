"""libical (GNOME, KDE), the C library, by ctypes. It also knows the restrictions of RFC 5546."""

import ctypes
from ctypes.util import find_library
from datetime import UTC, datetime
from functools import cache

from readers.reading import ReadEvent, Reading, UnreadableError, reading

EVENT = 4
"""ICAL_VEVENT_COMPONENT."""

DESCRIBED = {"summary": "get_summary", "description": "get_description", "location": "get_location"}


class Time(ctypes.Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = [
        *(
            (name, ctypes.c_int)
            for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "daylight")
        ),
        ("zone", ctypes.c_void_p),
    ]


def by_libical(calendars: list[bytes]) -> list[Reading]:
    """Return what libical reads, or raise `UnreadableError`."""
    return [_read(calendar) for calendar in calendars]


@cache
def _library() -> ctypes.CDLL:
    """Return the library; fails, never skips, where it is missing: tests/prepare.sh installs it."""
    name = find_library("ical") or "libical.so.3"
    library = ctypes.CDLL(name)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    component = "icalcomponent"
    signatures = {
        "icalparser_parse_string": (pointer, [text]),
        "icalrestriction_check": (number, [pointer]),
        "icalproperty_enum_to_string": (text, [number]),
        "icaltime_as_timet_with_zone": (ctypes.c_long, [Time, pointer]),
        f"{component}_count_errors": (number, [pointer]),
        f"{component}_get_first_component": (pointer, [pointer, number]),
        f"{component}_get_next_component": (pointer, [pointer, number]),
        f"{component}_get_method": (number, [pointer]),
        f"{component}_get_status": (number, [pointer]),
        f"{component}_get_sequence": (number, [pointer]),
        f"{component}_get_uid": (text, [pointer]),
        f"{component}_get_dtstart": (Time, [pointer]),
        f"{component}_get_dtend": (Time, [pointer]),
        f"{component}_free": (None, [pointer]),
        **{f"{component}_{getter}": (text, [pointer]) for getter in DESCRIBED.values()},
    }
    for function, (restype, argtypes) in signatures.items():
        declared = getattr(library, function)
        declared.restype, declared.argtypes = restype, argtypes
    return library


def _read(body: bytes) -> Reading:
    library = _library()
    calendar = library.icalparser_parse_string(body)
    if not calendar:
        raise UnreadableError("libical reads no component")
    try:
        if not library.icalrestriction_check(calendar):
            raise UnreadableError("a restriction of RFC 5546 is broken")
        if errors := library.icalcomponent_count_errors(calendar):
            raise UnreadableError(f"{errors} errors")
        method = library.icalproperty_enum_to_string(library.icalcomponent_get_method(calendar))
        return reading((method or b"").decode(), [_event(event) for event in _events(calendar)])
    finally:
        library.icalcomponent_free(calendar)


def _events(calendar: int) -> list[int]:
    library, found = _library(), []
    event = library.icalcomponent_get_first_component(calendar, EVENT)
    while event:
        found.append(event)
        event = library.icalcomponent_get_next_component(calendar, EVENT)
    return found


def _event(event: int) -> ReadEvent:
    library = _library()
    texts = {
        name: (getattr(library, f"icalcomponent_{getter}")(event) or b"").decode()
        for name, getter in DESCRIBED.items()
    }
    return ReadEvent(
        uid=(library.icalcomponent_get_uid(event) or b"").decode(),
        sequence=library.icalcomponent_get_sequence(event),
        start=_moment(library.icalcomponent_get_dtstart(event)),
        end=_moment(library.icalcomponent_get_dtend(event)),
        status=_status(event),
        **texts,
    )


def _status(event: int) -> str:
    library = _library()
    return (
        library.icalproperty_enum_to_string(library.icalcomponent_get_status(event)) or b""
    ).decode()


def _moment(time: Time) -> datetime:
    if not time.year:
        raise UnreadableError("no time")
    if not time.zone:
        raise UnreadableError("a time floats")
    seconds = _library().icaltime_as_timet_with_zone(time, time.zone)
    return datetime.fromtimestamp(seconds, UTC)
