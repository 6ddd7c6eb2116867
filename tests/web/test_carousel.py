"""The carousel's pages as a coordinator, a teacher and an officer meet them."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.words import Half, Service
from blaljus.store import bookings, callouts, slots
from blaljus.usecases.people.staffing import assign_person


@pytest.fixture
def store(sqlite_store):
    """Pages do not depend on the engine."""
    return sqlite_store


@pytest.fixture
async def slot(cast, context, clock):
    """Both classes from 9, an officer at the police; it is 9.05."""
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    police = (await slots.list_stations([slot.id]))[0]
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=police.id,
        slot_id=slot.id,
        staff_id=cast.staff[Service.POLICE],
    )
    clock.set(slot.starts_at + timedelta(minutes=5))
    return await slots.get_slot(slot.id, (cast.municipality.id,))


@pytest.fixture
async def browser(sign_in, cast, slot):
    return await sign_in(cast.coordinator)


@pytest.fixture
def home(slot):
    return f"/samordnare/pass/{slot.id}/korschema"


async def noted(cast, slot):
    return await callouts.list_callouts(slot.id, (cast.municipality.id,))


async def test_pages_say_which_groups_are_parts_of_a_class_or_two_classes(sign_in, cast, context):
    slot = await stored_slot(cast.plan, cast.venue, group_pupils=15)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    browser, teacher = await sign_in(cast.coordinator), await sign_in(cast.teacher)

    page = await browser.get(f"/samordnare/pass/{slot.id}")
    rounds = await browser.get(f"/samordnare/pass/{slot.id}/korschema")
    number = (await bookings.list_in_slots([slot.id], (cast.municipality.id,)))[0].number
    own = await teacher.get(f"/boka/{number}")

    assert "2 av 3 grupper bokade" in page.text
    assert "Högst 15 elever i en grupp." in page.text
    assert rounds.text.count("En del av klassen: den är delad i flera grupper.") == 2
    assert own.text.count("En del av klassen: den är delad i flera grupper.") == 2


async def test_the_page_says_who_is_where_in_words(browser, home):
    page = await browser.get(home)

    assert "Kl. 09.00: Grupp 1 är hos polisen." in page.text
    assert "Kl. 09.30: Grupp 1 är hos räddningstjänsten." in page.text
    assert "Grupp 2: 4B, Alskolan, 20 elever" in page.text


async def test_a_slot_without_classes_says_what_comes_first(browser, cast):
    slot = await stored_slot(cast.plan, cast.venue, half=Half.EM)

    page = await browser.get(f"/samordnare/pass/{slot.id}/korschema")

    assert "Ingen klass är bokad" in page.text


async def test_teachers_and_officers_see_their_own_rounds(sign_in, cast, slot):
    teacher, officer = await sign_in(cast.teacher), await sign_in(cast.officer)
    classes = await teacher.get("/klass")
    number = classes.text.partition('href="/narvaro/')[2].partition('"')[0]

    booking = await teacher.get(f"/boka/{number}")
    duty = await officer.get("/personal/uppdrag/1")

    assert "Kl. 09.00: Grupp 1 är hos polisen." in booking.text
    assert "Grupp 2" not in booking.text
    assert "Kl. 09.00: Grupp 1 kommer (4A, Ekskolan)." in duty.text
    assert "4B, Alskolan" in duty.text


async def test_where_stations_stand_is_on_every_sheet_and_rain_has_its_own(browser, home):
    page = await browser.get(f"{home}/platser")
    typed = {
        "place_1": "skolgården",
        "outdoors_1": "1",
        "rain_place_1": "gymnastiksalen",
        "outdoors_2": "1",
        "walk_minutes_3": "4",
    }

    done = await browser.follow(await browser.send_form(page, f"{home}/platser", typed))

    assert "Stationernas platser är sparade" in done.text
    assert "Kl. 09.00: Grupp 1 är hos polisen, skolgården." in done.text
    dry, rain = await browser.get(f"{home}/utskrift"), await browser.get(f"{home}/utskrift?regn=1")
    assert "skolgården" in dry.text
    assert "gymnastiksalen" not in dry.text
    assert "gymnastiksalen" in rain.text
    assert "stationen hålls inte i regn" in rain.text


async def test_places_that_cannot_be_stored_are_asked_again(browser, home):
    page = await browser.get(f"{home}/platser")
    typed = {"place_1": "x" * 101, "walk_minutes_2": "61"}

    again = await browser.send_form(page, f"{home}/platser", typed)

    assert again.status_code == 422
    assert "Police, Var på platsen: Texten är för lång." in again.text
    assert "Rescue, Gångtid från samlingen, minuter: Talet är för stort." in again.text
    assert "x" * 101 in again.text


async def test_places_saved_over_a_change_of_somebody_else_are_shown_anew(browser, home, cast):
    page = await browser.get(f"{home}/platser")
    await browser.follow(await browser.send_form(page, f"{home}/platser", {"place_1": "planen"}))
    fresh = {"place_1": "hallen", "key": "k" * 20}

    again = await browser.send_form(page, f"{home}/platser", fresh)

    assert again.status_code == 409
    assert "Någon ändrade" in again.text
    assert "hallen" in again.text


async def test_a_crew_leaves_and_comes_back(browser, home, cast, slot, clock):
    first = await browser.get(f"{home}/utryckning")
    fields = browser.fields(first, f"{home}/utryckning")
    assert (fields["left"], fields["back"]) == ("09:05", "")
    police = (await slots.list_stations([slot.id]))[0].id
    query = f"?station={police}&left=09%3A05&back="

    shown = await browser.get(f"{home}/utryckning{query}")
    assert "Grupp 1 (4A, Ekskolan) möter inte polis: besättningen är på utryckning." in shown.text
    assert await noted(cast, slot) == []
    forms = {"station": str(police), "left": "09:05"}
    done = await browser.follow(await sent(browser, shown, home, forms))

    assert "Utryckningen är sparad" in done.text
    assert "Police är borta sedan kl. 09.05." in done.text
    clock.advance(timedelta(minutes=15))
    back = await browser.get(f"{home}/utryckning?station={police}")
    fields = browser.fields(back, f"{home}/utryckning")
    assert (fields["left"], fields["back"]) == ("09:05", "09:20")
    shown = await browser.get(f"{home}/utryckning?station={police}&left=09%3A05&back=09%3A20")
    assert "Alla grupper hinner ändå träffa alla." in shown.text
    forms = {"station": str(police), "left": "09:05", "back": "09:20"}
    done = await browser.follow(await sent(browser, shown, home, forms))
    assert "Police var borta kl. 09.05–09.20." in done.text
    assert "Det här hinns inte med" not in done.text


async def sent(browser, page, home, fields):
    """Press the button that decides: its form is the page's last."""
    token = page.text.rpartition('name="csrf" value="')[2].partition('"')[0]
    key = page.text.rpartition('name="key" value="')[2].partition('"')[0]
    version = page.text.rpartition('name="version" value="')[2].partition('"')[0]
    hidden = {"csrf": token, "key": key, "version": version}
    return await browser.post_fields(f"{home}/utryckning", {**hidden, **fields})


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("left=09%3A05", "Välj vilken besättning det gäller."),
        ("station=1&left=9x5", "Skriv klockslaget som 9.10."),
        ("station=1&left=23.59", "Tiden då de åkte ska vara före passets slut."),
        ("station=1&left=09.10&back=09.05", "Tiden då de är tillbaka ska vara efter att de åkte."),
    ],
)
async def test_what_cannot_be_right_is_said_by_its_field(browser, home, query, text):
    page = await browser.get(f"{home}/utryckning?{query}")

    assert page.status_code == 422
    assert text in page.text


