"""What pooling and immediate transactions are worth on SQLite: ours against stock Piccolo.

    python bench/store_engine.py

Rounds are interleaved in one run; each figure is stock's time divided by ours, median and range.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.table import Table

from blaljus.store.engine import bind, read_transaction, write_transaction
from blaljus.store.engines.sqlite import PooledSQLiteEngine
from blaljus.store.tables import Agency

ROUNDS = 9
STATEMENTS = 100
CLIENTS = 200
SCHEMA = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE agency (
        id INTEGER PRIMARY KEY, name TEXT, provides TEXT, address TEXT, version INTEGER
    );
    INSERT INTO agency VALUES (1, 'Polis', 'police', 'p@example.se', 0);
"""

Work = Callable[[], Awaitable[object]]


async def select_one() -> None:
    """Read one row by its key, many times."""
    for _ in range(STATEMENTS):
        await Agency.select().where(Agency.id == 1)


async def select_together_stock() -> None:
    """Read ten things in one of Piccolo's own transactions, many times."""
    for _ in range(STATEMENTS // 10):
        async with Agency._meta.db.transaction():  # noqa: SLF001 -- the stock engine
            await _ten()


async def select_together_pooled() -> None:
    """Read ten things in one of our transactions, many times."""
    for _ in range(STATEMENTS // 10):
        async with read_transaction():
            await _ten()


async def _ten() -> None:
    for _ in range(10):
        await Agency.select().where(Agency.id == 1)


async def count_up() -> None:
    """Read, decide and write, as a booking does, inside an open transaction."""
    (row,) = await Agency.select(Agency.version).where(Agency.id == 1)
    await Agency.update({Agency.version: row["version"] + 1}).where(Agency.id == 1)


async def write_stock() -> None:
    """Write one after another in Piccolo's own transactions."""
    for _ in range(STATEMENTS // 5):
        async with Agency._meta.db.transaction():  # noqa: SLF001 -- the stock engine
            await count_up()


async def write_pooled() -> None:
    """Write one after another in ours."""
    for _ in range(STATEMENTS // 5):
        async with write_transaction():
            await count_up()


async def timed(engine: SQLiteEngine, work: Work) -> float:
    """Return the seconds that `work` takes on an engine."""
    use(engine)
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


def use(engine: SQLiteEngine) -> None:
    """Let the table use an engine; stock or ours."""
    if isinstance(engine, PooledSQLiteEngine):
        bind(engine)
    table: type[Table] = Agency
    table._meta.db = engine  # noqa: SLF001 -- the only place where Piccolo keeps it


async def refused_at_once(engine: SQLiteEngine) -> int:
    """Return how many of the clients that write at once are told that the database is locked."""
    use(engine)

    async def stock() -> None:
        async with engine.transaction():
            await count_up()

    async def pooled() -> None:
        async with write_transaction():
            await count_up()

    book = pooled if isinstance(engine, PooledSQLiteEngine) else stock
    answers = await asyncio.gather(*(book() for _ in range(CLIENTS)), return_exceptions=True)
    return sum(isinstance(answer, Exception) for answer in answers)


async def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite"
        connection = sqlite3.connect(path)
        connection.executescript(SCHEMA)
        connection.close()
        stock, pooled = SQLiteEngine(path=str(path)), PooledSQLiteEngine(str(path))
        await pooled.start_connection_pool()
        for name, theirs, ours in (
            ("one row by key", select_one, select_one),
            ("ten reads in a transaction", select_together_stock, select_together_pooled),
            ("read and write, committed", write_stock, write_pooled),
        ):
            ratios = [await timed(stock, theirs) / await timed(pooled, ours) for _ in range(ROUNDS)]
            print(f"{name:28} {median(ratios):5.1f} ({min(ratios):.1f}-{max(ratios):.1f})")
        await pooled.close_connection_pool()
        print(f"refused, of {CLIENTS} at once: stock {await refused_at_once(stock)}, ", end="")
        await pooled.start_connection_pool()
        print(f"ours {await refused_at_once(pooled)}")
        await pooled.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(main())
