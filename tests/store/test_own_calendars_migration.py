"""The migration of people's own calendars, on a filled database; and what its tables refuse."""

import pytest
from store.test_planning_rules_migration import OLD_ROWS, PEOPLE

from blaljus.store import tables as t
from blaljus.store.engine import bound_engine
from blaljus.store.migrating import pending_migrations
from blaljus.store.transaction import TakenError

ID = "0011-own-calendars"

CALENDAR = (
    "INSERT INTO own_calendar (staff, kind, sealed, host, etag, last_modified, read_at, tried_at,"
    " due_at, failures, trouble, unknown_zones, unreadable) VALUES (1, '{kind}', '{sealed}', '',"
    " '', '', '2027-01-01 00:00:00+00:00', '2027-01-01 00:00:00+00:00', {due}, 0, NULL, 0, 0)"
)
FILE = CALENDAR.format(kind="file", sealed="", due="NULL")
BUSY = (
    "INSERT INTO busy_time (own_calendar, staff, starts_at, ends_at, soft) VALUES"
    " ({calendar}, 1, '2027-01-01 {start}:00:00+00:00', '2027-01-01 {end}:00:00+00:00', FALSE)"
)


@pytest.fixture
async def filled(migrated_from):
    """A database of the release before, with a person, that was then migrated."""
    async with migrated_from(ID, *OLD_ROWS, *PEOPLE):
        yield


async def test_people_are_kept_and_have_no_calendars(filled):
    assert (await t.StaffMember.count(), await t.OwnCalendar.count()) == (1, 0)

    await bound_engine().run_ddl(FILE)
    await bound_engine().run_ddl(BUSY.format(calendar=1, start="08", end="12"))

    assert (await t.BusyTime.count(), await pending_migrations()) == (1, [])


@pytest.mark.parametrize(
    "statement",
    [
        CALENDAR.format(kind="letter", sealed="", due="NULL"),
        CALENDAR.format(kind="address", sealed="", due="'2027-01-01 00:00:00+00:00'"),
        CALENDAR.format(kind="address", sealed="x", due="NULL"),
        BUSY.format(calendar=1, start="12", end="12"),
        BUSY.format(calendar=2, start="08", end="12"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_the_database(filled, statement):
    await bound_engine().run_ddl(FILE)

    with pytest.raises(Exception, match="constraint"):
        await bound_engine().run_ddl(statement)


async def test_a_person_has_one_file(filled):
    await bound_engine().run_ddl(FILE)

    with pytest.raises(TakenError):
        await bound_engine().run_ddl(FILE)
