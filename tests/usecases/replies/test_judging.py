"""Replies by mail: what is sure acts as the page does, what is unsure waits for a coordinator."""

import re
from datetime import date, timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_municipality, stored_slot
from reply_letters import ANSWERED, a_letter, lookup, signed

from blaljus.domain.replies import Answer, Doubt, ReplyState
from blaljus.domain.words import AssignmentState, BookingState, Service
from blaljus.store import assignments, bookings, outbox, replies, slots
from blaljus.store import tables as t
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person, withdraw_person
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.receiving import take_letter

OFFICER = "police-1@blaljus.example"
SHAPES = {
    "outlook-accepted": "ACCEPTED",
    "gmail-accepted": "ACCEPTED",
    "apple-declined": "DECLINED",
    "exchange-declined-windows-1252": "DECLINED",
}


@pytest.fixture
async def duty(cast, context):
    """The officer's, invited and not answered."""
    slot = await stored_slot(cast.plan, cast.venue)
    (station, *_) = await slots.list_stations([slot.id])
    place = {"slot_id": slot.id, "station_id": station.id}
    police = cast.staff[Service.POLICE]
    number = await assign_person(context, cast.coordinator, a_key(), **place, staff_id=police)
    return await assignments.get_assignment(number, (cast.municipality.id,))


@pytest.fixture
def said(duty, cast, context, clock):
    """Send the officer's reply to the duty, judge it, and return what became of it."""

    async def say(shape="outlook-accepted", *, sign="blaljus.example", raw=None, **given):
        given = {"UID": duty.uid, "sender": OFFICER, **given}
        given.setdefault("to", context.replies.of(cast.officer.account))
        letter = raw or a_letter(shape, **given)
        clock.set(ANSWERED + timedelta(minutes=1))
        await take_letter(signed(letter, sign) if sign else letter, clock=clock)
        await judge_new(context, lookup=lookup)
        return (await every_reply(cast))[0]

    return say


async def every_reply(cast):
    return await replies.list_replies((cast.municipality.id,), [*ReplyState], limit=50)


async def state_of(duty):
    return (await assignments.get_assignment(duty.id, (duty.municipality,))).state


async def actions(subject):
    rows = await t.AuditEntry.select().where(t.AuditEntry.subject == subject)
    return [(row["action"], row["actor"]) for row in rows]


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_signed_reply_is_taken_as_the_pages_answer_is(shape, said, duty, cast):
    can = SHAPES[shape] == "ACCEPTED"

    reply = await said(shape, PARTSTAT=SHAPES[shape])

    wanted = AssignmentState.ACCEPTED if can else AssignmentState.DECLINED
    assert (reply.state, reply.doubts) == (ReplyState.YES if can else ReplyState.NO, "")
    assert await state_of(duty) is wanted
    assert (await actions(f"assignment:{duty.id}"))[-1] == (
        f"duty-{wanted}",
        cast.officer.actor,
    )
    assert await actions(f"reply:{reply.id}") == [(f"reply-{reply.state}", cast.officer.actor)]


async def test_a_decline_by_mail_frees_the_person_and_tells_coordinators(said, duty, cast):
    await said("apple-declined", PARTSTAT="DECLINED")

    assert await assignments.busy_buckets([duty.staff]) == {duty.staff: set()}
    messages = await outbox.list_messages((cast.municipality.id,), limit=10)
    assert [(m.account, m.method) for m in messages[:2]] == [
        (cast.coordinator.account, "mail"),
        (cast.officer.account, "cancel"),
    ]


async def test_the_same_letter_twice_counts_once(said, cast, duty, context, clock):
    await said("apple-declined", PARTSTAT="DECLINED")
    (row,) = await t.Reply.select()
    raw = await replies.get_letter(row["id"])

    again = await take_letter(b"Received: by another way\r\n" + raw, clock=clock)

    assert not again
    assert await judge_new(context, lookup=lookup) == 0


@pytest.mark.parametrize("with_organizer", [True, False])
async def test_a_reply_counts_with_and_without_organizer(with_organizer, said, duty, cast, context):
    to = context.replies.of(cast.officer.account)
    letter = a_letter("gmail-accepted", to=to, sender=OFFICER, UID=duty.uid)
    if not with_organizer:
        letter = re.sub(rb"ORGANIZER.*\r\n", b"", letter)

    reply = await said(raw=letter)

    assert reply.state is ReplyState.YES
    assert (b"ORGANIZER" in letter) is with_organizer


