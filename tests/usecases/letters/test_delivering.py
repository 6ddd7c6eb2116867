import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP
from factories import a_key, some_details, stored_slot

from blaljus.domain.outbox import BACK_OFF
from blaljus.mail.smtp import MailRefusedError, SmtpAddress
from blaljus.store import outbox, undelivered
from blaljus.store.audit import list_entries
from blaljus.store.engine import write_transaction
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.letters.delivering import Delivered, by_smtp, deliver_due
from blaljus.worker import work


@dataclass
class Mailbox:
    """A mail server that takes what it gets, or says `answer` instead."""

    answer: str = "250 OK"
    received: list = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        if self.answer.startswith("250"):
            self.received.append((envelope.rcpt_tos, envelope.original_content))
            self.arrived.set()
        return self.answer


@asynccontextmanager
async def serving(mailbox):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield by_smtp(SmtpAddress.parse(f"smtp://127.0.0.1:{port}"))


@pytest.fixture
async def owed(cast, context):
    """One owed invitation, and the municipality it belongs to."""
    slot = await stored_slot(cast.plan, cast.venue)
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )
    return (cast.municipality.id,)


async def only(scope):
    (message,) = await outbox.list_messages(scope, limit=9)
    return message


async def test_an_owed_message_goes_out_once_to_the_byte(owed, clock):
    mailbox = Mailbox()
    async with serving(mailbox) as transport:
        first = await deliver_due(transport, clock=clock)
        second = await deliver_due(transport, clock=clock)

    message = await only(owed)
    assert (first, second) == (Delivered(sent=1), Delivered())
    assert mailbox.received == [(["larare.ek@skola.example"], message.mime.encode())]
    assert message.sent_at == clock()
    assert await outbox.count_messages(owed) == {"waiting": 0, "sent": 1, "failed": 0}


async def test_a_server_that_is_down_makes_the_message_wait_longer_each_time(owed, clock):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        transport = by_smtp(SmtpAddress.parse(f"smtp://127.0.0.1:{taken.getsockname()[1]}"))
        for wait in BACK_OFF:
            assert await deliver_due(transport, clock=clock) == Delivered(waiting=1)
            assert (await only(owed)).due_at == clock() + wait
            clock.advance(wait - timedelta(seconds=1))
            assert await deliver_due(transport, clock=clock) == Delivered()
            clock.advance(timedelta(seconds=1))

        assert await deliver_due(transport, clock=clock) == Delivered(failed=1)

    assert await outbox.count_messages(owed) == {"waiting": 0, "sent": 0, "failed": 1}


async def test_a_refused_message_waits_for_a_person_who_can_try_again(owed, clock):
    mailbox = Mailbox(answer="550 no such user")
    async with serving(mailbox) as transport:
        assert await deliver_due(transport, clock=clock) == Delivered(failed=1)
        assert (await only(owed)).last_error == "message"
        mailbox.answer = "250 OK"
        assert await deliver_due(transport, clock=clock) == Delivered()

        assert await outbox.retry((await only(owed)).id, owed, clock())
        assert await deliver_due(transport, clock=clock) == Delivered(sent=1)


async def test_what_a_dead_worker_held_is_sent_by_the_next_with_the_same_id(owed, clock):
    async with write_transaction():
        (held,) = await outbox.lease_due(clock(), 20)
    mailbox = Mailbox()
    async with serving(mailbox) as transport:
        assert await deliver_due(transport, clock=clock) == Delivered()
        clock.advance(timedelta(minutes=5))
        assert await deliver_due(transport, clock=clock) == Delivered(sent=1)

    assert held.message_id.encode() in mailbox.received[0][1]


async def test_two_workers_send_a_message_once(owed, clock):
    mailbox = Mailbox()
    async with serving(mailbox) as transport:
        done = await asyncio.gather(*(deliver_due(transport, clock=clock) for _ in range(4)))

    assert sum(batch.sent for batch in done) == 1
    assert len(mailbox.received) == 1


async def test_the_worker_sends_what_is_due_and_stops_when_told(owed, clock, context):
    mailbox = Mailbox()
    stop = asyncio.Event()
    async with serving(mailbox) as transport:
        task = asyncio.create_task(work(transport, stop, context=context))
        async with asyncio.timeout(10):
            await mailbox.arrived.wait()
            stop.set()
            await task

    assert len(mailbox.received) == 1
    assert (await only(owed)).sent_at == clock()


async def test_an_address_that_the_server_refuses_is_marked_till_a_letter_gets_through(
    owed, clock, cast
):
    async def refusing(_):
        raise MailRefusedError("recipient", 550)

    async def taking(_):
        pass

    await deliver_due(refusing, clock=clock)
    (noted,) = await undelivered.list_every()
    message = await only(owed)
    async with write_transaction():
        await outbox.retry(message.id, owed, clock())
    await deliver_due(taking, clock=clock)

    assert (noted.account, noted.how, noted.status) == (cast.teacher.account, "refused", "550")
    assert await undelivered.list_every() == []


async def test_an_address_that_is_refused_again_leaves_one_row_of_the_log(owed, clock, cast):
    async def refusing(_):
        raise MailRefusedError("recipient", 550)

    for _ in range(2):
        await deliver_due(refusing, clock=clock)
        message = await only(owed)
        async with write_transaction():
            await outbox.retry(message.id, owed, clock())

    rows = await list_entries(cast.municipality.id)
    assert [(e.actor, e.subject, e.data) for e in rows if e.action == "address-unreached"] == [
        ("system", f"message:{message.id}", f'{{"account":{cast.teacher.account},"status":"550"}}')
    ]


async def test_a_server_that_refuses_us_says_nothing_of_the_address(owed, clock):
    async def refusing(_):
        raise MailRefusedError("sender", 550)

    await deliver_due(refusing, clock=clock)

    assert await undelivered.list_every() == []
