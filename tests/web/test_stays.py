"""When classes arrive and leave, as a coordinator says it and a teacher reads it."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import stored_slot

from blaljus.domain.words import Half
from blaljus.store import bookings


@pytest.fixture
def store(sqlite_store):
    """Pages do not depend on the engine."""
    return sqlite_store


@pytest.fixture
async def slot(cast, context):
    """Both classes from 9.00 to 10.25."""
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    return slot


@pytest.fixture
async def browser(sign_in, cast, slot):
    return await sign_in(cast.coordinator)


@pytest.fixture
def home(slot):
    return f"/samordnare/pass/{slot.id}/korschema"


async def said(browser, home, **typed):
    page = await browser.get(f"{home}/tider")
    return await browser.send_form(page, f"{home}/tider", typed)


async def test_a_late_bus_is_on_the_page_the_sheets_and_at_the_teachers(
    browser, sign_in, home, slot, cast
):
    done = await browser.follow(await said(browser, home, arrives_1="9.28", leaves_1="10:00"))

    assert "Klassernas tider är sparade" in done.text
    sentence = "4A, Ekskolan kommer kl. 09.28 och åker kl. 10.00."
    assert f"{sentence} Missar " in done.text
    assert "gruppen är inte där så länge" in done.text
    assert sentence in (await browser.get(f"/samordnare/pass/{slot.id}")).text
    sheets = await browser.get(f"{home}/utskrift")
    assert sheets.text.count(sentence) == 3
    number = (await bookings.list_in_slots([slot.id], (cast.municipality.id,)))[0].number
    own = await (await sign_in(cast.teacher)).get(f"/boka/{number}")
    assert sentence in own.text
    again = await browser.get(f"{home}/tider")
    assert browser.fields(again, f"{home}/tider")["arrives_1"] == "09:28"


async def test_times_that_cannot_be_are_asked_again_in_words(browser, home):
    again = await said(browser, home, arrives_1="nio", leaves_2="23.00")
    outside = await said(browser, home, arrives_1="06.59", leaves_2="09.00")

    assert again.status_code == outside.status_code == 422
    assert "4A, Ekskolan, Kommer kl.: Skriv klockslaget som 9.10." in again.text
    assert 'value="nio"' in again.text
    assert "Kommer kl.: Tiden ska vara högst två timmar före passet" in outside.text
    assert "4B, Alskolan, Åker kl.: Tiden ska vara efter passets början" in outside.text


async def test_times_saved_over_a_change_of_somebody_else_or_too_late_say_so(
    browser, home, slot, clock, sign_in, cast
):
    page = await browser.get(f"{home}/tider")
    await said(browser, home, arrives_1="9.20")

    stale = await browser.send_form(page, f"{home}/tider", {"arrives_1": "9.40", "key": "k" * 20})
    clock.set(slot.ends_at + timedelta(minutes=1))
    closed = await said(await sign_in(cast.coordinator), home, arrives_1="9.30")

    assert (stale.status_code, closed.status_code) == (409, 409)
    assert "Någon ändrade" in stale.text
    assert 'value="9.40"' in stale.text


async def test_a_slot_without_classes_says_what_comes_first(browser, cast):
    slot = await stored_slot(cast.plan, cast.venue, half=Half.EM)

    page = await browser.get(f"/samordnare/pass/{slot.id}/korschema/tider")

    assert "Ingen klass är bokad" in page.text


async def test_the_page_counts_the_letters_sends_them_once_and_says_when(browser, home):
    page = await browser.get(home)
    assert "2 brev skickas." in page.text

    done = await browser.follow(await browser.send_form(page, f"{home}/skicka"))
    again = await browser.send_form(page, f"{home}/skicka", {"key": "k" * 20})

    assert "Körschemat är skickat." in done.text
    assert "Alla har det som gäller nu." in done.text
    assert again.status_code == 409
    assert "Någon ändrade" in again.text
    later = await browser.follow(await said(browser, home, arrives_1="9.30"))
    assert "Körschemat har ändrats sedan det skickades" in later.text
