"""When classes arrive and leave, as a coordinator says it and a teacher reads it."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.words import CancelCause, Half
from blaljus.store import bookings
from blaljus.usecases.bookings.booking_changes import cancel_booking


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


@pytest.fixture
async def names(slot, cast):
    """Return fields by booking: of the first class, `names(arrives_1="9.20")`."""
    booked = await bookings.list_in_slots([slot.id], (cast.municipality.id,))

    def named(**typed):
        turned = ((*name.split("_"), text) for name, text in typed.items())
        return {f"{field}_{booked[int(turn) - 1].id}": text for field, turn, text in turned}

    return named


@pytest.fixture
def said(home, names):
    async def said(browser, **typed):
        page = await browser.get(f"{home}/tider")
        return await browser.send_form(page, f"{home}/tider", names(**typed))

    return said


async def test_a_late_bus_is_on_the_page_the_sheets_and_at_the_teachers(
    browser, sign_in, home, slot, cast, names, said
):
    done = await browser.follow(await said(browser, arrives_1="9.28", leaves_1="10:00"))

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
    assert browser.fields(again, f"{home}/tider").items() >= (
        names(arrives_1="09:28", leaves_1="10:00").items()
    )


async def test_times_that_cannot_be_are_asked_again_in_words(browser, said):
    again = await said(browser, arrives_1="nio", leaves_2="23.00")
    outside = await said(browser, arrives_1="06.59", leaves_2="09.00")

    assert again.status_code == outside.status_code == 422
    assert "4A, Ekskolan, Kommer kl.: Skriv klockslaget som 9.10." in again.text
    assert 'value="nio"' in again.text
    assert "Kommer kl.: Tiden ska vara högst två timmar före passet" in outside.text
    assert "4B, Alskolan, Åker kl.: Tiden ska vara efter passets början" in outside.text


async def test_times_saved_over_a_change_of_somebody_else_or_too_late_say_so(
    browser, home, slot, clock, sign_in, cast, names, said
):
    page = await browser.get(f"{home}/tider")
    await said(browser, arrives_1="9.20")

    stale = await browser.send_form(
        page, f"{home}/tider", names(arrives_1="9.40") | {"key": "k" * 20}
    )
    clock.set(slot.ends_at + timedelta(minutes=1))
    closed = await said(await sign_in(cast.coordinator), arrives_1="9.30")

    assert (stale.status_code, closed.status_code) == (409, 409)
    assert "Någon ändrade" in stale.text
    assert 'value="9.40"' in stale.text


async def test_what_was_typed_follows_its_class_and_of_one_that_is_gone_it_is_said(
    browser, home, slot, names, cast, context, store
):
    page = await browser.get(f"{home}/tider")
    first, second = await bookings.list_in_slots([slot.id], (cast.municipality.id,))
    gone = {"number": first.number, "cause": CancelCause.ILLNESS}
    await cancel_booking(context, cast.teacher, a_key(), **gone)

    typed = names(arrives_1="9.40", leaves_2="10.10")
    again = await browser.send_form(page, f"{home}/tider", typed)
    await browser.follow(await browser.send_form(again, f"{home}/tider", {"key": "k" * 20}))

    assert again.status_code == 409
    assert "4A, Ekskolan har ingen tid i passet längre." in again.text
    assert "9.40" not in again.text
    (left,) = await bookings.list_in_slots([slot.id], (cast.municipality.id,))
    leaves = slot.starts_at + timedelta(minutes=70)
    assert (left.id, left.arrives_at, left.leaves_at) == (second.id, None, leaves)


async def test_times_for_a_booking_of_nobody_here_are_not_found(browser, home):
    page = await browser.get(f"{home}/tider")

    for number in (987654, 2**31):
        sent = await browser.send_form(page, f"{home}/tider", {f"arrives_{number}": "9.40"})
        assert sent.status_code == 404


async def test_a_slot_without_classes_says_what_comes_first(browser, cast):
    slot = await stored_slot(cast.plan, cast.venue, half=Half.EM)

    page = await browser.get(f"/samordnare/pass/{slot.id}/korschema/tider")

    assert "Ingen klass är bokad" in page.text


async def test_the_page_counts_the_letters_sends_them_once_and_says_when(browser, home, said):
    page = await browser.get(home)
    assert "2 brev skickas." in page.text

    done = await browser.follow(await browser.send_form(page, f"{home}/skicka"))
    again = await browser.send_form(page, f"{home}/skicka", {"key": "k" * 20})

    assert "Körschemat är skickat." in done.text
    assert "Alla har det som gäller nu." in done.text
    assert again.status_code == 409
    assert "Någon ändrade" in again.text
    later = await browser.follow(await said(browser, arrives_1="9.30"))
    assert "Körschemat har ändrats sedan det skickades" in later.text
