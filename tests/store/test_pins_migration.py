"""The migration of pinned people, on a filled database."""

import pytest
from store.test_callouts_migration import OLD_ROWS
from store.test_planning_rules_migration import PEOPLE

from blaljus.store import migrating, pins
from blaljus.store.engine import bound_engine, opened_store
from blaljus.store.migrating import migrate, pending_migrations

ID = "0007-pins"


@pytest.fixture
def before(monkeypatch):
    """Go back to the release before, in which the migration was not known."""
    every = list(migrating._modules())
    older = [module for module in every if module.ID < ID]
    monkeypatch.setattr(migrating, "_modules", lambda: older)
    return lambda: monkeypatch.setattr(migrating, "_modules", lambda: every)


async def test_nobody_is_pinned_in_a_database_of_before(empty_url, before):
    async with opened_store(empty_url):
        await migrate()
        for row in (*OLD_ROWS, *PEOPLE):
            await bound_engine().run_ddl(row)
        before()
        assert ID in await pending_migrations()

        await migrate()

        assert dict(await pins.list_pins([1])) == {}


async def test_a_person_is_pinned_to_a_venue_once(store):
    for row in (*OLD_ROWS, *PEOPLE):
        await bound_engine().run_ddl(row)

    await pins.add_pin(1, 1)
    await pins.add_pin(1, 1)

    assert dict(await pins.list_pins([1])) == {1: [1]}
