"""The audit log: append-only, and hash-chained within each municipality."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from blaljus.store import tables as t
from blaljus.store.engine import engine_kind
from blaljus.store.rows import locked, values

GENESIS = "0" * 64
"""What the first entry of a chain follows."""

_NOBODYS_CHAIN = 4_026_112_201
"""Number of an advisory lock of our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One acknowledged change; `data` is JSON, `subject` such as `booking:12`."""

    id: int
    municipality: int | None
    at: datetime
    actor: str
    action: str
    subject: str
    version: int
    data: str
    previous_hash: str
    hash: str

    def digest(self) -> str:
        """Return the SHA-256 that the entry should carry."""
        return _digest(
            self.previous_hash,
            self.at,
            (str(self.municipality), self.actor, self.action, self.subject, str(self.version)),
            self.data,
        )


def _digest(previous: str, at: datetime, words: tuple[str, ...], data: str) -> str:
    body = "\n".join((previous, str(int(at.timestamp())), *words, data))
    return sha256(body.encode()).hexdigest()


async def add_entry(
    municipality: int | None,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    version: int,
    data: Mapping[str, object],
) -> None:
    """Append an entry in the caller's write transaction; `data` holds no names or addresses."""
    a = t.AuditEntry
    previous = await _last_hash(municipality)
    body = msgspec.json.encode(data, order="sorted").decode()
    words = (str(municipality), actor, action, subject, str(version))
    await a.insert(
        a(
            municipality=municipality,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            version=version,
            data=body,
            previous_hash=previous,
            hash=_digest(previous, at, words, body),
        )
    )


async def _last_hash(municipality: int | None) -> str:
    """Return the end of a chain; a lock keeps a second writer waiting."""
    a, m = t.AuditEntry, t.Municipality
    query = a.select(a.hash).order_by(a.id, ascending=False).limit(1)
    if municipality is None:
        await _alone()
        rows = await query.where(a.municipality.is_null())
    else:
        await locked(m.select(m.id).where(m.id == municipality))
        rows = await query.where(a.municipality == municipality)
    return rows[0]["hash"] if rows else GENESIS


async def _alone() -> None:
    """Wait for others who write the chain that no municipality owns: it has no row to lock."""
    if engine_kind() == "postgresql":
        await t.AuditEntry.raw("SELECT pg_advisory_xact_lock({})", _NOBODYS_CHAIN)


async def list_entries(municipality: int | None) -> list[AuditEntry]:
    """Return a whole chain, oldest first."""
    a = t.AuditEntry
    query = a.select().order_by(a.id)
    if municipality is None:
        return values(await query.where(a.municipality.is_null()), AuditEntry)
    return values(await query.where(a.municipality == municipality), AuditEntry)


async def list_page(municipality: int, *, limit: int, offset: int) -> list[AuditEntry]:
    """Return a part of a chain, newest first."""
    a = t.AuditEntry
    query = a.select().where(a.municipality == municipality).order_by(a.id, ascending=False)
    return values(await query.limit(limit).offset(offset), AuditEntry)


async def count_entries(municipality: int) -> int:
    """Return how long a chain is."""
    return int(await t.AuditEntry.count().where(t.AuditEntry.municipality == municipality))


async def list_entries_of(municipality: int, subjects: Collection[str]) -> list[AuditEntry]:
    """Return the entries about some subjects (`booking:12`), newest first."""
    if not subjects:
        return []
    a = t.AuditEntry
    query = a.select().where(a.municipality == municipality)
    found = await query.where(a.subject.is_in(sorted(subjects))).order_by(a.id, ascending=False)
    return values(found, AuditEntry)


async def last_actors(subjects: Collection[str], actions: Collection[str]) -> dict[str, str]:
    """Return who did one of some actions to each subject last, in any municipality."""
    if not subjects:
        return {}
    a = t.AuditEntry
    query = a.select(a.subject, a.actor).where(a.subject.is_in(sorted(subjects)))
    rows = await query.where(a.action.is_in(sorted(actions))).order_by(a.id)
    return {row["subject"]: row["actor"] for row in rows}
