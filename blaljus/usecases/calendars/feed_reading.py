"""Reading a subscribed calendar: what a program that polls gets, cheaply when nothing changed."""

import re
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from gzip import compress
from typing import NamedTuple

from blaljus.domain.calendar import FeedHead
from blaljus.domain.errors import BusyError, NotFoundError
from blaljus.domain.feeds import Feed
from blaljus.domain.words import FeedKind, Program
from blaljus.ics.feeds import etag, feed
from blaljus.store import entries, feeds
from blaljus.store.engine import data_version, read_transaction, transactional
from blaljus.store.feeds import ShownFeed
from blaljus.store.transaction import DataVersion
from blaljus.usecases.access.limits import Limit, network_of, take_one_of_each
from blaljus.usecases.access.sessions import hashed
from blaljus.usecases.calendars.feeds import feed_path
from blaljus.usecases.context import Context

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""What 32 bytes look like in an address."""

MISSES_PER_PEER = Limit(size=30, every=timedelta(seconds=20))
"""Programs of a whole workplace may go on asking for addresses that were replaced."""

MISSES_PER_TOKEN = Limit(size=10, every=timedelta(minutes=5))
"""A program that polls a closed address every minute; it may come back and ask, seldom."""

KEPT_FEEDS = 128
"""Bodies kept in memory, newest used: at 200 events 130 kB each, so 17 MB at most."""

COLOURS = {
    FeedKind.STAFF: "royalblue",
    FeedKind.SCHOOL_CLASS: "seagreen",
    FeedKind.SCHOOL: "seagreen",
    FeedKind.AGENCY: "slateblue",
    FeedKind.MUNICIPALITY: "steelblue",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBody:
    """One version of a feed. `etag` belongs to `body`; `modified_at` never goes back."""

    body: bytes
    gzipped: bytes
    etag: str
    modified_at: datetime | None
    lasts_until: datetime | None
    """When it is no longer right though nothing was written: a tombstone will be old."""

    def lasts(self, now: datetime) -> bool:
        """Return whether it is right as long as nothing was written."""
        return self.lasts_until is None or now < self.lasts_until


async def read_feed(
    context: Context, token: str, *, peer: str = "", program: Program | None = Program.OTHER
) -> FeedBody:
    """Return what a subscriber gets, or raise `NotFoundError`: unknown and closed look the same.

    What kind of program came is noted; None fetches nothing, it looks whether there is something
    new. Who asks for addresses that do not answer too often gets `TooManyError` for those.
    """
    now = context.clock()
    if TOKEN.fullmatch(token) is None:
        raise NotFoundError
    key, as_of = hashed(token), data_version()
    answer = _recalled(key, as_of, now)
    if answer is None:
        shown = await feeds.find_shown_feed(key, now)
        if shown is None:
            await _count_miss(token, peer, now)
            raise NotFoundError
        answer = _Kept(as_of, shown, _kept(key, shown, now) or await _made(context, token, shown))
        _keep(key, answer)
    if program and feeds.is_worth_noting(answer.shown.feed, answer.body.etag, program, now):
        # While somebody holds the database this can wait for the next fetch.
        with suppress(BusyError):
            await _note(answer.shown.feed, answer.body.etag, program, now)
    return answer.body


@transactional
async def _count_miss(token: str, peer: str, now: datetime) -> None:
    limits = {
        f"feed miss:{token}": MISSES_PER_TOKEN,
        f"feed miss from:{network_of(peer)}": MISSES_PER_PEER,
    }
    await take_one_of_each(limits, now)


@transactional
async def _note(found: Feed, tag: str, program: Program, now: datetime) -> None:
    await feeds.note_fetch(found, tag, program, now)


class _Kept(NamedTuple):
    """What was answered last, and how far the database had been written when it was read."""

    as_of: DataVersion | None
    shown: ShownFeed
    body: FeedBody


_answers: OrderedDict[str, _Kept] = OrderedDict()
"""By token hash, latest last. Each process has its own."""


def _recalled(key: str, as_of: DataVersion | None, now: datetime) -> _Kept | None:
    """Return what was answered last, if the database would say the same: nobody has written."""
    known = _answers.get(key)
    if known is None or as_of is None or known.as_of != as_of or known.shown.stands_until <= now:
        return None
    return known if known.body.lasts(now) else None


def _kept(key: str, shown: ShownFeed, now: datetime) -> FeedBody | None:
    """Return the body that was made last, if a new one would be the same."""
    known = _answers.get(key)
    if known is None or (known.shown.name, known.shown.stamp) != (shown.name, shown.stamp):
        return None
    return known.body if known.body.lasts(now) else None


def _keep(key: str, answer: _Kept) -> None:
    _answers[key] = answer
    _answers.move_to_end(key)
    while len(_answers) > KEPT_FEEDS:
        _answers.popitem(last=False)


async def _made(context: Context, token: str, shown: ShownFeed) -> FeedBody:
    found = shown.feed
    async with read_transaction():
        now = context.clock()
        shows = (found.kind, found.subject, now)
        fragments = await entries.list_fragments(*shows, municipality=found.municipality)
        changed = await entries.changed_at(*shows, municipality=found.municipality)
        until = await entries.shown_until(*shows, municipality=found.municipality)
    body = feed(_head(context, shown, token), fragments)
    return FeedBody(
        body=body,
        gzipped=compress(body, 6, mtime=0),
        etag=etag(body),
        modified_at=changed,
        lasts_until=until,
    )


def _head(context: Context, shown: ShownFeed, token: str) -> FeedHead:
    return FeedHead(
        kind=shown.feed.kind,
        name=f"Blåljusdagar: {shown.name}",
        source_url=context.url(feed_path(token)),
        organiser_name=context.sender_name,
        organiser_address=context.sender_address,
        colour=COLOURS[shown.feed.kind],
    )
