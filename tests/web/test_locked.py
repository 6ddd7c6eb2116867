"""Somebody else holds the database: every form says "try again" with all that was typed."""

import sqlite3
from contextlib import asynccontextmanager, closing

import asyncpg
import pytest
from access_table import access
from form_ways import READ_ONLY, WAYS, a_world

from blaljus.store import tables as t
from blaljus.store.engines import postgres as postgres_engine


@pytest.fixture
async def world(cast, context, clock, sign_in, visit):
    return await a_world(cast, context, clock, sign_in, visit)


def test_every_form_that_writes_has_a_way_to_it():
    forms = {route for method, route in access() if method == "POST"}

    assert set(WAYS) == forms - READ_ONLY


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """A database counts as locked at once, so that the tests need not wait as people do."""
    for module in ("transaction", "engine", "engines.postgres"):
        monkeypatch.setattr(f"blaljus.store.{module}.STANDSTILL", 0.15)
    monkeypatch.setitem(postgres_engine.SESSION, "lock_timeout", "150ms")


@asynccontextmanager
async def held(store):
    """Keep everybody else from writing anything, as a stuck process would; reading goes on."""
    if store.kind == "sqlite":
        with closing(sqlite3.connect(store.engine.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    other = await asyncpg.connect(store.url)
    tables = ", ".join(table._meta.tablename for table in t.TABLES)
    try:
        async with other.transaction():
            await other.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
    finally:
        await other.close()


@pytest.mark.parametrize("route", sorted(WAYS))
async def test_a_form_that_cannot_be_saved_keeps_what_was_typed(store, world, route):
    sent = await WAYS[route](world)
    assert sent.page.status_code == 200

    async with held(store):
        answer = await sent.browser.send_form(sent.page, sent.action, sent.typed, sent.files)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "försök igen" in answer.text.lower()
    on_its_page = sent.typed and route not in ONE_CHOICE
    assert ("<h1>Många vill spara samtidigt</h1>" not in answer.text) == bool(on_its_page)
    before = {**sent.browser.fields(sent.page, sent.action), **sent.typed}
    kept = sent.browser.fields(answer, sent.action)
    assert {name: kept.get(name) for name in before if name not in HIDDEN} == {
        name: value for name, value in before.items() if name not in HIDDEN
    }
    again = await sent.browser.send_form(answer, sent.action)
    assert again.status_code in ENDS.get(route, (303,))


ONE_CHOICE = {"/konto/sprak", "/samordnare/svar", "/personal/uppdrag/{number}/svar"}
"""Nothing to go on typing at: the error's page has the button that sends it again."""

HIDDEN = {"csrf", "key"}

ENDS = {
    "/klass/{class_id}/kalender": (200,),
    "/personal/kalender": (200,),
    "/samordnare/kalender": (200,),
    "/logga-in/kod": (422,),
    # A browser forgets which file was chosen, and no server has the name.
    "/personal/tider/egen-kalender/fil": (422,),
    "/personal/tider/egen-kalender/adress": (422,),
    "/personal/tider/egen-kalender/las": (422,),
}
"""What an answer is that does not lead on; the code of the letter was another."""
