import asyncio
import sqlite3
from contextlib import closing, suppress
from itertools import count

import pytest

from blaljus.store import conf
from blaljus.store.engine import bind, make_engine, read_transaction, write_transaction
from blaljus.store.transaction import uninterrupted


async def settled(idle):
    """Assert that the pool is whole, within the time a driver needs to take a statement back."""
    for _ in range(200):
        with suppress(AssertionError):
            idle()
            return
        await asyncio.sleep(0.005)
    idle()


async def test_a_task_cancelled_at_any_step_leaves_all_or_nothing(seats, take, taken, idle):
    async def book():
        async with write_transaction():
            await take(1)
            await take(2)

    outcomes = []
    for steps in count(0, 5):
        before = await taken()
        task = asyncio.create_task(book())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await settled(idle)
        outcomes.append(tuple(now - was for now, was in zip(await taken(), before, strict=True)))
        if not task.cancelled():
            break

    assert {*outcomes} <= {(0, 0), (1, 1)}
    assert (outcomes[0], outcomes[-1]) == ((0, 0), (1, 1))


async def test_many_cancelled_tasks_do_not_empty_the_pool(seats, take, taken, idle):
    async def book():
        async with write_transaction():
            await take(1)
            await take(2, 0)

    for burst in range(4):
        tasks = [asyncio.create_task(book()) for _ in range(50)]
        await asyncio.sleep(burst * 0.004)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    await settled(idle)
    await asyncio.wait_for(book(), 5)


async def test_cancelled_reads_give_their_connections_back(seats, taken, idle):
    async def look():
        async with read_transaction():
            await taken()
            await taken()

    for burst in range(4):
        tasks = [asyncio.create_task(work()) for work in [look, taken] * 25]
        await asyncio.sleep(burst * 0.002)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    await settled(idle)
    assert await asyncio.wait_for(taken(), 5) == [0, 0]


@pytest.mark.parametrize("steps", range(0, 40, 3))
def test_a_program_that_stops_leaves_all_or_nothing(sqlite_url, steps):
    """`asyncio.run()` cancels every task there is, also those that end a transaction."""
    path = sqlite_url.removeprefix("sqlite:///")

    async def book():
        async with write_transaction():
            await bound.run_ddl("INSERT INTO agency VALUES (1, 'a', 'police', 'a@b', 1)")
            await bound.run_ddl("INSERT INTO agency VALUES (2, 'b', 'police', 'a@b', 1)")

    async def program():
        await bound.start_connection_pool()
        bind(bound)
        task = asyncio.create_task(book())
        for _ in range(steps):
            await asyncio.sleep(0)
        assert not task.cancelled()

    bound = make_engine(sqlite_url)
    asyncio.run(program())
    conf.DB = None

    with closing(sqlite3.connect(path)) as later:
        (rows,) = later.execute("SELECT count(*) FROM agency").fetchone()
        assert rows in (0, 2)
        later.execute("BEGIN IMMEDIATE")


async def test_uninterrupted_work_ends_before_the_cancellation_is_felt():
    done = []

    async def work():
        await asyncio.sleep(0.02)
        done.append("work")

    async def caller():
        try:
            await uninterrupted(work())
        except asyncio.CancelledError:
            done.append("cancelled")
            raise

    task = asyncio.create_task(caller())
    for _ in range(3):
        await asyncio.sleep(0.001)
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert done == ["work", "cancelled"]
    assert task.cancelled()
