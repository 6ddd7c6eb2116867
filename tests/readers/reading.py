"""What a calendar program understands of a calendar, in one shape for all five parsers."""

from dataclasses import dataclass
from datetime import UTC, datetime


class UnreadableError(AssertionError):
    """A parser refuses a calendar, or finds no event where it needs one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvent:
    """One event; moments in UTC, a text that is not there is empty."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    description: str
    location: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A calendar's method, and its events in order of start and UID."""

    method: str
    events: tuple[ReadEvent, ...]


def reading(method, events) -> Reading:
    """Return a reading, or raise `UnreadableError` for what names no method or lacks a part."""
    if not method or any(not event.uid or not event.status for event in events):
        raise UnreadableError("no method, UID or status")
    return Reading(method=str(method), events=tuple(sorted(events, key=lambda e: (e.start, e.uid))))


def utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC; one that floats is unreadable."""
    if moment.tzinfo is None:
        raise UnreadableError(f"{moment} floats")
    return moment.astimezone(UTC)
