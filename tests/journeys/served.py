"""Serves Höör as far as a test needs it, at a moment that the test names.

    BLALJUS_MODE=demo … JOURNEY_NOW=2026-12-01T08:00:00+00:00 python served.py planned ADDRESS …

With JOURNEY_SOLVER=3 searches are slow enough to be watched (slow_solver.py).

Prints a sign-in line for each address, then serves until it is ended. What came before happened
on the story's clock; the server's goes on from JOURNEY_NOW. `blaljus serve` has no clock to set.
"""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import uvicorn
from letters_in import write_in

from blaljus.clock import Clock, system_clock
from blaljus.demo.loading import CODE, COORDINATOR, NAME, YEAR, import_hoor, load_demo
from blaljus.demo.story import Story, StoryClock
from blaljus.domain.own_calendars import (
    BusyTime,
    LeftOut,
    Reading,
    RosterChange,
    Skipped,
    SourceKind,
    Trouble,
    merged,
)
from blaljus.domain.people import OPERATOR
from blaljus.domain.runs import Effort
from blaljus.logs import configure_logs
from blaljus.planner import solving
from blaljus.settings import Settings, load_settings
from blaljus.store import assignments, own_calendars, runs
from blaljus.store.engine import transactional
from blaljus.store.own_calendars import Source
from blaljus.usecases.access.demo_links import DemoLinks
from blaljus.usecases.access.users import add_coordinator, person_at
from blaljus.usecases.context import Context, context_of
from blaljus.usecases.once import FormKey
from blaljus.usecases.operation.lifetime import migrate_store, running
from blaljus.usecases.runs.planning import run_for_operator, start_run
from blaljus.web.app import create_app

OFFICER = "polis-1@blaljus.example"

WEEK = timedelta(weeks=1)


async def empty(context: Context, clock: StoryClock) -> None:
    """Nothing but a coordinator."""
    await add_coordinator(context, COORDINATOR, CODE, NAME)


async def imported(context: Context, clock: StoryClock) -> None:
    """Everything is read in, nothing is planned."""
    await import_hoor(context, say=_nothing)


async def proposed(context: Context, clock: StoryClock) -> None:
    """A plan waits for the coordinator."""
    municipality = await import_hoor(context, say=_nothing)
    await run_for_operator(context, OPERATOR, municipality=municipality, school_year=YEAR)


async def searching(context: Context, clock: StoryClock) -> None:
    """A search is under way, and will be heard of till long after the journey."""
    await _begin_search(context, clock.now + timedelta(days=99))


async def stopped(context: Context, clock: StoryClock) -> None:
    """The server ended in the middle of a search, long before the journey."""
    await _begin_search(context, clock.now - timedelta(days=1))


async def _begin_search(context: Context, heard_at: datetime) -> None:
    municipality = await import_hoor(context, say=_nothing)
    person = await person_at(COORDINATOR, context.clock)
    place = {"municipality": municipality, "school_year": YEAR}
    key = FormKey(key="s" * 20, body_hash="")
    await start_run(context, person, key, effort=Effort(seconds=60), **place)
    run = await runs.get_run(1, municipality)
    reached = {"proposal": run.proposal, "progress": run.progress}
    await transactional(runs.keep_reached)(1, municipality, now=heard_at, **reached)


async def planned(context: Context, clock: StoryClock) -> None:
    """The plan is approved: tentative bookings, invited staff."""
    await load_demo(context, say=_nothing)


async def rostered(context: Context, clock: StoryClock) -> None:
    """An officer's own calendars say busy: of a duty, at every other time, and not quite all."""
    await load_demo(context, say=_nothing)
    officer = await person_at(OFFICER, context.clock)
    await _store_calendars(officer.staff[0], context.clock())


@transactional
async def _store_calendars(staff: int, now: datetime) -> None:
    duties = await assignments.list_engagements([staff])
    busy = [BusyTime(starts_at=d.starts_at, ends_at=d.ends_at, soft=False) for d in duties[:2]]
    later = [
        BusyTime(starts_at=b.starts_at + WEEK, ends_at=b.ends_at + WEEK, soft=True) for b in busy
    ]
    skipped = {Skipped.UNKNOWN_ZONE: 2, Skipped.UNREADABLE: 1}
    ids = [duty.id for duty in await assignments.list_duties([staff])]
    left_out = tuple(
        LeftOut(why=Skipped.UNKNOWN_ZONE, number=n, begins="2027-03-16 09.00", zone="Mars/Olympus")
        for n in (4, 17)
    )
    reading = Reading(busy=merged([*busy, *later]), skipped=skipped, left_out=left_out)
    change = RosterChange(
        at=now,
        new=tuple(busy),
        gone=tuple(later),
        new_count=len(busy),
        gone_count=40,
        begun=tuple(ids[:1]),
        ended=tuple(ids[1:2]),
    )
    address = Source(sealed="x", host="kalender.polisen.example")
    file = {"now": now, "due_at": None, "change": change}
    await own_calendars.save_reading(staff, SourceKind.FILE, Source(), reading, **file)
    due = {"now": now, "due_at": now + timedelta(days=99)}
    await own_calendars.save_reading(
        staff, SourceKind.ADDRESS, address, reading, **due, change=None
    )
    found = await own_calendars.find_source(staff, SourceKind.ADDRESS)
    assert found is not None
    await own_calendars.note_trouble(found.calendar, Trouble.TOO_SLOW, **due)


async def told(context: Context, clock: StoryClock) -> None:
    """A term has gone by: all slots are held, one station was missed."""
    story = Story(context=context, clock=clock, transport=_posted, say=_nothing)
    await story.begin()
    await story.go_on()


async def answered(context: Context, clock: StoryClock) -> None:
    """Letters of all kinds have come in, and wait or were left; one came back."""
    await load_demo(context, say=_nothing)
    await write_in(context)


WORLDS = {
    world.__name__: world
    for world in (
        *(empty, imported, proposed, searching, stopped),
        *(planned, rostered, told, answered),
    )
}


def _nothing(_: str) -> None:
    """Say nothing."""


async def _posted(_: object) -> None:
    """Take every message."""


def _clock_from(moment: datetime) -> Clock:
    ahead = moment - system_clock()
    return lambda: system_clock() + ahead


async def _prepare(settings: Settings, world: str, addresses: list[str]) -> list[tuple[str, int]]:
    """Make the world on a clock of its own; return (address, account)."""
    clock = StoryClock()
    async with running(settings):
        await migrate_store()
        await WORLDS[world](context_of(settings, clock), clock)
        return [(address, (await person_at(address, clock)).account) for address in addresses]


def main(world: str, addresses: list[str]) -> None:
    """Make the world in the database of the settings, and serve it."""
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    clock = _clock_from(datetime.fromisoformat(os.environ["JOURNEY_NOW"]))
    if last := os.environ.get("JOURNEY_SOLVER"):
        program = (sys.executable, str(Path(__file__).with_name("slow_solver.py")), last)
        solving.solve = partial(solving.solve, program=program)
    links = DemoLinks()
    for address, account in asyncio.run(_prepare(settings, world, addresses)):
        sys.stdout.write(f"{address}\t{settings.base_url}/in/{links.add(account)}\n")
    sys.stdout.flush()
    app = create_app(settings, clock=clock, demo_links=links)
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
