"""Calendar files, the page about subscriptions, help, and the QR code, as pages give them."""

import re

import pytest
import segno
from form_ways import asked_first

from blaljus.domain.words import Service
from blaljus.store import agencies
from blaljus.store.engine import count_statements
from blaljus.web.calendars.qr import QUIET, qr_code
from blaljus.web.http.attachment import attachment

FILES = "/samordnare/kalender/fil"
WATCHED = "/samordnare/kalender/prenumerationer"
OWN = "/personal/kalender"


def drawn(code):
    """The dark modules that the path draws."""
    strokes = re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.path)
    return {(int(x) + n, int(y)) for x, y, length in strokes for n in range(int(length))}


@pytest.mark.parametrize("text", ["webcal://blaljus.example/kalender/" + "a" * 43 + ".ics", "å"])
def test_a_code_draws_every_dark_module_and_no_other_inside_a_quiet_zone(text):
    code = qr_code(text)

    matrix = segno.make(text, error="m", micro=False).matrix
    dark = {
        (x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, on in enumerate(row) if on
    }
    assert drawn(code) == dark
    assert code.size == len(matrix) + 2 * QUIET


async def test_the_new_address_is_shown_as_a_code_too_and_later_not(sign_in, cast):
    officer = await sign_in(cast.officer)
    before = await officer.get(OWN)

    page = await officer.send_form(before, OWN)

    address = page.text.partition('value="http://blaljus.example')[2].partition('"')[0]
    assert qr_code(f"webcal://blaljus.example{address}").path in page.text
    later = await officer.get(OWN)
    assert "<figure" not in before.text + later.text


async def test_a_file_is_taken_along_by_its_name(sign_in, cast):
    coordinator = await sign_in(cast.coordinator)
    staff = cast.staff[Service.POLICE]
    place = f"municipality={cast.municipality.id}"

    answer = await coordinator.get(f"{FILES}/staff-{staff}.ics?{place}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    name = (await agencies.get_staff(staff)).shown_as.replace(" ", "-")
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="Blaljusdagar-{name}.ics"; '
        f"filename*=UTF-8''Bl%C3%A5ljusdagar-{name}.ics"
    )
    assert answer.headers["cache-control"] == "no-store"
    for path in ("/samordnare/kalender", "/samordnare/verksamheter"):
        page = await coordinator.get(path)
        links = re.findall(rf'href="({FILES}/[^"]+)"', page.text)
        assert links
        for link in links:
            assert (await coordinator.get(link)).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["staff-1", "staff.ics", "x-1.ics", "staff-0.ics", "staff-99999999999.ics", "-.ics", "%00.ics"],
)
async def test_what_names_no_calendar_is_not_found(sign_in, cast, name):
    coordinator = await sign_in(cast.coordinator)

    for place in ("", "?municipality=x", f"?municipality={cast.municipality.id}"):
        assert (await coordinator.get(f"{FILES}/{name}{place}")).status_code == 404


async def test_the_page_says_what_fetched_and_keeps_no_name_of_the_program(sign_in, client, cast):
    officer, coordinator = await sign_in(cast.officer), await sign_in(cast.coordinator)
    assert "Ingen prenumererar ännu" in (await coordinator.get(WATCHED)).text
    page = await officer.send_form(await officer.get(OWN), OWN)
    address = page.text.partition('value="http://blaljus.example')[2].partition('"')[0]
    assert "aldrig hämtad" in (await coordinator.get(WATCHED)).text
    await client.head(address, headers={"user-agent": "curl/8"})
    assert "aldrig hämtad" in (await coordinator.get(WATCHED)).text

    await client.get(address, headers={"user-agent": "iOS/17.4 (21E219) dataaccessd/1.0"})

    shown = (await coordinator.get(WATCHED)).text
    assert "Apple Kalender" in shown
    assert "har allt nytt" in shown
    assert "dataaccessd" not in shown
    assert "Program: Apple Kalender." in (await officer.get(OWN)).text


async def test_the_page_costs_the_same_with_one_address_and_with_three(sign_in, cast):
    coordinator = await sign_in(cast.coordinator)
    path, counts = "/samordnare/kalender", []
    for number in range(3):
        page = await coordinator.get(path)
        asked = await asked_first(coordinator, path, "byt") if number else None
        await coordinator.send_form(asked.page if asked else page, path)
        with count_statements() as heard:
            shown = await coordinator.get(WATCHED)
        assert shown.text.count("har allt nytt") == 0
        counts.append(len(heard))

    assert counts[0] == counts[2]


@pytest.mark.parametrize(
    "query", ["", "gor=byt", "gor=nej&kind=staff&subject=1", "gor=stang&kind=x"]
)
async def test_there_is_nothing_to_say_about_what_is_not_open(sign_in, cast, query):
    officer = await sign_in(cast.officer)

    assert (await officer.get(f"{OWN}/granska?{query}")).status_code == 404
    staff = cast.staff[Service.POLICE]
    known = f"{OWN}/granska?gor=stang&kind=staff&subject={staff}"
    assert (await officer.get(known)).status_code == 404


async def test_help_names_every_program_and_how_slow_it_is(client):
    page = await client.get("/hjalp/kalender")

    assert page.status_code == 200
    for words in ("Google Kalender", "8 till 24 timmar", "Outlook på webben", "Klassiska Outlook"):
        assert words in page.text
    for words in ("iPhone", "Thunderbird", "DAVx⁵", "3 timmar till ett dygn"):
        assert words in page.text


@pytest.mark.parametrize(
    ("words", "plain", "exact"),
    [
        ("Sätofta skola", "Satofta-skola", "S%C3%A4tofta-skola"),
        ("4A, Ekskolan", "4A-Ekskolan", None),
        ('x"\r\nset-cookie: a=1', "x-set-cookie-a-1", None),
        ("../../etc/passwd", "etc-passwd", None),
        ("😀 ; ,", "fil", None),
        ("学校", "fil", "%E5%AD%A6%E6%A0%A1"),
        ("å" * 500, "a" * 80, "%C3%A5" * 80),
    ],
)
def test_a_file_is_called_what_it_holds_and_no_name_breaks_out(words, plain, exact):
    header = attachment(words, ".ics")["content-disposition"]

    more = f"; filename*=UTF-8''{exact}.ics" if exact else ""
    assert header == f'attachment; filename="{plain}.ics"{more}'
    assert header.isascii()
