"""A plain letter that waits, whole, for the coordinator who decides about it."""

import asyncio
from dataclasses import dataclass

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Person
from blaljus.mail.incoming import read_incoming
from blaljus.store import replies
from blaljus.store.engine import read_transaction
from blaljus.usecases.replies.queue import ReplyRow, get_row

SHOWN = 20_000
"""Characters of a letter's text on its page, some ten sheets of paper; the file has all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A letter's text, up to `SHOWN` characters; empty where it has none that can be shown."""

    row: ReplyRow
    text: str
    is_whole: bool


async def get_original(person: Person, reply_id: int, *, clock: Clock) -> Original:
    """Return a plain letter that waits in the person's municipalities, or raise `NotFoundError`.

    Nobody finds a protected person's, nor one that does not say clearly who wrote it.
    """
    row, raw = await _load(person, reply_id, clock)
    text = await asyncio.to_thread(_text_of, raw)
    return Original(row=row, text=text[:SHOWN], is_whole=len(text) <= SHOWN)


async def get_original_file(person: Person, reply_id: int, *, clock: Clock) -> bytes:
    """Return such a letter as it came, to open in a mail program, or raise `NotFoundError`."""
    return (await _load(person, reply_id, clock))[1]


async def _load(person: Person, reply_id: int, clock: Clock) -> tuple[ReplyRow, bytes]:
    async with read_transaction():
        row = await get_row(person, reply_id, clock)
        if not row.may_be_read:
            raise NotFoundError
        return row, await replies.get_letter(reply_id)


def _text_of(raw: bytes) -> str:
    try:
        return read_incoming(raw).text
    except Exception:  # noqa: BLE001 -- parsers of letters break in many ways; the file is there
        return ""
