"""The migration of feeds, on a filled database and beside the release before it."""

import pytest
from factories import a_context, stored_municipality

from blaljus.store import feeds
from blaljus.store.engine import bound_engine
from blaljus.usecases.access.sessions import hashed
from blaljus.usecases.calendars.feed_reading import read_feed

ID = "0008-feed-health"
TOKEN = "t" * 43

OLD_FEED = (
    "INSERT INTO feed (municipality, kind, subject, token_hash, created_at, expires_at)"  # noqa: S608 -- our own constants
    f" VALUES (1, 'municipality', 1, '{hashed(TOKEN)}', '2027-01-01 00:00:00+00:00',"
    " '2028-01-01 00:00:00+00:00')"
)
"""What the release before writes: it knows neither who opened nor what fetched."""


async def test_old_addresses_go_on_and_belong_to_nobody(migrated_from, clock):
    place = "INSERT INTO municipality (code, name) VALUES ('1267', 'Höör')"
    async with migrated_from(ID, place, OLD_FEED):
        (shown,) = await feeds.list_watched_feeds(1, clock())
        assert (shown.name, shown.feed.fetched_by) == ("Höör", None)
        assert (await read_feed(a_context(clock), TOKEN)).body


async def test_the_release_before_still_opens_addresses(store, clock):
    await stored_municipality()

    await bound_engine().run_ddl(OLD_FEED)

    assert len(await feeds.list_watched_feeds(1, clock())) == 1


async def test_the_database_refuses_a_program_nobody_knows(store):
    await stored_municipality()
    await bound_engine().run_ddl(OLD_FEED)

    with pytest.raises(Exception, match=r"(?i)check"):
        await bound_engine().run_ddl("UPDATE feed SET fetched_by = 'curl'")
