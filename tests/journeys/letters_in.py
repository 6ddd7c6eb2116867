"""Letters that come in to a served world: nobody signs here, so most of them wait."""

from datetime import date

from blaljus.domain.localtime import half_span, local_day
from blaljus.domain.replies import ReplyState
from blaljus.domain.words import Half
from blaljus.store import accounts, replies, undelivered
from blaljus.store import tables as t
from blaljus.store.engine import read_transaction, transactional
from blaljus.usecases.context import Context
from blaljus.usecases.once import FormKey
from blaljus.usecases.replies.judging import judge_new
from blaljus.usecases.replies.proposing import propose_for_duty
from blaljus.usecases.replies.receiving import take_letter

CALENDAR = """\
From: {sender}\r
To: blaljus@kommunen.example\r
Content-Type: text/calendar; charset=utf-8; method={method}\r
\r
BEGIN:VCALENDAR\r
METHOD:{method}\r
BEGIN:VEVENT\r
ATTENDEE;PARTSTAT={answer}:mailto:{sender}\r
COMMENT:Jag är på kurs den veckan\\, men veckan efter går bra.\r
DTSTAMP:20261201T090000Z\r
DTSTART;TZID=Europe/Stockholm:20270204T090000\r
DTEND;TZID=Europe/Stockholm:20270204T113000\r
SEQUENCE:0\r
UID:{uid}\r
END:VEVENT\r
END:VCALENDAR\r
"""

LETTER = "From: larare@skola.example\r\nSubject: Fråga\r\n\r\nVar parkerar bussen?\r\n"


async def write_in(context: Context) -> None:
    """Let a no, a maybe, a proposal, a teacher's no and a letter wait; one is left, one is dead."""
    async with read_transaction():
        duties = await t.Assignment.select(t.Assignment.uid).order_by(t.Assignment.id).limit(2)
        booked = await t.Booking.select(t.Booking.uid).order_by(t.Booking.id).limit(1)
        (teacher,) = await t.ClassTeacher.select(t.ClassTeacher.account).limit(1)
    told = [
        ("REPLY", "DECLINED", duties[0]["uid"], "polis@polis.example"),
        ("REPLY", "TENTATIVE", duties[1]["uid"], "polis@polis.example"),
        ("COUNTER", "TENTATIVE", booked[0]["uid"], "larare@skola.example"),
        ("REPLY", "DECLINED", booked[0]["uid"], "larare@skola.example"),
    ]
    for method, answer, uid, sender in told:
        text = CALENDAR.format(method=method, answer=answer, uid=uid, sender=sender)
        await take_letter(text.encode(), clock=context.clock)
    await take_letter(LETTER.encode(), clock=context.clock)
    await judge_new(context)
    await _propose(context)
    await _leave_one(context, int(teacher["account"]))


async def _propose(context: Context) -> None:
    """Let the officer of the journeys propose another time on the page of a duty."""
    a = t.Assignment
    async with read_transaction():
        officer = (
            await a.select(a.id, a.staff.account.as_alias("account"))
            .where(a.staff.reference == "polis-1")
            .order_by(a.id)
            .limit(1)
        )
        person = await accounts.get_person(officer[0]["account"], local_day(context.clock()))
    await propose_for_duty(
        context,
        person,
        FormKey(key="a" * 32, body_hash=""),
        assignment_id=officer[0]["id"],
        proposed=half_span(date(2027, 3, 18), Half.EM),
        comment="Hellre på torsdagen.",
    )


@transactional
async def _leave_one(context: Context, teacher: int) -> None:
    left = {"state": ReplyState.LEFT.value, "settled_at": context.clock()}
    await replies.save_reply(2, {**left})
    await undelivered.note(teacher, undelivered.BOUNCED, "5.1.1", now=context.clock())
