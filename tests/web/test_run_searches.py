"""Searches of the planner as a coordinator follows them in a browser."""

import asyncio
import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from blaljus.domain.runs import SILENCE, RunState
from blaljus.planner import solving
from blaljus.store import runs, slots

BAD_SOLVER = Path(__file__).parent.parent / "planner" / "bad_solver.py"
RUN = "/samordnare/korning/1"


@pytest.fixture
def settings(settings):
    """Search, where other tests take the quick plan."""
    return replace(settings, planning_seconds=60)


@pytest.fixture
async def browser(sign_in, cast, app):
    yield await sign_in(cast.coordinator)
    await app.state.searches.close()


@pytest.fixture
def hanging(monkeypatch):
    """A real process that tells one plan and then nothing more."""
    program = (sys.executable, str(BAD_SOLVER), "hangs")
    monkeypatch.setattr(solving, "solve", partial(solving.solve, program=program))


async def searching(browser):
    home = await browser.get("/samordnare")
    return await browser.follow(await browser.send_form(home, "/samordnare/korning"))


async def pressed(browser, page, decision):
    suffix = {"stoppa": "-s", "kasta": "-k"}.get(decision, "")
    fields = browser.fields(page, RUN)
    key = fields["key"].removesuffix("-s") + suffix
    return await browser.post_fields(RUN, {**fields, "key": key, "beslut": decision})


async def events(browser):
    answer = await browser.get(RUN + "/framsteg")
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = []
    for block in answer.text.replace("\r", "").strip().split("\n\n"):
        rows = dict(line.split(": ", 1) for line in block.splitlines())
        told.append((rows["event"], json.loads(rows["data"])))
    return told


async def test_a_search_shows_its_bar_the_best_so_far_and_a_way_to_stop(browser, hanging):
    page = await searching(browser)

    assert page.url.path == RUN
    assert "<progress" in page.text
    assert "Det bästa hittills" in page.text
    assert "Stoppa och ta det bästa hittills" in page.text
    assert "Uppdatera läget" in page.text
    assert "Vad händer om du godkänner?" not in page.text


async def test_stopping_shows_the_proposal_at_once_and_it_can_be_approved(browser, hanging, cast):
    page = await searching(browser)

    stopped = await browser.follow(await pressed(browser, page, "stoppa"))

    assert "Sökningen är stoppad." in stopped.text
    assert "Vad händer om du godkänner?" in stopped.text
    done = await browser.follow(await pressed(browser, stopped, "godkann"))
    assert "Förslaget är godkänt" in done.text
    assert len(await slots.list_slots(cast.plan.id, (cast.municipality.id,))) == 1


async def test_stopping_what_has_ended_claims_nothing(browser, cast, app, hanging):
    page = await searching(browser)
    await app.state.searches.close()
    first = await browser.follow(await pressed(browser, page, "stoppa"))
    assert "Sökningen är stoppad." not in first.text

    await pressed(browser, first, "godkann")
    again = await browser.get(f"{RUN}?klart=stoppad")

    assert "Godkänd" in again.text
    assert "Sökningen är stoppad." not in again.text


async def test_steps_are_told_as_events_and_the_end_once(browser, cast):
    await searching(browser)

    told = []
    while not told or told[-1][0] != "end":
        told += await events(browser)

    steps = [data for event, data in told if event == "step"]
    assert steps[0]["total"] == 60
    assert all(step["done"] <= step["total"] for step in steps)
    assert "2 av 2 klasser har en tid i förslaget." in steps[-1]["text"]
    assert told[-1] == ("end", {"text": "Klart. Förslaget finns att granska."})
    assert [event for event, _ in told].count("end") == 1
    page = await browser.get(RUN)
    assert "Alla klasser som saknade tid får en." in page.text
    assert "Inget förslag med lika många klasser tar mindre av personalens tid." in page.text


async def test_an_interrupted_search_says_so_and_can_be_approved(browser, hanging, app, cast):
    await searching(browser)
    await asyncio.sleep(0.2)

    await app.state.searches.close()

    page = await browser.get(RUN)
    assert "Avbruten" in page.text
    assert "Servern startades om mitt i sökningen." in page.text
    assert (await events(browser))[-1][1]["text"].startswith("Sökningen avbröts.")
    done = await browser.follow(await pressed(browser, page, "godkann"))
    assert "Förslaget är godkänt" in done.text


async def test_a_search_whose_server_was_killed_is_shown_as_interrupted(
    browser, cast, clock, app, monkeypatch
):
    monkeypatch.setattr(app.state.searches, "begin", lambda *_: None)
    page = await searching(browser)
    assert "<progress" in page.text

    clock.advance(2 * SILENCE)

    assert "Avbruten" in (await browser.get("/samordnare/korning")).text
    assert (await runs.get_run(1, cast.municipality.id)).state is RunState.INTERRUPTED


async def test_approving_before_the_end_is_refused(browser, hanging, cast):
    page = await searching(browser)

    answer = await pressed(browser, page, "godkann")

    assert answer.status_code == 409
    assert "söker den fortfarande" in answer.text
    assert await slots.list_slots(cast.plan.id, (cast.municipality.id,)) == []


@pytest.mark.parametrize("fields", [{"leta": "-1"}, {"leta": "9999"}, {"onskemal": "50"}])
async def test_choices_that_are_none_are_refused(browser, cast, fields):
    page = await browser.get("/samordnare/korning")

    answer = await browser.send_form(page, "/samordnare/korning", fields)

    assert answer.status_code == 422
    assert await runs.list_runs(cast.municipality.id) == []


async def test_effort_is_chosen_and_kept(browser, hanging, cast):
    page = await browser.get("/samordnare/korning")

    await browser.send_form(page, "/samordnare/korning", {"leta": "300", "onskemal": "10"})

    run = await runs.get_run(1, cast.municipality.id)
    assert (run.seconds, run.wish_tolerance) == (300, 10)
