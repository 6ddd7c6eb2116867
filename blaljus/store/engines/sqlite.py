"""Piccolo's SQLite engine with a bounded pool: one writer, a few readers."""

import asyncio
import os
import sqlite3
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import structlog
from piccolo.engine.sqlite import SQLiteEngine, TransactionType
from piccolo.querystring import QueryString

from blaljus.domain.errors import BusyError
from blaljus.store.engines.sqlite_connection import (
    ConnectionPool,
    SqliteConnection,
    connect,
    fetch_rows,
)
from blaljus.store.transaction import (
    STANDSTILL,
    DataVersion,
    Mode,
    Pace,
    Row,
    StoreError,
    Transaction,
    compiled,
    current,
    now,
    observers,
    uninterrupted,
)

READERS = 4
"""Connections that only read. Reads wait for the disk, hardly ever for each other."""
BUSY_TIMEOUT = 0.1
"""Seconds SQLite waits for another process's lock; then we look whether anything moves there."""
HEARTBEAT = 0.25
"""Seconds between a long transaction's signs of life to other processes."""
MIGRATION_TIMEOUT = 300.0
"""Seconds a process waits while another one migrates."""
OPENINGS = count(1)
"""Numbers that tell one opening of a file by this process from the others."""
OPENING_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between tries to open: SQLite waits too little for a process that turns on WAL."""
READING = "PRAGMA query_only = 1;"
SETUP = """
    PRAGMA foreign_keys = 1;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -16000;
