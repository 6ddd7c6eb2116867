"""The worker: a process of its own that drains the outbox until it is told to stop."""

import asyncio
from contextlib import suppress

import structlog

from blaljus.clock import Clock
from blaljus.domain.errors import BusyError
from blaljus.usecases.delivering import Transport, deliver_due

log = structlog.get_logger()

PAUSE = 2.0
"""Seconds between looks at an empty outbox."""


async def work(transport: Transport, stop: asyncio.Event, *, clock: Clock) -> None:
    """Deliver due mail until `stop` is set; the batch in hand is finished first."""
    while not stop.is_set():
        try:
            tried = (await deliver_due(transport, clock=clock)).total
        except BusyError:
            log.warning("database busy")
            tried = 0
        if not tried:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE)
