import asyncio
from contextlib import suppress

import asyncpg
import pytest

from blaljus.domain.errors import BusyError
from blaljus.store.engine import (
    StoreError,
    bind,
    lock_row,
    opened_store,
    read_transaction,
    transactional,
    write_transaction,
)
from blaljus.store.engines.postgres import PooledPostgresEngine


async def terminate_others(url):
    """Cut every connection of the database but this one, as a restarting server does."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_restarted_server_is_a_reason_to_try_again(
    postgres_store, postgres_seats, take, taken
):
    runs = []

    @transactional
    async def book():
        runs.append(1)
        await take(1)
        if len(runs) == 1:
            await terminate_others(postgres_store.url)
        await take(2)

    await book()

    assert len(runs) == 2
    assert await taken() == [1, 1]


async def test_idle_connections_that_were_cut_are_replaced(
    postgres_store, postgres_seats, take, taken
):
    await terminate_others(postgres_store.url)

    with suppress(BusyError):
        await taken()
    async with write_transaction():
        await take(1)

    assert await taken() == [1, 0]


async def test_a_deadlock_is_run_again(postgres_store, postgres_seats, take, taken):
    both = asyncio.Barrier(2)
    runs = []

    @transactional
    async def book(first, second):
        runs.append(first)
        await lock_row(postgres_seats, first)
        if len(runs) <= 2:
            await both.wait()
        await lock_row(postgres_seats, second)
        await take(first)

    await asyncio.gather(book(1, 2), book(2, 1))

    assert len(runs) == 3
    assert await taken() == [1, 1]


@pytest.fixture
async def pool_of_three(postgres_url):
    """A bound engine with three connections."""
    engine = PooledPostgresEngine(postgres_url, size=3)
    await engine.start_connection_pool()
    bind(engine)
    yield engine
    await engine.close_connection_pool()


async def test_two_hundred_cancelled_tasks_leave_a_pool_of_three_whole(pool_of_three):
    async def look():
        async with write_transaction():
            await pool_of_three.run_ddl("SELECT pg_sleep(0.002)")

    tasks = [asyncio.create_task(look()) for _ in range(200)]
    for task in tasks:
        await asyncio.sleep(0.0005)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    await asyncio.wait_for(asyncio.gather(*(look() for _ in range(6))), 5)
    assert pool_of_three.pool.get_idle_size() == pool_of_three.pool.get_size()


async def test_a_full_pool_is_waited_for_and_then_busy(pool_of_three, monkeypatch):
    monkeypatch.setattr("blaljus.store.engines.postgres.PATIENCE", 0.1)

    async def never_end():
        async with write_transaction():
            await asyncio.sleep(60)

    held = [asyncio.create_task(never_end()) for _ in range(3)]
    await asyncio.sleep(0.1)

    with pytest.raises(BusyError):
        async with read_transaction():
            pass

    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    async with read_transaction():
        pass


async def test_a_commit_that_became_a_rollback_is_told(postgres_store, postgres_seats, take, taken):
    async def book_behind_our_back():
        async with write_transaction() as transaction:
            await take(1)
            with suppress(asyncpg.DivisionByZeroError):
                await transaction.connection.fetch("SELECT 1 / 0")

    with pytest.raises(StoreError, match="rolled back instead"):
        await book_behind_our_back()

    assert await taken() == [0, 0]


async def test_a_server_that_is_away_is_busy(tmp_path):
    with pytest.raises(BusyError):
        async with opened_store(f"postgresql://nobody@/nothing?host={tmp_path}"):
            pass


async def test_a_closed_store_says_so(store):
    await store.engine.close_connection_pool()

    with pytest.raises(StoreError, match="not open"):
        async with write_transaction():
            pass
