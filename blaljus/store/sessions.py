"""Signed-in browsers: who they are, in one statement per request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blaljus.domain.localtime import local_day
from blaljus.domain.people import Person
from blaljus.store.accounts import GROUNDS, grounds_on, person_of
from blaljus.store.rows import Row, values
from blaljus.store.tables import WebSession

_LIVE = """
    WITH live AS (
        SELECT s.id, s.account, a.language, a.address,
            CASE WHEN s.seen_at < {} THEN 1 ELSE 0 END AS stale
        FROM web_session s JOIN account a ON a.id = s.account
        WHERE s.id_hash = {} AND s.revoked_at IS NULL AND a.active
            AND s.expires_at > {} AND s.seen_at > {}
    )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A live session and its person. `stale`: its `seen_at` should be renewed."""

    session: int
    person: Person
    stale: bool
    municipality_name: str | None
    """Of the municipality the person works in, when it is one."""
    label: str
    """What the page calls the person: function, class, or address; never a protected name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as its owner sees it in the list."""

    id: int
    browser: str
    created_at: datetime
    seen_at: datetime


async def find_signed_in(
    id_hash: str, *, now: datetime, idle_since: datetime, stale_since: datetime
) -> SignedIn | None:
    """Return the session with this hash if it lives and was seen after `idle_since`."""
    live = (stale_since, id_hash, now, idle_since)
    rows = await WebSession.raw(_LIVE + GROUNDS, *live, *grounds_on(local_day(now)))
    return _signed_in(rows) if rows else None


def _signed_in(rows: list[Row]) -> SignedIn:
    first = rows[0]
    owners = {row["owner"] for row in rows if row["owner"]}
    labels = dict.fromkeys(row["label"] for row in rows if row["label"])
    return SignedIn(
        session=first["id"],
        person=person_of(rows),
        stale=bool(first["stale"]),
        municipality_name=owners.pop() if len(owners) == 1 else None,
        label=", ".join(labels) or first["address"],
    )


async def find_account(id_hash: str) -> int | None:
    """Return whose session this is, or was till it ended by itself; None for a revoked one."""
    rows = await WebSession.select(WebSession.account).where(
        (WebSession.id_hash == id_hash) & WebSession.revoked_at.is_null()
    )
    return int(rows[0]["account"]) if rows else None


async def add_session(
    account: int,
    *,
    id_hash: str,
    browser: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Store a new session."""
    await WebSession.insert(
        WebSession(
            account=account,
            id_hash=id_hash,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
            revoked_at=None,
            browser=browser,
        )
    )


async def touch_session(session: int, *, now: datetime) -> None:
    """Note that a session was just used."""
    await WebSession.update({WebSession.seen_at: now}).where(WebSession.id == session)


async def revoke_session(session: int, account: int, *, now: datetime) -> bool:
    """End a session of an account; false when the account has no such open session."""
    ended = (
        await WebSession.update({WebSession.revoked_at: now})
        .where(
            (WebSession.id == session)
            & (WebSession.account == account)
            & WebSession.revoked_at.is_null()
        )
        .returning(WebSession.id)
    )
    return bool(ended)


async def revoke_sessions(account: int, *, now: datetime, but: int | None = None) -> None:
    """End every open session of an account, except the one with id `but`."""
    which = (WebSession.account == account) & WebSession.revoked_at.is_null()
    if but is not None:
        which &= WebSession.id != but
    await WebSession.update({WebSession.revoked_at: now}).where(which)


async def list_sessions(account: int, *, now: datetime, idle_since: datetime) -> list[OpenSession]:
    """Return an account's live sessions, the one used last first."""
    rows: list[dict[str, Any]] = (
        await WebSession.select(
            WebSession.id, WebSession.browser, WebSession.created_at, WebSession.seen_at
        )
        .where(
            (WebSession.account == account)
            & WebSession.revoked_at.is_null()
            & (WebSession.expires_at > now)
            & (WebSession.seen_at > idle_since)
        )
        .order_by(WebSession.seen_at, WebSession.id, ascending=False)
    )
    return values(rows, OpenSession)


async def remove_outdated(*, before: datetime) -> None:
    """Forget sessions that ended, whichever way, before a moment."""
    await WebSession.delete().where(
        (WebSession.expires_at < before) | (WebSession.revoked_at < before)
    )
