"""A thousand letters through a mail server that refuses, is silent and loses its answers."""

import asyncio
import email
import random
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta
from email import policy

import pytest
from aiosmtpd.smtp import SMTP
from factories import a_context, a_key, some_details
from icalendar import Calendar
from storm.booking import active_bookings, broken_rules
from storm.town import NOW, found_town, publish

from blaljus.domain.outbox import BACK_OFF
from blaljus.domain.people import Person
from blaljus.domain.words import CancelCause
from blaljus.mail.smtp import SmtpAddress
from blaljus.store import outbox, slots
from blaljus.store import tables as t
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.letters import delivering
from blaljus.usecases.letters.delivering import by_smtp, deliver_due

pytestmark = pytest.mark.storm

CLASSES = 125
ROUNDS = 8
DAYS = 10
SILENCE = 0.05
"""Seconds that the sender waits for an answer."""

WELL, LATER, NEVER, SILENT, LOST = "250 OK", "451 Later", "550 No such box", "silent", "lost"
MOODS = {WELL: 50, LATER: 20, NEVER: 5, SILENT: 5, LOST: 20}
"""What the server does with a message, and how many times in a hundred."""


class MoodyOffice:
    """A mail server of many moods; `taken` is all that it put into boxes, in that order."""

    def __init__(self):
        self.chance = random.Random(1)  # noqa: S311 -- a test wants the same moods each time
        self.is_well = False
        self.taken = []
        self.unanswered = Counter()

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        [mood] = [WELL] if self.is_well else self.chance.choices(list(MOODS), MOODS.values())
        if mood in {WELL, LOST}:
            self.taken.append((envelope.rcpt_tos, envelope.content))
        if mood == LOST:
            self.unanswered[id_of(envelope.content)] += 1
            server.transport.close()
        if mood == SILENT:
            await asyncio.get_running_loop().create_future()  # until the sender hangs up
        return mood


@asynccontextmanager
async def open_office(office):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, hostname="localhost"), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield by_smtp(SmtpAddress.parse(f"smtp://127.0.0.1:{port}"))


class Diary:
    """A person's calendar, kept by a program that obeys RFC 5546 2.1.5 and nothing else."""

    def __init__(self):
        self.known = {}

    def take(self, letter):
        part = next(p for p in letter.walk() if p.get_content_type() == "text/calendar")
        calendar = Calendar.from_ical(part.get_payload(decode=True))
        [event] = calendar.walk("VEVENT")
        revision = event["SEQUENCE"], event["DTSTAMP"].dt
        before, _ = self.known.get(event["UID"], (revision, None))
        if revision >= before:
            goes = calendar["METHOD"] == "REQUEST"
            self.known[event["UID"]] = revision, event["DTSTART"].dt if goes else None

    @property
    def times(self):
        return sorted(starts for _, starts in self.known.values() if starts)


def id_of(content):
    return email.message_from_bytes(content)["Message-ID"]


async def owe_a_thousand(town, context, clock, between):
    """Let classes book, move, cancel and book again; `between` rounds the worker is at work."""
    days = [await publish(town, day, places=CLASSES) for day in range(DAYS)]
    people = {
        one.school_class: Person(
            account=one.account, language="sv", classes=(one.school_class,), scope=town.scope
        )
        for one in town.teachers
    }
    for number in range(ROUNDS):
        booked = {b.school_class: b.number for b in await active_bookings(town)}
        for school_class, person in people.items():
            await change(context, person, school_class, booked.get(school_class), days, number)
        clock.advance(timedelta(minutes=10))
        await between()


async def change(context, person, school_class, booked, days, number):
    """Every third round a class cancels; else it goes to another day."""
    if booked is not None and (school_class + number) % 3 == 0:
        await cancel_booking(context, person, a_key(), number=booked, cause=CancelCause.OTHER)
        return
    slot = days[(school_class + 3 * number) % DAYS]
    await book_slot(
        context, person, a_key(), class_id=school_class, slot_id=slot, details=some_details()
    )


async def truth(town):
    """Return when each class goes, by its teacher's address."""
    starts = {slot.id: slot.starts_at for slot in await slots.list_slots(town.plan.id, town.scope)}
    goes = {b.school_class: starts[b.slot] for b in await active_bookings(town)}
    return {
        f"larare.{one.school_class}@skola.example": [goes[one.school_class]]
        if one.school_class in goes
        else []
        for one in town.teachers
    }


async def test_each_calendar_ends_with_the_truth_and_only_lost_answers_make_duplicates(
    sqlite_store, clock, monkeypatch
):
    monkeypatch.setattr(delivering, "TIMEOUT", SILENCE)
    clock.set(NOW)
    office, town, context = MoodyOffice(), await found_town(CLASSES), a_context(clock)

    async with open_office(office) as transport:

        async def some():
            for _ in range(3):
                await deliver_due(transport, clock=clock)

        await owe_a_thousand(town, context, clock, some)
        for wait in BACK_OFF:
            clock.advance(wait)
            while (await deliver_due(transport, clock=clock)).total:
                pass
        office.is_well = True
        await t.OutboxMessage.update(
            {t.OutboxMessage.failed_at: None, t.OutboxMessage.due_at: clock()}
        ).where(t.OutboxMessage.sent_at.is_null())
        while (await deliver_due(transport, clock=clock)).total:
            pass

    counted = await outbox.count_messages(town.scope)
    assert counted["sent"] >= 900
    assert (counted["waiting"], counted["failed"]) == (0, 0)
    times = Counter(id_of(content) for _, content in office.taken)
    assert [one for one, n in times.items() if n - 1 > office.unanswered[one]] == []
    assert len({content for _, content in office.taken}) == len(times)
    diaries = {}
    for [address], content in office.taken:
        letter = email.message_from_bytes(content, policy=policy.default)
        diaries.setdefault(address, Diary()).take(letter)
    assert {address: diary.times for address, diary in diaries.items()} == await truth(town)
    assert await broken_rules() == {}
