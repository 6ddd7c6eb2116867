"""A small table of our own, so that tests of the engine do not move with the schema."""

from contextlib import asynccontextmanager

import pytest
from piccolo.columns import Integer, Serial, Timestamptz
from piccolo.table import Table

from blaljus.store import migrating
from blaljus.store.engine import bind, bound_engine, opened_store
from blaljus.store.migrating import migrate, pending_migrations


class Seat(Table):
    """Places in something, some of them taken; `next_to` must exist when the writer commits."""

    id: Serial
    places = Integer()
    taken = Integer(default=0)
    next_to = Integer(null=True, default=None)
    freed_at = Timestamptz(null=True, default=None)


CREATE = """
CREATE TABLE seat (
    id {serial},
    places INTEGER NOT NULL,
    taken INTEGER NOT NULL CHECK (taken BETWEEN 0 AND places),
    next_to INTEGER REFERENCES seat DEFERRABLE INITIALLY DEFERRED,
    freed_at TIMESTAMPTZ
)
"""
SERIAL = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
    "postgresql": "SERIAL PRIMARY KEY",
}


async def add_seats(store, *places):
    """Create the table with one row per number; ids are 1, 2, …"""
    bind(store.engine, Seat)
    await store.engine.run_ddl(CREATE.replace("{serial}", SERIAL[store.kind]))
    for number in places:
        await Seat.insert(Seat(places=number, taken=0, next_to=None, freed_at=None))
    return Seat


@pytest.fixture
async def seats(store):
    """The table with one row of 1000 places and one of 100, on each engine."""
    return await add_seats(store, 1000, 100)


@pytest.fixture
async def sqlite_seats(sqlite_store):
    """The table with one row of 1000 places and one of 100, on SQLite."""
    return await add_seats(sqlite_store, 1000, 100)


@pytest.fixture
async def postgres_seats(postgres_store):
    """The table with one row of 1000 places and one of 100, on PostgreSQL."""
    return await add_seats(postgres_store, 1000, 100)


@pytest.fixture
def taken():
    """Ask how many places are taken, by row."""

    async def ask():
        return [row["taken"] for row in await Seat.select(Seat.taken).order_by(Seat.id)]

    return ask


@pytest.fixture
def take():
    """Take one more place of a row; ask for the next when none is left, and it is refused."""

    async def take_one(row=1, number=1):
        await Seat.update({Seat.taken: Seat.taken + number}).where(Seat.id == row)

    return take_one


@pytest.fixture
def idle(store):
    """Assert that nobody holds a connection and that no transaction is left open."""
    return lambda: assert_idle(store)


def assert_idle(store):
    if store.kind == "sqlite":
        assert [pool.taken for pool in store.engine.pools.values()] == [0, 0, 0]
        assert not any(c.in_transaction for pool in store.engine.pools.values() for c in pool.free)
    else:
        assert store.engine.pool.get_idle_size() == store.engine.pool.get_size()
    assert not store.engine.transaction_exists()


@pytest.fixture
def release_before(monkeypatch):
    """Call with a migration's id to go back to before it was known; the answer comes forwards."""
    every = list(migrating._modules())

    def back(migration):
        older = [module for module in every if migration > module.ID]
        monkeypatch.setattr(migrating, "_modules", lambda: older)
        return lambda: monkeypatch.setattr(migrating, "_modules", lambda: every)

    return back


@pytest.fixture
def migrated_from(empty_url, release_before):
    """Call with a migration's id and rows: a database of the release before it, brought forwards.

    Within the block the store is open, on each engine in turn.
    """

    @asynccontextmanager
    async def filled(migration, *rows):
        forwards = release_before(migration)
        async with opened_store(empty_url):
            await migrate()
            for row in rows:
                await bound_engine().run_ddl(row)
            forwards()
            assert migration in await pending_migrations()
            await migrate()
            yield

    return filled