@pytest.mark.parametrize(
    ("shape", "partstat", "answer", "doubt"),
    [
        ("outlook-accepted", "TENTATIVE", Answer.MAYBE, Doubt.MAYBE),
        ("delegated", "DELEGATED", Answer.DELEGATED, Doubt.DELEGATED),
        ("outlook-counter", "TENTATIVE", Answer.COUNTER, Doubt.COUNTER),
    ],
)
async def test_what_is_neither_yes_nor_no_waits(shape, partstat, answer, doubt, said, duty):
    reply = await said(shape, PARTSTAT=partstat)

    assert (reply.state, reply.answer, reply.waits_for) == (ReplyState.WAITING, answer, (doubt,))
    assert reply.assignment == duty.id
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_counter_proposal_says_which_time(said):
    reply = await said("outlook-counter")

    assert reply.proposed_from.isoformat() == "2027-03-16T12:00:00+00:00"
    assert reply.proposed_to.isoformat() == "2027-03-16T14:30:00+00:00"
    assert reply.comment.startswith("Kan vi ta eftermiddagen")


async def test_an_unsigned_reply_waits(said, duty):
    reply = await said("apple-declined", PARTSTAT="DECLINED", sign=None)

    assert reply.waits_for == (Doubt.UNSIGNED,)
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_signature_of_another_domain_is_none(said, duty):
    reply = await said("apple-declined", PARTSTAT="DECLINED", sign="evil.example")

    assert reply.waits_for == (Doubt.UNSIGNED,)


async def test_a_letter_changed_after_it_was_signed_waits(said, duty, cast, context):
    to = context.replies.of(cast.officer.account)
    letter = a_letter("gmail-accepted", to=to, sender=OFFICER, UID=duty.uid)
    changed = signed(letter, "blaljus.example").replace(b"=ACCEPTED", b"=DECLINED")

    reply = await said(raw=changed, sign=None)

    assert reply.waits_for == (Doubt.UNSIGNED,)
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_reply_to_a_forged_address_waits(said, duty, cast):
    forged = f"blaljus+{cast.officer.account}x{'a' * 16}@blaljus.example"

    reply = await said("apple-declined", PARTSTAT="DECLINED", to=forged)

    assert reply.waits_for == (Doubt.FORGED,)
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_reply_to_the_plain_address_waits(said, duty):
    reply = await said("apple-declined", PARTSTAT="DECLINED", to="blaljus@blaljus.example")

    assert reply.waits_for == (Doubt.NO_SECRET,)
    assert reply.assignment == duty.id


async def test_a_reply_from_an_alias_that_speaks_for_the_invited_is_taken(said, duty):
    reply = await said(
        "apple-declined",
        sender="anna.ek@blaljus.example",
        ATTENDEE=OFFICER,
        PARTSTAT="DECLINED",
    )

    assert reply.state is ReplyState.NO


async def test_a_colleague_who_answers_a_forwarded_invitation_waits(said, duty):
    reply = await said("apple-declined", sender="other@blaljus.example", PARTSTAT="DECLINED")

    assert reply.waits_for == (Doubt.OTHER_SENDER,)
    assert await state_of(duty) is AssignmentState.INVITED


async def test_another_persons_secret_answers_for_nobody(said, duty, cast, context):
    theirs = context.replies.of(cast.teacher.account)

    reply = await said("apple-declined", PARTSTAT="DECLINED", to=theirs)

    assert Doubt.NOT_INVITED in reply.waits_for
    assert await state_of(duty) is AssignmentState.INVITED


async def test_an_older_reply_that_comes_later_changes_nothing(said, duty):
    await said("outlook-accepted")

    older = f"{ANSWERED - timedelta(minutes=5):%Y%m%dT%H%M%SZ}"
    reply = await said("apple-declined", PARTSTAT="DECLINED", DTSTAMP=older)

    assert (reply.answer, reply.state) == (Answer.NO, ReplyState.IGNORED)
    assert await state_of(duty) is AssignmentState.ACCEPTED


async def test_who_changes_their_mind_is_heard(said, duty):
    await said("outlook-accepted")

    newer = f"{ANSWERED + timedelta(minutes=5):%Y%m%dT%H%M%SZ}"
    reply = await said("apple-declined", PARTSTAT="DECLINED", DTSTAMP=newer)

    assert reply.state is ReplyState.NO
    assert await state_of(duty) is AssignmentState.DECLINED


async def test_a_late_letter_does_not_undo_what_was_answered_on_the_page(
    said, duty, cast, context, clock
):
    clock.set(ANSWERED + timedelta(hours=1))
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=True)

    reply = await said("apple-declined", PARTSTAT="DECLINED")

    assert reply.waits_for == (Doubt.OVERTAKEN,)
    assert await state_of(duty) is AssignmentState.ACCEPTED


