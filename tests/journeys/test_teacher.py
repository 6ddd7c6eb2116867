"""A teacher books, moves, changes, cancels, takes the time to a calendar and reports attendance."""

import pytest
from icaljs import ical_js
from journeys.steps import click, follow, link, press

pytestmark = pytest.mark.journey

TEACHERS = {True: "larare.90012671.4a@skola.example", False: "larare.90012671.4b@skola.example"}
"""By whether their browser runs JavaScript: each has a class of their own, in the first slot."""
AFTER_THE_FIRST_SLOT = "2027-01-13T12:00:00+00:00"
MOST_SCREENS = MOST_CLICKS = 3
MOST_KEYS = 25


@pytest.fixture(scope="module")
def server(start):
    return start("planned", *TEACHERS.values())


@pytest.fixture(scope="module")
def later(start):
    """The same plan when its first slot is over."""
    return start("planned", *TEACHERS.values(), now=AFTER_THE_FIRST_SLOT)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request):
    return request.param


@pytest.fixture
def teacher(windows, server, script):
    """The first page of a teacher who signed in by the printed link."""
    page = windows.signed_in(server, TEACHERS[script], java_script_enabled=script)
    assert page.url == f"{server.url}/klass"
    return page


class Effort:
    """Counts what a person does from a page on: screens seen (that one too), clicks, keys."""

    def __init__(self, page):
        self.page, self.clicks, self.keys, self.screens = page, 0, 0, 1
        page.on("domcontentloaded", self._seen)

    def _seen(self, _):
        self.screens += 1

    def click(self, role, name):
        self.clicks += 1
        click(self.page, self.page.get_by_role("main").get_by_role(role, name=name).first)

    def pick(self, text):
        self.clicks += 1
        self.page.get_by_role("main").locator("label").filter(has_text=text).first.click()

    def open(self, summary):
        self.clicks += 1
        self.page.get_by_text(summary).click()

    def write(self, label, text):
        self.keys += len(text)
        self.page.get_by_label(label).fill(text)

    def is_small(self):
        within = self.screens <= MOST_SCREENS and self.clicks <= MOST_CLICKS
        return within and self.keys <= MOST_KEYS


def text_of(page):
    return page.get_by_role("main").inner_text()


def has_heading(page, name):
    return page.get_by_role("heading", level=1, name=name).is_visible()


def cancel(page):
    """Cancel the booking that the page of one's class shows."""
    follow(page, "Avboka")
    page.get_by_label("Tiden passar inte").check()
    press(page, "Avboka tiden")


def to_my_class(page):
    click(page, page.get_by_role("link", name="Min klass"))


def test_the_proposed_time_is_confirmed_in_one_click(teacher):
    press(teacher, "Bekräfta tiden")

    assert teacher.get_by_role("status").first.inner_text().endswith("Tiden är bekräftad.")
    assert "Bekräftad" in text_of(teacher)


def test_a_class_without_a_time_is_booked_in_three_screens_and_clicks(windows, server, script):
    page = windows.signed_in(server, TEACHERS[script], java_script_enabled=script)
    cancel(page)
    assert "Orsak: Tiden passar inte" in text_of(page)
    page = windows.signed_in(server, TEACHERS[script], java_script_enabled=script)
    effort = Effort(page)

    effort.click("button", "Välj")
    effort.click("button", "Boka tiden")

    assert has_heading(page, "Tiden är bokad")
    assert effort.is_small(), vars(effort)


def test_a_class_is_moved_in_three_screens_and_clicks_with_a_phone_number(teacher):
    follow(teacher, "Flytta")
    effort = Effort(teacher)

    effort.pick("Brandstationen")
    effort.write("Telefon under dagen", "070-174 06 05")
    effort.click("button", "Granska")
    assert "070-174 06 05" in text_of(teacher)
    effort.click("button", "Flytta till den här tiden")

    assert has_heading(teacher, "Tiden är bokad")
    assert effort.is_small(), vars(effort)


