"""Coverage as a coordinator meets them in a browser."""

import csv
import io
import json
import re
from datetime import date

import pytest
from factories import (
    YEAR,
    a_key,
    person_of,
    some_details,
    stored_agency,
    stored_class,
    stored_school,
    stored_slot,
)

from blaljus.domain.words import Service
from blaljus.store import accounts, audit, plans
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.booking import book_slot


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


async def planned(browser):
    """Press the button that plans, and return the proposal's page."""
    home = await browser.get("/samordnare")
    return await browser.follow(await browser.send_form(home, "/samordnare/korning"))


async def decided(browser, page, decision="godkann"):
    path = page.url.path
    fields = browser.fields(page, path)
    suffix = "-k" if decision == "kasta" else ""
    return await browser.post_fields(
        path, {**fields, "key": fields["key"] + suffix, "beslut": decision}
    )


async def test_figures_come_first_and_gaps_before_the_rest(browser, cast):
    await stored_school(cast.municipality, "Tystskolan")

    page = await browser.get("/samordnare")

    text = " ".join(page.text.split())
    assert "0 av 2 klasser har träffat alla." in text
    assert "<strong>2 saknar tid.</strong>" in text
    assert "1 skola har inte svarat." in text
    assert text.index("Att göra") < text.index("Har inte svarat</h2>")
    assert "Ge en tid" in text


@pytest.mark.parametrize("view", ["lista", "tabell"])
async def test_a_class_that_cannot_come_on_its_day_is_something_to_do(browser, cast, context, view):
    slot = await stored_slot(cast.plan, cast.venue)
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )
    await t.CalendarBlock.insert(
        t.CalendarBlock(
            municipality=cast.municipality.id,
            school_unit=cast.school_class.school_unit,
            kind="studiedag",
            name="Kompetensdag",
            first_on=date(2027, 3, 16),
            last_on=date(2027, 3, 16),
        )
    )

    page = await browser.get(f"/samordnare?vy={view}")
    own = await browser.get(f"/samordnare/klass/{cast.school_class.id}")

    text = " ".join(page.text.split())
    assert "<strong>1 har tid en dag då klassen inte kan komma.</strong>" in text
    assert "Kompetensdag" in text
    assert "Klassen kan inte komma: Kompetensdag" in own.text
    if view == "lista":
        assert "Byt till en annan tid" in text


async def test_every_cell_is_one_state_in_symbol_word_and_colour(browser, cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )

    listed = await browser.get("/samordnare")
    table = await browser.get("/samordnare?vy=tabell")

    assert listed.text.count('class="pip at_risk"') == 3
    assert listed.text.count('class="pip none"') == 3
    assert "Polis: Personal saknas" in listed.text
    rows = table.text[table.text.index("<tbody>") : table.text.index("</tbody>")]
    assert rows.count('class="tag') == 6
    assert rows.count("Personal saknas") == rows.count("Ingen tid") == 3


async def test_without_a_plan_one_button_makes_it(sign_in, cast):
    browser = await sign_in(cast.foreign_coordinator)
    school = await stored_school(cast.other, "Bokskolan")
    await stored_class(cast.other, school)

    page = await browser.get("/samordnare")
    assert "Planera klasser utan tid" not in page.text
    done = await browser.follow(await browser.send_form(page, "/samordnare"))

    assert "Planera klasser utan tid" in done.text
    assert await plans.find_plan(cast.other.id, YEAR) is not None


async def test_an_empty_municipality_is_led_to_the_import(sign_in, cast):
    browser = await sign_in(cast.foreign_coordinator)

    page = await browser.get("/samordnare")
    refused = await browser.post_fields(
        "/samordnare/korning", {**browser.fields(page, "/ut"), "key": "k" * 20}
    )

    assert "Inga skolor är inlästa" in page.text
    assert 'href="/samordnare/import"' in page.text
    assert (refused.status_code, "Läsåret har ingen plan" in refused.text) == (409, True)


async def test_files_hold_the_whole_matrix(browser, cast):
    as_csv = await browser.get("/samordnare/tackning.csv")
    as_json = await browser.get("/samordnare/tackning.json")

    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["4B", "4A"]
    assert 'filename="tackning-1267-2026-27.csv"' in as_csv.headers["content-disposition"]
    document = json.loads(as_json.content)
    assert document["municipality"] == "1267"
    assert document["totals"]["none"] == 6


@pytest.fixture
async def both(sign_in, cast):
    """The browser of somebody who coordinates two municipalities."""
    await accounts.add_coordinator(cast.coordinator.account, cast.other.id)
    return await sign_in(await person_of("samordnare.1267@blaljus.example"))


