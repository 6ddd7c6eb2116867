"""Calendar subscriptions: secret addresses that a calendar program polls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from blaljus.domain.words import FeedHealth, FeedKind, Program

LIFE = timedelta(days=400)
"""A feed nobody has fetched for this long is closed: a school year and a summer."""

OVERLAP = timedelta(days=7)
"""How long an old address still answers after it was replaced."""

SLOWEST = timedelta(hours=24)
"""How long the slowest programs take to come: Google 8-24 hours, Outlook on the web up to a day."""

SILENCE = timedelta(days=7)
"""Without a fetch for so long, the calendar was probably taken out of the program."""

_SIGNS: Mapping[Program, tuple[str, ...]] = {
    Program.GOOGLE: ("google-calendar", "google calendar", "googlebot", "google-http"),
    Program.OUTLOOK: ("outlook", "exchange", "microsoft office", "microsoft-"),
    Program.THUNDERBIRD: ("thunderbird", "lightning/"),
    Program.DAV: ("vdirsyncer", "davx5", "davdroid", "icsx5", "icsdroid"),
    Program.APPLE: ("dataaccessd", "calendaragent", "calendarcore", "calendar/", "ical/"),
}
"""What the names hold that programs give themselves, in small letters; the first that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One subscription; its token is known to its owner alone."""

    id: int
    municipality: int | None
    """Whose events it shows alone, where it shows an agency's; None: those of all."""
    kind: FeedKind
    subject: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    fetched_at: datetime | None
    fetched_etag: str | None
    fetched_by: Program | None = None


@lru_cache(maxsize=256)
def program_of(user_agent: str) -> Program:
    """Return what kind of program gives itself this name, the header `User-Agent`."""
    name = user_agent.lower()
    fit = (kind for kind, signs in _SIGNS.items() if any(sign in name for sign in signs))
    return next(fit, Program.OTHER)


def health_of(fetched_at: datetime | None, newest: datetime | None, now: datetime) -> FeedHealth:
    """Return how it stands with a subscription whose newest change was at `newest`, if any."""
    if fetched_at is None:
        return FeedHealth.NEVER
    if newest is not None and fetched_at < newest:
        return FeedHealth.WAITING if now - newest < SLOWEST else FeedHealth.BEHIND
    return FeedHealth.FRESH if now - fetched_at < SILENCE else FeedHealth.SILENT