def test_a_class_is_moved_from_its_own_page_with_all_that_was_known(teacher, server, script):
    number = server.one(
        "SELECT b.number FROM booking b JOIN class_teacher t ON t.school_class = b.school_class"
        " JOIN account a ON a.id = t.account WHERE a.address = :who AND b.state != 'cancelled'",
        who=TEACHERS[script],
    )
    teacher.goto(f"{server.url}/boka/{number}/andra")
    teacher.get_by_label("Telefon under dagen").fill("070-174 06 05")
    teacher.get_by_label("Hörsel").fill("1")
    press(teacher, "Spara")
    to_my_class(teacher)
    effort = Effort(teacher)

    effort.open("Passar inte tiden?")
    effort.click("button", "Välj")
    assert {"070-174 06 05", "Hörsel 1"} <= set(teacher.locator("dd").all_inner_texts())
    effort.click("button", "Flytta till den här tiden")

    assert has_heading(teacher, "Tiden är bokad")
    assert effort.is_small(), vars(effort)


def test_what_was_typed_can_be_changed_before_it_is_booked(teacher):
    follow(teacher, "Flytta")
    teacher.get_by_label("Vuxna").fill("4")
    teacher.locator("label.pick").first.click()
    press(teacher, "Granska")

    press(teacher, "Ändra vuxna")

    assert teacher.get_by_label("Vuxna").input_value() == "4"
    assert teacher.get_by_role("radio", checked=True).count() == 1


def test_details_are_changed_and_errors_keep_what_was_typed(teacher, script):
    follow(teacher, "Ändra uppgifter")
    teacher.get_by_label("Elever").fill("många")
    teacher.get_by_label("Vuxna").fill("3")
    press(teacher, "Spara")
    assert teacher.title().startswith("Fel:")
    assert teacher.get_by_label("Elever").input_value() == "många"
    assert teacher.locator("[data-errors]").evaluate("e => e.matches(':focus')") or not script

    teacher.get_by_label("Elever").fill("18")
    press(teacher, "Spara")

    assert teacher.get_by_role("status").first.inner_text().endswith("Ändringen är sparad.")
    assert [teacher.locator("dd").filter(has_text=n).count() > 0 for n in ("18", "3")] == [True] * 2


def test_a_cancelled_time_is_taken_back_and_nothing_is_asked_twice(teacher):
    cancel(teacher)

    press(teacher, "Ångra: boka samma tid igen")

    assert has_heading(teacher, "Tiden är bokad")
    to_my_class(teacher)
    assert "Bekräftad" in text_of(teacher)


def test_cancelling_without_a_cause_says_so_and_cancels_nothing(teacher):
    follow(teacher, "Avboka")

    press(teacher, "Avboka tiden")

    assert teacher.title().startswith("Fel:")
    to_my_class(teacher)
    assert teacher.get_by_role("link", name="Avboka").is_visible()


def test_the_time_goes_to_the_calendar_as_a_file(teacher, server, script):
    with teacher.expect_download() as coming:
        link(teacher, "Lägg till i kalendern").click()

    [event] = ical_js(coming.value.path().read_bytes())
    started = server.one(
        "SELECT starts_at FROM slot JOIN booking ON booking.slot = slot.id"
        " WHERE booking.state IN ('tentative', 'confirmed') AND booking.uid = :uid",
        uid=event["uid"],
    )
    assert str(event["start"]) == started


def test_attendance_is_asked_for_and_reported_after_the_slot(windows, later, script):
    page = windows.signed_in(later, TEACHERS[script], java_script_enabled=script)
    follow(page, "Fyll i närvaro")
    page.get_by_label("Elever").fill("17")
    for station in page.locator(".station").all():
        station.get_by_label("Genomfört").check(force=True)
    missed = page.locator(".station").first
    missed.get_by_label("Blev inte av").check(force=True)
    missed.get_by_label("Orsak").select_option(label="Utryckning")
    press(page, "Spara närvaron")

    assert page.get_by_role("status").first.inner_text().endswith("Närvaron är sparad. Tack!")
    assert "17 elever och 2 vuxna var med." in text_of(page)
    to_my_class(page)
    assert "Missat" in text_of(page)


def test_a_slot_that_has_begun_can_no_longer_be_cancelled(windows, later, script):
    page = windows.signed_in(later, TEACHERS[script], java_script_enabled=script)

    assert page.get_by_role("link", name="Avboka").count() == 0
