"""A coordinator decides about a reply that waits: it is a yes, a no, or nothing to act on."""

from functools import partial

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.replies import Answer, Reply, ReplyState
from blaljus.store import assignments, replies
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.answering import take_answer

ANSWERS = (ReplyState.YES, ReplyState.NO)


async def decide(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    reply_id: int,
    decision: ReplyState,
    version: int | None,
) -> None:
    """Take a reply as `YES` or `NO`, leave it (`LEFT`), or let it wait again (`WAITING`).

    Yes and no are taken as if the person had said so on the page: raises `DutyClosedError` where
    the duty has ended or begun, and `NotFoundError` where the reply is about no duty, or proposes
    another time: that is neither yes nor no. Only what was left can wait again. Raises
    `StaleError` where the reply is not of `version` any more.
    """
    change = partial(_decide, context, person, reply_id, decision, version)
    await once(person, key, change, clock=context.clock)


async def _decide(
    context: Context, person: Person, reply_id: int, decision: ReplyState, version: int | None
) -> Outcome:
    reply = await replies.get_reply(reply_id, person.municipalities, lock=True)
    wanted = ReplyState.LEFT if decision is ReplyState.WAITING else ReplyState.WAITING
    if reply.state is not wanted or reply.version != version:
        raise StaleError
    if decision in ANSWERS:
        await _take(context, person, reply, can=decision is ReplyState.YES)
    await _save(context, person, reply, decision)
    return {"reply": reply_id}


async def _take(context: Context, person: Person, reply: Reply, *, can: bool) -> None:
    if reply.assignment is None or reply.municipality is None or reply.answer is Answer.COUNTER:
        raise NotFoundError
    duty = await assignments.get_assignment(reply.assignment, (reply.municipality,))
    await take_answer(context, person.actor, duty, can=can)


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
