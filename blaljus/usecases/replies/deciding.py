"""A coordinator decides about a reply that waits: it is a yes, a no, or nothing to act on."""

from functools import partial

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.replies import Answer, Reply, ReplyState
from blaljus.store import assignments, bookings, replies
from blaljus.store.replies import Subject
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.proposals import tell_that_time_stands
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.answering import take_answer
from blaljus.usecases.replies.subjects import Found, load, may_wait_again

ANSWERS = (ReplyState.YES, ReplyState.NO)


async def decide(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    reply_id: int,
    decision: ReplyState,
    version: int | None,
) -> bool:
    """Take a reply as `YES` or `NO`, leave it (`LEFT`), or let it wait again (`WAITING`).

    Return whether somebody is told that the time stands.

    Yes and no are taken as if the person had said so on the page: raises `DutyClosedError` where
    the duty has ended or begun, and `NotFoundError` where the reply is about no duty, or proposes
    another time: that is neither yes nor no; who proposed it is told when it is left. Only what
    was left can wait again. Raises `StaleError` where the reply is not of `version` any more, or
    a proposal would wait again for what has ended or changed.
    """
    change = partial(_decide, context, person, reply_id, decision, version)
    return bool((await once(person, key, change, clock=context.clock))["told"])


async def _decide(
    context: Context, person: Person, reply_id: int, decision: ReplyState, version: int | None
) -> Outcome:
    reply = await replies.get_reply(reply_id, person.municipalities, lock=True)
    wanted = ReplyState.LEFT if decision is ReplyState.WAITING else ReplyState.WAITING
    if reply.state is not wanted or reply.version != version:
        raise StaleError
    if decision is ReplyState.WAITING and not await _may_wait(context, reply):
        raise StaleError
    if decision in ANSWERS:
        await _take(context, person, reply, can=decision is ReplyState.YES)
    await _save(context, person, reply, decision)
    stands = decision is ReplyState.LEFT and reply.answer is Answer.COUNTER
    told = stands and await _tell_that_time_stands(context, reply)
    return {"reply": reply_id, "told": told}


async def _take(context: Context, person: Person, reply: Reply, *, can: bool) -> None:
    if reply.assignment is None or reply.municipality is None or reply.answer is Answer.COUNTER:
        raise NotFoundError
    duty = await assignments.get_assignment(reply.assignment, (reply.municipality,))
    await take_answer(context, person.actor, duty, can=can)


async def _may_wait(context: Context, reply: Reply) -> bool:
    found = await _found(context, reply) if reply.answer is Answer.COUNTER else None
    item, slot = (found.item, found.slot) if found else (None, None)
    return may_wait_again(reply, item, slot, now=context.clock())


async def _tell_that_time_stands(context: Context, reply: Reply) -> bool:
    """Owe who proposed another time word of it, where the duty or booking still stands."""
    found = await _found(context, reply)
    if found is None or not found.is_open:
        return False
    return await tell_that_time_stands(context, reply, found.item, found.slot)


async def _found(context: Context, reply: Reply) -> Found | None:
    """Return what a reply is about as it is now; None where it is about no duty or booking."""
    if reply.municipality is None or not (reply.assignment or reply.booking):
        return None
    booked = await bookings.get_bookings(
        [reply.booking] if reply.booking else [], (reply.municipality,)
    )
    subject = Subject(
        municipality=reply.municipality,
        assignment=reply.assignment,
        booking=reply.booking,
        number=booked[0].number if booked else None,
        people={},
    )
    return await load(context, subject)


async def _save(context: Context, person: Person, reply: Reply, decision: ReplyState) -> None:
    waits = decision is ReplyState.WAITING
    await replies.save_reply(
        reply.id,
        {
            "state": decision.value,
            "settled_at": None if waits else context.clock(),
            "settled_by": None if waits else person.account,
            "version": reply.version + 1,
        },
    )
    action = "reply-reopened" if waits else f"reply-{decision}"
    subject = ("reply", reply.id)
    await record(context, person.actor, reply.municipality, action, subject, reply.version + 1)
