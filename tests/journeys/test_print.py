"""On paper: what the page is about and nothing else, on sheets of A4."""

import re

import pytest

pytestmark = pytest.mark.journey

TEACHER = "larare.90012671.4a@skola.example"
COORDINATOR = "samordnare@hoor.example"
PAPER_WIDTH = 680
"""180 mm, A4 within its margins, in CSS pixels."""
A4_POINTS = (595, 842)

PAPER = [
    (TEACHER, "/klass", 1),
    (COORDINATOR, "/samordnare", 2),
    (COORDINATOR, "/samordnare?vy=tabell", 2),
    (COORDINATOR, "/samordnare/klass/2", 2),
    (COORDINATOR, "/samordnare/pass/1", 2),
    (COORDINATOR, "/samordnare/pass/1/utskrift", 2),
]
"""Who prints what, and on how many sheets at most."""


@pytest.fixture(scope="module")
def server(start):
    return start("planned", TEACHER, COORDINATOR)


@pytest.mark.parametrize(("who", "path", "sheets"), PAPER)
def test_a_page_is_printed_on_a4_without_menus_and_buttons(windows, server, who, path, sheets):
    page = windows.sign_in(server, who, color_scheme="dark")
    page.goto(server.url + path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER_WIDTH, "height": 1123})

    for selector in (".nav", ".menu", ".skip", ".foot", ".btn", "button"):
        assert [e for e in page.locator(selector).all() if e.is_visible()] == [], selector
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER_WIDTH
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert 1 <= len(boxes) <= sheets
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {A4_POINTS}
