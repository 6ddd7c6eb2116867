"""On paper: what the page is about and nothing else, on sheets of A4."""

import re

import pytest
from journeys.paper import on_paper

pytestmark = pytest.mark.journey

TEACHER = "larare.90012671.4a@skola.example"
COORDINATOR = "samordnare@hoor.example"
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
    page = windows.signed_in(server, who, color_scheme="dark")
    page.goto(server.url + path)

    assert on_paper(page) == []
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert 1 <= len(boxes) <= sheets
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {A4_POINTS}
