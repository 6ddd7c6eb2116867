"""Somebody else holds the database for longer than we wait: "try again", and nothing is lost."""

import sqlite3
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus

import asyncpg
import pytest
from storm.booking import PHONE, active_bookings, broken_rules, ready_to_book
from storm.town import NOW, found_town, publish

from blaljus.store import tables as t

pytestmark = pytest.mark.storm

PATIENCE = "1"
"""Seconds instead of ten, so that the test need not wait as long as people do."""


@asynccontextmanager
async def locked(store, slot):
    """Hold what a booking needs, from a connection of another process's kind."""
    if store.kind == "sqlite":
        database = sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")
        database.close()
        return
    connection = await asyncpg.connect(store.url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SELECT id FROM slot WHERE id = $1 FOR UPDATE", slot)
    yield
    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize("idle", [timedelta(0), timedelta(minutes=30)], ids=["active", "idle"])
async def test_a_locked_database_asks_to_try_again_with_all_that_was_typed(
    store, serve, roads, idle
):
    town = await found_town(1)
    slot = await publish(town, 0)
    (server,) = serve(count=1, STORM_PATIENCE=PATIENCE)
    booker = await ready_to_book(roads, server, town.teachers[0], slot)
    await t.WebSession.update({t.WebSession.seen_at: NOW - idle}, force=True)

    async with locked(store, slot):
        refused = await booker.press()
        seen = await booker.browser.get("/klass")

    assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "försök igen" in refused.text
    assert seen.status_code == HTTPStatus.OK
    assert refused.headers["retry-after"] == "2"
    form = booker.browser.fields(refused, "/boka")
    hidden = {"csrf", "key"}
    assert {k: v for k, v in form.items() if k not in hidden} == {
        k: v for k, v in booker.form.items() if k not in hidden
    }
    assert form["phone"] == PHONE
    assert await active_bookings(town) == []
    assert (await booker.browser.post_fields("/boka", form)).status_code == HTTPStatus.SEE_OTHER
    assert len(await active_bookings(town)) == 1
    assert await broken_rules() == {}
