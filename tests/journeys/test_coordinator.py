"""A coordinator plans, replaces who declined, follows coverage, imports and reads what was sent."""

import pytest
from journeys.steps import click, follow, link, press, to_menu

from blaljus.demo.loading import FILES

pytestmark = pytest.mark.journey

COORDINATOR = "samordnare@hoor.example"
OFFICER = "polis-1@blaljus.example"
TEACHER = "larare.90012671.4a@skola.example"
AFTER_THE_FIRST_SLOT = "2027-01-13T12:00:00+00:00"


@pytest.fixture(scope="module", params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request):
    return request.param


@pytest.fixture
def coordinating(windows, script):
    """Call with a server to get the coordinator's first page: coverage."""

    def entered(server):
        page = windows.signed_in(server, COORDINATOR, java_script_enabled=script)
        assert page.url == f"{server.url}/samordnare"
        return page

    return entered


@pytest.fixture(scope="module")
def planned(start, script):
    return start("planned", COORDINATOR, OFFICER)


def main(page):
    return page.get_by_role("main")


def cells(page, class_name):
    """Return what the coverage says of a class, as a screen reader reads it."""
    row = main(page).locator("li").filter(has=page.get_by_role("link", name=class_name, exact=True))
    return row.first.locator(".pip .vh").all_text_contents()


def test_classes_without_a_time_are_planned_and_the_proposal_approved(coordinating, start):
    server = start("imported", COORDINATOR)
    page = coordinating(server)
    assert "1 skola har inte svarat" in main(page).inner_text()
    press(page, "Planera")
    assert "Inget publiceras" not in main(page).inner_text()
    assert server.select("SELECT id FROM slot WHERE state = 'published'") == []

    press(page, "Godkänn")

    assert len(server.select("SELECT id FROM booking WHERE state = 'tentative'")) == 10
    to_menu(page, "Täckning")
    states = cells(page, "4A, Enebackeskolan")
    assert states == ["Polis: Bokad", "Räddningstjänst: Bokad", "Ambulans: Bokad"]


def test_who_declined_is_replaced_by_somebody_who_can(coordinating, windows, planned):
    [(duty, slot)] = planned.select(
        "SELECT d.id, d.slot FROM assignment d JOIN staff_member s ON s.id = d.staff"
        " WHERE s.reference = 'polis-1' ORDER BY d.id LIMIT 1"
    )
    officer = windows.signed_in(planned, OFFICER)
    officer.goto(f"{planned.url}/personal/uppdrag/{duty}/kan-inte")
    press(officer, "Nej, jag kan inte")
    page = coordinating(planned)
    assert "Polis: Personal saknas" in cells(page, "4A, Enebackeskolan")

    page.goto(f"{planned.url}/samordnare/pass/{slot}")
    follow(page, "Bemanna")
    page.locator("input[name=staff]").first.check()
    press(page, "Fråga personen")

    assert page.url.startswith(f"{planned.url}/samordnare/pass/{slot}")
    to_menu(page, "Täckning")
    assert "Polis: Bokad" in cells(page, "4A, Enebackeskolan")


def test_a_changed_file_is_seen_before_it_is_read_in(coordinating, planned):
    classes = (FILES / "klasser.csv").read_text(encoding="utf-8-sig")
    changed = classes.replace("90012671;4A;20;", "90012671;4A;22;")
    pupils = "SELECT year4_pupils FROM school_class WHERE id = 2"
    page = coordinating(planned)
    to_menu(page, "Import")
    file = {"name": "klasser.csv", "mimeType": "text/csv", "buffer": changed.encode()}
    page.locator("#files").set_input_files(file)
    press(page, "Granska filerna")
    assert "0 nya, 1 ändrade, 0 bort" in main(page).inner_text()
    assert planned.one(pupils) == 20

    press(page, "Läs in")

    assert page.url.startswith(f"{planned.url}/samordnare/import/klart")
    assert planned.one(pupils) == 22


def test_what_waits_to_be_sent_is_read(coordinating, planned):
    page = coordinating(planned)

    to_menu(page, "Utskick")
    assert "väntar" in main(page).inner_text()
    follow(page, "Enebackeskolan")

    assert "Brandstationen i Höör" in main(page).inner_text()


def test_coverage_changes_when_attendance_is_reported(coordinating, windows, start):
    server = start("planned", COORDINATOR, TEACHER, now=AFTER_THE_FIRST_SLOT)
    page = coordinating(server)
    assert "0 av 10 klasser har träffat alla" in main(page).inner_text()
    teacher = windows.signed_in(server, TEACHER)
    follow(teacher, "Fyll i närvaro")
    for station in teacher.locator(".station").all():
        station.get_by_label("Genomfört").check(force=True)
    press(teacher, "Spara närvaron")

    page.reload()

    assert "1 av 10 klasser har träffat alla" in main(page).inner_text()
    states = cells(page, "4A, Enebackeskolan")
    assert states == ["Polis: Träffat", "Räddningstjänst: Träffat", "Ambulans: Träffat"]


def test_a_class_is_moved_by_the_coordinator(coordinating, planned):
    page = coordinating(planned)
    follow(page, "4B, Enebackeskolan")
    page.locator("input[name=slot]:not(:disabled)").first.check()

    times = main(page).locator("form").filter(has=page.locator("input[name=slot]"))
    click(page, times.get_by_role("button").last)
    click(page, main(page).locator("form button[type=submit]").last)

    assert "klart=tid" in page.url
    assert page.get_by_role("status").first.is_visible()


def test_coverage_is_taken_as_a_file(coordinating, planned):
    page = coordinating(planned)

    with page.expect_download() as coming:
        link(page, "Ladda ner som CSV").click()

    assert coming.value.path().read_text(encoding="utf-8-sig").count("\n") >= 11
