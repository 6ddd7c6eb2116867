"""How often a way in may be asked for, and that nobody can keep somebody else out."""

import asyncio
from datetime import timedelta

import pytest
from sign_in_steps import MINE, TEACHER, THEIRS, newest_letter

from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.store.sign_in import take_token
from blaljus.usecases.access.limits import Limit, TooManyError, network_of, site_of
from blaljus.usecases.access.sessions import IDLE, end_session, find_session
from blaljus.usecases.access.sign_in import Browser, ask_for_link, open_link


def at(peer, who="annans", **others):
    return Browser(secret=who, peer=peer, **others)


@pytest.fixture
def ask(cast, context):
    """Ask for a letter; returns whether one could."""

    async def asked(address=TEACHER, browser=THEIRS):
        try:
            await ask_for_link(address, browser, "/", context=context)
        except TooManyError:
            return False
        return True

    return asked


async def asked_till_refused(ask, *browsers, address=TEACHER):
    """How many letters some strangers get sent, who go on till nothing more goes."""
    sent, before = 0, -1
    while sent != before:
        before = sent
        for browser in browsers:
            sent += await ask(address, browser)
    return sent


@pytest.fixture
async def known(cast, context, clock):
    """The teacher's browser at school, where the session ended by itself yesterday."""
    await ask_for_link(TEACHER, MINE, "/", context=context)
    session = await open_link((await newest_letter())[0], MINE, clock=clock)
    clock.advance(IDLE + timedelta(hours=10))
    assert await find_session(session.id, clock=clock) is None
    return at("192.0.2.9", who="nytt", cookie=session.id)


async def test_from_one_place_an_address_gets_five_letters_and_then_twelve_an_hour(ask, clock):
    assert await asked_till_refused(ask, THEIRS) == 5
    assert not await ask(TEACHER.upper(), at(THEIRS.peer, who="another browser"))
    assert await ask("larare.al@skola.example")

    clock.advance(timedelta(minutes=5))

    assert await asked_till_refused(ask, THEIRS) == 1


async def test_unknown_addresses_are_limited_the_same(ask, cast):
    stranger = "ingen@skola.example"

    assert await asked_till_refused(ask, THEIRS, address=stranger) == 5
    assert await asked_till_refused(ask, *_places(9), address=stranger) == 15


async def test_a_stranger_elsewhere_cannot_keep_a_person_out(ask, clock):
    for _ in range(30):
        await asked_till_refused(ask, THEIRS)
        clock.advance(timedelta(minutes=1))

    assert await ask(TEACHER, MINE)


async def test_nobodys_mailbox_is_filled_from_many_places_at_once(ask, clock):
    assert await asked_till_refused(ask, *_places(9)) == 20
    clock.advance(timedelta(minutes=10))
    assert await asked_till_refused(ask, *_places(9)) == 10


async def test_whoever_has_65536_networks_is_one_place(ask):
    many = [at(f"2001:db8:7:{n:x}::1") for n in range(9)]

    assert await asked_till_refused(ask, *many) == 5


@pytest.mark.parametrize("beside", [9, 1], ids=["from many places", "from the same network"])
async def test_where_one_was_signed_in_before_no_stranger_can_keep_one_out(
    ask, known, clock, beside
):
    strangers = _places(9) if beside == 9 else [at(known.peer, who="en elevs")]
    await asked_till_refused(ask, *strangers)
    while await ask("larare.al@skola.example", at(known.peer)):
        pass
    await asked_till_refused(ask, *(at(known.peer, who=f"{n}") for n in range(80)))

    assert not await ask(TEACHER, at(known.peer, who="nytt"))
    assert await asked_till_refused(ask, known) == 5
    clock.advance(timedelta(minutes=5))
    assert await ask(TEACHER, known)


async def test_a_known_browser_is_known_for_its_own_address_alone(ask, known):
    await asked_till_refused(ask, *_places(9), address="larare.al@skola.example")

    assert not await ask("larare.al@skola.example", known)


async def test_a_browser_that_was_signed_out_elsewhere_is_not_known_any_more(
    ask, known, cast, clock
):
    sessions = await t.WebSession.select(t.WebSession.id)
    await end_session(cast.teacher, sessions[0]["id"], clock=clock)
    await asked_till_refused(ask, *_places(9))

    assert not await ask(TEACHER, known)


async def test_a_refusal_takes_nothing_from_others(ask, clock):
    await asked_till_refused(ask, *_places(9))
    before = await t.RateBucket.select().order_by(t.RateBucket.id)

    assert not await ask(TEACHER, at("198.51.100.1"))

    assert await t.RateBucket.select().order_by(t.RateBucket.id) == before


def _places(count):
    return [at(f"198.51.100.{n}") for n in range(50, 50 + count)]


async def test_many_who_take_at_once_take_no_more_than_there_is(store, clock):
    @transactional
    async def taken():
        return await take_token("k" * 64, Limit(size=3, every=timedelta(hours=1)), now=clock())

    assert sum(await asyncio.gather(*(taken() for _ in range(10)))) == 3


async def test_a_bucket_fills_in_fractions_and_never_over(store, clock):
    limit = Limit(size=2, every=timedelta(seconds=10))

    @transactional
    async def taken():
        return await take_token("k" * 64, limit, now=clock())

    assert [await taken() for _ in range(3)] == [True, True, False]
    clock.advance(timedelta(seconds=5))
    assert not await taken()
    clock.advance(timedelta(seconds=5))
    assert [await taken(), await taken()] == [True, False]
    clock.advance(timedelta(days=9))
    assert [await taken() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_an_asker_is_an_ipv4_address_or_an_ipv6_network(peer, network):
    assert network_of(peer) == network


@pytest.mark.parametrize(
    ("peer", "site"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2::1", "2001:db8:1::/48"), ("", "unknown")],
)
def test_a_place_is_an_ipv4_address_or_all_that_one_customer_has(peer, site):
    assert site_of(peer) == site
