"""The page of one's own calendars: what was read, what was not and why, and how to take it back."""

from dataclasses import replace

import pytest
from factories import a_key, stored_slot
from own_calendars import (
    HOSTILE,
    a_busy_time,
    a_calendar,
    an_event,
    stored_own_calendar,
)
from strange_servers import answer, strange_server

from blaljus.domain.own_calendars import Skipped, Trouble
from blaljus.domain.words import Service
from blaljus.i18n.words import word
from blaljus.store import slots
from blaljus.store import tables as t
from blaljus.usecases.people.own_calendars import ATTEMPTS
from blaljus.usecases.people.staffing import assign_person
from blaljus.web.app import create_app

HOME = "/personal/tider/egen-kalender"
CALENDAR = a_calendar(an_event("SUMMARY:Tandläkaren"))


@pytest.fixture
def store(sqlite_store):
    """The use cases are tested on both engines."""
    return sqlite_store


@pytest.fixture
def app(settings, clock):
    return create_app(replace(settings, loopback_calendars=True), clock=clock)


@pytest.fixture
async def officer(sign_in, cast):
    return await sign_in(cast.officer)


@pytest.fixture
def staff(cast):
    return cast.staff[Service.POLICE]


async def uploaded(browser, data, name="schema.ics"):
    files = {"file": (name, data)}
    return await browser.send_form(await browser.get(HOME), f"{HOME}/fil", files=files)


async def test_the_empty_page_says_what_to_do_and_is_found_from_the_times(officer):
    times = await officer.get("/personal/tider")
    page = await officer.get(HOME)

    assert f'href="{HOME}?som=' in times.text
    assert "Ingen kalender inläst" in page.text


async def test_an_uploaded_roster_is_counted_by_week(officer):
    page = await officer.follow(await uploaded(officer, CALENDAR))

    assert "Filen är inläst. Så här blev det." in page.text
    assert "1 upptagen tid till och med" in page.text
    assert "Vi läser det här läsåret och nästa." in page.text
    assert "v. 11" in page.text
    assert "Tandläkaren" not in page.text
    times = await officer.get("/personal/tider?fran=2027-03-15")
    assert times.text.count("Upptagen enligt din kalender") == 1


async def test_a_new_roster_says_what_came_and_what_went(officer):
    first = await officer.follow(await uploaded(officer, CALENDAR))
    again = await officer.follow(await uploaded(officer, CALENDAR))
    moved = await officer.follow(
        await uploaded(officer, CALENDAR.replace(b"20270316", b"20270317"))
    )

    assert "Så här blev det. 1 upptagen tid är ny." in first.text
    assert "Så här blev det." in again.text
    assert "upptagen tid är ny" not in again.text
    assert "1 upptagen tid är ny. 1 gäller inte längre." in moved.text


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_answered_in_words(officer, name):
    data, why = HOSTILE[name]

    page = await uploaded(officer, data)

    if len(data) > 2_500_000:
        assert page.status_code == 413
    else:
        assert page.status_code == 422
        assert word(Trouble(why), "sv") in page.text
    assert (await t.OwnCalendar.count(), await t.BusyTime.count()) == (0, 0)
    assert (await officer.get(HOME)).status_code == 200


async def test_after_too_many_attempts_the_page_says_how_long_to_wait(officer):
    for _ in range(ATTEMPTS.size):
        await uploaded(officer, b"%PDF-1.7")

    page = await uploaded(officer, CALENDAR)

    assert (page.status_code, page.headers["retry-after"]) == (429, "180")
    assert "Vänta 3 minuter och försök igen." in page.text
    assert "Läs in filen" in page.text
    async with strange_server(answer(CALENDAR)) as server:
        typed = {"address": server.url("/hemlig.ics")}
        other = await officer.send_form(page, f"{HOME}/adress", typed)
    assert other.status_code == 303


async def test_no_file_is_an_error_of_the_field(officer):
    page = await officer.send_form(await officer.get(HOME), f"{HOME}/fil")

    assert page.status_code == 422
    assert "Välj en fil." in page.text


async def test_an_address_is_read_shown_by_its_host_and_read_again(officer):
    async with strange_server(answer(CALENDAR), answer(CALENDAR), answer(b"", "404 No")) as server:
        typed = {"address": server.url("/hemlig.ics")}
        sent = await officer.send_form(await officer.get(HOME), f"{HOME}/adress", typed)
        page = await officer.follow(sent)
        again = await officer.follow(await officer.send_form(page, f"{HOME}/las"))
        gone = await officer.send_form(again, f"{HOME}/las")

    assert "Kalendern ligger hos localhost." in page.text
    assert "hemlig.ics" not in page.text
    assert "Kalendern är läst på nytt." in again.text
    assert gone.status_code == 422
    assert word(Trouble.NOT_FOUND, "sv") in gone.text


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "Skriv kalenderns adress."),
        ("kalender", word(Trouble.BAD_ADDRESS, "sv")),
        ("http://kalender.example/a.ics", word(Trouble.NOT_HTTPS, "sv")),
        ("https://10.0.0.1/a.ics", word(Trouble.PRIVATE_HOST, "sv")),
    ],
)
async def test_a_wrong_address_is_kept_with_what_is_wrong(officer, address, why):
    typed = {"address": address, "user": "anna", "password": "hemligt"}

    page = await officer.send_form(await officer.get(HOME), f"{HOME}/adress", typed)

    assert page.status_code == 422
    assert why in page.text
    kept = officer.fields(page, f"{HOME}/adress")
    assert (kept["address"], kept["user"], kept["password"]) == (address, "anna", "")
    assert await t.OwnCalendar.count() == 0


