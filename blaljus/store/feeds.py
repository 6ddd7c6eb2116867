"""Feeds: secret addresses. Only the SHA-256 of a token is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from blaljus.domain.feeds import LIFE, Feed
from blaljus.domain.words import FeedKind
from blaljus.store import tables as t
from blaljus.store.entries import TOMBSTONE
from blaljus.store.rows import Changes, value, values

NOTE_EVERY = timedelta(minutes=5)
"""A fetch is noted at most this often: reading a feed should not cost a write."""

_NAMES = {
    FeedKind.STAFF: "SELECT CASE WHEN protected THEN function || ' nr ' || id "
    "ELSE display_name END FROM staff_member WHERE id = f.subject AND active",
    FeedKind.SCHOOL_CLASS: "SELECT c.label || ', ' || u.name FROM school_class c "
    "JOIN school_unit u ON u.id = c.school_unit WHERE c.id = f.subject",
    FeedKind.SCHOOL: "SELECT name FROM school_unit WHERE id = f.subject",
    FeedKind.AGENCY: "SELECT name FROM agency WHERE id = f.subject",
    FeedKind.MUNICIPALITY: "SELECT name FROM municipality WHERE id = f.subject",
}
_CONTENT = {
    FeedKind.STAFF: "e.staff = f.subject",
    FeedKind.SCHOOL_CLASS: "e.school_class = f.subject",
    FeedKind.SCHOOL: "e.school_unit = f.subject",
    FeedKind.AGENCY: "e.agency = f.subject",
    FeedKind.MUNICIPALITY: "e.municipality = f.subject AND e.overview = 1",
}
_STAMP = (
    "SELECT COUNT(*) || ' ' || COALESCE(MAX(e.id), 0) || ' ' || COALESCE(SUM(e.id), 0) "
    "FROM calendar_entry e WHERE {owner} AND e.fragment <> '' "
    "AND (e.cancelled_at IS NULL OR e.cancelled_at > {{}})"
)
"""Ids are never used twice and a new revision is a new row: equal stamps mean equal events."""


def _by_kind(queries: Mapping[FeedKind, str]) -> str:
    cases = " ".join(f"WHEN '{kind}' THEN ({query})" for kind, query in queries.items())
    return f"CASE f.kind {cases} END"


_STAMPS = {kind: _STAMP.format(owner=owner) for kind, owner in _CONTENT.items()}
_SHOWN = (
    f"SELECT f.*, {_by_kind(_NAMES)} AS name, {_by_kind(_STAMPS)} AS stamp FROM feed f "  # noqa: S608 -- our own constants
    "WHERE f.token_hash = {} AND (f.revoked_at IS NULL OR f.revoked_at > {}) AND f.expires_at > {}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeed:
    """A feed that answers, whose it is in words, and what tells its content from another."""

    feed: Feed
    name: str
    stamp: str


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


async def find_shown_feed(token_hash: str, now: datetime) -> ShownFeed | None:
    """Return the feed of a token that answers, in one statement, or None.

    It is neither revoked nor expired, and whose calendar it is has not left.
    """
    since = [now - TOMBSTONE] * len(_CONTENT)
    rows = await t.Feed.raw(_SHOWN, *since, token_hash, now, now)
    if not rows or rows[0]["name"] is None:
        return None
    return ShownFeed(feed=value(rows[0], Feed), name=rows[0]["name"], stamp=rows[0]["stamp"])


async def list_feeds(kind: FeedKind, subjects: Collection[int], now: datetime) -> list[Feed]:
    """Return the feeds of some subjects that answer now, newest first."""
    if not subjects:
        return []
    f = t.Feed
    rows = (
        await f.select()
        .where((f.kind == kind.value) & f.subject.is_in(sorted(subjects)))
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
