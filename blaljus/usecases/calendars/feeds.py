"""Calendar subscriptions: open an address, replace it, close it."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from blaljus.domain.errors import NotFoundError
from blaljus.domain.feeds import OVERLAP, Feed
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolUnit
from blaljus.domain.words import FeedKind
from blaljus.store import agencies, entries, feeds, schools
from blaljus.store.engine import read_transaction, transactional
from blaljus.store.failpoints import failpoint
from blaljus.store.feed_locks import lock_calendar
from blaljus.usecases.access.sessions import hashed
from blaljus.usecases.bookings.booking import get_own_class
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once

TOKEN_BYTES = 32
"""256 bits: an address that cannot be guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A calendar that a person may subscribe to; `name` is None for the person's own."""

    kind: FeedKind
    subject: int
    name: str | None
    feeds: tuple[Feed, ...] = ()
    newest: datetime | None = None
    """When what the calendar shows was last changed."""

    def is_behind(self, found: Feed) -> bool:
        """Return whether the last fetch of an address was before the newest change."""
        fetched = found.fetched_at
        return fetched is not None and self.newest is not None and fetched < self.newest

    @property
    def current(self) -> Feed | None:
        """Return the address that is not being replaced, if there is one."""
        return next((found for found in self.feeds if found.revoked_at is None), None)


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


async def open_feed(
    context: Context, person: Person, key: FormKey, kind: FeedKind, subject: int, *, secret: str
) -> str:
    """Return a new secret address; earlier ones answer for another week.

    The token follows from the form's key and the browser's `secret`, of which neither database
    nor log knows more than a hash: a second click gets the same address and opens no other.
    """
    digest = hmac.digest(secret.encode(), f"feed {kind} {subject} {key.key}".encode(), sha256)
    token = urlsafe_b64encode(digest).decode().rstrip("=")

    async def change() -> Outcome:
        municipality = await check_subject(person, kind, subject)
        await _open(context, kind, subject, municipality, person.actor, token)
        return {}

    await once(person, key, change, clock=context.clock)
    return context.url(feed_path(token))


@transactional
async def open_feed_for_operator(
    context: Context, kind: FeedKind, subject: int, *, municipality: int | None, actor: str
) -> str:
    """Return a new secret address of anybody's calendar."""
    token = token_urlsafe(TOKEN_BYTES)
    await _open(context, kind, subject, municipality, actor, token)
    return context.url(feed_path(token))


async def _open(
    context: Context, kind: FeedKind, subject: int, municipality: int | None, actor: str, token: str
) -> None:
    now = context.clock()
    await lock_calendar(kind, subject)
    await feeds.revoke_feeds(kind, subject, at=now + OVERLAP)
    await failpoint("before_new_address")
    await feeds.add_feed(
        kind, subject, municipality=municipality, token_hash=hashed(token), now=now
    )
    await record(context, actor, municipality, "feed-opened", (kind.value, subject), 1)


async def close_feeds(
    context: Context, person: Person, key: FormKey, kind: FeedKind, subject: int
) -> None:
    """Close every address of a calendar at once."""

    async def change() -> Outcome:
        municipality = await check_subject(person, kind, subject)
        await lock_calendar(kind, subject)
        await feeds.revoke_feeds(kind, subject, at=context.clock())
        subject_of_row = (kind.value, subject)
        await record(context, person.actor, municipality, "feed-closed", subject_of_row, 1)
        return {}

    await once(person, key, change, clock=context.clock)


async def list_own_calendar(context: Context, person: Person) -> list[Subscription]:
    """Return the calendar of each staff member that a person is, with its addresses."""
    async with read_transaction():
        members = await agencies.get_staff_members(person.staff)
        several = len(members) > 1
        names = {member.id: member.agency_name if several else None for member in members.values()}
        return await _with_feeds(context, FeedKind.STAFF, names)


async def list_class_calendar(
    context: Context, person: Person, class_id: int
) -> list[Subscription]:
    """Return the calendar of a class of one's own, with its addresses."""
    async with read_transaction():
        school_class = await get_own_class(person, class_id)
        return await _with_feeds(context, FeedKind.SCHOOL_CLASS, {class_id: school_class.name})


async def list_coordinated_calendars(context: Context, person: Person) -> list[Subscription]:
    """Return the calendars of one's municipalities, then of their schools that have classes."""
    async with read_transaction():
        everywhere = await schools.list_municipalities()
        mine = {m.id: m.name for m in everywhere if m.id in person.municipalities}
        units = await schools.list_units(person.municipalities)
        year = SchoolYear.of(local_day(context.clock()))
        classes = await schools.list_classes(person.municipalities, year)
        named = _named({c.school_unit for c in classes}, units)
        return [
            *await _with_feeds(context, FeedKind.MUNICIPALITY, mine),
            *await _with_feeds(context, FeedKind.SCHOOL, named),
        ]


def _named(wanted: Collection[int], units: Iterable[SchoolUnit]) -> dict[int, str | None]:
    return {unit.id: unit.name for unit in units if unit.id in wanted}


async def _with_feeds(
    context: Context, kind: FeedKind, names: Mapping[int, str | None]
) -> list[Subscription]:
    found = await feeds.list_feeds(kind, names, context.clock())
    newest = await entries.newest_revisions(kind, names)
    return [
        Subscription(
            kind=kind,
            subject=subject,
            name=name,
            feeds=tuple(f for f in found if f.subject == subject),
            newest=newest.get(subject),
        )
        for subject, name in names.items()
    ]