async def test_a_reply_to_an_older_invitation_waits(said, duty):
    await t.Assignment.update({t.Assignment.sequence: 2}, force=True)

    reply = await said("apple-declined", PARTSTAT="DECLINED", SEQUENCE="1")

    assert reply.waits_for == (Doubt.OLD,)
    assert await state_of(duty) is AssignmentState.INVITED


async def test_a_yes_to_what_has_ended_waits_and_a_no_is_nothing(said, duty, cast, context):
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty.id)

    no = await said("apple-declined", PARTSTAT="DECLINED", SEQUENCE="1")
    yes = await said("outlook-accepted", SEQUENCE="1")

    assert (no.state, yes.state) == (ReplyState.IGNORED, ReplyState.WAITING)
    assert yes.waits_for == (Doubt.CLOSED,)


async def test_a_vacation_notice_is_ignored(said):
    reply = await said("vacation")

    assert (reply.state, reply.assignment) == (ReplyState.IGNORED, None)
    assert await actions(f"reply:{reply.id}") == []


async def test_a_letter_in_words_waits_with_what_was_written(said):
    reply = await said("letter")

    assert reply.waits_for == (Doubt.NO_CALENDAR,)
    assert reply.comment == "Jag kan nog, men jag måste fråga chefen."


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: a@b.example\nFrom: c@d.example\n\n",
        b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed\n",
        b"Subject: =?utf-8?B?/////?=\nTo: @@@<>;,\nContent-Type: text/plain; charset=none\n\n\xe5",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=;;;=\n\nhello",
        b"Content-Type: text/calendar; charset=utf-16\n\nBEGIN",
    ],
)
async def test_malformed_letters_wait_and_stop_nothing(raw, cast, context, clock):
    await t.Coordinator.delete().where(t.Coordinator.municipality == cast.other.id)
    await take_letter(raw, clock=clock)

    assert await judge_new(context, lookup=lookup) == 1

    (reply,) = await every_reply(cast)
    assert reply.state is ReplyState.WAITING
    assert await replies.get_letter(reply.id) == raw


async def test_a_letter_that_is_too_large_is_kept_in_part_and_waits(cast, context, clock):
    await t.Coordinator.delete().where(t.Coordinator.municipality == cast.other.id)
    await take_letter(b"Subject: x\r\n\r\n" + b"y" * 3_000_000, clock=clock)

    await judge_new(context, lookup=lookup)

    (reply,) = await every_reply(cast)
    assert Doubt.TOO_LARGE in reply.waits_for
    assert len(await replies.get_letter(reply.id)) == 2**20 + 1


async def test_a_judge_that_breaks_loses_no_letter(said, duty, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("blaljus.usecases.replies.judging.read_letter", broken)
    await t.Coordinator.delete().where(t.Coordinator.municipality != duty.municipality)

    reply = await said("outlook-accepted")

    assert (reply.state, reply.waits_for) == (ReplyState.WAITING, (Doubt.UNREADABLE,))


async def test_a_letter_that_nobody_can_place_is_shown_to_no_municipality(cast, context, clock):
    await stored_municipality("1293", "Hässleholm")
    await take_letter(b"Subject: hej\r\n\r\nhej", clock=clock)

    await judge_new(context, lookup=lookup)

    (row,) = await t.Reply.select(t.Reply.municipality, t.Reply.state)
    assert row == {"municipality": None, "state": "waiting"}


async def test_a_teachers_yes_confirms_and_a_no_waits(cast, context, clock, said, duty):
    slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 17))
    number = await booked_by(context, cast.coordinator, cast.school_class, slot)
    booking = await bookings.get_booking(number, (cast.municipality.id,))
    mine = {
        "UID": booking.uid,
        "sender": "larare.ek@skola.example",
        "to": context.replies.of(cast.teacher.account),
        "sign": "skola.example",
        "SEQUENCE": str(booking.sequence),
    }

    yes = await said("outlook-accepted", **mine)
    confirmed = await bookings.get_booking(number, (cast.municipality.id,))
    newer = f"{ANSWERED + timedelta(minutes=5):%Y%m%dT%H%M%SZ}"
    mine["SEQUENCE"] = str(confirmed.sequence)
    no = await said("apple-declined", PARTSTAT="DECLINED", DTSTAMP=newer, **mine)

    assert (booking.state, confirmed.state) == (BookingState.TENTATIVE, BookingState.CONFIRMED)
    assert (yes.state, no.waits_for) == (ReplyState.YES, (Doubt.TEACHER_DECLINED,))
    assert await bookings.get_booking(number, (cast.municipality.id,)) == confirmed
