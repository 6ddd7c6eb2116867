"""The worker: a process of its own that does what is due until it is told to stop."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from blaljus.clock import Clock
from blaljus.domain.errors import BusyError
from blaljus.mail.imap import ImapAddress
from blaljus.mail.smtp import MailError
from blaljus.usecases.context import Context
from blaljus.usecases.letters.delivering import Transport, deliver_due
from blaljus.usecases.letters.reminding import remind_due
from blaljus.usecases.operation.housekeeping import forget_outdated
from blaljus.usecases.people.own_calendar_refresh import read_next_due
from blaljus.usecases.replies.collecting import collect_letters
from blaljus.usecases.replies.judging import judge_new

log = structlog.get_logger()

PAUSE = 2.0
"""Seconds between looks at an empty outbox."""

CALENDAR_PAUSE = 30.0
"""The same between looks for calendars to read: these are due every three hours."""

TIDY_EVERY = timedelta(days=1)
"""How often what has ended is forgotten."""

COLLECT_EVERY = 60.0
"""Seconds between looks into the mailbox of replies."""

REMIND_EVERY = timedelta(minutes=1)
"""How often the worker looks for reminders that are due."""


async def work(
    transport: Transport | None,
    stop: asyncio.Event,
    *,
    context: Context,
    per_minute: int | None = None,
) -> None:
    """Deliver due mail, judge replies, remind and tidy up until `stop` is set.

    What is in hand is finished first. Without a transport messages wait in the outbox. At most
    `per_minute` letters go out in a minute.
    """
    clock = context.clock
    tidied_at: datetime | None = None
    reminded_at: datetime | None = None
    while not stop.is_set():
        try:
            if tidied_at is None or clock() - tidied_at >= TIDY_EVERY:
                await forget_outdated(clock=clock)
                tidied_at = clock()
            if reminded_at is None or clock() - reminded_at >= REMIND_EVERY:
                await remind_due(context)
                reminded_at = clock()
            tried = await judge_new(context)
            tried += await _deliver(transport, stop, clock, per_minute) if transport else 0
        except BusyError:
            log.warning("database busy")
            tried = 0
        if not tried:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE)


async def collect(mailbox: ImapAddress, stop: asyncio.Event, *, clock: Clock) -> None:
    """Fetch letters from a mailbox each minute until `stop` is set; trouble is waited out."""
    while not stop.is_set():
        try:
            await collect_letters(mailbox, clock=clock)
        except MailError as error:
            log.warning("mailbox not read", reason=error.reason)
        except BusyError:
            log.warning("database busy")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), COLLECT_EVERY)


async def _deliver(
    transport: Transport, stop: asyncio.Event, clock: Clock, per_minute: int | None
) -> int:
    delivered = await deliver_due(
        transport, clock=clock, go_on=lambda: not stop.is_set(), per_minute=per_minute
    )
    return delivered.total


async def read_calendars(stop: asyncio.Event, context: Context) -> None:
    """Read people's own calendars that are due until `stop` is set, beside the mail.

    A slow server holds up other calendars for ten seconds at most, and never a letter.
    """
    while not stop.is_set():
        try:
            found = await read_next_due(context)
        except BusyError:
            log.warning("database busy")
            found = False
        if not found:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CALENDAR_PAUSE)
