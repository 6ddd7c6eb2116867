"""A police officer ticks times, fills many weeks, answers duties and subscribes to a calendar."""

from datetime import datetime

import httpx
import pytest
from icaljs import ical_js
from journeys.steps import click, follow

pytestmark = pytest.mark.journey

OFFICER = "polis-1@blaljus.example"
A_WEEK = "/personal/tider?fran=2027-04-12"
"""A week without breaks or duties."""
MONDAY, TUESDAY = "2027-04-12", "2027-04-13"


@pytest.fixture(scope="module", params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request):
    return request.param


@pytest.fixture(scope="module")
def server(start, script):
    return start("planned", OFFICER)


@pytest.fixture
def officer(windows, server, script):
    """The first page of an officer who signed in by the printed link: the duties."""
    page = windows.signed_in(server, OFFICER, java_script_enabled=script)
    assert page.url == f"{server.url}/personal/uppdrag"
    return page


def choose(page, day, half, state):
    """Press one of the three answers of a half-day."""
    page.locator(f'input[name="t-{day}-{half}"][value="{state}"]').check()


def press(page, name):
    click(page, page.get_by_role("main").get_by_role("button", name=name).last)


def said(page):
    return page.get_by_role("main").locator("[role=status]:not(.vh)").first.inner_text()


def times(server, monday):
    """Return (days after that Monday, half, state) of what the officer said of a week."""
    return server.select(
        "SELECT julianday(a.day) - julianday(:monday), a.half, a.state FROM availability a"
        " JOIN staff_member s ON s.id = a.staff WHERE s.reference = 'polis-1'"
        " AND a.day BETWEEN :monday AND date(:monday, '+4 days') ORDER BY a.day, a.half DESC",
        monday=monday,
    )


def duty(server, number=0):
    """Return (id, state) of one of the officer's duties."""
    return server.select(
        "SELECT d.id, d.state FROM assignment d JOIN staff_member s ON s.id = d.staff"
        " WHERE s.reference = 'polis-1' ORDER BY d.id"
    )[number]


def test_half_days_are_ticked_and_saved_with_one_button(officer, server):
    officer.goto(server.url + A_WEEK)
    choose(officer, MONDAY, "fm", "free")
    choose(officer, MONDAY, "em", "on_call")
    choose(officer, TUESDAY, "fm", "not_available")
    choose(officer, TUESDAY, "em", "not_available")

    press(officer, "Spara tider")

    assert said(officer)
    said_now = [row for row in times(server, MONDAY) if row[0] < 2]
    assert said_now == [(0, "fm", "free"), (0, "em", "on_call")]


def test_a_change_is_taken_back(officer, server):
    officer.goto(server.url + A_WEEK)
    before = times(server, MONDAY)
    choose(officer, TUESDAY, "fm", "free")
    press(officer, "Spara tider")
    assert times(server, MONDAY) != before

    press(officer, "Ångra")

    assert "ångrad" in said(officer)
    assert times(server, MONDAY) == before


def test_many_weeks_are_filled_at_once(officer, server):
    officer.goto(f"{server.url}/personal/tider")
    officer.get_by_text("Fyll i många veckor på en gång").click()
    officer.get_by_label("Torsdagar").check()
    officer.get_by_label("Eftermiddag").check()
    form = officer.locator("form[action='/personal/tider/fyll']")
    form.get_by_label("Från och med").select_option("2027-05-10")
    form.get_by_label("Till och med").select_option("2027-05-24")

    press(officer, "Fyll i")

    assert "sparad" in said(officer)
    for monday in ("2027-05-10", "2027-05-17", "2027-05-24"):
        assert (3, "em", "free") in times(server, monday)


def test_a_week_is_copied(officer, server):
    officer.goto(server.url + A_WEEK)
    officer.get_by_text("Kopiera en vecka till flera").click()
    form = officer.locator("form[action='/personal/tider/kopiera']")
    form.get_by_label("Gör som").select_option(MONDAY)
    form.get_by_label("Från och med").select_option("2027-04-19")
    form.get_by_label("Till och med").select_option("2027-04-26")

    press(officer, "Kopiera")

    pattern = times(server, MONDAY)
    assert pattern
    assert [times(server, monday) for monday in ("2027-04-19", "2027-04-26")] == [pattern] * 2


def test_a_whole_column_is_ticked_at_once_where_there_is_javascript(officer, server, script):
    officer.goto(f"{server.url}/personal/tider?fran=2027-06-07")
    buttons = officer.locator("button[data-column]")
    if not script:
        assert not buttons.first.is_visible()
        return

    buttons.first.click()

    states = officer.locator("input[name^='t-2027-06-07'][value=free]")
    assert states.first.is_checked()


def test_a_duty_is_answered_with_can(officer, server):
    number, _ = duty(server)
    click(officer, officer.locator(f"a[href='/personal/uppdrag/{number}']").first)

    press(officer, "Jag kan")

    assert duty(server) == (number, "accepted")
    assert "Du har sagt ja" in officer.get_by_role("main").inner_text()


def test_a_duty_is_answered_with_cannot_and_the_coordinator_is_told(officer, server):
    number, _ = duty(server, 1)
    click(officer, officer.locator(f"a[href='/personal/uppdrag/{number}']").first)
    follow(officer, "Jag kan inte")

    press(officer, "Nej, jag kan inte")

    assert duty(server, 1) == (number, "declined")
    assert "Samordnaren har fått ett mejl" in officer.get_by_role("main").inner_text()
    told = server.select(
        "SELECT a.address FROM outbox_message m JOIN account a ON a.id = m.account"
        " ORDER BY m.id DESC LIMIT 2"
    )
    assert ("samordnare@hoor.example",) in told


def test_a_calendar_is_subscribed_to_and_fetched(officer, server):
    officer.goto(f"{server.url}/personal/kalender")
    press(officer, "Skapa adress")
    address = officer.get_by_label("Kalenderns adress").input_value()

    feed = httpx.get(address)

    events = [event for event in ical_js(feed.content) if event["status"] != "CANCELLED"]
    expected = server.select(
        "SELECT s.starts_at FROM slot s JOIN assignment d ON d.slot = s.id"
        " JOIN staff_member m ON m.id = d.staff"
        " WHERE m.reference = 'polis-1' AND d.state IN ('invited', 'accepted')"
        " ORDER BY s.starts_at"
    )
    assert [event["start"] for event in events] == [
        datetime.fromisoformat(str(starts_at)) for (starts_at,) in expected
    ]
    again = httpx.get(address, headers={"if-none-match": feed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_secret_address_is_shown_once_and_can_be_closed(officer, server):
    officer.goto(f"{server.url}/personal/kalender")
    if officer.get_by_role("main").get_by_role("button", name="Skapa adress").count():
        press(officer, "Skapa adress")
        officer.goto(f"{server.url}/personal/kalender")
    assert "/kalender/" not in (officer.get_by_role("main").text_content() or "")
    follow(officer, "Byt adress")
    press(officer, "Byt adress")
    address = officer.get_by_label("Kalenderns adress").input_value()

    follow(officer, "Stäng")
    press(officer, "Stäng kalendern")

    assert httpx.get(address).status_code == 404
