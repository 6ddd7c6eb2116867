"""Two coordinators want one officer at the same moment, through two servers."""

import asyncio
from datetime import timedelta

import pytest
from storm.booking import broken_rules, deadlocks
from storm.browsers import Browser
from storm.town import appoint, found_town, hire, lend, publish

from blaljus.domain.words import ACTIVE_ASSIGNMENT, Service
from blaljus.store import assignments, audit, outbox, slots

pytestmark = pytest.mark.storm

ROUNDS = 20
TWIN_ROUNDS = 3
REPLACEMENTS = NEIGHBOURS = 5
DELAY = "after_staff_check=sleep:0.02"
LONG_DELAY = "after_staff_check=sleep:0.3"
"""Holds nothing up in a twin; a busy machine must not hide what it is to show."""
UNGUARDED = "storm.unguarded:make_app"
SHIFT = timedelta(minutes=55)
"""Every other pair of slots overlaps by a part only."""
ELSEWHERE = "Personen är redan på en annan plats."


async def two_coordinators(towns, servers, roads):
    """Return a browser of each town's coordinator, at each server."""
    people = zip(towns, ("anna", "bertil"), servers, strict=True)
    return [
        Browser(roads, server.address, await appoint(town, name)) for town, name, server in people
    ]


async def overlapping_slots(towns, day):
    """Return two slots, one of each town at its own venue, that nobody can be at both of."""
    late = SHIFT * (day % 2)
    return [await publish(towns[0], day), await publish(towns[1], day, venue=1, later=late)]


async def form_for(browser, slot, officer, replaced=None):
    """Open the page of a slot's police station and choose the officer; return how to send it."""
    stations = await slots.list_stations([slot])
    station = next(s.id for s in stations if s.provides is Service.POLICE)
    address = f"/samordnare/pass/{slot}/bemanna/{station}"
    page = await browser.get(address, params={"byt": replaced} if replaced else None)
    if not replaced:
        return address, {**browser.fields(page, address), "staff": str(officer)}
    seen = await browser.send_form(page, f"{address}/granska", {"staff": str(officer)})
    return address, browser.fields(seen, address)


async def both(browsers, forms):
    """Send a form from each browser at once; return the answers."""
    sent = [b.post_fields(*form) for b, form in zip(browsers, forms, strict=True)]
    return await asyncio.gather(*sent)


async def rounds(towns, servers, roads, officer, number):
    """Let both coordinators ask at once, for other slots each time; return pairs of answers."""
    browsers = await two_coordinators(towns, servers, roads)
    answers = []
    for day in range(number):
        pair = zip(browsers, await overlapping_slots(towns, day), strict=True)
        answers.append(await both(browsers, [await form_for(b, s, officer) for b, s in pair]))
    return answers


async def duties(officer):
    found = await assignments.list_duties([officer])
    return [duty for duty in found if duty.state in ACTIVE_ASSIGNMENT]


async def test_of_two_coordinators_one_gets_the_officer_and_one_the_reason(store, serve, roads):
    town = await found_town(1)
    officer = await hire(town, Service.POLICE, ROUNDS)
    servers = serve(BLALJUS_FAILPOINTS=DELAY)

    answers = await rounds([town, town], servers, roads, officer, ROUNDS)

    assert [sorted(a.status_code for a in pair) for pair in answers] == [[303, 409]] * ROUNDS
    refused = [answer for pair in answers for answer in pair if answer.status_code == 409]
    assert all(ELSEWHERE in answer.text for answer in refused)
    assert len(await duties(officer)) == ROUNDS
    assert [e.action for e in await audit.list_entries(town.municipality.id)] == (
        ["duty-made"] * ROUNDS
    )
    assert len(await outbox.list_messages(town.scope, limit=500)) == ROUNDS
    assert await broken_rules() == {}


async def test_coordinators_of_two_municipalities_cannot_both_have_the_officer(store, serve, roads):
    towns = [await found_town(1), await found_town(0, code="1285", name="Eslöv")]
    officer = await hire(towns[0], Service.POLICE, NEIGHBOURS)
    await lend(officer, towns[1])
    servers = serve(BLALJUS_FAILPOINTS=DELAY)

    answers = await rounds(towns, servers, roads, officer, NEIGHBOURS)

    assert [sorted(a.status_code for a in pair) for pair in answers] == [[303, 409]] * NEIGHBOURS
    assert len(await duties(officer)) == NEIGHBOURS
    assert await broken_rules() == {}


async def test_an_officer_asked_for_while_put_in_anothers_place_is_in_one(store, serve, roads):
    town = await found_town(1)
    wanted = await hire(town, Service.POLICE, REPLACEMENTS)
    other = await hire(town, Service.POLICE, REPLACEMENTS, number=2)
    servers = serve(BLALJUS_FAILPOINTS=DELAY)
    browsers = await two_coordinators([town, town], servers, roads)

    for day in range(REPLACEMENTS):
        first, second = await overlapping_slots([town, town], day)
        address, form = await form_for(browsers[0], first, other)
        await browsers[0].post_fields(address, form)
        (replaced,) = [duty for duty in await duties(other) if duty.slot == first]
        replacement = await form_for(browsers[0], first, wanted, replaced.id)
        answers = await both(browsers, [replacement, await form_for(browsers[1], second, wanted)])
        assert sorted(answer.status_code for answer in answers) == [303, 409]

    assert len(await duties(wanted)) == REPLACEMENTS
    assert await broken_rules() == {}
    assert await deadlocks(servers) == 0


async def test_without_the_guards_the_officer_is_in_two_places(unguarded_store, serve, roads):
    town = await found_town(1)
    officer = await hire(town, Service.POLICE, TWIN_ROUNDS)
    servers = serve(app=UNGUARDED, BLALJUS_FAILPOINTS=LONG_DELAY)

    await rounds([town, town], servers, roads, officer, TWIN_ROUNDS)

    assert len(await duties(officer)) > TWIN_ROUNDS
    assert any(name.startswith("3 ") for name in await broken_rules())
