"""Calendar subscriptions: secret addresses that a calendar program polls."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from blaljus.domain.words import FeedKind

LIFE = timedelta(days=400)
"""A feed nobody has fetched for this long is closed: a school year and a summer."""

OVERLAP = timedelta(days=7)
"""How long an old address still answers after it was replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One subscription; its token is known to its owner alone."""

    id: int
    municipality: int | None
    kind: FeedKind
    subject: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    fetched_at: datetime | None
    fetched_etag: str | None
