"""The migration of groups by pupils, on a filled database and beside the release before it."""

import pytest
from store.test_callouts_migration import OLD_ROWS

from blaljus.store import schools, slots
from blaljus.store.engine import bound_engine

ID = "0006-groups"


async def test_slots_and_venues_of_before_count_classes(migrated_from):
    async with migrated_from(ID, *OLD_ROWS):
        assert [slot.group_pupils for slot in await slots.list_slots(1, (1,))] == [None]
        assert [venue.group_pupils for venue in await schools.list_venues((1,))] == [None]


async def test_the_release_before_still_adds_slots_and_venues(store):
    for row in OLD_ROWS:
        await bound_engine().run_ddl(row)

    assert [slot.group_pupils for slot in await slots.list_slots(1, (1,))] == [None]


@pytest.mark.parametrize(
    "change", ["UPDATE venue SET group_pupils = 1", "UPDATE slot SET group_pupils = 61"]
)
async def test_the_database_refuses_groups_that_make_no_sense(store, change):
    for row in OLD_ROWS:
        await bound_engine().run_ddl(row)

    with pytest.raises(Exception, match=r"(?i)check"):
        await bound_engine().run_ddl(change)
