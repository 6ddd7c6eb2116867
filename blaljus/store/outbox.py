"""The outbox: the source of truth for mail that is owed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from piccolo.query import Select

from blaljus.domain.outbox import LEASE, OwedMessage
from blaljus.domain.words import Method
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Scope, one, value, values, within

SIGN_IN = "sign-in"
"""Method of a mail that carries a way in: its text is shown to nobody."""


async def add_message(
    municipality: int | None,
    *,
    account: int,
    method: str,
    subject: str,
    message_id: str,
    sender: str,
    mime: bytes | None,
    now: datetime,
    change: str | None = None,
) -> bool:
    """Store a mail that is due now; False where the same Message-ID is owed already.

    All letters of one `change` bear its id, so that one sees what it sent.

    Without `mime` no mail can be made for the address: it is stored as failed.
    """
    o = t.OutboxMessage
    row = o(
        municipality=municipality,
        account=account,
        method=method,
        subject=subject,
        message_id=message_id,
        sender=sender,
        mime=(mime or b"").decode("ascii"),
        created_at=now,
        due_at=now,
        attempts=0,
        leased_until=None,
        sent_at=None,
        failed_at=None if mime else now,
        last_error=None if mime else "address",
        change_id=change,
        change_action=None,
    )
    return bool(await o.insert(row).on_conflict(action="DO NOTHING").returning(o.id))


def _query() -> Select[Any]:
    o = t.OutboxMessage
    return o.select(*o.all_columns(), o.account.address.as_alias("address"))


async def lease_due(
    now: datetime, limit: int, *, quiet: bool = False, ways_in: bool = False
) -> list[OwedMessage]:
    """Take up to `limit` due messages, oldest first, for `LEASE`; in a write transaction.

    Reminders are left where they are while it is `quiet`; `ways_in` takes sign-in mails alone.
    """
    o = t.OutboxMessage
    query = (
        o.select(o.id)
        .where(o.sent_at.is_null() & o.failed_at.is_null() & (o.due_at <= now))
        .where(o.leased_until.is_null() | (o.leased_until <= now))
        .order_by(o.id)
        .limit(limit)
    )
    if quiet:
        query = query.where(o.method != Method.REMINDER.value)
    if ways_in:
        query = query.where(o.method == SIGN_IN)
    if query.engine_type != "sqlite":
        query = query.lock_rows("UPDATE", skip_locked=True)
    ids = [row["id"] for row in await query]
    if not ids:
        return []
    await o.update({o.leased_until: now + LEASE, o.attempts: o.attempts + 1}).where(o.id.is_in(ids))
    return values(await _query().where(o.id.is_in(ids)).order_by(o.id), OwedMessage)


async def release(messages: Collection[int]) -> None:
    """Let others take leased messages at once; they were not tried."""
    o = t.OutboxMessage
    changes: Changes = {o.leased_until: None, o.attempts: o.attempts - 1}
    await o.update(changes).where(o.id.is_in(sorted(messages)))


async def mark_sent(message: OwedMessage, now: datetime) -> None:
    """Note that a server took the message; the text of a way in is not kept."""
    o = t.OutboxMessage
    mime = "" if message.method == SIGN_IN else message.mime
    await o.update({o.sent_at: now, o.leased_until: None, o.last_error: None, o.mime: mime}).where(
        o.id == message.id
    )


async def mark_failed(
    message: OwedMessage, *, error: str, retry_at: datetime | None, now: datetime
) -> None:
    """Note a failed attempt; without `retry_at` the message waits for a person."""
    o = t.OutboxMessage
    changes: Changes = {o.leased_until: None, o.last_error: error[:200]}
    if retry_at is None:
        changes[o.failed_at] = now
    else:
        changes[o.due_at] = retry_at
    await o.update(changes).where(o.id == message.id)


async def retry(message: int, scope: Scope, now: datetime) -> bool:
    """Make a failed or waiting message due at once; False where there is none."""
    o = t.OutboxMessage
    changed = (
        await o.update({o.failed_at: None, o.due_at: now, o.attempts: 0})
        .where(o.id == message)
        .where(within(o.municipality, scope))
        .where(o.sent_at.is_null())
        .returning(o.id)
    )
    return bool(changed)


async def list_messages(
    scope: Scope, *, limit: int, offset: int = 0, change: str | None = None
) -> list[OwedMessage]:
    """Return a scope's messages, or one change's, newest first; ways in are left out."""
    o = t.OutboxMessage
    those = within(o.municipality, scope) & (o.method != SIGN_IN)
    rows = (
        await _query()
        .where(those if change is None else those & (o.change_id == change))
        .order_by(o.id, ascending=False)
        .limit(limit)
        .offset(offset)
    )
    return values(rows, OwedMessage)


async def get_message(message: int, scope: Scope) -> OwedMessage:
    """Return one message of a scope, never a way in, or raise `NotFoundError`."""
    o = t.OutboxMessage
    rows = (
        await _query()
        .where(o.id == message)
        .where(within(o.municipality, scope))
        .where(o.method != SIGN_IN)
    )
    return value(one(rows), OwedMessage)


async def find_account(message_id: str) -> int | None:
    """Return whom a message with a Message-ID went to, or None."""
    o = t.OutboxMessage
    rows = await o.select(o.account).where(o.message_id == message_id)
    return int(rows[0]["account"]) if rows else None


async def last_owner(account: int) -> int | None:
    """Return the municipality that an account's newest letter was from, or None."""
    o = t.OutboxMessage
    query = o.select(o.municipality).where(o.account == account)
    rows = await query.where(o.municipality.is_not_null()).order_by(o.id, ascending=False).limit(1)
    return int(rows[0]["municipality"]) if rows else None


async def count_messages(scope: Scope) -> dict[str, int]:
    """Return how many messages of a scope wait, were sent, and failed."""
    o = t.OutboxMessage
    mine = within(o.municipality, scope) & (o.method != SIGN_IN)
    sent = await o.count().where(mine & o.sent_at.is_not_null())
    failed = await o.count().where(mine & o.failed_at.is_not_null())
    total = await o.count().where(mine)
    return {"waiting": total - sent - failed, "sent": sent, "failed": failed}


async def count_sent_since(moment: datetime) -> int:
    """Return how many letters were sent after a moment, whoever's; ways in are not counted."""
    o = t.OutboxMessage
    return int(await o.count().where((o.sent_at > moment) & (o.method != SIGN_IN)))


async def name_change(change: str, action: str) -> None:
    """Say of all letters of a change what it was."""
    o = t.OutboxMessage
    await o.update({o.change_action: action}).where(o.change_id == change)
