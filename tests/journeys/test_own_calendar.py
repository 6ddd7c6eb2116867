"""An officer lets a roster be read, sees what changed, and takes it back."""

import pytest
from journeys.steps import follow, press
from own_calendars import a_calendar, an_event

pytestmark = pytest.mark.journey

OFFICER = "polis-1@blaljus.example"
ROSTER = a_calendar(
    an_event("DTSTART;TZID=Europe/Stockholm:20270413T083000", "SUMMARY:Förhör"),
    an_event("DTSTART;TZID=Europe/Stockholm:20270414T130000", "STATUS:TENTATIVE", uid="b"),
    an_event("DTSTART;TZID=Mars/Olympus_Mons:20270415T090000", uid="c"),
)
HOME = "/personal/tider/egen-kalender"


@pytest.fixture(scope="module", params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request):
    return request.param


@pytest.fixture(scope="module")
def server(start, script):
    return start("imported", OFFICER)


@pytest.fixture
def officer(windows, server, script):
    return windows.signed_in(server, OFFICER, java_script_enabled=script)


def send(page, data, name="schema.ics"):
    file = {"name": name, "mimeType": "text/calendar", "buffer": data}
    page.get_by_label("Kalenderfil").set_input_files(file)
    press(page, "Läs in filen")


def main(page):
    return page.get_by_role("main").inner_text()


def test_a_roster_is_read_shown_and_taken_back(officer, server):
    officer.goto(f"{server.url}/personal/tider?fran=2027-04-12")
    assert "enligt din kalender" not in main(officer)
    follow(officer, "Läs in din egen kalender")

    send(officer, ROSTER)

    assert "Filen är inläst." in officer.inner_text("body")
    assert "2 upptagna tider" in main(officer)
    assert "1 händelse har en tidszon som inte finns." in main(officer)
    assert "Förhör" not in officer.content()
    officer.get_by_text("Visa per vecka").click()
    follow(officer, "v. 15")
    assert main(officer).count("Upptagen enligt din kalender") == 1
    assert main(officer).count("Kanske upptagen enligt din kalender") == 1

    officer.goto(f"{server.url}{HOME}")
    press(officer, "Ta bort filens tider")

    assert "Ingen kalender inläst" in main(officer)
    assert server.select("SELECT COUNT(*) FROM busy_time") == [(0,)]


def test_what_is_no_calendar_is_said_at_the_field(officer, server):
    officer.goto(f"{server.url}{HOME}")

    send(officer, b"<html>Logga in</html>", "kalender.html")

    assert "Fel:" in officer.title()
    problem = "Det här är en webbsida, inte en kalender."
    assert problem in officer.get_by_role("alert").inner_text()
    assert problem in officer.locator("#file-error").inner_text()
