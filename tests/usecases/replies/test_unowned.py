"""Letters of no municipality: an operator sees how they begin, hands them over or forgets them."""

import pytest
from reply_letters import a_letter, lookup

from blaljus.domain.errors import NotFoundError
from blaljus.domain.replies import Doubt, NoCoordinatorError, ReplyState
from blaljus.store import replies
from blaljus.store import tables as t
from blaljus.store.audit import list_entries
from blaljus.store.engine import count_statements
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.queue import get_replies
from blaljus.usecases.replies.receiving import take_letter
from blaljus.usecases.replies.unowned import (
    LISTED,
    UnownedRow,
    forget_letters,
    give_letter,
    list_unowned,
)


@pytest.fixture
def came(cast, context, clock):
    """Let a letter of a stranger come in, in which two municipalities could have a part."""

    async def come(sender="anna@okand.example", subject="Re: Ert besök", copies=1):
        for _ in range(copies):
            letter = a_letter("letter", to="blaljus@blaljus.example", sender=sender)
            await take_letter(f"Subject: {subject}\r\n".encode() + letter, clock=clock)
        await judge_new(context, lookup=lookup)
        return (await list_unowned())[0]

    return come


async def audit_of(municipality):
    return [(e.action, e.actor, e.subject, e.version) for e in await list_entries(municipality)]


async def seen_by(coordinator, municipality, clock):
    page = await get_replies(coordinator, municipality.id, 1, clock=clock)
    return [row.reply.id for row in page.waiting]


async def test_a_letter_of_nobody_is_told_by_number_domain_and_subject(came, clock):
    (row,) = await came()

    assert row == UnownedRow(
        number=row.number,
        received_at=clock(),
        domain="okand.example",
        subject="Re: Ert besök",
        doubts=(Doubt.NO_SECRET, Doubt.UNSIGNED, Doubt.NO_CALENDAR),
    )


async def test_of_a_protected_person_only_that_a_letter_came_is_told(came, cast):
    await t.StaffMember.update({t.StaffMember.protected: True}, force=True)
    account = await t.Account.select(t.Account.address).where(t.Account.id == cast.officer.account)

    (row,) = await came(sender=account[0]["address"])

    assert (row.domain, row.subject) == ("", "")


async def test_a_long_subject_is_shortened_and_marks_of_control_are_gone(came):
    (row,) = await came(subject="\x1b[31mRöd\x07 " + "x" * 200)

    assert len(row.subject) == 60
    assert row.subject.startswith("[31mRöd x")
    assert row.subject.endswith("x…")


async def test_many_letters_are_listed_up_to_a_limit_in_the_same_statements(came):
    await came()
    with count_statements() as few:
        await list_unowned()
    for _ in range(3):
        await came(copies=20)

    with count_statements() as many:
        rows, count = await list_unowned()

    assert (len(rows), count, len(many)) == (LISTED, 61, len(few))


async def test_a_letter_that_is_handed_over_is_its_coordinators(came, cast, context, clock):
    (row,) = await came()

    await give_letter(context, row.number, cast.other.id)

    assert await list_unowned() == ([], 0)
    assert await seen_by(cast.foreign_coordinator, cast.other, clock) == [row.number]
    assert await seen_by(cast.coordinator, cast.municipality, clock) == []
    assert await audit_of(cast.other.id) == [
        ("reply-given", "operator", f"reply:{row.number}", 2),
    ]


async def test_a_letter_that_waits_in_a_wrong_municipality_is_handed_over_again(
    came, cast, context, clock
):
    (row,) = await came()
    await give_letter(context, row.number, cast.other.id)

    await give_letter(context, row.number, cast.municipality.id)

    assert await seen_by(cast.foreign_coordinator, cast.other, clock) == []
    assert await seen_by(cast.coordinator, cast.municipality, clock) == [row.number]
    subject = f"reply:{row.number}"
    assert await audit_of(cast.other.id) == [
        ("reply-given", "operator", subject, 2),
        ("reply-taken-back", "operator", subject, 3),
    ]
    assert ("reply-given", "operator", subject, 4) in await audit_of(cast.municipality.id)
    assert {name: found for name, found in await verify_store(clock=clock) if found} == {}


@pytest.mark.parametrize("leaves", ["no coordinator", "one who has left"])
async def test_a_letter_is_not_given_where_nobody_could_read_it(leaves, came, cast, context):
    (row,) = await came()
    here = t.Coordinator.municipality == cast.other.id
    if leaves == "no coordinator":
        await t.Coordinator.delete().where(here)
    else:
        account = cast.foreign_coordinator.account
        await t.Account.update({t.Account.active: False}).where(t.Account.id == account)

    with pytest.raises(NoCoordinatorError):
        await give_letter(context, row.number, cast.other.id)

    assert [waiting.number for waiting in (await list_unowned())[0]] == [row.number]


async def test_who_became_protected_after_writing_is_told_to_nobody(came, cast, context, clock):
    (account,) = await t.Account.select(t.Account.address).where(
        t.Account.id == cast.officer.account
    )
    (row,) = await came(sender=account["address"])
    await t.StaffMember.update({t.StaffMember.protected: True}, force=True)

    ((listed,), _) = await list_unowned()
    await give_letter(context, row.number, cast.other.id)

    assert row.domain
    assert (listed.domain, listed.subject) == ("", "")
    page = await get_replies(cast.foreign_coordinator, cast.other.id, 1, clock=clock)
    assert [(found.reply.sender, found.comment) for found in page.waiting] == [("", "")]


@pytest.mark.parametrize("sender", ["anna@\x1b]0;x\x07.example", "anna@sk\x9båne.example"])
async def test_a_domain_with_marks_of_control_is_not_shown(sender, came):
    (row,) = await came(sender=sender)

    assert row.domain == ""


async def test_an_address_in_raw_utf_8_is_left_out_and_the_letter_keeps_its_words(came):
    (row,) = await came(sender="anna@skåne.example")

    (kept,) = await t.Reply.select(t.Reply.sender, t.Reply.comment, t.Reply.doubts)
    assert (row.domain, kept["sender"]) == ("", "")
    assert kept["comment"]
    assert "unreadable" not in kept["doubts"]


async def test_letters_that_are_forgotten_leave_a_row_of_the_log_each(came, context, clock):
    first, second, third = await came(copies=3)

    await forget_letters(context, (third.number, first.number, third.number))

    assert await list_unowned() == ([second], 1)
    assert [row["id"] for row in await t.Reply.select(t.Reply.id)] == [second.number]
    assert sorted(await audit_of(None)) == [
        ("reply-forgotten", "operator", f"reply:{first.number}", 2),
        ("reply-forgotten", "operator", f"reply:{third.number}", 2),
    ]
    assert {name: found for name, found in await verify_store(clock=clock) if found} == {}


async def test_no_letter_is_forgotten_beside_a_number_that_is_none(came, context):
    first, second = await came(copies=2)
    wrong = second.number + 1

    with pytest.raises(NotFoundError) as caught:
        await forget_letters(context, (first.number, wrong, second.number))

    assert caught.value.data == {"number": wrong}
    assert await list_unowned() == ([first, second], 2)
    assert await audit_of(None) == []


async def test_what_a_municipality_has_or_decided_is_no_operators(came, cast, context):
    (row,) = await came()
    await replies.save_reply(row.number, {"state": ReplyState.LEFT.value})

    with pytest.raises(NotFoundError):
        await forget_letters(context, (row.number,))
