"""Letters that came back (RFC 3464): the address is marked until mail gets through again."""

import re

from blaljus.mail.incoming import Delivery
from blaljus.store import outbox, undelivered
from blaljus.usecases.context import Context
from blaljus.usecases.replies.reading import Read

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


async def note_report(context: Context, read: Read) -> tuple[int | None, str | None]:
    """Mark the address that a delivery report is about; return (its account, the news).

    Delays and good news mark nothing. Found by the reply address that the report came to, or by
    the Message-ID of the letter that came back; None where neither is ours. The news is the mail
    server's status (RFC 3463, `5.1.1`, or empty) where the address was not marked before.
    """
    account = read.sender.account
    if account is None and read.letter.reported_id:
        account = await outbox.find_account(read.letter.reported_id)
    failed = next(filter(_has_failed, read.letter.report), None)
    if account is None or failed is None:
        return account, None
    known = await undelivered.is_noted(account)
    # Whoever wrote the report may have put anything there, and the log forgets nothing.
    status = failed.status if _STATUS.fullmatch(failed.status) else ""
    await undelivered.note(account, undelivered.BOUNCED, status, now=context.clock())
    return account, None if known else status


def _has_failed(delivery: Delivery) -> bool:
    return delivery.action == "failed"
