"""SQLite connections, each on a thread of its own, and a bounded pool of them."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from blaljus.domain.errors import BusyError
from blaljus.store.engines import sqlite_types  # noqa: F401 -- registers what reading needs
from blaljus.store.transaction import PATIENCE, Pace, Row, StoreError, TakenError, now

T = TypeVar("T")

LOOK_UP = 0.1
"""Seconds between looks at whether the queue still moves."""
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
PRIMARY_CODE = 0xFF
"""The low byte of an extended SQLite result code says what kind of refusal it was."""


Job = tuple[asyncio.Future[Any] | None, Callable[[], Any]] | None
"""Who waits for the answer, and what to do; None ends the thread."""


def connect(path: str, setup: str, *, busy_timeout: float) -> sqlite3.Connection:
    """Open a file for this thread and run the setup script; waits for locks `busy_timeout` s."""
    raw = sqlite3.connect(
        path,
        timeout=busy_timeout,
        isolation_level=None,
        detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
        cached_statements=256,
    )
    try:
        raw.executescript(setup)
    except BaseException:  # whatever it was, no file stays open
        raw.close()
        raise
    return raw


def fetch_rows(raw: sqlite3.Connection, query: str, args: Sequence[Any]) -> list[Row]:
    """Run one statement and return its rows as dicts."""
    cursor = raw.execute(query, args)
    rows = cursor.fetchall()
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows]


class SqliteConnection:
    """Statements run one after another in the order they were asked for, each one whole.

    A task that is cancelled stops waiting; its statement still runs, and what is asked next
    runs after it. The thread is a daemon: a forgotten connection cannot keep the program alive.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._raw: sqlite3.Connection | None = None

    def __del__(self) -> None:
        """Let go of the file and the thread when the loop died before anyone closed them."""
        if self._raw is not None:
            self._jobs.put((None, self._raw.close))
            self._jobs.put(None)

    @property
    def is_open(self) -> bool:
        """Whether the file is open."""
        return self._raw is not None

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, as SQLite sees it."""
        return self._raw is not None and self._raw.in_transaction

    async def open(self, path: str, setup: str, *, busy_timeout: float) -> None:
        """Open the file and run the setup script; waits for locks `busy_timeout` seconds."""
        Thread(target=_serve, args=(self._jobs,), name=f"sqlite {path}", daemon=True).start()
        try:
            await self._ask(partial(self._open, path, setup, busy_timeout))
        except BaseException:
            self.stop()
            raise

    async def fetch(self, query: str, /, *args: Any) -> list[Row]:  # noqa: ANN401 -- SQL values
        """Run one statement and return its rows as dicts."""
        return await self._ask(partial(self._fetch, query, args))

    async def script(self, statements: str) -> None:
        """Run several statements that return nothing."""
        await self._ask(lambda: self._connected().executescript(statements))

    async def finish(self, *, commit: bool) -> None:
        """End the transaction; a commit that fails is rolled back."""
        await self._ask(partial(self._finish, commit=commit))

    def stop(self) -> None:
        """Close the file and end the thread once all that was asked for is done."""
        self._jobs.put((None, self._close))
        self._jobs.put(None)

    async def close(self) -> None:
        """Close the file and end the thread; return when the file is closed."""
        await self._ask(self._close)
        self._jobs.put(None)

    async def _ask(self, work: Callable[[], T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((future, work))
        return await future

    def _connected(self) -> sqlite3.Connection:
        if self._raw is None:
            raise StoreError("the connection is closed")
        return self._raw

    def _open(self, path: str, setup: str, busy_timeout: float) -> None:
        self._raw = connect(path, setup, busy_timeout=busy_timeout)

    def _close(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            raw.close()

    def _fetch(self, query: str, args: tuple[Any, ...]) -> list[Row]:
        return fetch_rows(self._connected(), query, args)

    def _finish(self, *, commit: bool) -> None:
        raw = self._connected()
        try:
            if commit:
                raw.execute("COMMIT")
        finally:
            raw.rollback()  # nothing is left to roll back after a commit


def _serve(jobs: SimpleQueue[Job]) -> None:
    """Do what is asked until None comes, and answer on the asker's loop."""
    while (job := jobs.get()) is not None:
        future, work = job
        try:
            answer = partial(_answer, future, work())
        except BaseException as error:  # noqa: BLE001 -- it is raised where it was asked for
            answer = partial(_refuse, future, _translated(error))
        if future is not None:
            with suppress(RuntimeError):  # the asker's loop is closed
                future.get_loop().call_soon_threadsafe(answer)
        del job, future, work, answer


def _answer(future: asyncio.Future[Any] | None, result: object) -> None:
    if future and not future.done():
        future.set_result(result)


def _refuse(future: asyncio.Future[Any] | None, error: BaseException) -> None:
    if future and not future.done():
        future.set_exception(error)


def _translated(error: BaseException) -> BaseException:
    """Return `BusyError` for a locked database, `TakenError` for a twin, else the error."""
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
        return _caused(TakenError(), error)
    if code is None or code & PRIMARY_CODE not in BUSY:
        return error
    return _caused(BusyError(), error)


def _caused(ours: Exception, theirs: BaseException) -> Exception:
    ours.__cause__ = theirs
    return ours


class ConnectionPool:
    """At most `size` connections, opened when needed, handed out first come, first served."""

    def __init__(self, connect: Callable[[], Awaitable[SqliteConnection]], size: int) -> None:
        self.size = size
        self.pace = Pace()
        self._connect = connect
        self.free: list[SqliteConnection] = []
        self._taken: set[SqliteConnection] = set()
        self._turns = asyncio.Semaphore(size)

    @property
    def taken(self) -> int:
        """How many connections are out; 0 when nobody works."""
        return len(self._taken)

    async def take(self) -> SqliteConnection:
        """Return a connection nobody else has, or raise `BusyError` when the queue stands still."""
        await self._turn()
        try:
            connection = self.free.pop() if self.free else await self._connect()
        except BaseException:
            self._turns.release()
            raise
        self._taken.add(connection)
        return connection

    async def _turn(self) -> None:
        """Wait for one's turn, in the place one came to; look up now and then."""
        if not self._turns.locked():
            await self._turns.acquire()
            return
        asked_at = now()
        turn = asyncio.ensure_future(self._turns.acquire())
        try:
            while not turn.done() and not self.pace.is_lost(asked_at):
                await asyncio.wait([turn], timeout=LOOK_UP)
        except BaseException:
            self._leave(turn)
            raise
        if not turn.done():
            self._leave(turn)
            raise BusyError

    def _leave(self, turn: asyncio.Task[Any]) -> None:
        """Let the next one have the turn, whether it has come or not."""
        if turn.done():
            self._turns.release()
        else:
            turn.cancel()

    def give_back(self, connection: SqliteConnection, *, usable: bool) -> None:
        """Let the next one have it; an unusable connection is closed and replaced."""
        self._taken.discard(connection)
        if usable:
            self.free.append(connection)
        else:
            connection.stop()
        self._turns.release()

    async def close(self) -> None:
        """Wait for those still at work, then close all; late ones are closed under them."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for _ in range(self.size):
                    await self._turns.acquire()
        for connection in (*self.free, *self._taken):
            await connection.close()
        self.free.clear()
        self._taken.clear()
