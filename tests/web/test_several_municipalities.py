"""Whoever coordinates several municipalities stays in the one that is looked at."""

import pytest
from booking_steps import booked_by
from factories import person_of, stored_class, stored_school, stored_slot

from blaljus.store import accounts, outbox
from blaljus.store.engine import count_statements
from blaljus.web.page import Page


@pytest.fixture
def store(sqlite_store):
    """Nothing here writes."""
    return sqlite_store


@pytest.fixture
async def both(cast, sign_in):
    """The browser of Höör's coordinator, who has Eslöv too."""
    address = f"samordnare.{cast.municipality.code}@blaljus.example"
    await accounts.add_coordinator(cast.coordinator.account, cast.other.id)
    return await sign_in(await person_of(address))


def menu(page):
    """Where the menu's links of a coordinator lead."""
    nav = page.text.partition('aria-label="Huvudmeny"')[2].partition("</nav>")[0]
    return {part.partition('"')[0] for part in nav.split('href="')[1:]}


PAGES = {"", "/korning", "/import", "/verksamheter", "/utskick", "/svar", "/kalender"}


def links(query=""):
    return {f"/samordnare{page}{query}" for page in PAGES}


async def test_the_menu_leads_to_the_calendars(cast, sign_in):
    browser = await sign_in(cast.coordinator)

    assert menu(await browser.get("/samordnare")) == links()
    assert "Prenumerera" in (await browser.get("/samordnare/kalender")).text


@pytest.mark.parametrize(
    "path", ["/samordnare", "/samordnare/korning", "/samordnare/kalender", "/samordnare/logg"]
)
async def test_the_menu_stays_in_the_municipality_of_the_address(both, path):
    assert menu(await both.get(f"{path}?kommun=1285")) == links("?kommun=1285")
    assert menu(await both.get(f"{path}?kommun=1267")) == links("?kommun=1267")
    assert menu(await both.get(path)) == links()


async def test_the_menu_stays_with_the_class_the_slot_or_the_message_that_is_shown(
    both, cast, context
):
    theirs = await stored_class(cast.other, await stored_school(cast.other))
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.coordinator, cast.school_class, slot)
    message = (await outbox.list_messages((cast.municipality.id,), limit=1))[0]

    for path, code in (
        (f"klass/{theirs.id}", "1285"),
        (f"klass/{cast.school_class.id}", "1267"),
        (f"klass/{cast.school_class.id}/avboka", "1267"),
        (f"pass/{slot.id}", "1267"),
        (f"utskick/{message.id}", "1267"),
    ):
        page = await both.get(f"/samordnare/{path}")
        assert (page.status_code, menu(page)) == (200, links(f"?kommun={code}")), path
    back = (await both.get(f"/samordnare/klass/{theirs.id}")).text
    assert '<p class="steps"><a href="/samordnare?kommun=1285">' in back


@pytest.mark.parametrize(
    "path", ["?kommun=0000", "?kommun=x", "/klass/99999", "/klass/9999999999", "/pass/0"]
)
async def test_a_page_that_is_not_there_leaves_the_menu_as_it_was(both, path):
    page = await both.get(f"/samordnare{path}")

    assert (page.status_code, menu(page)) == (404, links())


async def test_one_municipality_costs_no_statement_for_it(cast, sign_in, both):
    alone = await sign_in(cast.foreign_coordinator)

    async def cost(browser):
        with count_statements() as heard:
            await browser.get("/konto")
        return len(heard)

    assert await cost(both) == await cost(alone) + 1


def test_only_a_coordinators_links_name_the_municipality():
    page = Page(language="sv", path="/", kommun="1285")

    assert page.at("/samordnare/import") == "/samordnare/import?kommun=1285"
    assert page.at("/klass") == "/klass"
