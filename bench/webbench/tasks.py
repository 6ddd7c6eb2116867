"""What is measured: pages, feeds and bookings over HTTP, and a booking without the web."""

import itertools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from ics_feed import EVENTS

from blaljus.domain.booking import BookingDetails
from blaljus.domain.localtime import local_day
from blaljus.domain.people import Person
from blaljus.domain.words import Transport
from blaljus.store import accounts
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.context import Context
from blaljus.usecases.once import FormKey
from blaljus.web.http.csrf import csrf_token
from webbench.client import ask, get, post
from webbench.rounds import HELLO, Cost, Line, Task, in_process, over_http
from webbench.town import NOW
from webbench.world import CLASSES, Seat, World

T = TypeVar("T")

AS_BROWSER = {
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept": "text/html,application/xhtml+xml",
    "accept_language": "sv-SE,sv;q=0.8,en;q=0.5",
    "accept_encoding": "gzip, deflate",
}
AS_PROGRAM = {"user_agent": "Calendar/1.0", "accept": "text/calendar"}
BARE = 400
"""Requests of a bare round; the others are chosen to last about as long."""
BOOKINGS = 24
"""Bookings of a round; each needs a class of its own."""

Measure = Callable[[], Awaitable[Cost]]


class Bench:
    """Collects what is run, in the order of a round, and the lines that are printed of it."""

    def __init__(self, *, real: int, bare: int, length: float) -> None:
        self.real, self.bare, self.length = real, bare, length
        self.tasks: list[Task] = []
        self.lines: list[Line] = []

    def number(self, wanted: int) -> int:
        """Return how many requests a round has, at its length."""
        return max(1, round(wanted * self.length))

    def add(self, name: str, measure: Measure, *, bare: bytes = HELLO) -> Task:
        """Add a task with one of the bare server before it, by which it is divided."""
        asked = itertools.repeat([bare] * self.number(BARE))
        before, task = Task(over_http(self.bare, asked, status=200)), Task(measure)
        self.tasks += [before, task]
        self.lines.append(Line(name=name, task=task, against=before))
        return task

    def get(
        self, name: str, asked: bytes, number: int, *, status: int = 200, bare: bytes = HELLO
    ) -> None:
        """Add a task that asks for one thing many times."""
        batches = itertools.repeat([asked] * self.number(number))
        self.add(name, over_http(self.real, batches, status=status), bare=bare)


def classes_needed(rounds: int, length: float) -> int:
    """Return how many classes book, over HTTP and without, in all rounds and the warm-up."""
    return 2 * (rounds + 1) * max(1, round(BOOKINGS * length))


async def fill(bench: Bench, context: Context, world: World) -> None:
    """Add everything that is measured."""
    await _add_feeds(bench, f"/kalender/{world.feed_token}.ics")
    await _add_pages(bench, world)
    await _add_bookings(bench, context, world.seats)


async def _add_feeds(bench: Bench, path: str) -> None:
    packed = get(path, **AS_PROGRAM, accept_encoding="gzip")
    _, head, _ = await ask(bench.real, packed)
    asked = {**AS_PROGRAM, "accept_encoding": "gzip", "if_none_match": _tag(head)}
    _, _, body = await ask(bench.real, get(path, **AS_PROGRAM))
    _check(body.count(b"BEGIN:VEVENT"), EVENTS)
    hello, text = (get(bare, **AS_PROGRAM, accept_encoding="gzip") for bare in ("/", "/text"))
    same = get("/", **asked)
    bench.get("feed of 200 events: 304", get(path, **asked), 300, status=304, bare=same)
    bench.get("feed of 200 events, gzip", packed, 300, bare=hello)
    plain = get(path, **AS_PROGRAM)
    bench.get("feed of 200 events, plain", plain, 200, bare=hello)
    bench.get("the same / as much bare text", plain, 200, bare=text)


def _tag(head: bytes) -> str:
    fields = (line.partition(b":") for line in head.split(b"\r\n"))
    return next(value.strip().decode() for name, _, value in fields if name.lower() == b"etag")


async def _add_pages(bench: Bench, world: World) -> None:
    slots = get("/boka", cookie=f"blaljus={world.teacher}", **AS_BROWSER)
    bench.get("slot page", slots, 30)
    path, cookie = "/samordnare", f"blaljus={world.coordinator}"
    _, _, page = await ask(bench.real, get(path, cookie=cookie))
    _check(page.count(b"4:"), CLASSES)
    coverage = get(path, cookie=cookie, **AS_BROWSER)
    bench.get(f"coverage page, {CLASSES} classes", coverage, 12)


async def _add_bookings(bench: Bench, context: Context, seats: Sequence[Seat]) -> None:
    half, number = len(seats) // 2, bench.number(BOOKINGS)
    posts = _batches([_post(seat) for seat in seats[:half]], number)
    booking = bench.add("booking", over_http(bench.real, posts, status=303))
    calls = [partial(_book, context, await _person(seat), seat) for seat in seats[half:]]
    inside = Task(in_process(_batches(calls, number)))
    bench.tasks.append(inside)
    bench.lines.append(Line(name="booking / without the web", task=booking, against=inside))


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _post(seat: Seat) -> bytes:
    form = {
        "csrf": csrf_token(seat.session),
        "key": uuid4().hex,
        "version": 0,
        "klass": seat.school_class,
        "slot": seat.slot,
        "pupils": 20,
        "adults": 2,
        "phone": "070-123 45 67",
        "transport": "none",
    }
    return post(
        "/boka",
        urlencode(form).encode(),
        cookie=f"blaljus={seat.session}",
        **AS_BROWSER,
        sec_fetch_site="same-origin",
    )


async def _person(seat: Seat) -> Person:
    return await accounts.get_person(seat.account, local_day(NOW))


async def _book(context: Context, person: Person, seat: Seat) -> None:
    await book_slot(
        context,
        person,
        FormKey(key=uuid4().hex, body_hash=""),
        class_id=seat.school_class,
        slot_id=seat.slot,
        details=BookingDetails(
            pupils=20, adults=2, phone="070-123 45 67", access_needs={}, transport=Transport.NONE
        ),
        version=0,
    )


def _check(found: int, expected: int) -> None:
    if found < expected:
        raise RuntimeError(f"the page is not what it should be: {found}, not {expected}")