async def test_what_could_not_be_read_is_told(officer, staff):
    skipped = {Skipped.UNKNOWN_ZONE: 2, Skipped.UNREADABLE: 1}
    await stored_own_calendar(staff, a_busy_time(), skipped=skipped)
    await stored_own_calendar(
        staff, a_busy_time(), address="https://a.invalid/", trouble=Trouble.TOO_SLOW
    )

    page = await officer.get(HOME)

    assert "2 händelser har en tidszon som inte finns." in page.text
    assert "1 händelse har en tid som inte går att läsa." in page.text
    assert word(Trouble.TOO_SLOW, "sv") in page.text


async def test_which_events_could_not_be_read_is_told_but_never_their_titles(officer):
    strange = an_event("DTSTART;TZID=Mars/<b>:20270316T090000", "SUMMARY:Hemlig", uid="b")

    page = await officer.follow(await uploaded(officer, a_calendar(an_event(), strange)))

    assert "Händelse nummer 2 i kalendern, 2027-03-16 09.00, tidszon Mars/&lt;b&gt;" in page.text
    assert "Hemlig" not in page.text


async def test_the_days_and_hours_that_were_read_are_shown_and_what_changed(officer):
    first = await officer.follow(await uploaded(officer, CALENDAR))
    night = an_event(
        "DTSTART;TZID=Europe/Stockholm:20270316T210000", "DURATION:PT10H", "STATUS:TENTATIVE"
    )
    moved = await officer.follow(await uploaded(officer, a_calendar(night)))

    assert "tis 16 mars 2027 kl. 09.00–12.00" in first.text
    assert "Senaste ändringen" not in first.text
    assert "Senaste ändringen i filen" in moved.text
    assert "1 upptagen tid är ny:" in moved.text
    assert "1 upptagen tid är borta:" in moved.text
    new = "tisdag 16 mars 2027 kl. 21.00 – onsdag 17 mars 2027 kl. 07.00"
    assert " ".join(moved.text.split()).count(new) == 2
    assert " ".join(moved.text.split()).count(new) == 2
    assert "Kanske upptagen" in moved.text


async def test_a_calendar_is_removed_with_all_of_it(officer, staff):
    await stored_own_calendar(staff, a_busy_time())

    page = await officer.get(HOME)
    done = await officer.follow(await officer.send_form(page, f"{HOME}/ta-bort"))

    assert "Kalendern och alla tider från den är borttagna." in done.text
    assert (await t.OwnCalendar.count(), await t.BusyTime.count()) == (0, 0)


async def test_a_clash_is_shown_to_the_coordinator_without_what_the_calendar_says(
    officer, sign_in, cast, staff, context
):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    wanted = {"station_id": station, "slot_id": slot.id, "staff_id": staff}
    duty = await assign_person(context, cast.coordinator, a_key(), **wanted)
    before = await officer.get("/personal/uppdrag")
    await uploaded(officer, CALENDAR)

    coordinator = await sign_in(cast.coordinator)
    page = await coordinator.get(f"/samordnare/pass/{slot.id}")

    first = await coordinator.get("/samordnare")
    theirs = [
        await officer.get("/personal/uppdrag"),
        await officer.get(f"/personal/uppdrag/{duty}"),
    ]

    assert "Upptagen enligt egen kalender" in page.text
    assert "1 uppdrag krockar med egen kalender" in first.text
    assert f'href="/samordnare/pass/{slot.id}"' in first.text
    assert "Tandläkaren" not in page.text + first.text
    assert "enligt din kalender" not in before.text
    assert "Krockar med uppdrag" in (await officer.get(HOME)).text
    assert ["Upptagen enligt din kalender" in own.text for own in theirs] == [True, True]


@pytest.mark.parametrize("som", ["999", "x", "0"])
async def test_somebody_elses_calendar_is_not_found(officer, cast, som):
    other = cast.staff[Service.RESCUE]

    assert (await officer.get(f"{HOME}?som={som}")).status_code == 404
    assert (await officer.get(f"{HOME}?som={other}")).status_code == 404
    page = await officer.get(HOME)
    typed = {"staff": str(other), "address": "https://a.invalid/"}
    sent = await officer.send_form(page, f"{HOME}/adress", typed)
    assert sent.status_code == 404


async def test_a_calendar_that_has_become_empty_is_taken_when_the_person_says_so(officer):
    empty = a_calendar()
    async with strange_server(answer(CALENDAR), answer(empty), answer(empty)) as server:
        page = await officer.get(HOME)
        await officer.send_form(page, f"{HOME}/adress", {"address": server.url("/hemlig.ics")})
        asked = await officer.send_form(await officer.get(HOME), f"{HOME}/las", {"empty": ""})
        assert (asked.status_code, "Kalendern är tom" in asked.text) == (422, True)
        assert "Ja, jag är inte upptagen" in asked.text

        done = await officer.follow(await officer.send_form(asked, f"{HOME}/las", {"empty": "yes"}))

    assert "Kalendern är läst på nytt." in done.text
    assert "Kalendern är tom" not in done.text