"""
"""FULL: what was acknowledged is on the disk, also after a power cut. 16 MB of pages."""

log = structlog.get_logger(__name__)


class PooledSQLiteEngine(SQLiteEngine):
    """SQLite in WAL mode. All writing of this process goes through one connection, in turn."""

    def __init__(self, path: str, *, busy_timeout: float = BUSY_TIMEOUT) -> None:
        super().__init__(path=path)
        self.busy_timeout = busy_timeout
        self.pools: dict[Mode, ConnectionPool] = {}
        self._near: sqlite3.Connection | None = None
        self._opened = 0
        self._wal = Path(f"{path}-wal")
        self._seen_at: int | None = None
        self._writing: SqliteConnection | None = None
        self._beaten_at = 0.0

    async def start_connection_pool(self) -> None:
        """Create the folder and the file where needed, for this user only, and open it."""
        if self.pools:
            raise StoreError("the database is already open")
        _make_file(Path(self.path))
        writer = ConnectionPool(self._connect_writer, 1)
        writer.give_back(await writer.take(), usable=True)
        readers = ConnectionPool(self._connect_reader, READERS)
        self.pools = {Mode.READ: readers, Mode.WRITE: writer, Mode.SCHEMA: writer}
        self._opened = next(OPENINGS)

    async def close_connection_pool(self) -> None:
        """Wait for work in hand, then close every connection and end its thread."""
        for pool in set(self.pools.values()):
            await pool.close()
        if self._near is not None:
            self._near.close()
        self.pools, self._near = {}, None

    @property
    def is_open(self) -> bool:
        """Whether queries can be run."""
        return bool(self.pools)

    async def _connect_writer(self) -> SqliteConnection:
        for pause in OPENING_PAUSES:
            with suppress(BusyError):
                return await self._open_writer()
            await asyncio.sleep(pause)
        return await self._open_writer()

    async def _open_writer(self) -> SqliteConnection:
        connection = SqliteConnection()
        await connection.open(self.path, SETUP, busy_timeout=self.busy_timeout)
        try:
            await connection.fetch("PRAGMA journal_mode = WAL")
        except BaseException:  # whatever it was, no thread stays behind
            connection.stop()
            raise
        return connection

    async def _connect_reader(self) -> SqliteConnection:
        connection = SqliteConnection()
        # Readers wait for nobody but whoever mends the file after a crash.
        await connection.open(self.path, SETUP + READING, busy_timeout=STANDSTILL)
        return connection

    def _pool(self, mode: Mode) -> ConnectionPool:
        if not self.pools:
            raise StoreError("the database is not open: open_store() comes first")
        return self.pools[mode]

    async def begin(self, mode: Mode) -> SqliteConnection:
        """Return a connection in a new transaction, or raise and hold nothing."""
        asked_at = now()
        pool = self._pool(mode)
        connection = await pool.take()
        try:
            if mode is Mode.SCHEMA:
                await connection.script(_schema_settings(0, MIGRATION_TIMEOUT))
            begin = "BEGIN DEFERRED" if mode is Mode.READ else "BEGIN IMMEDIATE"
            await self._patiently(connection, pool.pace, asked_at, begin)
            if mode is not Mode.READ:
                self._writing, self._beaten_at = connection, now()
        except BaseException:
            await uninterrupted(self.end(connection, mode, commit=False))
            raise
        return connection

    async def _patiently(
        self, connection: SqliteConnection, pace: Pace, asked_at: float, sql: str, *args: object
    ) -> list[Row]:
        """Run what takes a lock, again and again, until the lock's owner makes no headway."""
        while True:
            try:
                rows = await connection.fetch(sql, *args)
            except BusyError:
                if self._others_moved():
                    pace.move()
                if pace.is_lost(asked_at):
                    raise
            else:
                pace.move()
                return rows

    def _others_moved(self) -> bool:
        """Return whether another process has written, or is at it, since we last looked."""
        try:
            before, self._seen_at = self._seen_at, self._wal.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        return before != self._seen_at

    def _beat(self) -> None:
        """Show other processes, too, that a long transaction makes headway."""
        self.pools[Mode.WRITE].pace.move()
        if now() - self._beaten_at > HEARTBEAT:
            self._beaten_at = now()
            with suppress(OSError):
                os.utime(self._wal)

    async def is_stuck(self) -> bool:
        """Return whether trying again is no use: `begin` has waited for all there was."""
        return True

    async def end(self, connection: SqliteConnection, mode: Mode, *, commit: bool) -> None:
        """Commit or roll back, and give the connection back whatever happens."""
        try:
            if mode is Mode.SCHEMA:
                await self._end_schema(connection, commit=commit)
            else:
                await connection.finish(commit=commit)
        except Exception as error:
            if commit:
                raise
            log.warning("rollback-failed", error=repr(error))
        finally:
            usable = connection.is_open and not connection.in_transaction
            self._pool(mode).give_back(connection, usable=usable)

    async def _end_schema(self, connection: SqliteConnection, *, commit: bool) -> None:
        try:
            if commit and (astray := await connection.fetch("PRAGMA foreign_key_check")):
                raise StoreError(f"a migration leaves rows without what they refer to: {astray}")
            await connection.finish(commit=commit)
        finally:
            await connection.finish(commit=False)
            await connection.script(_schema_settings(1, self.busy_timeout))

    async def fetch(self, connection: SqliteConnection, sql: str, args: list[Any]) -> list[Row]:
        """Run one statement of an open transaction."""
        if connection is self._writing:
            self._beat()
        if not connection.in_transaction:
            raise StoreError("SQLite ended the transaction by itself: disk full or unreadable")
        return await connection.fetch(sql, *args)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Row]:  # noqa: ARG002, FBT001, FBT002 -- Piccolo's signature
        """Run a query in the current transaction, else by itself."""
        return await self._run(*compiled(querystring, self.engine_type))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:  # noqa: ARG002, FBT001, FBT002 -- Piccolo's signature
        """Run a statement without values in the current transaction, else by itself."""
        return await self._run(ddl, [])

    async def glance(self, sql: str, args: list[Any]) -> list[Row]:
        """Run one small read here and now: asking another thread takes longer than it does."""
        if not (self.pools and _only_reads(sql)):
            raise StoreError("a glance only reads, and of an open database")
        if current(self) is None:
            with suppress(sqlite3.OperationalError):  # locked: wait for it as others do
                rows = self._fetch_near(sql, args)
                for observer in observers:
                    observer(sql)
                return rows
        return await self._run(sql, args)

    def data_version(self) -> DataVersion | None:
        """Ask the file itself, in 3 microseconds: SQLite counts what others commit."""
        if not self.pools or current(self) is not None:
            return None
        try:
            (version,) = self._near_by().execute("PRAGMA data_version").fetchone()
        except sqlite3.OperationalError:  # locked: nothing is known now
            return None
        return self._opened, version

    def _fetch_near(self, sql: str, args: list[Any]) -> list[Row]:
        return fetch_rows(self._near_by(), sql, args)

    def _near_by(self) -> sqlite3.Connection:
        # It never writes, so every commit is somebody else's and counts as a change.
        if self._near is None:
            self._near = connect(self.path, SETUP + READING, busy_timeout=0)
        return self._near

    async def _run(self, sql: str, args: list[Any]) -> list[Row]:
        for observer in observers:
            observer(sql)
        if (transaction := current(self)) is not None:
            return await transaction.fetch(sql, args)
        pool = self._pool(Mode.READ if _only_reads(sql) else Mode.WRITE)
        asked_at = now()
        connection = await pool.take()
        try:
            return await self._patiently(connection, pool.pace, asked_at, sql, *args)
        finally:
            pool.give_back(connection, usable=connection.is_open)

    def transaction(  # type: ignore[override]  # a transaction of our own
        self,
        transaction_type: TransactionType = TransactionType.immediate,  # noqa: ARG002 -- Piccolo's signature
        allow_nested: bool = True,  # noqa: FBT001, FBT002 -- Piccolo's signature
    ) -> Transaction:
        """Return a transaction for Piccolo's own use; ours come from `write_transaction()`."""
        return Transaction(self, Mode.WRITE, allow_nested=allow_nested)

    def transaction_exists(self) -> bool:
        """Whether this task is in a transaction."""
        return current(self) is not None


def _make_file(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        file.touch(mode=0o600, exist_ok=False)


def _only_reads(sql: str) -> bool:
    return sql.lstrip()[:7].upper().startswith(("SELECT", "WITH ", "EXPLAIN"))


def _schema_settings(foreign_keys: int, timeout: float) -> str:
    return f"PRAGMA foreign_keys = {foreign_keys}; PRAGMA busy_timeout = {timeout * 1000:.0f};"
