"""Feeds: secret addresses. Only the SHA-256 of a token is kept."""

from datetime import datetime, timedelta

from blaljus.domain.feeds import LIFE, Feed
from blaljus.domain.words import FeedKind
from blaljus.store import tables as t
from blaljus.store.rows import Changes, value, values

NOTE_EVERY = timedelta(minutes=5)
"""A fetch is noted at most this often: reading a feed should not cost a write."""


async def add_feed(
    kind: FeedKind, subject: int, *, municipality: int | None, token_hash: str, now: datetime
) -> None:
    """Store a new feed."""
    await t.Feed.insert(
        t.Feed(
            municipality=municipality,
            kind=kind.value,
            subject=subject,
            token_hash=token_hash,
            created_at=now,
            expires_at=now + LIFE,
            revoked_at=None,
            fetched_at=None,
            fetched_etag=None,
        )
    )


async def find_feed(token_hash: str, now: datetime) -> Feed | None:
    """Return the feed of a token that is neither revoked nor expired, or None."""
    f = t.Feed
    rows = (
        await f.select()
        .where(f.token_hash == token_hash)
        .where(f.revoked_at.is_null() | (f.revoked_at > now))
        .where(f.expires_at > now)
    )
    return value(rows[0], Feed) if rows else None


async def list_feeds(kind: FeedKind, subject: int, now: datetime) -> list[Feed]:
    """Return the feeds of somebody that answer now, newest first."""
    f = t.Feed
    rows = (
        await f.select()
        .where((f.kind == kind.value) & (f.subject == subject))
        .where(f.revoked_at.is_null() | (f.revoked_at > now))
        .where(f.expires_at > now)
        .order_by(f.id, ascending=False)
    )
    return values(rows, Feed)


async def revoke_feeds(kind: FeedKind, subject: int, *, at: datetime) -> None:
    """Close the feeds of somebody at a moment: now, or after the overlap of a replacement."""
    f = t.Feed
    await (
        f.update({f.revoked_at: at})
        .where((f.kind == kind.value) & (f.subject == subject))
        .where(f.revoked_at.is_null() | (f.revoked_at > at))
    )


def is_worth_noting(feed: Feed, etag: str, now: datetime) -> bool:
    """Return whether a fetch tells something new: another version, or some time has passed."""
    fresh = feed.fetched_at is not None and now - feed.fetched_at < NOTE_EVERY
    return not fresh or feed.fetched_etag != etag


async def note_fetch(feed: Feed, etag: str, now: datetime) -> None:
    """Remember that a feed was fetched, and which version; it lives on from now."""
    f = t.Feed
    changes: Changes = {f.fetched_at: now, f.fetched_etag: etag, f.expires_at: now + LIFE}
    await f.update(changes).where(f.id == feed.id)
