"""Calendar subscriptions: open an address, replace it, close it."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_urlsafe

from blaljus.domain.errors import NotFoundError
from blaljus.domain.feeds import OVERLAP
from blaljus.domain.localtime import local_day
from blaljus.domain.people import Person
from blaljus.domain.words import FeedKind
from blaljus.store import agencies, feeds, schools
from blaljus.store.engine import transactional
from blaljus.store.failpoints import failpoint
from blaljus.store.feed_locks import lock_calendar
from blaljus.usecases.access.sessions import hashed
from blaljus.usecases.bookings.booking import get_own_class
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once

TOKEN_BYTES = 32
"""256 bits: an address that cannot be guessed."""


def feed_path(token: str) -> str:
    """Return the path of a feed."""
    return f"/kalender/{token}.ics"


async def check_subject(
    context: Context,
    person: Person,
    kind: FeedKind,
    subject: int,
    municipality: int | None = None,
) -> int | None:
    """Return the municipality of what a person may subscribe to, or raise `NotFoundError`.

    An agency's calendar is opened by who coordinates a `municipality` it serves, for the agency's
    contact; it shows that municipality alone, for who opens it knows the address.
    """
    if kind is FeedKind.STAFF and subject in person.staff:
        return None
    if kind is FeedKind.SCHOOL_CLASS:
        return (await get_own_class(person, subject)).municipality
    if kind is FeedKind.MUNICIPALITY and subject in person.municipalities:
        return subject
    if kind is FeedKind.SCHOOL and person.municipalities:
        units = await schools.list_units(person.municipalities)
        return _municipality_of(subject, {unit.id: unit.municipality for unit in units})
    if kind is FeedKind.AGENCY and municipality in person.municipalities:
        today = local_day(context.clock())
        serving = await agencies.agencies_serving((municipality,), today)
        return _municipality_of(subject, dict.fromkeys(serving, municipality))
    raise NotFoundError


def _municipality_of(subject: int, known: dict[int, int]) -> int:
    if subject not in known:
        raise NotFoundError
    return known[subject]


async def open_feed(
    context: Context,
    person: Person,
    key: FormKey,
    kind: FeedKind,
    subject: int,
    *,
    municipality: int | None = None,
    secret: str,
) -> str:
    """Return a new secret address; earlier ones answer for another week.

    `municipality` says which events of an agency it shows. The token follows from the form's key
    and the browser's `secret`, of which neither database nor log knows more than a hash: a second
    click gets the same address and opens no other.
    """
    what = f"feed {kind} {subject} {municipality} {key.key}"
    digest = hmac.digest(secret.encode(), what.encode(), sha256)
    token = urlsafe_b64encode(digest).decode().rstrip("=")

    async def change() -> Outcome:
        owner = await check_subject(context, person, kind, subject, municipality)
        await _open(context, kind, subject, owner, token, person=person)
        return {}

    await once(person, key, change, clock=context.clock)
    return context.url(feed_path(token))


@transactional
async def open_feed_for_operator(
    context: Context, kind: FeedKind, subject: int, *, municipality: int | None, actor: str
) -> str:
    """Return a new secret address of anybody's calendar; an agency's shows all it serves."""
    token = token_urlsafe(TOKEN_BYTES)
    await _open(context, kind, subject, municipality, token, person=None, actor=actor)
    return context.url(feed_path(token))


async def _open(
    context: Context,
    kind: FeedKind,
    subject: int,
    municipality: int | None,
    token: str,
    *,
    person: Person | None,
    actor: str = "",
) -> None:
    now = context.clock()
    await lock_calendar(kind, subject)
    await feeds.revoke_feeds(kind, subject, municipality=municipality, at=now + OVERLAP)
    await failpoint("before_new_address")
    await feeds.add_feed(
        kind,
        subject,
        municipality=municipality,
        token_hash=hashed(token),
        opened_by=person.account if person else None,
        now=now,
    )
    who = person.actor if person else actor
    await record(context, who, municipality, "feed-opened", (kind.value, subject), 1)


async def close_feeds(
    context: Context,
    person: Person,
    key: FormKey,
    kind: FeedKind,
    subject: int,
    *,
    municipality: int | None = None,
) -> None:
    """Close every address of a calendar at once; of an agency those of a `municipality`."""

    async def change() -> Outcome:
        owner = await check_subject(context, person, kind, subject, municipality)
        await lock_calendar(kind, subject)
        await feeds.revoke_feeds(kind, subject, municipality=owner, at=context.clock())
        subject_of_row = (kind.value, subject)
        await record(context, person.actor, owner, "feed-closed", subject_of_row, 1)
        return {}

    await once(person, key, change, clock=context.clock)
