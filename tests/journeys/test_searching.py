"""A coordinator watches a search, stops one, and approves what it found."""

import pytest
from journeys.steps import follow, press

pytestmark = pytest.mark.journey

COORDINATOR = "samordnare@hoor.example"
SEARCHING = {"BLALJUS_PLANNING_SECONDS": "6"}
PUBLISHED = "SELECT count(*) FROM slot WHERE state = 'published'"


@pytest.fixture(scope="module", params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request):
    return request.param


@pytest.fixture
def begun(windows, script, start):
    """Call with how long the search takes to end, to get (server, page of the search)."""

    def pressed(last):
        server = start("imported", COORDINATOR, JOURNEY_SOLVER=last, **SEARCHING)
        page = windows.signed_in(server, COORDINATOR, java_script_enabled=script)
        press(page, "Planera klasser utan tid")
        return server, page

    return pressed


def main(page):
    return page.get_by_role("main")


def test_a_search_is_seen_moving_and_leads_to_a_proposal_that_is_approved(begun, script):
    server, page = begun("2")
    bar = page.get_by_role("progressbar", name="Letar efter ett bättre förslag")
    assert bar.is_visible()
    seen = page.locator("[data-seen]")
    if script:
        texts = watched(page, seen)
        assert len(texts) > 2, texts
        assert texts[-1] == "Klart. Förslaget finns att granska."
        assert page.locator("[data-said]").inner_text() == texts[-1]
        follow(page, "Granska förslaget")
    else:
        texts = reloaded(page, seen)
        assert len(texts) > 1, texts
    assert "10 klasser får tid" in " ".join(main(page).inner_text().split())
    assert "Alla klasser som saknade tid får en." in main(page).inner_text()
    assert server.one(PUBLISHED) == 0

    press(page, "Godkänn")

    assert "Förslaget är godkänt" in main(page).inner_text()
    assert server.one(PUBLISHED) == 3


def watched(page, seen):
    """Return the texts as they change by themselves."""
    texts = [seen.inner_text()]
    while not texts[-1].startswith("Klart"):
        page.wait_for_function(
            "before => document.querySelector('[data-seen]').textContent !== before",
            arg=texts[-1],
            timeout=90_000,
        )
        texts.append(seen.inner_text())
    return texts


def reloaded(page, seen):
    """Return the texts as they change when one asks for them."""
    texts = []
    while seen.count():
        text = seen.inner_text()
        texts += [text] * (text not in texts)
        follow(page, "Uppdatera läget")
        page.wait_for_timeout(300)
    return texts


def test_a_search_is_stopped_and_its_best_plan_is_approved(begun):
    server, page = begun("600")

    press(page, "Stoppa och ta det bästa hittills")

    assert "Sökningen stoppades." in main(page).inner_text()
    assert server.select("SELECT state FROM plan_run") == [("proposed",)]
    press(page, "Godkänn")
    assert server.one(PUBLISHED) == 3


def test_who_leaves_a_search_finds_it_again(begun):
    server, page = begun("600")
    page.goto(f"{server.url}/samordnare/korning")

    follow(page, "Planering 1")

    assert page.get_by_role("progressbar").is_visible()
    press(page, "Stoppa och ta det bästa hittills")
    press(page, "Kasta förslaget")
    assert "Förslaget är kastat" in main(page).inner_text()
