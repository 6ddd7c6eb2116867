"""The day: where stations stand, the körschema on paper, and a crew that is called out."""

import re

import pytest
from journeys.judging import judged
from journeys.steps import follow, press

pytestmark = pytest.mark.journey

COORDINATOR = "samordnare@hoor.example"
TEACHER = "larare.90012671.4a@skola.example"
OFFICER = "polis-1@blaljus.example"
DURING_THE_FIRST_SLOT = "2027-01-13T07:47:00+00:00"
A4_POINTS = (595, 842)


@pytest.fixture(scope="module", params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request):
    return request.param


@pytest.fixture(scope="module")
def server(start, script):
    return start("planned", COORDINATOR, TEACHER, OFFICER, now=DURING_THE_FIRST_SLOT)


@pytest.fixture
def coordinator(windows, server, script):
    page = windows.sign_in(server, COORDINATOR, java_script_enabled=script)
    page.goto(f"{server.url}/samordnare/pass/1")
    follow(page, "Körschema")
    return page


def test_where_stations_stand_is_said_once_and_stands_everywhere(coordinator, windows, server):
    page = coordinator
    follow(page, "Var stationerna står")
    page.locator("#place_1").fill("brandgården")
    page.locator("#outdoors_1").check(force=True)
    page.locator("#rain_place_1").fill("vagnhallen")
    press(page, "Spara platserna")

    assert page.get_by_role("status").first.is_visible()
    assert page.get_by_text("Kl. 08.45: Grupp 1 är hos polisen, brandgården.").is_visible()
    teacher = windows.sign_in(server, TEACHER)
    number = server.one("SELECT number FROM booking WHERE slot = 1 ORDER BY id")
    teacher.goto(f"{server.url}/boka/{number}")
    assert teacher.get_by_text("brandgården").first.is_visible()


def test_each_group_and_station_has_a_sheet_of_a4(coordinator, server):
    page = coordinator
    follow(page, "Skriv ut, per grupp och station")
    page.emulate_media(media="print")

    pdf = page.pdf(prefer_css_page_size=True)

    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    trips = 1
    sheets = 1 + trips + server.one("SELECT count(*) FROM booking WHERE slot = 1") + 4
    assert len(boxes) == sheets
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {A4_POINTS}
    for selector in (".nav", ".menu", ".skip", ".foot", ".btn", "button"):
        assert [e for e in page.locator(selector).all() if e.is_visible()] == [], selector


def test_a_crew_is_called_out_and_the_rounds_that_are_left_are_changed(
    coordinator, windows, server, script
):
    page = coordinator
    follow(page, "En besättning har åkt")
    page.get_by_label("Polis", exact=True).check(force=True)
    press(page, "Visa vad som händer med varven")
    assert page.get_by_text("besättningen är på utryckning").first.is_visible()
    assert server.select("SELECT id FROM callout") == []
    if script:
        assert judged(page, "sv") == []
        page.set_viewport_size({"width": 1280, "height": 900})

    press(page, "Spara och ändra varven")

    assert "klart=utryckning" in page.url
    assert page.get_by_text("Polis är borta sedan kl. 08.47.").is_visible()
    assert len(server.select("SELECT id FROM callout WHERE back_at IS NULL")) == 1
    officer = windows.sign_in(server, OFFICER)
    duty = server.one(
        "SELECT d.id FROM assignment d JOIN staff_member m ON m.id = d.staff"
        " WHERE m.reference = 'polis-1' AND d.slot = 1"
    )
    officer.goto(f"{server.url}/personal/uppdrag/{duty}")
    assert officer.get_by_text("Ingen grupp kommer till stationen.").is_visible()
    follow(page, "Åter Polis")
    page.locator("#back").fill("09:05")
    press(page, "Visa vad som händer med varven")
    press(page, "Spara och ändra varven")
    assert page.get_by_text("Polis var borta kl. 08.47–09.05.").is_visible()
    assert server.select("SELECT id FROM callout WHERE back_at IS NULL") == []


def test_a_crew_presses_for_itself_and_takes_it_back(windows, server, script):
    page = windows.sign_in(server, OFFICER)
    page.goto(f"{server.url}/personal/uppdrag")
    assert page.get_by_role("heading", name="I dag").is_visible()
    if script:
        assert judged(page, "sv") == []

    press(page, "Utryckning Polis")

    assert page.get_by_text("På utryckning sedan kl.").is_visible()
    if script:
        assert judged(page, "sv") == []
    press(page, "Ångra: vi är kvar")
    assert page.get_by_text("Ångrat.").is_visible()
    assert server.select("SELECT id FROM callout WHERE back_at IS NULL") == []
