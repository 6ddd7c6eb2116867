"""Letters are fetched from a mailbox: marked there only when they are stored here."""

import asyncio

import structlog

from blaljus.clock import Clock
from blaljus.mail.imap import ImapAddress, Mailbox
from blaljus.usecases.replies.receiving import take_letter

log = structlog.get_logger()

TIMEOUT = 30.0
"""Seconds to wait for each answer of the server."""


async def collect_letters(address: ImapAddress, *, clock: Clock) -> int:
    """Store every unread letter of a mailbox, mark it as read, and return how many there were.

    Who dies between storing and marking stores it again, and it counts once. Raises
    `MailTemporaryError` where the mailbox is out of reach, and `BusyError` where the database is;
    what is not stored then is still unread.
    """
    mailbox = await asyncio.to_thread(Mailbox, address, TIMEOUT)
    try:
        waiting = await asyncio.to_thread(mailbox.unread)
        for uid in waiting:
            raw = await asyncio.to_thread(mailbox.fetch, uid)
            if raw is not None:
                await take_letter(raw, clock=clock)
                await asyncio.to_thread(mailbox.mark, uid)
    finally:
        await asyncio.to_thread(mailbox.close)
    return len(waiting)
