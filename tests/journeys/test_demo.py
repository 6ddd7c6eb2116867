"""What `make run` serves: a way in per role, each of which leads to that role's first page."""

import pytest
from journeys.steps import click

pytestmark = pytest.mark.journey

FIRST_PAGE = {"lärare": "/klass", "polis": "/personal/uppdrag", "samordnare": "/samordnare"}


def test_a_way_in_is_printed_for_each_role(demo):
    assert list(demo.ways_in) == list(FIRST_PAGE)
    assert all(way.startswith(f"{demo.url}/in/") for way in demo.ways_in.values())


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("role", FIRST_PAGE)
def test_a_printed_way_in_leads_to_the_first_page_of_the_role(windows, demo, role, script):
    page = windows.sign_in(demo, role, java_script_enabled=script)

    assert page.url == demo.url + FIRST_PAGE[role]
    click(page, page.get_by_role("button", name="Logga ut"))
    assert page.goto(demo.url + FIRST_PAGE[role]).url.startswith(f"{demo.url}/logga-in")
