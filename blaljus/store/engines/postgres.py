"""Piccolo's PostgreSQL engine with a pool that cancelled tasks cannot empty."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]  # it has none
import structlog
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString

from blaljus.domain.errors import BusyError
from blaljus.store.transaction import (
    PATIENCE,
    STANDSTILL,
    Connection,
    DataVersion,
    Mode,
    Row,
    StoreError,
    TakenError,
    Transaction,
    compiled,
    current,
    observers,
    uninterrupted,
)

POOL_SIZE = 10
"""Connections per process; PostgreSQL allows 100 in all unless told otherwise."""
SESSION = {
    "application_name": "blaljus",
    "timezone": "UTC",
    "jit": "off",
    "lock_timeout": f"{STANDSTILL:g}s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}
"""Nothing waits for ever; compiling our small queries costs more than running them."""
LOCKING = " FOR NO KEY UPDATE"
"""A queue for a row is two locks, and PostgreSQL's own timeout counts anew at each."""
MIGRATION_LOCK = 4_711_042_001
"""Any number will do, as long as all processes lock the same one."""
BEGIN = {
    Mode.READ: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    Mode.WRITE: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    Mode.SCHEMA: (
        "BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;"
        f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
    ),
}
STUCK = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
            AND (
                a.xact_start IS NOT NULL AND a.state_change < clock_timestamp() - $1::interval
                    AND a.wait_event_type IS DISTINCT FROM 'Lock'
                OR a.state IS NULL AND a.pid IN (SELECT l.pid FROM pg_locks l WHERE l.mode ~ 'Row')
            )
    )
"""
"""Of other roles' sessions we see only that they have written something."""
CONTENTION = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
"""The database chose somebody else; trying again may help."""
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""The server is away, full or starting."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class PooledPostgresEngine(PostgresEngine):
    """PostgreSQL through one bounded pool per process."""

    def __init__(self, url: str, *, size: int = POOL_SIZE) -> None:
        super().__init__(config={"dsn": url})
        self.size = size

    async def check_version(self) -> None:
        """Ask nothing of the server when the engine is made."""

    async def start_connection_pool(self, **_: object) -> None:
        """Open the pool, or raise `BusyError` when no server answers."""
        if self.pool is not None:
            raise StoreError("the database is already open")
        try:
            self.pool = await asyncpg.create_pool(
                self.config["dsn"],
                min_size=1,
                max_size=self.size,
                server_settings=SESSION,
                reset=_leave_as_is,
            )
        except LOST as error:
            raise BusyError from error

    async def close_connection_pool(self) -> None:
        """Wait for work in hand, then close every connection; late ones are cut off."""
        if self.pool is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()
        self.pool = None

    @property
    def is_open(self) -> bool:
        """Whether queries can be run."""
        return self.pool is not None

    def _opened(self) -> asyncpg.Pool:
        if self.pool is None:
            raise StoreError("the database is not open: open_store() comes first")
        return self.pool

    async def begin(self, mode: Mode) -> Connection:
        """Return a connection in a new transaction, or raise and hold nothing."""
        connection = await self._take()
        try:
            await self._heard(lambda: connection.execute(BEGIN[mode]), connection)
        except BaseException:
            await uninterrupted(self.end(connection, mode, commit=False))
            raise
        return connection

    async def end(self, connection: Connection, mode: Mode, *, commit: bool) -> None:  # noqa: ARG002 -- every mode ends alike here
        """Commit or roll back, and give the connection back whatever happens."""
        try:
            await self._finish(connection, commit=commit)
        except Exception as error:
            _cut_off(connection)
            if commit:
                raise
            log.warning("rollback-failed", error=repr(error))
        finally:
            await self._opened().release(connection)

    async def _finish(self, connection: Connection, *, commit: bool) -> None:
        if not commit:
            await connection.execute("ROLLBACK")
            return
        try:
            status = await connection.execute("COMMIT")
        except LOST as error:
            raise BusyError(outcome="unknown") from error
        except CONTENTION as error:
            raise BusyError from error
        if status != "COMMIT":
            raise StoreError("PostgreSQL rolled back instead: a statement had failed")

    async def fetch(self, connection: Connection, sql: str, args: list[Any]) -> list[Any]:
        """Run one statement: `BusyError` where trying again may help, `TakenError` for a twin."""
        patience = STANDSTILL if LOCKING in sql else None
        try:
            return await self._heard(
                lambda: connection.fetch(sql, *args, timeout=patience), connection
            )
        except asyncpg.UniqueViolationError as error:
            raise TakenError from error

    async def is_stuck(self) -> bool:
        """Return whether somebody sits in a transaction and does nothing; waiting is no reason."""
        idle = timedelta(seconds=STANDSTILL * 0.8)
        try:
            connection = await self._opened().acquire(timeout=STANDSTILL / 5)
        except LOST:
            return True
        try:
            return bool(await self._heard(lambda: connection.fetchval(STUCK, idle), connection))
        finally:
            await self._opened().release(connection)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Any]:  # noqa: ARG002, FBT001, FBT002 -- Piccolo's signature
        """Run a query in the current transaction, else by itself."""
        return await self._run(*compiled(querystring, self.engine_type))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Any]:  # noqa: ARG002, FBT001, FBT002 -- Piccolo's signature
        """Run a statement without values in the current transaction, else by itself."""
        return await self._run(ddl, [])

    async def glance(self, sql: str, args: list[Any]) -> list[Row]:
        """Run one small read; nothing about it is quicker here than about others."""
        return [dict(row) for row in await self._run(sql, args)]

    def data_version(self) -> DataVersion | None:
        """Return None: a server that others write to has to be asked, and then can answer."""
        return None

    async def _run(self, sql: str, args: list[Any]) -> list[Any]:
        for observer in observers:
            observer(sql)
        if (transaction := current(self)) is not None:
            return await transaction.fetch(sql, args)
        connection = await self._take()
        try:
            return await self.fetch(connection, sql, args)
        finally:
            await self._opened().release(connection)

    async def _take(self) -> Connection:
        """Return a connection nobody else has, or raise `BusyError` after `PATIENCE`."""
        return await self._heard(lambda: self._opened().acquire(timeout=PATIENCE))

    async def _heard(self, ask: Callable[[], Awaitable[T]], connection: Connection = None) -> T:
        """Await a driver's answer; what trying again may help becomes `BusyError`."""
        try:
            return await ask()
        except (*CONTENTION, *LOST) as error:
            raise BusyError from error
        except asyncpg.InternalClientError as error:
            _cut_off(connection)  # the server left while nobody looked: never use it again
            raise BusyError from error
        except asyncpg.InterfaceError as error:
            if connection is None or not _is_gone(connection):
                raise
            raise BusyError from error

    def transaction(  # type: ignore[override]  # a transaction of our own
        self,
        allow_nested: bool = True,  # noqa: FBT001, FBT002 -- Piccolo's signature
    ) -> Transaction:
        """Return a transaction for Piccolo's own use; ours come from `write_transaction()`."""
        return Transaction(self, Mode.WRITE, allow_nested=allow_nested)

    def transaction_exists(self) -> bool:
        """Whether this task is in a transaction."""
        return current(self) is not None


def _is_gone(connection: Connection) -> bool:
    """Return whether the server has left; asyncpg takes such a connection back by itself."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _cut_off(connection: Connection) -> None:
    with suppress(asyncpg.InterfaceError):
        connection.terminate()


async def _leave_as_is(connection: object) -> None:
    """Spare a round trip: we set nothing on a session that would have to be undone."""
