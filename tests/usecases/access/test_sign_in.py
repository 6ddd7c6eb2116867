"""Ways in: single use, short-lived, bound to the asking browser; and telling nobody who exists."""

import asyncio
from datetime import timedelta

import pytest
from factories import Cast
from sign_in_steps import MINE, TEACHER, THEIRS, newest_letter, signed_in

from blaljus.domain.errors import NotFoundError
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.access.sessions import find_session, hashed
from blaljus.usecases.access.sign_in import (
    LINK_LIFE,
    MAX_CODE_ATTEMPTS,
    OPERATOR_LINK_LIFE,
    LinkState,
    LinkUsedError,
    ask_for_link,
    enter_demo,
    look_at_link,
    make_operator_link,
    open_link,
    sign_in_with_code,
)


@pytest.fixture
async def letter(cast: Cast, context):
    """Ask for a link and return `(token, code)` of the letter."""

    async def asked(address=TEACHER, browser=MINE, then="/"):
        await ask_for_link(address, browser, then, context=context)
        return await newest_letter()

    return asked


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


async def test_an_account_that_was_closed_cannot_come_in_or_stay(cast, letter, clock):
    token, _ = await letter()
    session = await enter_demo(cast.teacher.account, MINE, clock=clock)
    await t.Account.update({t.Account.active: False}).where(t.Account.id == cast.teacher.account)

    assert await find_session(session.id, clock=clock) is None
    with pytest.raises(NotFoundError):
        await open_link(token, MINE, clock=clock)
