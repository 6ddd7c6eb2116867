"""Feeds: secret addresses. Only the SHA-256 of a token is kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from piccolo.custom_types import Combinable

from blaljus.domain.feeds import LIFE, Feed
from blaljus.domain.localtime import at_local, local_day
from blaljus.domain.words import FeedKind, Program
from blaljus.store import tables as t
from blaljus.store.engine import engine_kind, glance
from blaljus.store.feed_sql import ANSWERS, NAME, NEWEST, SERVES, STAMPS
from blaljus.store.rows import Changes, moment, value, values

NOTE_EVERY = timedelta(minutes=5)
"""A fetch is noted at most this often: reading a feed should not cost a write."""

_SHOWN = {
    engine: f"SELECT f.*, {NAME} AS name, {stamp} AS stamp FROM feed f "  # noqa: S608 -- our own constants
    f"WHERE f.token_hash = {{}} AND {ANSWERS}"
    for engine, stamp in STAMPS.items()
}
_LISTED = f"SELECT f.* FROM feed f WHERE f.kind = {{}} AND {ANSWERS} AND f.subject IN (%s) "  # noqa: S608 -- our own constants
_WATCHED = (
    f"SELECT f.*, {NAME} AS name, {NEWEST} AS newest FROM feed f WHERE {ANSWERS} "  # noqa: S608 -- our own constants
    f"AND (f.municipality = {{}} OR f.kind = 'staff' AND {SERVES}) ORDER BY f.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeed:
    """A feed that answers, whose it is in words, and what tells its content from another."""

    feed: Feed
    name: str
    stamp: str
    stands_until: datetime
    """When to look again though nothing was written: it ends, or a new day begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFeed:
    """A feed that answers, whose it is in words, and when what it shows changed last."""

    feed: Feed
    name: str
    newest: datetime | None


async def add_feed(
    kind: FeedKind,
    subject: int,
    *,
    municipality: int | None,
    token_hash: str,
    opened_by: int | None,
    now: datetime,
) -> None:
    """Store a new feed; `opened_by` is an account, or None for an operator."""
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
            fetched_by=None,
            opened_by=opened_by,
        )
    )


async def find_shown_feed(token_hash: str, now: datetime) -> ShownFeed | None:
    """Return the feed of a token that answers, in one statement, or None.

    It is neither revoked nor expired, and neither whose calendar it is nor who opened it has left.
    """
    rows = await glance(_SHOWN[engine_kind()], token_hash, now, now, local_day(now))
    if not rows or rows[0]["name"] is None:
        return None
    feed, tomorrow = value(rows[0], Feed), local_day(now) + timedelta(days=1)
    return ShownFeed(
        feed=feed,
        name=rows[0]["name"],
        stamp=rows[0]["stamp"],
        stands_until=min(
            feed.expires_at, feed.revoked_at or feed.expires_at, at_local(tomorrow, time.min)
        ),
    )


async def list_feeds(kind: FeedKind, subjects: Collection[int], now: datetime) -> list[Feed]:
    """Return the feeds of some subjects that answer now, newest first."""
    if not subjects:
        return []
    query = _LISTED % ", ".join("{}" for _ in subjects) + "ORDER BY f.id DESC"
    rows = await t.Feed.raw(query, kind.value, now, now, local_day(now), *sorted(subjects))
    return values(rows, Feed)


async def list_watched_feeds(municipality: int, now: datetime) -> list[WatchedFeed]:
    """Return the feeds that answer of a municipality and of the people who serve it, oldest first.

    `newest` knows of that municipality alone; feeds of whose owner has left are not listed.
    """
    day, here = local_day(now), [municipality] * len(FeedKind)
    rows = await t.Feed.raw(_WATCHED, *here, now, now, day, municipality, municipality, day, day)
    return [
        WatchedFeed(
            feed=value(row, Feed),
            name=row["name"],
            newest=moment(row["newest"]) if row["newest"] else None,
        )
        for row in rows
        if row["name"] is not None
    ]


async def revoke_feeds(
    kind: FeedKind, subject: int, *, municipality: int | None = None, at: datetime
) -> None:
    """Close the feeds of somebody at a moment: now, or after the overlap of a replacement.

    They are of `municipality`, or of none: an agency has some for each that it serves.
    """
    f = t.Feed
    await (
        f.update({f.revoked_at: at})
        .where((f.kind == kind.value) & (f.subject == subject) & _of(municipality))
        .where(f.revoked_at.is_null() | (f.revoked_at > at))
    )


def _of(municipality: int | None) -> Combinable:
    column = t.Feed.municipality
    return column.is_null() if municipality is None else column == municipality


def is_worth_noting(feed: Feed, etag: str, program: Program, now: datetime) -> bool:
    """Return whether a fetch tells something new: a version, a program, or some time has passed."""
    fresh = feed.fetched_at is not None and now - feed.fetched_at < NOTE_EVERY
    return not fresh or (feed.fetched_etag, feed.fetched_by) != (etag, program)


async def note_fetch(feed: Feed, etag: str, program: Program, now: datetime) -> None:
    """Remember that a feed was fetched, which version and by what; it lives on from now."""
    f = t.Feed
    changes: Changes = {
        f.fetched_at: now,
        f.fetched_etag: etag,
        f.fetched_by: program.value,
        f.expires_at: now + LIFE,
    }
    await f.update(changes).where(f.id == feed.id)


async def remove_outdated(*, before: datetime) -> None:
    """Remove the addresses that stopped answering before a moment."""
    f = t.Feed
    await f.delete().where((f.expires_at < before) | (f.revoked_at < before))
