"""The migration of what is told of people's own calendars, on a filled database."""

from store.test_own_calendars_migration import FILE
from store.test_planning_rules_migration import OLD_ROWS, PEOPLE

from blaljus.store import own_calendars
from blaljus.store.engine import bound_engine

ID = "0014-rosters-told"


async def test_calendars_of_before_tell_nothing_more(migrated_from):
    async with migrated_from(ID, *OLD_ROWS, *PEOPLE, FILE):
        (calendar,) = await own_calendars.list_own_calendars(1)

        assert (calendar.left_out, calendar.change) == ((), None)


async def test_the_release_before_still_reads_calendars(store):
    for row in (*OLD_ROWS, *PEOPLE, FILE):
        await bound_engine().run_ddl(row)

    assert len(await own_calendars.list_own_calendars(1)) == 1
