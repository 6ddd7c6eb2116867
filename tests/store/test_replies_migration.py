"""The migration of replies, on a filled database and beside the release before it."""

import pytest
from store.test_callouts_migration import OLD_ROWS

from blaljus.store import migrating, replies, undelivered
from blaljus.store.engine import bound_engine, opened_store
from blaljus.store.migrating import migrate, pending_migrations

ID = "0010-replies"


@pytest.fixture
def before(monkeypatch):
    """Go back to the release before, in which the migration was not known."""
    every = list(migrating._modules())
    older = [module for module in every if module.ID < ID]
    monkeypatch.setattr(migrating, "_modules", lambda: older)
    return lambda: monkeypatch.setattr(migrating, "_modules", lambda: every)


async def test_a_filled_database_begins_without_replies(empty_url, before):
    async with opened_store(empty_url):
        await migrate()
        for row in OLD_ROWS:
            await bound_engine().run_ddl(row)
        before()
        assert ID in await pending_migrations()

        await migrate()

        assert await replies.list_unjudged(9) == []
        assert await undelivered.list_every() == []


async def test_a_letter_is_stored_once(store, clock):
    added = [await replies.add_letter("d" * 64, b"letter", now=clock()) for _ in range(2)]

    assert added == [True, False]
    (number,) = await replies.list_unjudged(9)
    assert await replies.get_letter(number) == b"letter"
