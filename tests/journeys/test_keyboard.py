"""By keyboard alone: everything is done with Tab, Space and Enter.

That every stop of every page is reached, seen and marked: test_every_page.py.
"""

import pytest
from journeys.tabbing import stop_of

pytestmark = pytest.mark.journey

TEACHER = "larare.90012671.4a@skola.example"
OFFICER = "polis-1@blaljus.example"
COORDINATOR = "samordnare@hoor.example"
MOST_STOPS = 150


@pytest.fixture(scope="module")
def server(start):
    return start("planned", TEACHER, OFFICER, COORDINATOR)


def tab_to(page, text):
    """Press Tab until what has the focus begins with a text."""
    for _ in range(MOST_STOPS):
        stop = stop_of(page)
        if stop and stop["name"].startswith(text):
            return
    raise AssertionError(f"Tab never reaches {text}")


def enter(page):
    """Press Enter and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_class_is_moved_by_keyboard_alone(windows, server):
    page = windows.signed_in(server, TEACHER)
    tab_to(page, "Flytta")
    enter(page)
    tab_to(page, "slot")
    page.keyboard.press("Space")
    tab_to(page, "Granska")
    enter(page)
    tab_to(page, "Flytta till den här tiden")

    enter(page)

    assert page.get_by_role("heading", level=1, name="Tiden är bokad").is_visible()


def test_times_are_said_by_keyboard_alone(windows, server):
    page = windows.signed_in(server, OFFICER)
    page.goto(f"{server.url}/personal/tider?fran=2027-04-12")
    tab_to(page, "t-2027-04-12-fm")
    for _ in range(2):
        page.keyboard.press("ArrowRight")

    enter(page)

    assert page.get_by_role("main").locator("[role=status]:not(.vh)").first.is_visible()
    assert page.locator("input[name='t-2027-04-12-fm']").last.is_checked()


@pytest.mark.parametrize("who", [TEACHER, OFFICER, COORDINATOR])
def test_the_first_stop_leads_past_the_menu(windows, server, who):
    page = windows.signed_in(server, who)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().y >= 0")

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
