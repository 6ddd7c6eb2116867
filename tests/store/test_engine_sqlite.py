import asyncio
import sqlite3
import threading
from contextlib import closing, contextmanager

import pytest

from blaljus.domain.errors import BusyError
from blaljus.store.engine import (
    StoreError,
    close_store,
    data_version,
    glance,
    read_transaction,
    transactional,
    write_transaction,
)
from blaljus.store.engines.sqlite import PooledSQLiteEngine
from blaljus.store.transaction import Mode


@contextmanager
def locked(store):
    """Hold the write lock of a SQLite file as another process would."""
    with closing(sqlite3.connect(store.engine.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.fixture
def _impatient(monkeypatch):
    """A file that stands still for 50 ms counts as locked."""
    monkeypatch.setattr("blaljus.store.transaction.STANDSTILL", 0.05)


def the_writer(store):
    (writer,) = store.engine.pools[Mode.WRITE].free
    return writer


async def pull_the_plug(connection):
    """Close the file under a connection, as a disk that goes away would."""
    await connection._ask(connection._close)


@pytest.mark.usefixtures("_impatient")
async def test_a_begin_that_is_refused_holds_nothing(sqlite_store, sqlite_seats, take, taken):
    with locked(sqlite_store):
        for _ in range(5):
            with pytest.raises(BusyError):
                async with write_transaction():
                    await take(1)
        with pytest.raises(BusyError):
            await take(1)

    async with write_transaction():
        await take(1)
    assert await taken() == [1, 0]


async def test_a_locked_file_can_still_be_read(sqlite_store, sqlite_seats, taken):
    with locked(sqlite_store) as other:
        other.execute("UPDATE seat SET taken = 5")

        assert await taken() == [0, 0]
        async with read_transaction():
            assert await taken() == [0, 0]


async def test_a_lock_that_goes_away_is_waited_for(sqlite_store, sqlite_seats, take, taken):
    @transactional
    async def book():
        await take(1)

    with locked(sqlite_store):
        task = asyncio.create_task(book())
        await asyncio.sleep(0.3)
    await task

    assert await taken() == [1, 0]


async def test_a_rollback_that_fails_costs_one_connection(sqlite_store, sqlite_seats, take, taken):
    writer = the_writer(sqlite_store)

    async def change_of_mind():
        async with write_transaction():
            await take(1)
            await pull_the_plug(writer)
            raise KeyError

    with pytest.raises(KeyError):
        await change_of_mind()

    assert await taken() == [0, 0]
    async with write_transaction():
        await take(2)
    assert await taken() == [0, 1]


async def test_a_commit_on_a_dead_connection_is_told(sqlite_store, sqlite_seats, take, taken):
    writer = the_writer(sqlite_store)

    async def book():
        async with write_transaction():
            await take(1)
            await pull_the_plug(writer)

    with pytest.raises(StoreError):
        await book()

    assert await taken() == [0, 0]


async def test_a_transaction_that_sqlite_ended_is_not_taken_for_whole(
    sqlite_store, sqlite_seats, take, taken
):
    async def book(*more):
        async with write_transaction() as transaction:
            await take(1)
            await transaction.connection.fetch("ROLLBACK")
            for row in more:
                await take(row)

    with pytest.raises(StoreError, match="by itself"):
        await book(2)
    with pytest.raises(sqlite3.OperationalError, match="no transaction"):
        await book()

    assert await taken() == [0, 0]


async def test_a_writer_that_never_ends_makes_others_busy(
    sqlite_store, sqlite_seats, take, monkeypatch
):
    monkeypatch.setattr("blaljus.store.transaction.STANDSTILL", 0.1)

    async def never_end():
        async with write_transaction():
            await asyncio.sleep(60)

    held = asyncio.create_task(never_end())
    await asyncio.sleep(0.05)

    with pytest.raises(BusyError):
        async with write_transaction():
            await take(1)

    held.cancel()
    await asyncio.gather(held, return_exceptions=True)
    async with write_transaction():
        await take(1)


async def test_writers_take_turns_in_the_order_they_came(sqlite_store, sqlite_seats, take):
    order = []

    async def book(number):
        async with write_transaction():
            await take(1)
        order.append(number)

    await asyncio.gather(*(book(number) for number in range(50)))

    assert order == list(range(50))


async def test_a_task_cancelled_while_it_commits_has_committed(
    sqlite_store, sqlite_seats, take, taken
):
    writer = the_writer(sqlite_store)
    begun = []

    async def book():
        async with write_transaction() as transaction:
            begun.append(transaction)
            await take(1)

    for number in range(10):
        task = asyncio.create_task(book())
        while len(begun) <= number or not begun[number].finished:  # noqa: ASYNC110 -- a step is the unit
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert task.cancelled()
        assert the_writer(sqlite_store) is writer
        assert not writer.in_transaction
    assert await taken() == [10, 0]


async def test_closing_ends_every_thread(sqlite_store, sqlite_seats, taken):
    await asyncio.gather(*(taken() for _ in range(20)))
    name = f"sqlite {sqlite_store.engine.path}"
    assert [thread.name for thread in threading.enumerate()].count(name) > 1

    await sqlite_store.engine.close_connection_pool()

    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(2)
            assert not thread.is_alive()


async def test_opening_waits_while_another_process_turns_on_wal(tmp_path):
    file = tmp_path / "new.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE seat (id)")
        other.execute("BEGIN EXCLUSIVE")
        opening = asyncio.create_task(_open(file))
        await asyncio.sleep(0.4)
        assert not opening.done()
        other.execute("COMMIT")

    assert await opening == [{"journal_mode": "wal"}]


async def test_opening_a_file_that_stays_locked_says_so_and_leaves_no_thread(tmp_path, monkeypatch):
    monkeypatch.setattr("blaljus.store.engines.sqlite.OPENING_PAUSES", (0.01, 0.01))
    file = tmp_path / "new.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE seat (id)")
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(BusyError):
            await _open(file)

    for thread in threading.enumerate():
        if thread.name == f"sqlite {file}":
            thread.join(2)
            assert not thread.is_alive()


async def test_a_glance_that_cannot_be_had_at_once_waits_as_others_do(sqlite_store, sqlite_seats):
    seen = "SELECT taken FROM seat WHERE id = {}"
    await glance(seen, 1)
    refused = []
    sqlite_store.engine._near.set_progress_handler(lambda: refused.append(1) or 1, 1)

    assert await glance(seen, 1) == [{"taken": 0}]
    assert refused


async def test_the_version_of_the_data_tells_of_other_processes_too(sqlite_store, sqlite_seats):
    before = data_version()
    with locked(sqlite_store) as other:
        other.execute("UPDATE seat SET taken = 1 WHERE id = 1")
        meanwhile = data_version()
        other.execute("COMMIT")

    assert before == meanwhile != data_version()


async def test_one_opening_of_a_file_has_other_versions_than_the_next(sqlite_store):
    before = data_version()
    await close_store()
    await sqlite_store.engine.start_connection_pool()

    assert data_version() != before


async def test_a_glance_cannot_write(sqlite_store, sqlite_seats, taken):
    with pytest.raises(StoreError, match="reads"):
        await glance("UPDATE seat SET taken = 5 WHERE id = {} RETURNING taken", 1)

    assert await taken() == [0, 0]


async def _open(file):
    """Open a file and return how it keeps its journal."""
    engine = PooledSQLiteEngine(str(file))
    await engine.start_connection_pool()
    try:
        return await engine.run_ddl("PRAGMA journal_mode")
    finally:
        await engine.close_connection_pool()
