"""Ways in that were mailed or printed, and the buckets that limit asking for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from blaljus.store.rows import Row, locked, value, values
from blaljus.store.tables import RateBucket, SignInLink

TOKEN = 1000
"""A bucket counts thousandths, so that slow refills add up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A stored way in. `browser_hash` is null for links that work in any browser."""

    id: int
    account: int
    browser_hash: str | None
    code_hash: str | None
    code_attempts: int
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A token bucket: `size` at once, one more each `every`."""

    size: int
    every: timedelta


async def add_link(
    account: int | None,
    *,
    token_hash: str,
    browser_hash: str | None,
    code_hash: str | None,
    expires_at: datetime,
) -> None:
    """Store a new unused way in; for nobody's account the same statement stores nothing."""
    await SignInLink.raw(
        "INSERT INTO sign_in_link "
        "(account, token_hash, browser_hash, code_hash, code_attempts, expires_at) "
        "SELECT id, {}, {}, {}, 0, {} FROM account WHERE id = {}",
        token_hash,
        browser_hash,
        code_hash,
        expires_at,
        account or 0,
    )


async def find_link(token_hash: str) -> Link | None:
    """Return the way in with this token, used or not, locked till the transaction ends."""
    rows = await locked(
        SignInLink.select(*SignInLink.all_columns()).where(SignInLink.token_hash == token_hash)
    )
    return value(rows[0], Link) if rows else None


async def peek_link(token_hash: str) -> Link | None:
    """Return the way in with this token, used or not, without a lock."""
    rows: list[Row] = await SignInLink.select().where(SignInLink.token_hash == token_hash)
    return value(rows[0], Link) if rows else None


async def list_links_of_browser(browser_hash: str, *, now: datetime) -> list[Link]:
    """Return the unused, unexpired ways in that a browser asked for, newest first, locked."""
    rows = await locked(
        SignInLink.select(*SignInLink.all_columns())
        .where(
            (SignInLink.browser_hash == browser_hash)
            & SignInLink.used_at.is_null()
            & (SignInLink.expires_at > now)
        )
        .order_by(SignInLink.id, ascending=False)
    )
    return values(rows, Link)


async def use_link(link: int, *, now: datetime) -> bool:
    """Use up a way in; false when somebody was quicker."""
    used = (
        await SignInLink.update({SignInLink.used_at: now})
        .where((SignInLink.id == link) & SignInLink.used_at.is_null())
        .returning(SignInLink.id)
    )
    return bool(used)


async def count_attempts(links: list[int]) -> None:
    """Note one wrong code on each of these ways in."""
    if links:
        await SignInLink.update({SignInLink.code_attempts: SignInLink.code_attempts + 1}).where(
            SignInLink.id.is_in(links)
        )


async def take_token(key: str, limit: Limit, *, now: datetime) -> bool:
    """Take one token from a bucket; false, and nothing taken, when it is empty.

    `key` is a hash of what is limited. The bucket is locked till the transaction ends: whoever
    takes several takes them in the order of their keys.
    """
    full = limit.size * TOKEN
    await RateBucket.insert(RateBucket(key=key, tokens=full, filled_at=now)).on_conflict(
        action="DO NOTHING"
    )
    bucket = (await locked(RateBucket.select().where(RateBucket.key == key)))[0]
    # Two machines' clocks may differ a little: time never runs backwards in a bucket.
    waited = max(now - bucket["filled_at"], timedelta())
    tokens = min(full, bucket["tokens"] + int(waited / limit.every * TOKEN))
    if tokens < TOKEN:
        return False
    await RateBucket.update({RateBucket.tokens: tokens - TOKEN, RateBucket.filled_at: now}).where(
        RateBucket.id == bucket["id"]
    )
    return True


async def remove_outdated(*, before: datetime) -> None:
    """Forget ways in that ended, and buckets last touched, before a moment."""
    await SignInLink.delete().where(SignInLink.expires_at < before)
    await RateBucket.delete().where(RateBucket.filled_at < before)
