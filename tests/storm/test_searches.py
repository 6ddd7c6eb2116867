"""A server is killed in the middle of a search: the other one shows its best plan."""

import asyncio
import re
from time import time

import pytest
from storm.booking import active_bookings, broken_rules
from storm.browsers import Browser
from storm.town import appoint, found_town, hire

from blaljus.domain.words import REQUIRED_SERVICES

pytestmark = pytest.mark.storm

RUNS, RUN = "/samordnare/korning", "/samordnare/korning/1"
CLASSES = 6
DAYS = 6
SILENT = 40
"""Seconds until a killed search must be known to have ended."""


async def test_a_search_whose_server_is_killed_leaves_its_best_plan_to_approve(store, serve, roads):
    town = await found_town(CLASSES)
    for service in REQUIRED_SERVICES:
        await hire(town, service, DAYS)
    searching = {"BLALJUS_PLANNING_SECONDS": "60", "STORM_SOLVER": "600"}
    doomed, other = serve(STORM_CLOCK=str(time()), **searching)
    person = await appoint(town, "anna")
    browser = Browser(roads, doomed.address, person)
    await browser.send_form(await browser.get(RUNS), RUNS)
    assert "<progress" in (await browser.get(RUN)).text

    doomed.kill()
    browser.base_url = other.address
    page = await browser.get(RUN)
    assert "<progress" in page.text
    async with asyncio.timeout(SILENT):
        while "event: end" not in (await browser.get(f"{RUN}/framsteg")).text:
            pass  # each stream goes on for seconds
    page = await browser.get(RUN)

    assert re.search(r"Avbruten|Interrupted", page.text)
    answer = await browser.post_fields(RUN, {**browser.fields(page, RUN), "beslut": "godkann"})
    assert answer.status_code == 303
    assert len({booking.school_class for booking in await active_bookings(town)}) == CLASSES
    assert await broken_rules() == {}
