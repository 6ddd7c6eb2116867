"""What a calendar entry says, whatever format carries it."""

from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.words import FeedKind, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One event `[starts_at, ends_at)` in one stored revision; aware datetimes.

    `uid` is stored, never derived. `sequence` rises with time, place or status only;
    `revised_at` is the moment of the stored revision, never now.
    """

    uid: str
    sequence: int
    revised_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    latitude: float | None
    longitude: float | None
    url: str
    categories: tuple[str, ...]
    confirmed: bool
    """STATUS:CONFIRMED, or TENTATIVE while false."""
    cancelled: bool
    busy: bool
    """OPAQUE for one's own duty, TRANSPARENT for overviews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """The part of a feed that is not events."""

    kind: FeedKind
    name: str
    source_url: str
    """Where programs fetch it anew; empty for a file that is opened once."""
    organiser_name: str
    organiser_address: str
    colour: str
    """A CSS colour name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who a message goes to: a function or a role as `name`, never a protected name."""

    name: str
    address: str
    language: str
    """`sv` or `en`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person: its texts, and the calendar event it carries, if any."""

    message_id: str
    """Without angle brackets; stable over retries."""
    sent_at: datetime
    method: Method
    sender_name: str
    sender_address: str
    recipient: Recipient
    subject: str
    text: str
    html: str
    event: CalendarEvent | None
    """Present exactly when `method` is not `MAIL`."""
