"""The worker's work: hand owed mail to the server, and say what became of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from blaljus.clock import Clock
from blaljus.domain.outbox import OwedMessage, next_attempt
from blaljus.domain.people import SYSTEM
from blaljus.domain.reminders import is_quiet
from blaljus.mail.smtp import MailError, MailRefusedError, SmtpAddress, send
from blaljus.store import outbox, undelivered
from blaljus.store.audit import add_entry
from blaljus.store.engine import transactional

log = structlog.get_logger()

BATCH = 20
"""Messages leased at a time: a stopped worker leaves few to wait for their lease."""

MINUTE = timedelta(minutes=1)

TIMEOUT = 30.0
"""Seconds to wait for each answer of the mail server."""


ADDRESS_REASONS = ("recipient", "address")
"""Refusals that say something of the recipient's address, not of the letter or of us."""

Transport = Callable[[OwedMessage], Awaitable[None]]
"""Hands one message over, or raises `MailError`."""


def by_smtp(server: SmtpAddress) -> Transport:
    """Return the transport of a mail server."""

    async def hand_over(message: OwedMessage) -> None:
        await send(
            server,
            message.mime.encode("ascii"),
            sender=message.sender,
            recipient=message.address,
            timeout=TIMEOUT,
        )

    return hand_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of one batch."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Return how many messages were tried."""
        return self.sent + self.waiting + self.failed


def always() -> bool:
    """Go on with every message of a batch."""
    return True


async def deliver_due(
    transport: Transport,
    *,
    clock: Clock,
    go_on: Callable[[], bool] = always,
    per_minute: int | None = None,
) -> Delivered:
    """Try one batch of due messages, ways in first, then oldest first. What fails waits longer.

    No more than `per_minute` go out in a minute, by all workers together; ways in always do.

    A server that took a message just before we died gets it again, with the same Message-ID.
    Before each message `go_on` is asked; the rest of the batch is handed back when it says no.
    """
    counts = {"sent": 0, "waiting": 0, "failed": 0}
    leased = await _lease(clock, per_minute)
    for number, message in enumerate(leased):
        if not go_on():
            await _hand_back(leased[number:])
            break
        counts[await _deliver(transport, message, clock)] += 1
    return Delivered(**counts)


@transactional
async def _lease(clock: Clock, per_minute: int | None) -> list[OwedMessage]:
    """Take a batch: who waits at the sign-in page does not wait for a season's invitations."""
    now = clock()
    urgent = await outbox.lease_due(now, BATCH, ways_in=True)
    room = BATCH
    if per_minute is not None:
        room = min(BATCH, per_minute - await outbox.count_sent_since(now - MINUTE))
    if urgent or room <= 0:
        return urgent
    return await outbox.lease_due(now, room, quiet=is_quiet(now))


@transactional
async def _hand_back(messages: Sequence[OwedMessage]) -> None:
    await outbox.release([message.id for message in messages])


async def _deliver(transport: Transport, message: OwedMessage, clock: Clock) -> str:
    try:
        await transport(message)
    except MailError as error:
        return await _note_failure(message, error, clock)
    await _note_sent(message, clock)
    log.info("mail sent", message=message.id, attempts=message.attempts)
    return "sent"


@transactional
async def _note_sent(message: OwedMessage, clock: Clock) -> None:
    await outbox.mark_sent(message, clock())
    await undelivered.clear(message.account, how=undelivered.REFUSED)


@transactional
async def _note_failure(message: OwedMessage, error: MailError, clock: Clock) -> str:
    now = clock()
    refused = isinstance(error, MailRefusedError)
    retry_at = None if refused else next_attempt(message.attempts, now)
    await outbox.mark_failed(message, error=error.reason, retry_at=retry_at, now=now)
    if refused and error.reason in ADDRESS_REASONS:
        await _note_address(message, str(error.status or ""), now)
    log.warning("mail not sent", message=message.id, reason=error.reason, again=retry_at)
    return "failed" if retry_at is None else "waiting"


async def _note_address(message: OwedMessage, status: str, now: datetime) -> None:
    """Mark the address of a message; where that is news, the log says so."""
    known = await undelivered.is_noted(message.account)
    await undelivered.note(message.account, undelivered.REFUSED, status, now=now)
    if not known:
        await add_entry(
            message.municipality,
            at=now,
            actor=SYSTEM,
            action="address-unreached",
            subject=f"message:{message.id}",
            version=1,
            data={"account": message.account, "status": status},
        )
