"""Letters that came back: the address is marked, and the coordinator is told."""

from datetime import timedelta

import pytest
from factories import a_key, some_details, stored_slot
from reply_letters import a_letter, lookup

from blaljus.domain.errors import NotFoundError
from blaljus.store import outbox, undelivered
from blaljus.store import tables as t
from blaljus.store.audit import list_entries
from blaljus.store.engine import write_transaction
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.operation.housekeeping import QUIET, forget_outdated
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.queue import get_replies
from blaljus.usecases.replies.receiving import take_letter

TEACHER = "larare.ek@skola.example"


@pytest.fixture
async def invitation(cast, context):
    """The letter to the teacher, sent or not."""
    slot = await stored_slot(cast.plan, cast.venue)
    place = {"class_id": cast.school_class.id, "slot_id": slot.id}
    await book_slot(context, cast.teacher, a_key(), **place, details=some_details())
    (message,) = await outbox.list_messages((cast.municipality.id,), limit=5)
    return message


@pytest.fixture
def reported(invitation, cast, context, clock):
    """Let a report about the invitation come in."""

    async def report(shape, **given):
        given.setdefault("to", context.replies.of(cast.teacher.account))
        given.setdefault("ORIGINAL", invitation.message_id)
        letter = a_letter(shape, sender=TEACHER, **given)
        await take_letter(letter, clock=clock)
        await judge_new(context, lookup=lookup)
        return await undelivered.list_every()

    return report


@pytest.mark.parametrize("shape", ["bounce-postfix", "bounce-exchange"])
@pytest.mark.parametrize("to", [None, "blaljus@blaljus.example"])
async def test_a_letter_that_came_back_marks_the_address(shape, to, reported, cast, clock):
    given = {"to": to} if to else {}

    (trouble,) = await reported(shape, **given)

    assert (trouble.account, trouble.how, trouble.status) == (
        cast.teacher.account,
        "bounced",
        "5.1.1",
    )


async def told_of(cast):
    rows = await list_entries(cast.municipality.id)
    return [
        (e.actor, e.subject, e.version, e.data) for e in rows if e.action == "address-unreached"
    ]


async def test_an_address_that_is_marked_leaves_one_row_of_the_log(reported, cast):
    await reported("bounce-postfix")
    await reported("bounce-exchange")
    first, second = await t.Reply.select(t.Reply.id).order_by(t.Reply.id)

    data = f'{{"account":{cast.teacher.account},"status":"5.1.1"}}'
    assert await told_of(cast) == [("system", f"reply:{first['id']}", 1, data)]
    assert second["id"] > first["id"]


async def test_what_a_stranger_writes_as_status_comes_into_no_log(reported, cast):
    await reported("bounce-postfix", STATUS="anna.ek@skola.example")

    ((_, _, _, data),) = await told_of(cast)
    assert data == f'{{"account":{cast.teacher.account},"status":""}}'


async def test_the_coordinator_sees_which_class_is_not_reached(reported, cast, clock):
    await reported("bounce-postfix")

    page = await get_replies(cast.coordinator, cast.municipality.id, 1, clock=clock)
    foreign = await get_replies(cast.foreign_coordinator, cast.other.id, 1, clock=clock)

    assert [who.school_class.id for who in page.unreached] == [cast.school_class.id]
    assert (page.waiting, foreign.unreached) == ([], [])
    with pytest.raises(NotFoundError):
        await get_replies(cast.foreign_coordinator, cast.municipality.id, 1, clock=clock)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
async def test_other_reports_mark_nothing(action, reported, cast):
    assert await reported("bounce-postfix", ACTION=action, STATUS="4.4.1") == []
    assert await told_of(cast) == []


async def test_a_report_about_a_letter_that_is_not_ours_marks_nothing(reported):
    found = await reported("bounce-postfix", to="blaljus@blaljus.example", ORIGINAL="x@y.example")

    assert found == []


async def test_who_writes_from_an_address_is_reached_there(reported, cast, context, clock):
    await reported("bounce-postfix")

    found = await reported("letter")

    assert found == []


async def test_the_mark_goes_when_a_later_letter_brings_no_report(
    reported, invitation, clock, cast
):
    await reported("bounce-postfix")
    clock.advance(timedelta(hours=1))
    async with write_transaction():
        await outbox.mark_sent(invitation, clock())

    clock.advance(QUIET - timedelta(seconds=1))
    await forget_outdated(clock=clock)
    before = await undelivered.list_every()
    clock.advance(timedelta(seconds=2))
    await forget_outdated(clock=clock)

    assert len(before) == 1
    assert await undelivered.list_every() == []
