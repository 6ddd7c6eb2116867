"""Addresses that the last letter did not reach."""

from dataclasses import dataclass
from datetime import datetime

from blaljus.store import tables as t
from blaljus.store.rows import values

REFUSED, BOUNCED = "refused", "bounced"
"""The server said no at once; or another one wrote back later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An account whose mail does not get through; `status` as `5.1.1`."""

    account: int
    how: str
    status: str
    noted_at: datetime


async def note(account: int, how: str, status: str, *, now: datetime) -> None:
    """Mark an account's address; what was noted before is replaced."""
    u = t.Undelivered
    row = u(account=account, how=how, status=status[:12], noted_at=now)
    await u.insert(row).on_conflict(
        target=u.account, action="DO UPDATE", values=[u.how, u.status, u.noted_at]
    )


async def clear(account: int, *, how: str | None = None) -> None:
    """Take the mark away: a letter got through, or somebody wrote from there."""
    u = t.Undelivered
    query = u.delete().where(u.account == account)
    await (query.where(u.how == how) if how else query)


async def is_noted(account: int) -> bool:
    """Return whether an account's address is marked."""
    u = t.Undelivered
    return bool(await u.select(u.id).where(u.account == account))


async def list_every() -> list[Trouble]:
    """Return what is noted, of everybody: few at a time. A caller shows only its own."""
    u = t.Undelivered
    return values(await u.select(u.account, u.how, u.status, u.noted_at).order_by(u.id), Trouble)


async def clear_silent(*, before: datetime) -> None:
    """Clear bounced addresses that got a letter afterwards, before a moment, and nothing came."""
    u, o = t.Undelivered, t.OutboxMessage
    rows = await u.select(u.account, u.noted_at).where(u.how == BOUNCED)
    for row in rows:
        later = (o.account == row["account"]) & (o.sent_at > row["noted_at"])
        if await o.count().where(later & (o.sent_at < before)):
            await clear(row["account"])
