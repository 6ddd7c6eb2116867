"""Sessions: a signed-in browser is known by a secret id whose hash alone is stored."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from blaljus.clock import Clock
from blaljus.domain.errors import BusyError, NotFoundError
from blaljus.domain.people import Person
from blaljus.domain.words import Role
from blaljus.store import accounts
from blaljus.store import sessions as store
from blaljus.store.engine import transactional, write_transaction
from blaljus.store.sessions import OpenSession, SignedIn

__all__ = ["OpenSession", "SignedIn"]

ID_BYTES = 32
"""256 bits: nobody guesses one."""

IDLE = timedelta(hours=8)
"""A working day: a browser left at the end of one is signed out the next."""

LIFE = timedelta(days=14)
"""Teachers and staff come every other week at most; a mail is all it takes to come back."""

COORDINATOR_LIFE = timedelta(hours=12)
"""A coordinator can change everything of a municipality: a new proof each day."""

SEEN_EVERY = timedelta(minutes=5)
"""How exactly we know when a session was used last; spares a write per page."""

TOUCH_PATIENCE = 0.2
"""Seconds a page waits to note that its session is in use; what it was asked for may wait too."""

_LONGEST_BROWSER = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """The secret id to put into the cookie, and when it ends."""

    id: str
    expires_at: datetime


def hashed(secret: str) -> str:
    """Return how a secret of ours is kept at rest: its SHA-256, in hex."""
    return sha256(secret.encode()).hexdigest()


async def find_session(session_id: str, *, clock: Clock) -> SignedIn | None:
    """Return who is signed in with this id; unknown, ended and idle ones are all nobody."""
    now = clock()
    signed_in = await store.find_signed_in(
        hashed(session_id), now=now, idle_since=now - IDLE, stale_since=now - SEEN_EVERY
    )
    if signed_in is not None and signed_in.stale:
        await _touch(signed_in.session, now)
    return signed_in


async def _touch(session: int, now: datetime) -> None:
    # While somebody holds the database this can wait for the next page; the visitor cannot.
    with suppress(BusyError, TimeoutError):
        async with asyncio.timeout(TOUCH_PATIENCE), write_transaction():
            await store.touch_session(session, now=now)


async def start_session(
    account: int, roles: tuple[Role, ...], browser: str, *, now: datetime
) -> NewSession:
    """Store a session with a new id, in the running transaction."""
    session_id = token_urlsafe(ID_BYTES)
    expires_at = now + (COORDINATOR_LIFE if Role.COORDINATOR in roles else LIFE)
    await store.add_session(
        account,
        id_hash=hashed(session_id),
        browser=browser_kind(browser),
        now=now,
        expires_at=expires_at,
    )
    return NewSession(id=session_id, expires_at=expires_at)


async def list_my_sessions(person: Person, *, clock: Clock) -> list[OpenSession]:
    """Return the person's own live sessions, the one used last first."""
    now = clock()
    return await store.list_sessions(person.account, now=now, idle_since=now - IDLE)


@transactional
async def end_session(person: Person, session: int, *, clock: Clock) -> None:
    """End one of the person's own sessions, or raise `NotFoundError`."""
    if not await store.revoke_session(session, person.account, now=clock()):
        raise NotFoundError


@transactional
async def end_other_sessions(person: Person, session: int, *, clock: Clock) -> None:
    """End all the person's sessions but `session`."""
    await store.revoke_sessions(person.account, now=clock(), but=session)


@transactional
async def choose_language(person: Person, language: str) -> None:
    """Store the language (`sv` or `en`) of the person's mail."""
    await accounts.save_language(person.account, language)


def browser_kind(user_agent: str) -> str:
    """Return `Firefox, Windows` or the like: enough to know one's own, too little to track."""
    return ", ".join(
        name
        for names in (_BROWSERS, _SYSTEMS)
        if (name := next((name for sign, name in names if sign in user_agent), None))
    )[:_LONGEST_BROWSER]


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
"""(what stands in User-Agent, name); the first that fits counts."""
