"""Letters that came back (RFC 3464): the address is marked until mail gets through again."""

from blaljus.mail.incoming import Delivery
from blaljus.store import outbox, undelivered
from blaljus.usecases.context import Context
from blaljus.usecases.replies.reading import Read


async def note_report(context: Context, read: Read) -> int | None:
    """Mark the address that a delivery report is about, and return its account.

    Delays and good news mark nothing. Found by the reply address that the report came to, or by
    the Message-ID of the letter that came back; None where neither is ours.
    """
    account = read.sender.account
    if account is None and read.letter.reported_id:
        account = await outbox.find_account(read.letter.reported_id)
    failed = next(filter(_has_failed, read.letter.report), None)
    if account is not None and failed is not None:
        status = failed.status
        await undelivered.note(account, undelivered.BOUNCED, status, now=context.clock())
    return account


def _has_failed(delivery: Delivery) -> bool:
    return delivery.action == "failed"