async def test_a_station_of_elsewhere_is_not_found(browser, home):
    page = await browser.get(f"{home}/utryckning?station=987&left=09.05")

    assert page.status_code == 404


async def test_who_decides_on_an_old_page_sees_how_it_is_now(browser, home, slot, cast):
    stations = await slots.list_stations([slot.id])
    old = await browser.get(f"{home}/utryckning?station={stations[1].id}&left=09%3A05")
    new = await browser.get(f"{home}/utryckning?station={stations[0].id}&left=09%3A05")
    await sent(browser, new, home, {"station": str(stations[0].id), "left": "09:05"})

    again = await sent(browser, old, home, {"station": str(stations[1].id), "left": "09:05"})

    assert again.status_code == 409
    assert "Någon ändrade" in again.text
    assert len(await noted(cast, slot)) == 1


async def test_the_pages_are_in_english_too(browser, home):
    await browser.get("/sprak/en?till=/kakor")

    page = await browser.get(home)

    assert "At 09:00: Group 1 is with the police." in page.text


async def test_attendance_begins_with_the_callout(browser, sign_in, home, slot, clock, cast):
    police = (await slots.list_stations([slot.id]))[0].id
    shown = await browser.get(f"{home}/utryckning?station={police}&left=09%3A02")
    await sent(browser, shown, home, {"station": str(police), "left": "09:02"})
    clock.set(slot.ends_at)
    teacher = await sign_in(cast.teacher)
    classes = await teacher.get("/klass")
    number = classes.text.partition('href="/narvaro/')[2].partition('"')[0]

    page = await teacher.get(f"/narvaro/{number}")

    fields = teacher.fields(page, f"/narvaro/{number}")
    assert (fields["station_1"], fields["cause_1"]) == ("missed", "callout")
    assert "station_2" not in fields
