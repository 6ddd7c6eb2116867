"""Every page for everybody who sees it, in two languages, widths and themes, judged by machine."""

import re
from collections import defaultdict

import pytest
from journeys.judging import judged, listening, report
from journeys.page_table import NO_PAGES, lines
from litestar.routes import HTTPRoute

from blaljus.settings import Settings
from blaljus.web.app import create_app

pytestmark = pytest.mark.journey

PEOPLE = {
    "teacher": "larare.90012671.4a@skola.example",
    "officer": "polis-1@blaljus.example",
    "coordinator": "samordnare@hoor.example",
}
MOMENT = {"told": "2027-02-10T08:00:00+00:00"}
"""When the world is looked at, where that is not at the story's beginning."""

IDS = {
    "class": "SELECT school_class FROM class_teacher ct JOIN account a ON a.id = ct.account"
    " WHERE a.address = '{teacher}'",
    "booking": "SELECT number FROM booking WHERE school_class = {class} ORDER BY id DESC",
    "booked": "SELECT id FROM booking WHERE number = {booking}",
    "slot": "SELECT slot FROM booking WHERE school_class = {class} ORDER BY id DESC",
    "late": "SELECT slot FROM booking WHERE arrives_at IS NOT NULL",
    "duty": "SELECT d.id FROM assignment d JOIN staff_member m ON m.id = d.staff"
    " WHERE m.reference = 'polis-1'",
    "clash": "SELECT slot FROM assignment WHERE id = {duty}",
    "post": "SELECT id FROM assignment WHERE slot = {slot} AND state != 'declined'",
    "station": "SELECT station FROM assignment WHERE id = {post}",
    "away": "SELECT staff FROM assignment WHERE id = {post}",
    "venue": "SELECT id FROM venue WHERE kind = 'shared'",
    "agency": "SELECT id FROM agency",
    "reply": "SELECT id FROM reply WHERE answer = 'text' AND state = 'waiting'",
    "message": "SELECT id FROM outbox_message ORDER BY id DESC",
    "letter": "SELECT id FROM outbox_message WHERE change_id IS NOT NULL ORDER BY id DESC",
}
"""Queries of what the addresses name; each may use those before it."""


@pytest.fixture(scope="module")
def server_of(start):
    """Call with a world to get its server, started once."""
    servers = {}

    def found(world):
        if world not in servers:
            people = PEOPLE.values() if world != "empty" else [PEOPLE["coordinator"]]
            now = {"now": MOMENT[world]} if world in MOMENT else {}
            servers[world] = start(world, *people, **now)
        return servers[world]

    return found


def ids_of(server):
    """Return what the addresses name; 0 for what a world lacks."""
    token = server.ways_in[PEOPLE["coordinator"]].rpartition("/")[2]
    ids = defaultdict(int, PEOPLE, token=token)
    for name, query in IDS.items():
        if rows := server.select(query.format_map(ids)):
            ids[name] = rows[0][0]
    return ids


def entered(windows, server, who, language):
    """Return a page of somebody in a language."""
    page = windows.page() if who == "visitor" else windows.signed_in(server, PEOPLE[who])
    page.goto(f"{server.url}/sprak/{language}?till=/kakor")
    return page


def route_of(address, routes):
    """Return the route of an address, the one with the fewest holes."""
    path = address.partition("?")[0]
    fit = [r for r in routes if re.fullmatch(re.sub(r"{\w+}", "[^/]+", r), path)]
    return min(fit, key=lambda route: route.count("{"))


def test_every_route_is_looked_at_or_no_page():
    app = create_app(Settings(secret="s" * 40))
    routes = {r.path_format for r in app.routes if isinstance(r, HTTPRoute) and "GET" in r.methods}
    looked_at = {route_of(address, routes) for _, _, address in lines()}

    assert looked_at | NO_PAGES.keys() == routes
    assert not looked_at & NO_PAGES.keys()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    "world",
    [
        *("empty", "imported", "proposed", "searching", "stopped"),
        *("planned", "rostered", "told", "answered"),
    ],
)
def test_nothing_is_wrong_with_any_page(windows, server_of, world, language):
    server, wrong = server_of(world), {}
    ids, looking = ids_of(server), defaultdict(list)
    for place, who, address in lines():
        if place == world:
            looking[who].append(address.format_map(ids))

    for who, addresses in looking.items():
        page = entered(windows, server, who, language)
        _, complaints = listening(page)
        for address in addresses:
            answer = page.goto(server.url + address)
            if answer.status != 200 or page.url != server.url + address:
                wrong[who, address, "answer"] = (answer.status, page.url)
            elif found := judged(page, language):
                wrong[who, address] = found
            if complaints:
                wrong[who, address, "console"] = complaints.copy()
            complaints.clear()

    assert not wrong, report(wrong)
