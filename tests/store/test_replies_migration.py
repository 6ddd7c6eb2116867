"""The migration of replies, on a filled database and beside the release before it."""

from store.test_callouts_migration import OLD_ROWS

from blaljus.store import replies, undelivered

ID = "0010-replies"


async def test_a_filled_database_begins_without_replies(migrated_from):
    async with migrated_from(ID, *OLD_ROWS):
        assert await replies.list_unjudged(9) == []
        assert await undelivered.list_every() == []


async def test_a_letter_is_stored_once(store, clock):
    added = [await replies.add_letter("d" * 64, b"letter", now=clock()) for _ in range(2)]

    assert added == [True, False]
    (number,) = await replies.list_unjudged(9)
    assert await replies.get_letter(number) == b"letter"
