"""Letters that came in and are of no municipality: no coordinator can see them."""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.errors import NotFoundError
from blaljus.domain.replies import Doubt, ReplyState
from blaljus.store import tables as t
from blaljus.store.replies import HEAD
from blaljus.store.rows import locked, one, value, values, words

_UNOWNED = t.Reply.municipality.is_null() & (t.Reply.state == ReplyState.WAITING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnownedLetter:
    """A letter that waits for an operator; `head` is how it begins, as it came.

    `sender` is empty where the letter names nobody, or somebody protected.
    """

    id: int
    sender: str
    doubts: tuple[Doubt, ...]
    received_at: datetime
    head: bytes


async def list_letters(limit: int) -> list[UnownedLetter]:
    """Return the oldest letters that are of no municipality."""
    r = t.Reply
    query = r.select(r.id, r.sender, r.doubts, r.received_at, HEAD)
    rows = await query.where(_UNOWNED).order_by(r.id).limit(limit)
    read = [row | {"doubts": words(row["doubts"]), "head": b64decode(row["head"])} for row in rows]
    return values(read, UnownedLetter)


async def count_letters() -> int:
    """Return how many letters are of no municipality."""
    return int(await t.Reply.count().where(_UNOWNED))


async def lock_letter(letter: int) -> int:
    """Lock a letter that is of no municipality and return its version.

    Raises `NotFoundError` with its `number`.
    """
    r = t.Reply
    rows = await locked(r.select(r.version).where(_UNOWNED & (r.id == letter)))
    if not rows:
        raise NotFoundError(number=letter)
    return int(rows[0]["version"])


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLetter:
    """A letter that nobody has decided about, and whose it is."""

    municipality: int | None
    sender: str
    version: int


async def lock_waiting(letter: int) -> WaitingLetter:
    """Lock a letter that waits and is about no duty or booking, or raise `NotFoundError`."""
    r = t.Reply
    loose = r.assignment.is_null() & r.booking.is_null() & (r.source == "mail")
    waits = (r.state == ReplyState.WAITING.value) & r.settled_at.is_null()
    query = r.select(r.municipality, r.sender, r.version).where(loose & waits & (r.id == letter))
    return value(one(await locked(query)), WaitingLetter)


async def remove_letter(letter: int) -> None:
    """Remove a letter that the caller has locked, and all that was kept of it."""
    await t.Reply.delete().where(t.Reply.id == letter)
