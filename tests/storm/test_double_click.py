"""The same form twice at the same moment, once to each server."""

import asyncio
from collections import Counter

import pytest
from storm.booking import active_bookings, all_ready, broken_rules, double_booked
from storm.browsers import Browser
from storm.town import found_town, publish

from blaljus.store import audit, outbox

pytestmark = pytest.mark.storm

CLASSES = 12
DELAY = "after_capacity_check=sleep:0.02"
LONG_DELAY = "after_capacity_check=sleep:0.3"
"""Holds nothing up in a twin; a busy machine must not hide what it is to show."""
UNGUARDED = "storm.unguarded:make_app"


async def press_twice(booker, roads, other):
    """Send the form to its own server and to the other one; return both answers."""
    second = Browser(roads, other.address, booker.teacher.session)
    return await asyncio.gather(booker.press(), second.post_fields("/boka", booker.form))


async def all_press_twice(town, servers, roads, slot):
    """Let everybody double-click at once; return the pairs of answers."""
    bookers = await all_ready(roads, servers, town.teachers, [slot])
    clicks = [press_twice(b, roads, servers[1 - n % 2]) for n, b in enumerate(bookers)]
    return await asyncio.gather(*clicks)


async def test_a_double_click_on_two_servers_books_once_and_answers_alike(store, serve, roads):
    town = await found_town(CLASSES)
    slot = await publish(town, 0, places=CLASSES - 2)
    servers = serve(BLALJUS_FAILPOINTS=DELAY)

    pairs = await all_press_twice(town, servers, roads, slot)

    statuses = Counter((one.status_code, other.status_code) for one, other in pairs)
    assert statuses == {(303, 303): CLASSES - 2, (409, 409): 2}
    assert all(one.headers.get("location") == two.headers.get("location") for one, two in pairs)
    assert len(await active_bookings(town)) == CLASSES - 2
    assert await double_booked(town) == 0
    assert len(await audit.list_entries(town.municipality.id)) == CLASSES - 2
    assert len(await outbox.list_messages(town.scope, limit=500)) == CLASSES - 2
    assert await broken_rules() == {}


async def test_without_the_guards_a_double_click_books_twice(unguarded_store, serve, roads):
    town = await found_town(CLASSES)
    slot = await publish(town, 0, places=2 * CLASSES)
    servers = serve(app=UNGUARDED, BLALJUS_FAILPOINTS=LONG_DELAY)

    await all_press_twice(town, servers, roads, slot)

    assert len(await active_bookings(town)) > CLASSES
    assert await double_booked(town) > 0
    assert any(name.startswith("1 ") for name in await broken_rules())
