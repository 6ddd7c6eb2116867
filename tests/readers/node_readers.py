"""ical.js (Thunderbird) and node-ical, run by Node: many calendars in one process."""

from datetime import UTC, datetime
from typing import Any

from icaljs import run_script
from readers.reading import ReadEvent, Reading, UnreadableError, reading


def by_ical_js(calendars: list[bytes]) -> list[Reading]:
    """Return what ical.js reads, or raise `UnreadableError`."""
    answers = run_script("parse_ics.mjs", calendars)
    return [_reading(answer, lambda a: a["properties"].get("method")) for answer in answers]


def by_node_ical(calendars: list[bytes]) -> list[Reading]:
    """Return what node-ical reads, or raise `UnreadableError`."""
    answers = run_script("parse_node_ical.mjs", calendars)
    return [_reading(answer, lambda a: a.get("method")) for answer in answers]


def _reading(answer: dict[str, Any], method_of: Any) -> Reading:
    if "error" in answer:
        raise UnreadableError(answer["error"])
    return reading(method_of(answer), [_event(event) for event in answer["events"]])


def _event(event: dict[str, Any]) -> ReadEvent:
    return ReadEvent(
        uid=event.get("uid") or "",
        sequence=int(event["sequence"]),
        start=_moment(event["start"]),
        end=_moment(event["end"]),
        summary=event.get("summary") or "",
        description=event.get("description") or "",
        location=event.get("location") or "",
        status=event.get("status") or "",
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
