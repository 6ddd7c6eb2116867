"""A run is approved twice at once, and while teachers book: all of it, or nothing."""

import asyncio
from collections import Counter
from functools import partial

import pytest
from storm.booking import active_bookings, all_ready, broken_rules, deadlocks, double_booked
from storm.browsers import Browser
from storm.town import appoint, found_town, hire, publish

from blaljus.domain.words import REQUIRED_SERVICES
from blaljus.store import assignments, audit, outbox, slots

pytestmark = pytest.mark.storm

CLASSES = 20
DAYS = 20
APART = 0.01
"""Seconds between teachers: some meet the approval in its midst."""
RUNS, RUN = "/samordnare/korning", "/samordnare/korning/1"


async def planned(servers, roads):
    """Found a town with a run for all its classes; return two ways to approve it."""
    town = await found_town(CLASSES)
    for service in REQUIRED_SERVICES:
        await hire(town, service, DAYS)
    browsers = [
        Browser(roads, server.address, await appoint(town, name))
        for name, server in zip(("anna", "bertil"), servers, strict=True)
    ]
    page = await browsers[0].get(RUNS)
    await browsers[0].send_form(page, RUNS)
    pages = [await browser.get(RUN) for browser in browsers]
    decisions = [b.fields(page, RUN) for b, page in zip(browsers, pages, strict=True)]
    return town, [partial(b.post_fields, RUN, d) for b, d in zip(browsers, decisions, strict=True)]


async def after(seconds, work):
    await asyncio.sleep(seconds)
    return await work


async def actions(town):
    return Counter(entry.action for entry in await audit.list_entries(town.municipality.id))


async def test_a_run_approved_on_two_servers_at_once_is_applied_once(store, serve, roads):
    town, approvals = await planned(serve(), roads)

    answers = await asyncio.gather(*(approve() for approve in approvals))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert {b.school_class for b in await active_bookings(town)} == {
        teacher.school_class for teacher in town.teachers
    }
    done = await actions(town)
    assert (done["run-approved"], done["booking-made"]) == (1, CLASSES)
    assert await broken_rules() == {}


@pytest.mark.parametrize("head_start", [-0.05, 0.1])
async def test_a_run_approved_while_teachers_book_is_applied_whole_or_not(
    store, serve, roads, head_start
):
    servers = serve()
    town, (approve, _) = await planned(servers, roads)
    open_slots = [await publish(town, DAYS + day) for day in range(CLASSES // 2)]
    bookers = await all_ready(roads, servers, town.teachers, open_slots)

    approval, *answers = await asyncio.gather(
        after(-head_start, approve()),
        *(after(head_start + n * APART, b.press()) for n, b in enumerate(bookers)),
    )

    booked, done = await active_bookings(town), await actions(town)
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert approval.status_code in (303, 409)
    assert len({b.school_class for b in booked}) == len(booked) == CLASSES
    assert await double_booked(town) == 0
    assert await broken_rules() == {}
    applied = approval.status_code == 303
    assert done["run-approved"] == applied
    assert bool(await assignments.list_plan_assignments(town.plan.id, town.scope)) == applied
    first = await published_by_run(town, open_slots)
    assert bool(first) == applied
    assert len(await outbox.list_messages(town.scope, limit=500)) >= CLASSES
    assert await deadlocks(servers) == 0


async def published_by_run(town, others):
    return [s for s in await slots.list_slots(town.plan.id, town.scope) if s.id not in others]
