"""The database in use: opening it, and the two kinds of transactions that use cases open."""

import asyncio
import os
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache, wraps
from itertools import count
from typing import Any, Literal, ParamSpec, TypeVar

from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import ENVIRONMENT_VARIABLE
from piccolo.table import Table

from blaljus.domain.errors import BusyError
from blaljus.store import conf
from blaljus.store.engines.postgres import PooledPostgresEngine
from blaljus.store.engines.sqlite import PooledSQLiteEngine
from blaljus.store.piccolo_app import APP_CONFIG
from blaljus.store.transaction import (
    PATIENCE,
    STANDSTILL,
    DataVersion,
    Mode,
    Row,
    StoreError,
    Transaction,
    checked,
    current,
    now,
    observers,
    uninterrupted,
)

__all__ = [
    "StoreEngine",
    "StoreError",
    "bind",
    "bound_engine",
    "close_store",
    "count_statements",
    "data_version",
    "engine_kind",
    "glance",
    "lock_row",
    "make_engine",
    "open_store",
    "opened_store",
    "read_transaction",
    "schema_transaction",
    "transactional",
    "write_transaction",
]

P = ParamSpec("P")
T = TypeVar("T")

StoreEngine = PooledSQLiteEngine | PooledPostgresEngine

PAUSES = (0.02, 0.06, 0.2)
"""Mean seconds before each new try; drawn anew so that two losers do not meet again."""
SQLITE, POSTGRESQL = "sqlite:///", "postgresql://"


def make_engine(database_url: str) -> StoreEngine:
    """Return an engine that is not open yet: `sqlite:///path` or `postgresql://…`."""
    if database_url.startswith(SQLITE):
        return PooledSQLiteEngine(database_url.removeprefix(SQLITE))
    if database_url.startswith(POSTGRESQL):
        return PooledPostgresEngine(database_url)
    raise StoreError("the database URL must begin with sqlite:/// or postgresql://")


def bind(engine: StoreEngine, *tables: type[Table]) -> None:
    """Let all our tables, the table of migrations and any `tables` use this engine."""
    os.environ[ENVIRONMENT_VARIABLE] = conf.__name__
    conf.DB = engine
    every: list[type[Table]] = [*APP_CONFIG.table_classes, Migration, *tables]
    for table in every:
        table._meta.db = engine  # noqa: SLF001 -- the only place where Piccolo keeps it


def bound_engine() -> StoreEngine:
    """Return the engine in use, or raise `StoreError`."""
    if not isinstance(conf.DB, StoreEngine):
        raise StoreError("no database is bound: open_store() comes first")
    return conf.DB


async def open_store(database_url: str) -> StoreEngine:
    """Open the database and bind the tables to it, or raise `BusyError` if it is away."""
    if isinstance(conf.DB, StoreEngine) and conf.DB.is_open:
        raise StoreError("a database is open already: close_store() comes first")
    engine = make_engine(database_url)
    await engine.start_connection_pool()
    bind(engine)
    return engine


async def close_store() -> None:
    """Wait for work in hand and close the database; does nothing when it is closed."""
    await bound_engine().close_connection_pool()


@asynccontextmanager
async def opened_store(database_url: str) -> AsyncIterator[StoreEngine]:
    """Open the database for a block, and close it at the end whatever happens."""
    engine = await open_store(database_url)
    try:
        yield engine
    finally:
        await uninterrupted(close_store())


def engine_kind() -> Literal["sqlite", "postgresql"]:
    """Return which database is bound."""
    return "sqlite" if isinstance(bound_engine(), PooledSQLiteEngine) else "postgresql"


def write_transaction() -> Transaction:
    """Return a transaction for `async with`: everything in it is kept, or nothing.

    Takes the write lock at once on SQLite; read committed on PostgreSQL, where `lock_row()`
    decides who is first. Raises `BusyError` when it cannot, `StoreError` inside another one.
    """
    return Transaction(bound_engine(), Mode.WRITE)


def read_transaction() -> Transaction:
    """Return a transaction for `async with` in which all reads see the same moment.

    Writing in it is refused. Raises `StoreError` inside another one.
    """
    return Transaction(bound_engine(), Mode.READ)


def schema_transaction() -> Transaction:
    """Return a transaction for one migration: alone among all processes, and patient."""
    return Transaction(bound_engine(), Mode.SCHEMA)


def transactional(
    function: Callable[P, Awaitable[T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Run `function` in a write transaction of its own, again from the start when it was busy.

    At most four times, and no more once whoever is in the way makes no headway; then
    `BusyError`. What the function does outside the database happens as often as it is run.
    """

    @wraps(function)
    async def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        asked_at = now()
        for pause in PAUSES:
            try:
                async with write_transaction():
                    return await function(*args, **kwargs)
            except BusyError as busy:
                if busy.data or await _is_in_vain(asked_at):
                    raise
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 -- no secret
        async with write_transaction():
            return await function(*args, **kwargs)

    return whole


async def _is_in_vain(asked_at: float) -> bool:
    """Return whether to give up: it took too long, or whoever is in the way stands still."""
    waited = now() - asked_at
    return waited > PATIENCE or (waited > STANDSTILL and await bound_engine().is_stuck())


async def glance(text: str, *args: object) -> list[Row]:
    """Run one small read that is asked very often; `{}` in the text stands for a value.

    On SQLite it runs in the loop's own thread: for what an index finds in some microseconds.
    """
    engine = bound_engine()
    return await engine.glance(_numbered(text, engine_kind()), [*checked(args)])


def data_version() -> DataVersion | None:
    """Return what is another one after any commit of anybody, and is the same till then.

    None where that is not known: inside a transaction, and always on PostgreSQL. Ask before
    you read what you want to remember; equal versions then mean that nothing was committed since.
    """
    return bound_engine().data_version()


@cache
def _numbered(text: str, kind: str) -> str:
    """Return a text with the engine's own signs for values."""
    signs = (f"${n}" if kind == "postgresql" else "?" for n in count(1))
    return re.sub(r"{}", lambda _: next(signs), text)


async def lock_row(table: type[Table], row_id: int) -> None:
    """Wait for, and hold to the end of the write transaction, one row on PostgreSQL.

    Does nothing on SQLite, where the whole transaction is alone. Lock in one order: class,
    slot, staff. A missing row is no error: the caller's own query finds out.
    """
    transaction = current(bound_engine())
    if transaction is None or transaction.mode is not Mode.WRITE:
        raise StoreError("a row is locked inside write_transaction()")
    if engine_kind() == "postgresql":
        key = table._meta.primary_key  # noqa: SLF001 -- Piccolo's way to name it
        await table.select(key).where(key == row_id).lock_rows("NO KEY UPDATE")


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """Collect the SQL of every statement run meanwhile; `len()` of it is the number."""
    heard: list[str] = []
    observers.append(heard.append)
    try:
        yield heard
    finally:
        observers.remove(heard.append)
