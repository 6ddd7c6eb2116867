"""Answers to forms that were sent, so that a second click gets the same."""

from dataclasses import dataclass
from datetime import datetime

from blaljus.store.tables import IdempotencyKey


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What was answered to a form. `outcome` is JSON."""

    request_hash: str
    outcome: str


async def claim_key(account: int, key: str, request_hash: str, *, now: datetime) -> bool:
    """Take a key for the running transaction; false when it was used before.

    Whoever comes second waits here until the first has committed or given up.
    """
    return await add_answer(
        account, key, StoredAnswer(request_hash=request_hash, outcome=""), now=now
    )


async def add_answer(account: int, key: str, answer: StoredAnswer, *, now: datetime) -> bool:
    """Store an answer under a key; false, and nothing stored, when the key was used before."""
    row = IdempotencyKey(
        account=account,
        key=key,
        request_hash=answer.request_hash,
        outcome=answer.outcome,
        created_at=now,
    )
    added = (
        await IdempotencyKey.insert(row)
        .on_conflict(action="DO NOTHING")
        .returning(IdempotencyKey.id)
    )
    return bool(added)


async def save_outcome(account: int, key: str, outcome: str) -> None:
    """Store the outcome (JSON) of a claimed key."""
    await IdempotencyKey.update({IdempotencyKey.outcome: outcome}).where(
        (IdempotencyKey.account == account) & (IdempotencyKey.key == key)
    )


async def find_answer(account: int, key: str) -> StoredAnswer | None:
    """Return what was answered under a key, or `None`."""
    row = (
        await IdempotencyKey.select(IdempotencyKey.request_hash, IdempotencyKey.outcome)
        .where((IdempotencyKey.account == account) & (IdempotencyKey.key == key))
        .first()
    )
    return StoredAnswer(**row) if row else None


async def remove_outdated(*, before: datetime) -> None:
    """Forget the answers to forms sent before a moment."""
    await IdempotencyKey.delete().where(IdempotencyKey.created_at < before)