async def test_who_coordinates_two_chooses_by_the_address(both, cast):
    await stored_class(cast.other, await stored_school(cast.other, "Bokskolan"))

    first, second = await both.get("/samordnare"), await both.get("/samordnare?kommun=1285")

    assert 'href="/samordnare?kommun=1285"' in first.text
    assert "4A, Ekskolan" in first.text
    assert "Ekskolan" not in second.text
    fields = both.fields(second, "/samordnare")
    assert 'action="/samordnare?kommun=1285"' in second.text
    page = await both.follow(await both.post_fields("/samordnare?kommun=1285", fields))
    assert page.url.params["kommun"] == "1285"


@pytest.mark.parametrize(
    "query",
    ["kommun=1285", "kommun=x", "kommun=", "lasar=2019/20", "lasar=2026", "lasar=2026/99"],
)
async def test_what_is_not_ones_own_is_not_there(browser, query):
    assert (await browser.get(f"/samordnare?{query}")).status_code == 404


@pytest.mark.parametrize("query", ["vy=x", "lasar=", "lasar=2026/27", "klart=x", "okand=1"])
async def test_odd_addresses_show_the_page(browser, query):
    assert (await browser.get(f"/samordnare?{query}")).status_code == 200


async def test_pages_in_english_hold_no_swedish_headings(browser, cast):
    await decided(browser, await planned(browser))
    await browser.get("/sprak/en")

    for path in ("/samordnare", "/samordnare/korning/1", "/samordnare/utskick"):
        page = await browser.get(path)
        assert 'lang="en"' in page.text
        assert not any(word in page.text for word in ("Att göra", "På gång", "Passen", "Väntar"))


async def test_the_log_says_what_was_done(browser, cast):
    await decided(browser, await planned(browser))

    page = await browser.get("/samordnare/logg")

    assert page.text.index("Planering godkänd") < page.text.index("Planering gjord")
    assert "Police 1" in page.text
    (last,) = await audit.list_page(cast.municipality.id, limit=1, offset=0)
    assert last.action == "run-approved"


async def test_pages_cost_the_same_number_of_statements_for_more_rows(browser, cast):
    async def cost():
        counted = []
        for path in ("/samordnare", "/samordnare?vy=tabell", "/samordnare?vy=skolor"):
            with count_statements() as heard:
                await browser.get(path)
            counted.append(len(heard))
        return counted

    await decided(browser, await planned(browser))
    before = await cost()
    for number in range(3):
        school = await stored_school(cast.municipality, f"Skola {number}")
        await stored_class(cast.municipality, school)
    await decided(browser, await planned(browser))

    assert await cost() == before
    assert cast.staff[Service.POLICE]


async def test_the_rules_of_an_agency_are_changed_and_what_is_wrong_is_said_and_kept(cast, sign_in):
    browser = await sign_in(cast.coordinator)
    page = await browser.get("/samordnare/verksamheter")
    path = re.search(r'href="(/samordnare/verksamheter/\d+)"', page.text)[1]
    shown = await browser.get(path)

    wrong = await browser.send_form(shown, path, {"per_week": "elva", "notice_days": "21"})
    done = await browser.follow(await browser.send_form(wrong, path, {"per_week": "5"}))
    stale = await browser.send_form(shown, path, {"per_week": "4", "key": "q" * 20})

    assert (wrong.status_code, "Skriv ett tal från 1 till 10." in wrong.text) == (422, True)
    assert 'value="elva"' in wrong.text
    assert "Reglerna är sparade" in done.text
    assert "Högst 2 halvdagar om dagen och 5 i veckan för en person, 21 dagar i förväg" in done.text
    assert (stale.status_code, 'value="4"' in stale.text) == (409, True)


async def test_an_agency_that_serves_others_is_not_found(cast, sign_in):
    theirs = await stored_agency(Service.RESCUE, cast.other)
    browser = await sign_in(cast.coordinator)

    assert (await browser.get(f"/samordnare/verksamheter/{theirs}")).status_code == 404
    assert (await browser.get("/samordnare/verksamheter/9999")).status_code == 404


async def test_the_plans_rules_are_changed_and_what_is_wrong_is_said_and_kept(browser, cast):
    path = "/samordnare/plan"
    page = await browser.get(path)

    wrong = await browser.send_form(page, path, {"morning": "kvart i nio", "afternoon": "11.00"})
    done = await browser.follow(
        await browser.send_form(wrong, path, {"morning": "8:45", "afternoon": "13.00"})
    )
    stale = await browser.send_form(page, path, {"bus_seats": "12", "key": "q" * 20})

    assert (wrong.status_code, 'value="kvart i nio"' in wrong.text) == (422, True)
    assert "Skriv en tid från 12.00 till 15.00" in wrong.text
    assert "Reglerna är sparade" in done.text
    assert 'value="8.45"' in done.text
    assert (stale.status_code, 'value="12"' in stale.text) == (409, True)
