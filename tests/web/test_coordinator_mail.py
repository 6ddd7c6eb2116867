"""Places and mail as a coordinator meets them in a browser."""

import re
from dataclasses import replace

import pytest
from factories import YEAR, a_key

from blaljus.domain.words import Service
from blaljus.store import bookings, outbox, schools, slots
from blaljus.store.engine import transactional
from blaljus.store.tables import OutboxMessage
from blaljus.usecases.bookings.booking_changes import change_details
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run


@pytest.fixture
async def slot(cast, context):
    """A published slot with both classes and all three services."""
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    (made,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    return made


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


async def test_a_place_is_added_and_what_was_typed_is_kept_when_it_is_wrong(browser, cast):
    page = await browser.get("/samordnare/platser")
    typed = {"name": cast.venue.name, "latitude": "norr", "partner_station": "Buss"}

    wrong = await browser.send_form(page, "/samordnare/platser", typed)
    taken = await browser.send_form(wrong, "/samordnare/platser", {"latitude": ""})
    done = await browser.follow(
        await browser.send_form(
            taken,
            "/samordnare/platser",
            {"name": "Torget", "latitude": "55,93", "longitude": "13,5"},
        )
    )

    assert (wrong.status_code, "Skriv grader med decimaler" in wrong.text) == (422, True)
    assert (taken.status_code, "Det finns redan en plats" in taken.text) == (422, True)
    assert "Platsen är tillagd" in done.text
    venues = await schools.list_venues((cast.municipality.id,))
    added = next(venue for venue in venues if venue.name == "Torget")
    assert (added.latitude, added.longitude, added.partner_station) == (55.93, 13.5, "Buss")


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("55", ""), ("91", "13"), ("nan", "13"), ("55", "1e9"), ("å", "å")]
)
async def test_degrees_that_are_none_are_refused(browser, cast, latitude, longitude):
    page = await browser.get("/samordnare/platser")
    fields = {"name": "Torget", "latitude": latitude, "longitude": longitude}

    answer = await browser.send_form(page, "/samordnare/platser", fields)

    assert answer.status_code == 422
    names = [venue.name for venue in await schools.list_venues((cast.municipality.id,))]
    assert "Torget" not in names


async def test_a_place_gets_another_name_and_an_old_page_keeps_what_was_typed(browser, cast):
    path = f"/samordnare/platser/{cast.venue.id}"
    page = await browser.get(path)

    done = await browser.follow(await browser.send_form(page, path, {"name": "Stationen"}))
    stale = await browser.send_form(page, path, {"name": "Något annat", "key": "q" * 20})

    assert "Stationen" in done.text
    assert (stale.status_code, "Något annat" in stale.text) == (409, True)


async def test_a_name_another_place_has_is_refused_in_words_with_what_was_typed(browser, cast):
    await schools.add_venue(cast.municipality.id, name="Torget")
    path = f"/samordnare/platser/{cast.venue.id}"

    answer = await browser.send_form(await browser.get(path), path, {"name": "Torget"})

    assert answer.status_code == 409
    assert "Det finns redan en plats som heter så." in answer.text
    assert browser.fields(answer, path)["name"] == "Torget"


async def test_the_page_of_a_place_says_who_is_told_of_its_new_name(browser, cast, slot):
    page = await browser.get(f"/samordnare/platser/{cast.venue.id}")

    assert "1 kommande pass hålls här och får det nya namnet" in page.text
    assert "5 brev skickas, ett för varje tid, till 5 personer." in page.text


async def test_the_outbox_says_loudly_that_no_mail_server_is_set(browser, slot):
    page = await browser.get("/samordnare/utskick")

    assert "Meddelanden väntar: ingen e-postserver är inställd." in page.text
    assert "larare.ek@skola.example" in page.text


async def test_a_failed_message_says_why_and_is_tried_again(browser, cast, slot, clock):
    message = (await outbox.list_messages((cast.municipality.id,), limit=1))[0]
    await transactional(outbox.mark_failed)(message, error="recipient", retry_at=None, now=clock())
    path = f"/samordnare/utskick/{message.id}"
    page = await browser.get(path)
    assert "E-postservern känner inte mottagaren." in page.text

    done = await browser.follow(await browser.send_form(page, path))

    assert "skickas igen" in done.text
    (row,) = await OutboxMessage.select(OutboxMessage.failed_at).where(
        OutboxMessage.id == message.id
    )
    assert row["failed_at"] is None


