"""Ways in: single use, short-lived, bound to the asking browser; and telling nobody who exists."""

import asyncio
import re
from datetime import timedelta
from email import message_from_string, policy

import pytest
from factories import Cast

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import Role
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, transactional
from blaljus.store.sign_in import Limit, take_token
from blaljus.usecases.sessions import (
    COORDINATOR_LIFE,
    IDLE,
    LIFE,
    browser_kind,
    end_other_sessions,
    end_session,
    find_session,
    hashed,
    list_my_sessions,
)
from blaljus.usecases.sign_in import (
    LINK_LIFE,
    MAX_CODE_ATTEMPTS,
    OPERATOR_LINK_LIFE,
    Browser,
    LinkState,
    LinkUsedError,
    TooManyError,
    ask_for_link,
    enter_demo,
    look_at_link,
    make_operator_link,
    network_of,
    open_link,
    sign_in_with_code,
)

TEACHER = "larare.ek@skola.example"
MINE = Browser(secret="min", user_agent="Mozilla/5.0 (X11; Linux) Firefox/140", peer="192.0.2.1")
THEIRS = Browser(secret="annans", peer="192.0.2.2")


@pytest.fixture
async def letter(cast: Cast, context):
    """Ask for a link and return `(token, code)` of the letter."""

    async def asked(address=TEACHER, browser=MINE, then="/"):
        await ask_for_link(address, browser, then, context=context)
        return await newest_letter()

    return asked


async def newest_letter():
    row = await t.OutboxMessage.select().order_by(t.OutboxMessage.id, ascending=False).first()
    text = message_from_string(row["mime"], policy=policy.default).get_body(("plain",))
    content = text.get_content()
    return re.search(r"/in/([\w-]+)", content)[1], re.search(r"\b(\d{6})\b", content)[1]


async def signed_in(session, clock):
    found = await find_session(session.id, clock=clock)
    return found.person if found else None


async def test_a_mailed_link_signs_its_browser_in_once(cast, letter, clock):
    token, _ = await letter()

    assert await look_at_link(token, MINE, clock=clock) is LinkState.READY
    session = await open_link(token, MINE, clock=clock)

    assert await signed_in(session, clock) == cast.teacher
    with pytest.raises(LinkUsedError):
        await open_link(token, MINE, clock=clock)
    with pytest.raises(LinkUsedError):
        await look_at_link(token, MINE, clock=clock)


async def test_looking_at_a_link_uses_nothing_up(letter, clock):
    token, _ = await letter()

    for _ in range(3):
        assert await look_at_link(token, MINE, clock=clock) is LinkState.READY


async def test_a_mailed_link_does_nothing_in_another_browser(letter, clock):
    token, _ = await letter()

    assert await look_at_link(token, THEIRS, clock=clock) is LinkState.OTHER_BROWSER
    assert await open_link(token, THEIRS, clock=clock) is None
    assert await open_link(token, MINE, clock=clock) is not None


async def test_a_mailed_link_is_good_for_ten_minutes_exclusive(letter, clock):
    token, _ = await letter()
    clock.advance(LINK_LIFE - timedelta(seconds=1))
    assert await look_at_link(token, MINE, clock=clock) is LinkState.READY

    clock.advance(timedelta(seconds=1))

    with pytest.raises(LinkUsedError):
        await open_link(token, MINE, clock=clock)


async def test_an_unknown_link_is_not_found(cast, clock):
    with pytest.raises(NotFoundError):
        await look_at_link("x" * 43, MINE, clock=clock)
    with pytest.raises(NotFoundError):
        await open_link("x" * 43, MINE, clock=clock)


