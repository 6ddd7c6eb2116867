"""The migration of what each change sent, on a filled database."""

from store.test_callouts_migration import OLD_ROWS
from store.test_planning_rules_migration import PEOPLE

from blaljus.store import outbox, sent_changes
from blaljus.store.engine import bound_engine

ID = "0012-changes"

LETTER = (
    "INSERT INTO outbox_message (municipality, account, method, subject, message_id, sender, mime,"
    " created_at, due_at, attempts) VALUES (1, 1, 'request', 'Tid', 'a@b', 'x@y', 'z',"
    " '2027-01-15 08:00:00+00:00', '2027-01-15 08:00:00+00:00', 0)"
)
"""What the release before writes: it knows nothing of changes."""


async def test_letters_of_before_are_of_no_known_change(migrated_from):
    async with migrated_from(ID, *OLD_ROWS, *PEOPLE, LETTER):
        await bound_engine().run_ddl(LETTER.replace("a@b", "c@d"))

        assert await sent_changes.list_changes(1, limit=20) == []
        assert await outbox.count_messages((1,)) == {"waiting": 2, "sent": 0, "failed": 0}