async def test_a_message_is_taken_home_as_a_file(browser, cast, slot):
    message = (await outbox.list_messages((cast.municipality.id,), limit=1))[0]

    answer = await browser.get(f"/samordnare/utskick/{message.id}/eml")

    assert answer.headers["content-type"].startswith("message/rfc822")
    assert f'filename="utskick-{message.id}.eml"' in answer.headers["content-disposition"]
    assert answer.content == message.mime.encode()


async def test_the_stations_of_a_place_are_said_and_what_is_wrong_is_kept(browser, cast):
    path = f"/samordnare/platser/{cast.venue.id}/stationer"
    page = await browser.get(path)

    wrong = await browser.send_form(page, path, {"staff_police": "tio", "group_pupils": "1"})
    done = await browser.follow(
        await browser.send_form(
            wrong, path, {"staff_police": "2", "pupils_rescue": "30", "group_pupils": "25"}
        )
    )
    stale = await browser.send_form(page, path, {"staff_police": "3", "key": "q" * 20})

    assert (wrong.status_code, 'value="tio"' in wrong.text) == (422, True)
    assert "Polis, personer: Skriv ett heltal" in wrong.text
    assert "Elever i en grupp: " in wrong.text
    assert 'value="1"' in wrong.text
    assert "Stationerna är sparade" in done.text
    assert (stale.status_code, 'value="3"' in stale.text) == (409, True)
    venue = await schools.get_venue(cast.venue.id, (cast.municipality.id,))
    assert venue.group_pupils == 25
    assert [(r.staff_needed, r.max_pupils) for r in venue.stations] == [(2, 60), (1, 30), (1, 60)]


async def test_a_person_is_always_there_and_then_like_everybody_else(browser, cast):
    path = f"/samordnare/platser/{cast.venue.id}/stationer"
    send = f"/samordnare/platser/{cast.venue.id}/alltid-med"
    officer = str(cast.staff[Service.RESCUE])
    page = await browser.get(path)

    none = await browser.send_form(page, send, {})
    chosen = await browser.follow(await browser.send_form(page, send, {"staff": officer}))
    stale = await browser.send_form(page, send, {"staff": officer, "key": "s" * 20})
    again = await browser.follow(await browser.send_form(chosen, send, {}))

    assert (none.status_code, "Välj en person." in none.text) == (422, True)
    assert "Personen är alltid med här" in chosen.text
    assert stale.status_code == 409
    assert "Personen planeras hit som alla andra." in again.text
    assert "Ingen är alltid med här." in again.text


@pytest.mark.parametrize("path", ["", "/andringar"])
async def test_the_page_of_mail_says_what_each_change_sent(browser, slot, path):
    page = await browser.get(f"/samordnare/utskick{path}")

    assert "Planering godkänd" in page.text
    assert "Inbjudan: 5" in page.text
    assert "Lärare: 2 · Blåljuspersonal: 3" in page.text
    assert "5 väntar" in page.text


async def test_a_change_names_a_letter_and_leads_to_all_of_them(browser, slot, cast, context):
    letters = await outbox.list_messages((cast.municipality.id,), limit=9)
    first = min(letters, key=lambda letter: letter.id)
    path = f"/samordnare/utskick/andringar/{first.id}"
    page = await browser.get("/samordnare/utskick/andringar")
    assert f"{first.subject} och 4 till" in page.text
    assert f'href="{path}"' in page.text

    shown = await browser.get(f"/samordnare/utskick/andringar/{letters[0].id}")

    assert all(f'href="/samordnare/utskick/{letter.id}"' in shown.text for letter in letters)
    assert shown.text.count("Inbjudan ·") == 5
    assert (await browser.get("/samordnare/utskick/andringar/987654")).status_code == 404


async def test_a_letter_after_the_first_is_called_a_change(browser, slot, cast, context):
    (booked, *_) = await bookings.list_in_slots([slot.id], (cast.municipality.id,))
    details = replace(booked.details, pupils=17)
    await change_details(
        context,
        cast.coordinator,
        a_key(),
        number=booked.number,
        details=details,
        version=booked.version,
    )

    outbox_page = await browser.get("/samordnare/utskick")
    page = await browser.get("/samordnare/utskick/andringar")

    assert "Ändring ·" in outbox_page.text
    assert re.search(r"Ändring: \d", page.text)
