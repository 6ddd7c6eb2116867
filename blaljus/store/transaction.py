"""One transaction, on any engine: begun or not, ended always, never nested."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from types import TracebackType
from typing import Any, Protocol, TypeVar

from piccolo.engine.base import BaseTransaction
from piccolo.querystring import QueryString

T = TypeVar("T")
Values = TypeVar("Values", bound=Sequence[Any])

Row = dict[str, Any]
DataVersion = tuple[int, int]
"""One opening of a database, and how far others had written it."""

PATIENCE = 10.0
"""Seconds to wait for a turn while others' work goes on; a person reloads after that."""
STANDSTILL = 2.5
"""Seconds without any sign of work after which a database counts as locked: "try again"."""

observers: list[Callable[[str], None]] = []
"""Told of every statement before it runs; tests count with them."""


class StoreError(RuntimeError):
    """The store is used in a way that cannot be right: a mistake in our code."""


class TakenError(Exception):
    """A unique index refused a row: what it names stands already. The transaction is spoilt."""


@dataclass(slots=True)
class Pace:
    """When work last went on, in the loop's seconds: long queues that move are worth waiting in."""

    moved_at: float = 0.0

    def move(self) -> None:
        """Note that somebody got through."""
        self.moved_at = now()

    def is_lost(self, asked_at: float) -> bool:
        """Return whether who asked then has waited long enough."""
        waited, still = now() - asked_at, now() - max(asked_at, self.moved_at)
        return waited > PATIENCE or still > STANDSTILL


def now() -> float:
    """Return the loop's seconds, for measuring how long something takes."""
    return asyncio.get_running_loop().time()


class Mode(Enum):
    """What a transaction is for."""

    READ = auto()
    """A consistent picture; writing is refused."""
    WRITE = auto()
    """The write lock from the start on SQLite, read committed on PostgreSQL."""
    SCHEMA = auto()
    """A migration: alone among processes, patient, foreign keys checked at the end."""


Connection = Any
"""The driver's own; a transaction only hands it back to its engine."""


class Pooled(Protocol):
    """What a transaction needs of its engine."""

    async def begin(self, mode: Mode) -> Connection:
        """Return a connection in a new transaction, or raise and hold nothing."""

    async def end(self, connection: Connection, mode: Mode, *, commit: bool) -> None:
        """Commit or roll back, and give the connection back whatever happens."""

    async def fetch(self, connection: Connection, sql: str, args: list[Any]) -> list[Any]:
        """Run one statement: `BusyError` where trying again may help, `TakenError` for a twin."""


_open: ContextVar["Transaction | None"] = ContextVar("open_transaction", default=None)
"""The transaction that this task's statements belong to."""


class Transaction(BaseTransaction):
    """Begin on entry, commit or roll back on exit, also when the task is cancelled meanwhile.

    A statement that failed spoils the transaction on every engine, as on PostgreSQL; so does
    use by two tasks at once, and use after the end by a task that was started inside.
    """

    __slots__ = ("busy", "connection", "engine", "failed", "finished", "mode", "outer", "parent")

    def __init__(self, engine: Pooled, mode: Mode, *, allow_nested: bool = False) -> None:
        self.engine = engine
        self.mode = mode
        self.parent = current(engine)
        self.outer: Transaction | None = None
        self.connection: Connection = None
        self.busy = self.failed = self.finished = False
        if self.parent is not None and not allow_nested:
            raise StoreError("a transaction is already open here; it would not be a new one")

    async def __aenter__(self) -> "Transaction":  # noqa: PYI034 -- the outer one when joined
        """Take a connection and begin; if that fails nothing is held."""
        if self.parent is not None:
            return self.parent
        self.connection = await self.engine.begin(self.mode)
        self.outer = _open.get()
        _open.set(self)
        return self

    async def __aexit__(  # type: ignore[override]  # errors pass: nothing to answer
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit, or roll back after an error; the context is clean before either is tried."""
        if self.parent is not None:
            return
        _open.set(self.outer)
        self.finished = True
        commit = error is None and not self.failed
        await uninterrupted(self.engine.end(self.connection, self.mode, commit=commit))
        if error is None and self.failed:
            raise StoreError("a statement failed and its error was swallowed; rolled back")

    async def fetch(self, sql: str, args: list[Any]) -> list[Any]:
        """Run one statement in the transaction and return its rows."""
        if self.failed or self.busy:
            what = "another task's statement is running" if self.busy else "a statement failed"
            raise StoreError(f"{what} in this transaction")
        self.busy = True
        try:
            return await self.engine.fetch(self.connection, sql, args)
        except BaseException:
            self.failed = True
            raise
        finally:
            self.busy = False


def current(engine: Pooled) -> Transaction | None:
    """Return the transaction this task is in; one that has ended does not count."""
    transaction = _open.get()
    here = transaction is not None and transaction.engine is engine and not transaction.finished
    return transaction if here else None


def compiled(querystring: QueryString, engine_type: str) -> tuple[str, list[Any]]:
    """Return SQL and values for an engine."""
    sql, args = querystring.compile_string(engine_type=engine_type)
    return sql, checked(args)


def checked(args: Values) -> Values:
    """Return values; a naive datetime among them is refused, for engines read it differently."""
    if any(isinstance(value, datetime) and value.tzinfo is None for value in args):
        raise StoreError("a datetime without time zone was sent to the database")
    return args


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Await `work` to its end; a cancellation meanwhile is raised afterwards."""
    task = asyncio.ensure_future(work)
    interruption: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as cancelled:
            interruption = cancelled
    if interruption is not None:
        raise interruption from (None if task.cancelled() else task.exception())
    return task.result()
