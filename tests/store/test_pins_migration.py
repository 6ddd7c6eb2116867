"""The migration of pinned people, on a filled database."""

from store.test_callouts_migration import OLD_ROWS
from store.test_planning_rules_migration import PEOPLE

from blaljus.store import pins
from blaljus.store.engine import bound_engine

ID = "0007-pins"


async def test_nobody_is_pinned_in_a_database_of_before(migrated_from):
    async with migrated_from(ID, *OLD_ROWS, *PEOPLE):
        assert dict(await pins.list_pins([1])) == {}


async def test_a_person_is_pinned_to_a_venue_once(store):
    for row in (*OLD_ROWS, *PEOPLE):
        await bound_engine().run_ddl(row)

    await pins.add_pin(1, 1)
    await pins.add_pin(1, 1)

    assert dict(await pins.list_pins([1])) == {1: [1]}
