"""Calendar subscriptions: open an address, replace it, close it, read it."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from blaljus.clock import Clock
from blaljus.domain.calendar import FeedHead
from blaljus.domain.errors import NotFoundError
from blaljus.domain.feeds import OVERLAP, Feed
from blaljus.domain.people import Person
from blaljus.domain.words import FeedKind
from blaljus.ics.feeds import etag, feed
from blaljus.store import agencies, entries, feeds, schools
from blaljus.store.engine import read_transaction, transactional
from blaljus.usecases.booking import get_own_class
from blaljus.usecases.context import Context, record
from blaljus.usecases.sessions import hashed

TOKEN_BYTES = 32
"""256 bits: an address that cannot be guessed."""

COLOURS = {
    FeedKind.STAFF: "royalblue",
    FeedKind.SCHOOL_CLASS: "seagreen",
    FeedKind.SCHOOL: "seagreen",
    FeedKind.AGENCY: "slateblue",
    FeedKind.MUNICIPALITY: "steelblue",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBody:
    """One version of a feed."""

    body: bytes
    etag: str


def feed_path(token: str) -> str:
    """Return the path of a feed."""
    return f"/kalender/{token}.ics"


async def check_subject(person: Person, kind: FeedKind, subject: int) -> int | None:
    """Return the municipality of what a person may subscribe to, or raise `NotFoundError`."""
    if kind is FeedKind.STAFF and subject in person.staff:
        return None
    if kind is FeedKind.SCHOOL_CLASS:
        return (await get_own_class(person, subject)).municipality
    if kind is FeedKind.MUNICIPALITY and subject in person.municipalities:
        return subject
    if kind is FeedKind.SCHOOL and person.municipalities:
        units = await schools.list_units(person.municipalities)
        return _municipality_of(subject, {unit.id: unit.municipality for unit in units})
    raise NotFoundError


def _municipality_of(subject: int, known: dict[int, int]) -> int:
    if subject not in known:
        raise NotFoundError
    return known[subject]


async def open_feed(context: Context, person: Person, kind: FeedKind, subject: int) -> str:
    """Return a new secret address; earlier ones answer for another week. Shown once."""
    municipality = await check_subject(person, kind, subject)
    return await open_feed_for_operator(
        context, kind, subject, municipality=municipality, actor=person.actor
    )


@transactional
async def open_feed_for_operator(
    context: Context, kind: FeedKind, subject: int, *, municipality: int | None, actor: str
) -> str:
    """Return a new secret address of anybody's calendar."""
    now = context.clock()
    token = token_urlsafe(TOKEN_BYTES)
    await feeds.revoke_feeds(kind, subject, at=now + OVERLAP)
    await feeds.add_feed(
        kind, subject, municipality=municipality, token_hash=hashed(token), now=now
    )
    if municipality is not None:
        await record(context, actor, municipality, "feed-opened", (kind.value, subject), 1)
    return context.url(feed_path(token))


@transactional
async def _close(kind: FeedKind, subject: int, now: datetime) -> None:
    await feeds.revoke_feeds(kind, subject, at=now)


async def close_feeds(context: Context, person: Person, kind: FeedKind, subject: int) -> None:
    """Close every address of a calendar at once."""
    await check_subject(person, kind, subject)
    await _close(kind, subject, context.clock())


async def list_own_feeds(
    context: Context, person: Person, kind: FeedKind, subject: int
) -> list[Feed]:
    """Return the addresses of a calendar that answer now, newest first, without their secret."""
    await check_subject(person, kind, subject)
    return await feeds.list_feeds(kind, subject, context.clock())


async def read_feed(context: Context, token: str) -> FeedBody:
    """Return what a subscriber gets, or raise `NotFoundError`: unknown and closed look the same."""
    now = context.clock()
    async with read_transaction():
        found = await feeds.find_feed(hashed(token), now)
        if found is None:
            raise NotFoundError
        head = await _head(context, found, token)
        fragments = await entries.list_fragments(found.kind, found.subject, now)
    body = feed(head, fragments)
    version = FeedBody(body=body, etag=etag(body))
    await _note(found, version.etag, context.clock)
    return version


async def _note(found: Feed, tag: str, clock: Clock) -> None:
    if feeds.is_worth_noting(found, tag, clock()):
        await _noted(found, tag, clock)


@transactional
async def _noted(found: Feed, tag: str, clock: Clock) -> None:
    await feeds.note_fetch(found, tag, clock())


async def _head(context: Context, found: Feed, token: str) -> FeedHead:
    return FeedHead(
        kind=found.kind,
        name=f"Blåljusdagar: {await _name(found)}",
        source_url=context.url(feed_path(token)),
        organiser_name=context.sender_name,
        organiser_address=context.sender_address,
        colour=COLOURS[found.kind],
    )


async def _name(found: Feed) -> str:
    if found.kind is FeedKind.STAFF:
        return (await agencies.get_staff(found.subject)).display_name
    if found.kind is FeedKind.AGENCY:
        return await agencies.get_agency_name(found.subject)
    assert found.municipality is not None, "only staff and agencies stand outside"  # noqa: S101 -- see STYLE
    scope = (found.municipality,)
    if found.kind is FeedKind.SCHOOL_CLASS:
        return (await schools.get_class(found.subject, scope)).name
    if found.kind is FeedKind.SCHOOL:
        units = {unit.id: unit.name for unit in await schools.list_units(scope)}
        return units[found.subject]
    return (await schools.get_municipality(found.subject)).name
