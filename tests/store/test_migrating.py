from types import ModuleType

import pytest
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from blaljus.store import migrating
from blaljus.store.engine import StoreError, bound_engine, opened_store
from blaljus.store.migrating import migrate, pending_migrations
from blaljus.store.tables import TABLES, Municipality, SchoolUnit

REBUILD = (
    "CREATE TABLE new_municipality (id INTEGER PRIMARY KEY, code VARCHAR(4), name VARCHAR(100))",
    "INSERT INTO new_municipality SELECT id, code, name FROM municipality",
    "DROP TABLE municipality",
    "ALTER TABLE new_municipality RENAME TO municipality",
)
"""What changing a column takes on SQLite."""


def a_migration(*statements, wrong=False):
    module = ModuleType("later")
    module.ID = "9999-later"

    async def run():
        for statement in statements:
            await bound_engine().run_ddl(statement)
        if wrong:
            raise KeyError

    async def forwards():
        manager = MigrationManager(migration_id=module.ID, app_name="blaljus")
        manager.add_raw(run)
        return manager

    module.forwards = forwards
    return module


@pytest.fixture
def later(monkeypatch):
    """Add one more migration to those of the release."""
    released = list(migrating._modules())

    def add(*statements, wrong=False):
        modules = [*released, a_migration(*statements, wrong=wrong)]
        monkeypatch.setattr(migrating, "_modules", lambda: modules)

    return add


async def test_an_empty_database_has_everything_to_come(empty_url):
    async with opened_store(empty_url):
        pending = await pending_migrations()

        assert await migrate() == pending
        assert pending == sorted(pending) != []
        assert await pending_migrations() == []
        assert await migrate() == []


async def test_a_migration_that_fails_leaves_no_trace(store, later):
    later("CREATE TABLE half (id INTEGER)", wrong=True)

    with pytest.raises(KeyError):
        await migrate()

    assert await pending_migrations() == ["9999-later"]
    later("CREATE TABLE half (id INTEGER)")
    assert await migrate() == ["9999-later"]


async def test_a_table_that_others_refer_to_can_be_rebuilt(sqlite_store, later):
    await store_a_school()
    later(*REBUILD)

    assert await migrate() == ["9999-later"]

    (row,) = await sqlite_store.engine.run_ddl(
        "SELECT m.name FROM school_unit s JOIN municipality m ON m.id = s.municipality"
    )
    assert row == {"name": "Höör"}


async def test_a_migration_that_loses_what_rows_refer_to_is_refused(sqlite_store, later):
    await store_a_school()
    later(*REBUILD[:1], *REBUILD[2:])

    with pytest.raises(StoreError, match="without what they refer to"):
        await migrate()

    assert await sqlite_store.engine.run_ddl("SELECT name FROM municipality") == [{"name": "Höör"}]


async def test_foreign_keys_are_back_after_a_migration(sqlite_store, later):
    later(*REBUILD)
    await migrate()

    with pytest.raises(Exception, match="FOREIGN KEY"):
        await store_a_school(municipality=99)


async def store_a_school(municipality=1):
    await Municipality.insert(Municipality(id=1, code="1267", name="Höör"))
    unit = SchoolUnit(
        municipality=municipality,
        code="12345678",
        name="Enebackeskolan",
        status="AKTIV",
        organiser="KOMMUN",
        grades="4",
        locality=None,
        latitude=None,
        longitude=None,
        version=1,
    )
    await SchoolUnit.insert(unit)


COLUMNS = {
    "sqlite": (
        "SELECT name, NOT \"notnull\" AND NOT pk AS nullable FROM pragma_table_info('{table}')"
    ),
    "postgresql": (
        "SELECT column_name AS name, is_nullable = 'YES' AS nullable"
        " FROM information_schema.columns WHERE table_name = '{table}'"
    ),
}


async def test_every_table_has_the_columns_its_class_says(store):
    for table in TABLES:
        meta = table._meta
        rows = await store.engine.run_ddl(COLUMNS[store.kind].replace("{table}", meta.tablename))

        stored = {row["name"]: bool(row["nullable"]) for row in rows}
        said = {column._meta.name: column._meta.null for column in meta.columns}
        assert stored == said, meta.tablename
