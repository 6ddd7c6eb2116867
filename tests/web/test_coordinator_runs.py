"""Runs of the planner as a coordinator meets them in a browser."""

import pytest
from factories import (
    YEAR,
    a_key,
    some_details,
    stored_class,
    stored_school,
    stored_slot,
)

from blaljus.domain.words import CoverageState
from blaljus.i18n import translations
from blaljus.planner.referee.rule import Rule
from blaljus.store import outbox, slots
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.followup.coverage import get_coverage
from blaljus.web.coordinator.words import RULES


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


async def test_the_main_action_plans_and_approving_changes_the_coverage(browser, cast, clock):
    proposal = await planned(browser)
    assert "5 brev skickas: 2 till lärare, 3 inbjudningar till personal." in proposal.text

    done = await browser.follow(await decided(browser, proposal))

    assert "Förslaget är godkänt" in done.text
    assert "Till passet" in done.text
    matrix = await get_coverage(cast.municipality.id, YEAR, clock=clock)
    assert matrix.totals[CoverageState.BOOKED] == 6
    assert "Planera klasser utan tid" not in (await browser.get("/samordnare")).text


async def test_a_double_click_plans_and_approves_once(browser, cast):
    home = await browser.get("/samordnare")
    fields = browser.fields(home, "/samordnare/korning")
    first, second = [await browser.post_fields("/samordnare/korning", fields) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"] == "/samordnare/korning/1"

    page = await browser.follow(first)
    fields = browser.fields(page, "/samordnare/korning/1")
    answers = [await browser.post_fields("/samordnare/korning/1", fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await slots.list_slots(cast.plan.id, (cast.municipality.id,))) == 1
    assert len(await outbox.list_messages((cast.municipality.id,), limit=99)) == 5


async def test_a_proposal_thrown_away_leaves_nothing_and_is_decided(browser, cast):
    page = await planned(browser)

    done = await browser.follow(await decided(browser, page, "kasta"))

    assert "Kastad" in done.text
    assert "Vad händer om du godkänner?" not in done.text
    assert await slots.list_slots(cast.plan.id, (cast.municipality.id,)) == []
    assert (await decided(browser, page)).status_code == 409


async def test_when_the_world_changed_it_says_what_and_offers_to_plan_again(browser, cast, context):
    page = await planned(browser)
    slot = await stored_slot(cast.plan, cast.venue)
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )

    answer = await decided(browser, page)

    assert answer.status_code == 409
    assert "<b>4A, Ekskolan</b>: Klassen har redan fått en tid" in " ".join(answer.text.split())
    again = await browser.follow(await browser.send_form(answer, "/samordnare/korning"))
    assert again.url.path == "/samordnare/korning/2"


async def test_a_class_without_a_time_gets_a_reason_and_never_the_word_impossible(browser, cast):
    school = await stored_school(cast.municipality, "Storskolan")
    await stored_class(cast.municipality, school, "4X", year4_pupils=40, other_pupils=40)

    page = await planned(browser)

    assert "Klassen är större än stationerna" in page.text
    assert "kvar av läsåret" in page.text
    assert "omöjlig" not in page.text.lower()


@pytest.mark.parametrize(
    "fields",
    [{"beslut": ""}, {"beslut": "kanske"}, {"beslut": ["godkann", "kasta"]}, {"extra": "1"}],
)
async def test_a_decision_that_is_none_changes_nothing(browser, cast, fields):
    page = await planned(browser)

    answer = await browser.send_form(page, "/samordnare/korning/1", fields)

    assert answer.status_code == 422
    assert await slots.list_slots(cast.plan.id, (cast.municipality.id,)) == []


def test_every_rule_of_the_referee_has_its_words_in_both_languages():
    english = translations("en")

    assert {rule.value for rule in Rule} <= RULES.keys()
    assert [text for text in RULES.values() if english.gettext(text) == text] == []
