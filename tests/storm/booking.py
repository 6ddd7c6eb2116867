"""Teachers who book: up to the last button, and what is found afterwards."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from storm.browsers import Browser
from storm.servers import Program
from storm.town import Teacher, Town

from blaljus.domain.booking import Booking
from blaljus.domain.words import ACTIVE_BOOKING
from blaljus.store import bookings, slots
from blaljus.store.engine import engine_kind
from blaljus.store.tables import Slot
from blaljus.usecases.operation.verifying import verify_store

PHONE = "070-123 45 67"

Fields = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booker:
    """A teacher in front of the last button: one press sends `form`."""

    teacher: Teacher
    browser: Browser
    form: Fields

    async def press(self) -> httpx.Response:
        return await self.browser.post_fields("/boka", self.form)


async def ready_to_book(
    roads: httpx.AsyncHTTPTransport, server: Program, teacher: Teacher, slot: int
) -> Booker:
    """Go through the pages up to the one that books."""
    browser = Browser(roads, server.address, teacher.session)
    page = await browser.get(f"/boka?klass={teacher.school_class}")
    typed = {"slot": str(slot), "pupils": "17", "adults": "2", "phone": PHONE}
    checked = await browser.send_form(page, "/boka/granska", typed)
    assert checked.status_code == 200, checked.text
    return Booker(teacher=teacher, browser=browser, form=browser.fields(checked, "/boka"))


async def all_ready(
    roads: httpx.AsyncHTTPTransport,
    servers: Sequence[Program],
    teachers: Sequence[Teacher],
    wanted: Sequence[int],
) -> list[Booker]:
    """Let every teacher get ready, spread over the servers and the slots."""
    few = asyncio.Semaphore(8)

    async def one(number: int, teacher: Teacher) -> Booker:
        async with few:
            server = servers[number % len(servers)]
            slot = wanted[number // len(servers) % len(wanted)]
            return await ready_to_book(roads, server, teacher, slot)

    return await asyncio.gather(*(one(n, teacher) for n, teacher in enumerate(teachers)))


async def active_bookings(town: Town) -> list[Booking]:
    """Return what is booked."""
    every = await bookings.list_bookings(town.plan.id, town.scope)
    return [booking for booking in every if booking.state in ACTIVE_BOOKING]


async def double_booked(town: Town) -> int:
    """Return how many bookings there are beyond a slot's places, or a class's one."""
    found = await active_bookings(town)
    in_slot = Counter(booking.slot for booking in found)
    of_class = Counter(booking.school_class for booking in found)
    too_full = sum(
        max(0, in_slot[slot.id] - slot.places)
        for slot in await slots.list_slots(town.plan.id, town.scope)
    )
    return too_full + sum(number - 1 for number in of_class.values())


async def broken_rules() -> dict[str, list[str]]:
    """Return what the self-check finds, by rule; empty is good."""
    checked = await verify_store()
    return {
        name: [f"{found.subject} {found.what}" for found in findings]
        for name, findings in checked
        if findings
    }


async def deadlocks(servers: Sequence[Program]) -> int:
    """End the servers and return how often PostgreSQL had to break a deadlock; SQLite has none."""
    for server in servers:
        await asyncio.to_thread(server.end)
    if engine_kind() == "sqlite":
        return 0
    # The figures of a connection are complete when it has ended.
    asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int((await Slot.raw(asked))[0]["deadlocks"])
