"""Piccolo's SQLite engine with a bounded pool: one writer, a few readers."""

from contextlib import suppress
from pathlib import Path

from piccolo.engine.sqlite import SQLiteEngine

from blaljus.store.sqlite_connection import ConnectionPool, SqliteConnection
from blaljus.store.transaction import (
    Mode,
    StoreError,
)

READERS = 4
"""Connections that only read. Reads wait for the disk, hardly ever for each other."""
BUSY_TIMEOUT = 5.0
"""Seconds SQLite waits for another process's write lock before it refuses."""
MIGRATION_TIMEOUT = 300
"""Seconds a process waits while another one migrates."""
SETUP = """
    PRAGMA foreign_keys = 1;
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16000;
"""
"""FULL: what was acknowledged is on the disk, also after a power cut. 16 MB of pages."""
BEGIN = {
    Mode.READ: "BEGIN DEFERRED",
    Mode.WRITE: "BEGIN IMMEDIATE",
    Mode.SCHEMA: "BEGIN IMMEDIATE",
}
READING = ("SELECT", "WITH", "EXPLAIN")


class PooledSQLiteEngine(SQLiteEngine):
    """SQLite in WAL mode. All writing of this process goes through one connection, in turn."""

    def __init__(self, path: str, *, busy_timeout: float = BUSY_TIMEOUT) -> None:
        super().__init__(path=path)
        self.busy_timeout = busy_timeout
        self.pools: dict[Mode, ConnectionPool] = {}

    async def start_connection_pool(self) -> None:
        """Create the folder and file where needed, private to this user, and open them."""
        if self.pools:
            raise StoreError("the database is already open")
        file = Path(self.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            file.touch(mode=0o600, exist_ok=False)
        writer = ConnectionPool(self._connect_writer, 1)
        readers = ConnectionPool(self._connect_reader, READERS)
        writer.give_back(await writer.take(), usable=True)
        self.pools = {Mode.READ: readers, Mode.WRITE: writer, Mode.SCHEMA: writer}

    async def close_connection_pool(self) -> None:
        """Wait for work in hand, then close every connection and end its thread."""
        pools, self.pools = set(self.pools.values()), {}
        for pool in pools:
            await pool.close()

    async def _connect_writer(self) -> SqliteConnection:
        connection = SqliteConnection()
        await connection.open(self.path, SETUP, timeout=self.busy_timeout)
        await connection.fetch("PRAGMA journal_mode = WAL")
        return connection

    async def _connect_reader(self) -> SqliteConnection:
        connection = SqliteConnection()
        await connection.open(
            self.path, f"{SETUP} PRAGMA query_only = 1;", timeout=self.busy_timeout
        )
        return connection

    def _pool(self, mode: Mode) -> ConnectionPool:
        if not self.pools:
            raise StoreError("the database is not open; open_store() comes first")
        return self.pools[mode]

    async def begin(self, mode: Mode) -> SqliteConnection:
        """Return a connection in a new transaction, or raise and hold nothing."""
        connection = await self._pool(mode).take()
        try:
            if mode is Mode.SCHEMA:
                await connection.script(
                    f"PRAGMA foreign_keys = 0; PRAGMA busy_timeout = {MIGRATION_TIMEOUT * 1000};"
                )
            await connection.fetch(BEGIN[mode])
        except BaseException:
            await uninterrupted(self.end(connection, mode, commit=False))
            raise
        return connection

    async def end(self, connection: SqliteConnection, mode: Mode, *, commit: bool) -> None:
        """Commit or roll back, and give the connection back whatever happens."""
        usable = False
        try:
            if mode is Mode.SCHEMA:
                await self._end_schema(connection, commit=commit)
            else:
                await connection.finish(commit=commit)
            usable = True
        except sqlite3.Error:
            ...
        finally:
            self._pool(mode).give_back(connection, usable=not connection.in_transaction)
