"""Somebody proposes another time on a page; nothing moves before the coordinator moves it."""

from datetime import datetime
from hashlib import sha256

from blaljus.domain.booking import BookingClosedError
from blaljus.domain.people import Person
from blaljus.domain.staffing import DutyClosedError
from blaljus.store import proposals, slots
from blaljus.store.replies import Subject
from blaljus.store.rows import Row
from blaljus.usecases.bookings.booking import get_own_booking
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.staffing import get_own_duty
from blaljus.usecases.replies.subjects import Found, load

Proposed = tuple[datetime, datetime]
"""`[start, end)`, aware."""

REPLACED, WITHDRAWN = "time-proposal-replaced", "time-proposal-withdrawn"


async def propose_for_duty(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    assignment_id: int,
    proposed: Proposed,
    comment: str,
) -> None:
    """Propose another time for one's own duty, or raise `DutyClosedError`.

    What the same person proposed for it before and nobody has decided waits no more.
    """

    async def change() -> Outcome:
        duty = await get_own_duty(person, assignment_id)
        subject = Subject(municipality=duty.municipality, assignment=duty.id, people={})
        found = await _locked(context, subject)
        if not found.is_open:
            raise DutyClosedError
        text = "" if found.is_protected else comment
        return await _add(context, person, key, subject, proposed, text)

    await once(person, key, change, clock=context.clock)


async def propose_for_booking(
    context: Context, person: Person, key: FormKey, *, number: int, proposed: Proposed, comment: str
) -> None:
    """Propose another time for a class's booking, or raise `BookingClosedError`."""

    async def change() -> Outcome:
        booking, _ = await get_own_booking(person, number)
        subject = Subject(
            municipality=booking.municipality, booking=booking.id, number=number, people={}
        )
        if not (await _locked(context, subject)).is_open:
            raise BookingClosedError
        return await _add(context, person, key, subject, proposed, comment)

    await once(person, key, change, clock=context.clock)


async def withdraw_for_duty(
    context: Context, person: Person, key: FormKey, *, assignment_id: int
) -> bool:
    """Take back what one proposed for one's own duty; False where nothing of it waits any more."""

    async def change() -> Outcome:
        duty = await get_own_duty(person, assignment_id)
        subject = Subject(municipality=duty.municipality, assignment=duty.id, people={})
        return await _withdraw(context, person, subject)

    return bool((await once(person, key, change, clock=context.clock))["withdrawn"])


async def withdraw_for_booking(
    context: Context, person: Person, key: FormKey, *, number: int
) -> bool:
    """Take back what one proposed for a booking; False where nothing of it waits any more."""

    async def change() -> Outcome:
        booking, _ = await get_own_booking(person, number)
        subject = Subject(
            municipality=booking.municipality, booking=booking.id, number=number, people={}
        )
        return await _withdraw(context, person, subject)

    return bool((await once(person, key, change, clock=context.clock))["withdrawn"])


async def _withdraw(context: Context, person: Person, subject: Subject) -> Outcome:
    rows = await proposals.withdraw_proposals(subject, account=person.account, now=context.clock())
    await _record_all(context, person, subject, WITHDRAWN, rows)
    return {"withdrawn": len(rows)}


async def _record_all(
    context: Context, person: Person, subject: Subject, action: str, rows: list[Row]
) -> None:
    for row in rows:
        about = ("reply", row["id"])
        await record(context, person.actor, subject.municipality, action, about, row["version"])


async def _locked(context: Context, subject: Subject) -> Found:
    """Return what a time is proposed for, which nobody moves or ends meanwhile."""
    found = await load(context, subject)
    await slots.lock_slot(found.slot.id, (subject.municipality,))
    return await load(context, subject)


async def _add(
    context: Context,
    person: Person,
    key: FormKey,
    subject: Subject,
    proposed: Proposed,
    comment: str,
) -> Outcome:
    now, actor = context.clock(), person.actor
    rows = await proposals.replace_proposals(subject, account=person.account, now=now)
    await _record_all(context, person, subject, REPLACED, rows)
    digest = sha256(f"page:{person.account}:{key.key}".encode()).hexdigest()
    reply = await proposals.add_proposal(
        subject,
        account=person.account,
        proposed=proposed,
        comment=comment,
        digest=digest,
        now=now,
    )
    about = ("reply", reply.id)
    await record(context, actor, subject.municipality, "time-proposed", about, 1)
    return {"reply": reply.id}
