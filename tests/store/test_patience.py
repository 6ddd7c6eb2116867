"""How long anybody waits for a database that somebody else holds."""

import asyncio
import contextvars
import sqlite3
from contextlib import asynccontextmanager, closing

import asyncpg
import pytest

from blaljus.domain.errors import BusyError
from blaljus.store.engine import lock_row, transactional, write_transaction
from blaljus.store.engines import postgres as postgres_engine
from blaljus.store.engines.sqlite import PooledSQLiteEngine
from blaljus.store.transaction import STANDSTILL, Mode, now

AT_MOST = 3.0
"""Seconds after which a person reads "try again"."""


@asynccontextmanager
async def held(store):
    """Hold what `book` needs, as another process would."""
    if store.kind == "sqlite":
        with closing(sqlite3.connect(store.engine.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield other
        return
    other = await asyncpg.connect(store.url)
    async with other.transaction():
        await other.execute("SELECT id FROM seat WHERE id = 1 FOR UPDATE")
        yield other
    await other.close()


@pytest.fixture
def book(seats, take):
    @transactional
    async def one():
        await lock_row(seats, 1)
        await take(1)

    return one


async def answer(work):
    """Return what became of some work, and after how many seconds."""
    begun = now()
    try:
        await work
    except BusyError:
        return "busy", now() - begun
    return "done", now() - begun


async def test_a_database_that_stays_locked_is_given_up_in_three_seconds(store, book, taken, idle):
    async with held(store):
        answers = await asyncio.gather(*(answer(book()) for _ in range(5)))

    assert {what for what, _ in answers} == {"busy"}
    assert all(STANDSTILL <= seconds < AT_MOST for _, seconds in answers)
    assert await taken() == [0, 0]
    idle()


async def test_a_short_lock_costs_nobody_anything(store, book, taken):
    async with held(store):
        waiting = [asyncio.create_task(answer(book())) for _ in range(5)]
        await asyncio.sleep(1)

    assert {what for what, _ in await asyncio.gather(*waiting)} == {"done"}
    assert await taken() == [5, 0]


@pytest.fixture
def standstill(monkeypatch):
    """A database counts as locked sooner, so that the test need not wait as long as people do."""
    for module in ("transaction", "engine", "engines.postgres"):
        monkeypatch.setattr(f"blaljus.store.{module}.STANDSTILL", 0.5)
    monkeypatch.setitem(postgres_engine.SESSION, "lock_timeout", "500ms")


@pytest.mark.usefixtures("standstill")
async def test_a_long_queue_is_waited_in_while_it_moves(store, seats, take, taken):
    @transactional
    async def book():
        await lock_row(seats, 1)
        await take(1)
        await asyncio.sleep(0.1)

    answers = await asyncio.gather(*(answer(book()) for _ in range(12)))

    assert {what for what, _ in answers} == {"done"}
    assert max(seconds for _, seconds in answers) > 1
    assert await taken() == [12, 0]


@pytest.mark.usefixtures("standstill")
async def test_another_process_is_waited_for_while_it_gets_things_done(store, book, taken):
    async with held(store) as other:
        waiting = asyncio.create_task(answer(book()))
        for _ in range(8):
            await asyncio.sleep(0.2)
            if store.kind == "sqlite":
                other.execute("UPDATE seat SET taken = taken + 1 WHERE id = 2")
                other.execute("COMMIT")
                other.execute("BEGIN IMMEDIATE")
            else:
                await other.execute("UPDATE seat SET taken = taken + 1 WHERE id = 2")
        assert not waiting.done()

    assert (await waiting)[0] == "done"
    assert await taken() == [1, 8]


@pytest.fixture
async def elsewhere(sqlite_store):
    """The same file as another process of ours has it open."""
    engine = PooledSQLiteEngine(sqlite_store.engine.path)
    await engine.start_connection_pool()
    yield engine
    await engine.close_connection_pool()


@pytest.mark.usefixtures("standstill")
@pytest.mark.parametrize(("statements", "expected"), [(8, "done"), (0, "busy")])
async def test_a_long_transaction_of_ours_shows_other_processes_that_it_goes_on(
    sqlite_store, sqlite_seats, elsewhere, take, statements, expected
):
    @transactional
    async def book():
        await take(1)

    writer = await elsewhere.begin(Mode.WRITE)
    waiting = asyncio.create_task(answer(book()))
    for _ in range(statements):
        await asyncio.sleep(0.2)
        await elsewhere.fetch(writer, "UPDATE seat SET taken = taken", [])
    await asyncio.wait([waiting], timeout=0 if statements else 2)
    await elsewhere.end(writer, Mode.WRITE, commit=True)

    assert (await waiting)[0] == expected


@pytest.mark.usefixtures("standstill")
async def test_who_leaves_the_queue_keeps_nobody_waiting(sqlite_store, sqlite_seats, take, taken):
    async def book():
        async with write_transaction():
            await take(1)

    async with write_transaction():
        queue = [asyncio.create_task(book(), context=_outside()) for _ in range(6)]
        await asyncio.sleep(0.05)
        for task in queue[::2]:
            task.cancel()
        await asyncio.sleep(0.05)
    answers = await asyncio.gather(*queue, return_exceptions=True)

    assert [type(a) for a in answers] == [asyncio.CancelledError, type(None)] * 3
    assert await taken() == [3, 0]


def _outside():
    """Return a context without the transaction of the task that asks."""
    return contextvars.Context()
