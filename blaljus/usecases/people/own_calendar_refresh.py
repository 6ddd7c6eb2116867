"""Addresses of people's calendars are read again when they are due, by the worker."""

from datetime import timedelta

import structlog

from blaljus.domain.own_calendars import CalendarTroubleError, Reading
from blaljus.domain.people import SYSTEM
from blaljus.store import own_calendars as store
from blaljus.store.engine import transactional
from blaljus.store.own_calendars import Due, Source
from blaljus.usecases.context import Context
from blaljus.usecases.people.own_calendars import (
    address_of,
    fetch_at,
    note_trouble,
    read_for,
    save_again,
)

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
"""Far longer than a fetch and a reading take; after that another worker may try."""


async def read_next_due(context: Context) -> bool:
    """Read one address that is due; tell whether there was one. Its troubles never raise.

    The network is asked outside every transaction. Logs tell the calendar's number and the
    trouble: no address.
    """
    due = await _claim(context)
    if due is None:
        return False
    try:
        address = address_of(context, due)
        source, data = await fetch_at(context, due.calendar.staff, address, due.source)
        reading = None if data is None else await read_for(context, data)
        await _save(context, due, source, reading)
    except CalendarTroubleError as error:
        log.info("own calendar not read", calendar=due.calendar.id, trouble=error.trouble.value)
        await note_trouble(context, due, error.trouble)
    return True


@transactional
async def _claim(context: Context) -> Due | None:
    now = context.clock()
    return await store.claim_due(now=now, until=now + LEASE)


@transactional
async def _save(context: Context, due: Due, source: Source, reading: Reading | None) -> None:
    await save_again(context, SYSTEM, due, source, reading)
