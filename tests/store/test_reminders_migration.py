"""The migration of reminders: each step once, rules that make sense, beside older rows."""

import pytest
from store.test_callouts_migration import OLD_ROWS

from blaljus.store import reminders
from blaljus.store.engine import bound_engine

ID = "0009-reminders"

RULE = (
    "INSERT INTO reminder_rule (municipality, plan, kind, enabled, days, at_minute)"
    " VALUES (1, 1, 'class-soon', TRUE, '7,1', 480)"
)


async def test_a_database_of_before_reminds_as_usual(migrated_from):
    async with migrated_from(ID, *OLD_ROWS):
        assert await reminders.list_rules(1, (1,)) == []
        assert await reminders.list_steps(1, (1,)) == set()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reminder_rule SET at_minute = 419",
        "UPDATE reminder_rule SET kind = 'other'",
    ],
)
async def test_the_database_refuses_rules_that_make_no_sense(store, change):
    for row in (*OLD_ROWS, RULE):
        await bound_engine().run_ddl(row)

    with pytest.raises(Exception, match=r"(?i)check"):
        await bound_engine().run_ddl(change)
