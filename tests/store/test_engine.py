import asyncio
import contextvars
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from blaljus.domain.errors import BusyError
from blaljus.store.engine import (
    StoreError,
    count_statements,
    data_version,
    engine_kind,
    glance,
    lock_row,
    open_store,
    read_transaction,
    transactional,
    write_transaction,
)


class ChangeOfMindError(Exception):
    """The use case raises it; the store knows nothing of it."""


async def test_the_bound_engine_says_its_kind(store):
    assert engine_kind() == store.kind


async def test_a_transaction_keeps_everything(seats, take, taken, idle):
    async with write_transaction():
        await take(1)
        await take(2)

    assert await taken() == [1, 1]
    idle()


async def test_a_transaction_that_raises_keeps_nothing(seats, take, taken, idle):
    async def change_of_mind():
        async with write_transaction():
            await take(1)
            raise ChangeOfMindError

    with pytest.raises(ChangeOfMindError):
        await change_of_mind()

    assert await taken() == [0, 0]
    idle()


@pytest.mark.parametrize("outer", [write_transaction, read_transaction])
@pytest.mark.parametrize("inner", [write_transaction, read_transaction])
async def test_a_transaction_in_a_transaction_is_refused(seats, taken, idle, outer, inner):
    with pytest.raises(StoreError, match="already open"):
        async with outer(), inner():
            pass

    assert await taken() == [0, 0]
    idle()


async def test_a_swallowed_error_does_not_let_half_a_change_through(seats, take, taken, idle):
    async def book_what_is_left():
        async with write_transaction():
            await take(1)
            with pytest.raises(Exception, match=r"(?i)check"):
                await take(2, 101)

    with pytest.raises(StoreError, match="swallowed"):
        await book_what_is_left()

    assert await taken() == [0, 0]
    idle()


async def test_nothing_more_is_run_after_a_statement_failed(seats, take, taken):
    async def book_something_else():
        async with write_transaction():
            with pytest.raises(Exception, match=r"(?i)check"):
                await take(2, 101)
            await take(1)

    with pytest.raises(StoreError, match="failed in this"):
        await book_something_else()

    assert await taken() == [0, 0]


async def test_two_tasks_do_not_share_a_transaction(seats, take, taken, idle):
    with pytest.raises(StoreError, match="another task"):
        async with write_transaction():
            await asyncio.gather(take(1), take(2))

    assert await taken() == [0, 0]
    idle()


async def test_a_task_that_outlives_its_transaction_works_by_itself(seats, take, taken, idle):
    over = asyncio.Event()

    async def later():
        await over.wait()
        await take(1)
        async with write_transaction():
            await take(2)

    async with write_transaction():
        task = asyncio.create_task(later())
        await take(1)
    over.set()
    await task

    assert await taken() == [2, 1]
    idle()


async def test_a_commit_that_is_refused_keeps_nothing(seats, taken, idle):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with write_transaction():
            await seats.update({seats.next_to: 99}).where(seats.id == 1)

    idle()
    assert await seats.count().where(seats.next_to.is_not_null()) == 0
    async with write_transaction():
        await seats.update({seats.next_to: 2}).where(seats.id == 1)
    assert await seats.count().where(seats.next_to.is_not_null()) == 1


async def test_reads_in_a_transaction_see_one_moment(seats, take, taken):
    async with read_transaction():
        before = await taken()
        await asyncio.create_task(take(1), context=_outside())
        after = await taken()

    assert (before, after) == ([0, 0], [0, 0])
    assert await taken() == [1, 0]


async def test_a_read_transaction_cannot_write(seats, take, taken, idle):
    with pytest.raises(Exception, match=r"read-?only"):
        async with read_transaction():
            await take(1)

    assert await taken() == [0, 0]
    idle()


async def test_a_thousand_at_once_all_get_their_turn(seats, taken, idle):
    async def book():
        async with write_transaction():
            await lock_row(seats, 1)
            (row,) = await seats.select(seats.taken).where(seats.id == 1)
            await seats.update({seats.taken: row["taken"] + 1}).where(seats.id == 1)

    await asyncio.gather(*(book() for _ in range(1000)))

    assert await taken() == [1000, 0]
    idle()