async def test_of_many_who_open_a_link_at_once_one_gets_in(letter, clock):
    token, _ = await letter()

    answers = await asyncio.gather(
        *(open_link(token, MINE, clock=clock) for _ in range(6)), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == [
        *["LinkUsedError"] * 5,
        "NewSession",
    ]


async def test_the_code_works_in_the_asking_browser_once(cast, letter, clock):
    _, code = await letter()

    session = await sign_in_with_code(code, MINE, clock=clock)

    assert await signed_in(session, clock) == cast.teacher
    assert await sign_in_with_code(code, MINE, clock=clock) is None


async def test_the_code_is_worth_nothing_elsewhere(letter, clock):
    _, code = await letter()

    assert await sign_in_with_code(code, THEIRS, clock=clock) is None


async def test_five_wrong_codes_spoil_the_right_one(letter, clock):
    _, code = await letter()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    for _ in range(MAX_CODE_ATTEMPTS):
        assert await sign_in_with_code(wrong, MINE, clock=clock) is None

    assert await sign_in_with_code(code, MINE, clock=clock) is None


async def test_the_newest_code_works_beside_older_letters(letter, clock):
    codes = [(await letter())[1] for _ in range(2)]

    assert await sign_in_with_code(codes[0], MINE, clock=clock) is not None
    assert await sign_in_with_code(codes[1], MINE, clock=clock) is not None


async def test_secrets_are_stored_as_hashes_only(cast, letter, clock):
    token, code = await letter()
    session = await open_link(token, MINE, clock=clock)
    rows = [await t.SignInLink.select(), await t.WebSession.select(), await t.RateBucket.select()]

    stored = repr(rows)

    for secret in (token, code, session.id, MINE.secret, TEACHER, MINE.peer):
        assert f"'{secret}'" not in stored
    assert hashed(code) not in stored, "a million hashes are soon tried"


async def test_an_unknown_address_gets_no_letter_and_nearly_the_same_work(cast, context):
    counts = {}
    for address in (TEACHER, "ingen@skola.example"):
        with count_statements() as statements:
            await ask_for_link(address, MINE, "/", context=context)
        counts[address] = len(statements)

    assert counts["ingen@skola.example"] == counts[TEACHER] - 1
    assert await t.OutboxMessage.count() == 1
    assert await t.SignInLink.count() == 1


async def test_an_address_is_known_however_it_is_spelt(cast, letter, clock):
    token, _ = await letter(f"  {TEACHER.upper()} ")

    assert await signed_in(await open_link(token, MINE, clock=clock), clock) == cast.teacher


async def test_a_mailbox_is_not_filled(cast, context, clock):
    for _ in range(5):
        await ask_for_link(TEACHER, MINE, "/", context=context)

    with pytest.raises(TooManyError):
        await ask_for_link(TEACHER.upper(), THEIRS, "/", context=context)
    await ask_for_link("larare.al@skola.example", THEIRS, "/", context=context)
    clock.advance(timedelta(minutes=5))
    await ask_for_link(TEACHER, THEIRS, "/", context=context)
    assert await t.OutboxMessage.count() == 7


async def test_unknown_addresses_are_limited_the_same(cast, context):
    for _ in range(5):
        await ask_for_link("ingen@skola.example", MINE, "/", context=context)

    with pytest.raises(TooManyError):
        await ask_for_link("ingen@skola.example", THEIRS, "/", context=context)


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


async def test_an_operators_link_works_in_any_browser_once_within_a_day(cast, context, clock):
    first, second = [
        (await make_operator_link(TEACHER, context=context)).rpartition("/in/")[2] for _ in range(2)
    ]
    clock.advance(OPERATOR_LINK_LIFE - timedelta(seconds=1))
    session = await open_link(first, THEIRS, clock=clock)
    assert await signed_in(session, clock) == cast.teacher
    with pytest.raises(LinkUsedError):
        await open_link(first, MINE, clock=clock)

    clock.advance(timedelta(seconds=1))

    with pytest.raises(LinkUsedError):
        await open_link(second, MINE, clock=clock)


async def test_an_operator_cannot_make_a_link_for_nobody(cast, context):
    with pytest.raises(NotFoundError):
        await make_operator_link("ingen@skola.example", context=context)


async def test_a_demo_link_works_again_and_again(cast, clock):
    sessions = [await enter_demo(cast.teacher.account, MINE, clock=clock) for _ in range(2)]

    assert [await signed_in(session, clock) for session in sessions] == [cast.teacher] * 2


async def test_an_account_that_was_closed_cannot_come_in_or_stay(cast, letter, clock):
    token, _ = await letter()
    session = await enter_demo(cast.teacher.account, MINE, clock=clock)
    await t.Account.update({t.Account.active: False}).where(t.Account.id == cast.teacher.account)

    assert await find_session(session.id, clock=clock) is None
    with pytest.raises(NotFoundError):
        await open_link(token, MINE, clock=clock)


async def test_a_session_is_one_statement_and_knows_every_role(cast, clock):
    for person in (cast.teacher, cast.officer, cast.coordinator):
        session = await enter_demo(person.account, MINE, clock=clock)
        with count_statements() as statements:
            assert await signed_in(session, clock) == person
        assert len(statements) == 1


async def test_a_session_idles_out_and_use_keeps_it(cast, clock):
    session = await enter_demo(cast.teacher.account, MINE, clock=clock)
    for _ in range(3):
        clock.advance(IDLE - timedelta(minutes=1))
        assert await find_session(session.id, clock=clock) is not None

    clock.advance(IDLE)

    assert await find_session(session.id, clock=clock) is None


async def test_use_is_noted_at_most_every_five_minutes(cast, clock):
    session = await enter_demo(cast.teacher.account, MINE, clock=clock)
    seen = []
    for minutes in (4, 2, 1):
        clock.advance(timedelta(minutes=minutes))
        await find_session(session.id, clock=clock)
        seen.append((await list_my_sessions(cast.teacher, clock=clock))[0].seen_at)

    start = clock() - timedelta(minutes=7)
    assert seen == [start, start + timedelta(minutes=6), start + timedelta(minutes=6)]


@pytest.mark.parametrize(("who", "life"), [("teacher", LIFE), ("coordinator", COORDINATOR_LIFE)])
async def test_a_session_ends_at_last_however_much_it_is_used(cast, clock, who, life):
    session = await enter_demo(getattr(cast, who).account, MINE, clock=clock)
    start = clock()
    while clock() + IDLE / 2 < start + life:
        clock.advance(IDLE / 2)
        assert await find_session(session.id, clock=clock) is not None

    clock.set(start + life)

    assert await find_session(session.id, clock=clock) is None


@pytest.mark.parametrize("unknown", ["", "x", "å", "'", "x" * 5000])
async def test_an_id_we_did_not_make_is_nobody(store, clock, unknown):
    assert await find_session(unknown, clock=clock) is None


async def test_signing_in_ends_the_browsers_session_before(cast, context, clock):
    before = await enter_demo(cast.teacher.account, MINE, clock=clock)
    known = await find_session(before.id, clock=clock)
    again = Browser(secret=before.id, session=(cast.teacher.account, known.session))

    after = await enter_demo(cast.officer.account, again, clock=clock)

    assert await find_session(before.id, clock=clock) is None
    assert await signed_in(after, clock) == cast.officer


async def test_people_end_their_own_sessions_and_nobody_elses(cast, clock):
    mine = [await enter_demo(cast.teacher.account, MINE, clock=clock) for _ in range(3)]
    theirs = await enter_demo(cast.officer.account, THEIRS, clock=clock)
    first, second, third = [
        (await find_session(session.id, clock=clock)).session for session in mine
    ]
    foreign = (await find_session(theirs.id, clock=clock)).session

    with pytest.raises(NotFoundError):
        await end_session(cast.teacher, foreign, clock=clock)
    await end_session(cast.teacher, first, clock=clock)
    assert {s.id for s in await list_my_sessions(cast.teacher, clock=clock)} == {second, third}
    await end_other_sessions(cast.teacher, second, clock=clock)

    assert [s.id for s in await list_my_sessions(cast.teacher, clock=clock)] == [second]
    assert await find_session(theirs.id, clock=clock) is not None


async def test_a_protected_person_is_called_by_function(cast, clock):
    await t.StaffMember.update(
        {t.StaffMember.protected: True, t.StaffMember.display_name: "Hemlig Person"}
    ).where(t.StaffMember.account == cast.officer.account)
    session = await enter_demo(cast.officer.account, MINE, clock=clock)

    found = await find_session(session.id, clock=clock)

    assert found.label == "områdespolis"
    assert found.person.roles == (Role.STAFF,)


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130 Safari/537 Edg/130",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU like Mac OS X) AppleWebKit Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/2010 Firefox/140", "Firefox, Linux"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_named_by_kind_alone(user_agent, kind):
    assert browser_kind(user_agent) == kind
