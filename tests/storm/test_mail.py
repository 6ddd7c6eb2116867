"""Mail while workers die and mail servers misbehave: late perhaps, but never lost."""

import asyncio
from collections import Counter

import pytest
from storm.booking import all_ready, broken_rules
from storm.post import DROP, WELL, PostOffice, SilentOffice, open_office
from storm.servers import running, settings_of
from storm.town import NOW, found_town, publish

from blaljus.domain.outbox import LEASE
from blaljus.store import outbox
from blaljus.store import tables as t

pytestmark = pytest.mark.storm

CLASSES = 12
FATAL = 5
"""Which message kills the worker."""
WAIT = 60.0
"""Seconds at most for something that takes one on an idle machine."""


@pytest.fixture
def work(store, tmp_path):
    """Call to run a worker for a block."""
    return lambda address: running(
        tmp_path / "worker.log",
        "blaljus",
        "worker",
        **settings_of(store.url, BLALJUS_SMTP_URL=address),
    )


async def booked_town(servers, roads):
    """Let every class book; return the town, whose invitations are owed now."""
    town = await found_town(CLASSES)
    slot = await publish(town, 0, places=CLASSES)
    bookers = await all_ready(roads, servers, town.teachers, [slot])
    answers = await asyncio.gather(*(booker.press() for booker in bookers))
    assert Counter(answer.status_code for answer in answers) == {303: CLASSES}
    return town


async def until_all(town, fits):
    """Wait until all the owed messages fit, and return them."""
    async with asyncio.timeout(WAIT):
        while not all(map(fits, messages := await owed(town))):  # noqa: ASYNC110 -- another process writes it
            await asyncio.sleep(0.05)
    return messages


async def owed(town):
    return await outbox.list_messages(town.scope, limit=500)


async def later():
    """Let the lease of who died run out, and whatever waits be due."""
    o = t.OutboxMessage
    past = NOW - LEASE
    await o.update({o.leased_until: past}).where(o.leased_until.is_not_null())
    await o.update({o.due_at: past}).where(o.sent_at.is_null())


async def test_a_worker_killed_amid_sending_sends_all_and_only_the_last_one_twice(
    store, serve, roads, work
):
    town = await booked_town(serve(count=1), roads)
    ids = {message.message_id for message in await owed(town)}
    office, dead = PostOffice(), asyncio.Event()

    async with open_office(office) as address:
        with work(address) as worker:

            def kill_in_time():
                if len(office.taken) == FATAL:
                    worker.kill()
                    dead.set()

            office.before_answer = kill_in_time
            async with asyncio.timeout(WAIT):
                await dead.wait()
        await later()
        with work(address):
            await until_all(town, lambda message: message.sent_at)

    last, _ = office.taken[FATAL - 1]
    assert office.times == Counter([*ids, last])
    assert len(set(office.taken)) == len(ids)


@pytest.mark.parametrize("answer", ["550 5.1.1 No such box", DROP])
async def test_a_server_that_takes_no_mail_costs_no_booking_and_gets_it_when_it_is_well(
    store, serve, roads, work, answer
):
    office = PostOffice(answer)
    async with open_office(office) as address:
        with work(address):
            town = await booked_town(serve(count=1), roads)
            messages = await until_all(town, lambda message: message.last_error)
            assert {bool(m.failed_at) for m in messages} == {answer.startswith("5")}
            office.answer = WELL
            for message in messages:
                await outbox.retry(message.id, town.scope, NOW)
            await until_all(town, lambda message: message.sent_at)

    assert office.times == Counter(message.message_id for message in messages)
    assert await broken_rules() == {}


async def test_a_silent_server_delays_no_booking_and_no_stop(store, serve, roads, work):
    office = SilentOffice()
    async with office.opened() as address:
        with work(address) as worker:
            town = await booked_town(serve(count=1), roads)
            async with asyncio.timeout(WAIT):
                await office.tried.wait()
            worker.process.terminate()
            office.hang_up()
            assert await asyncio.to_thread(worker.process.wait, WAIT) == 0

    messages = await owed(town)
    assert Counter((m.attempts, m.last_error) for m in messages) == {
        (1, "dropped"): 1,
        (0, None): CLASSES - 1,
    }
    assert {row["leased_until"] for row in await leases()} == {None}


async def leases():
    return await t.OutboxMessage.select(t.OutboxMessage.leased_until)
