"""Signed-in browsers: how long they stay, who they are, and how they end."""

from datetime import timedelta

import pytest
from sign_in_steps import MINE, THEIRS, signed_in

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import Role
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.access.sessions import (
    COORDINATOR_LIFE,
    IDLE,
    LIFE,
    browser_kind,
    end_other_sessions,
    end_session,
    find_session,
    list_my_sessions,
)
from blaljus.usecases.access.sign_in import Browser, enter_demo


async def test_a_demo_link_works_again_and_again(cast, clock):
    sessions = [await enter_demo(cast.teacher.account, MINE, clock=clock) for _ in range(2)]

    assert [await signed_in(session, clock) for session in sessions] == [cast.teacher] * 2


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