async def test_a_locked_row_waits_for_the_one_before(seats, taken):
    async def book():
        async with write_transaction():
            await lock_row(seats, 2)
            (row,) = await seats.select(seats.taken).where(seats.id == 2)
            await asyncio.sleep(0.01)
            await seats.update({seats.taken: row["taken"] + 1}).where(seats.id == 2)

    await asyncio.gather(*(book() for _ in range(10)))

    assert await taken() == [0, 10]


async def test_a_row_is_not_locked_outside_a_transaction(seats):
    with pytest.raises(StoreError, match="inside write_transaction"):
        await lock_row(seats, 1)


async def test_a_naive_datetime_never_reaches_the_database(seats):
    naive = datetime(2027, 1, 15, 8)  # noqa: DTZ001 -- the mistake

    with pytest.raises(StoreError, match="without time zone"):
        await seats.update({seats.freed_at: naive}).where(seats.id == 1)


async def test_a_moment_comes_back_as_it_was(seats):
    moment = datetime(2027, 1, 15, 8, tzinfo=UTC)

    await seats.update({seats.freed_at: moment}).where(seats.id == 1)

    assert await seats.select(seats.freed_at).order_by(seats.id).limit(1) == [{"freed_at": moment}]


async def test_statements_are_counted(seats, take, taken):
    with count_statements() as heard:
        async with write_transaction():
            await take(1)
        await taken()

    assert [sql.split()[0] for sql in heard] == ["UPDATE", "SELECT"]


async def test_the_store_is_opened_once(store):
    with pytest.raises(StoreError, match="open already"):
        await open_store(store.url)


async def test_a_busy_function_is_run_again_from_the_start(seats, take, taken, idle):
    runs = []

    @transactional
    async def book(number):
        runs.append(number)
        await take(1, number)
        if len(runs) < 4:
            raise BusyError
        return "booked"

    assert await book(7) == "booked"
    assert runs == [7, 7, 7, 7]
    assert await taken() == [7, 0]
    idle()


async def test_a_function_that_stays_busy_is_given_up(seats, take, taken, idle):
    runs = []

    @transactional
    async def book():
        runs.append(1)
        await take(1)
        raise BusyError

    with pytest.raises(BusyError):
        await book()
    assert len(runs) == 4
    assert await taken() == [0, 0]
    idle()


def _outside():
    """Return a context without the transaction of the task that asks."""
    return contextvars.Context()


async def test_a_glance_sees_what_was_committed_and_counts(seats, take):
    text = "SELECT taken FROM seat WHERE id = {} AND {} = 'é'"
    assert await glance(text, 1, "é") == [{"taken": 0}]
    await take(1)

    with count_statements() as statements:
        assert await glance(text, 1, "é") == [{"taken": 1}]

    assert len(statements) == 1


async def test_a_glance_in_a_transaction_is_part_of_it(seats, take):
    async with write_transaction():
        await take(1)
        assert await glance("SELECT taken FROM seat WHERE id = {}", 1) == [{"taken": 1}]


async def test_a_glance_refuses_a_moment_without_zone(seats):
    with pytest.raises(StoreError, match="time zone"):
        await glance("SELECT {} AS moment", datetime(2027, 1, 15, 8))  # noqa: DTZ001 -- that is it


async def test_a_glance_at_a_closed_database_is_refused(store):
    await store.engine.close_connection_pool()
    with pytest.raises(StoreError):
        await glance("SELECT 1 AS one")
    await store.engine.start_connection_pool()


async def test_the_version_of_the_data_changes_with_each_commit_and_only_then(seats, take):
    before = data_version()
    again = data_version()
    async with write_transaction():
        inside = data_version()
    await take(1)
    after = data_version()
    with suppress(ZeroDivisionError):
        async with write_transaction():
            await take(1)
            raise ZeroDivisionError
    undone = data_version()

    assert inside is None
    assert before == again
    if engine_kind() == "sqlite":
        assert None not in (before, after)
        assert before != after == undone
    else:
        assert (before, after) == (None, None)
