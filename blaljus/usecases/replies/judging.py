"""The worker's work: letters that came in are judged, and what is sure is done at once."""

import asyncio
from datetime import datetime

import structlog

from blaljus.domain.errors import BlaljusError, BusyError
from blaljus.domain.people import SYSTEM
from blaljus.domain.replies import (
    Answer,
    Doubt,
    Invited,
    ReplyState,
    Said,
    doubts_about,
    is_repeat,
    listed,
)
from blaljus.logs import where
from blaljus.mail.signatures import Lookup
from blaljus.store import recipients, replies, undelivered
from blaljus.store.engine import read_transaction, transactional
from blaljus.store.replies import Subject
from blaljus.store.rows import Changes
from blaljus.usecases.context import Context, record
from blaljus.usecases.replies.bounces import note_report
from blaljus.usecases.replies.reading import Read, read_letter
from blaljus.usecases.replies.subjects import Found, find, owner_of

log = structlog.get_logger()

BATCH = 20
"""Letters looked at before owed mail has its turn again."""


async def judge_new(context: Context, *, lookup: Lookup | None = None) -> int:
    """Judge one batch of letters, oldest first, and return how many.

    A letter that cannot be judged waits for a coordinator: it is never lost, and stops nothing.
    `lookup` asks DNS for the keys of senders; None: the machine's own resolver.
    """
    async with read_transaction():
        waiting = await replies.list_unjudged(BATCH)
    for number in waiting:
        await _judge(context, number, lookup)
    return len(waiting)


async def _judge(context: Context, number: int, lookup: Lookup | None) -> None:
    try:
        async with read_transaction():
            raw = await replies.get_letter(number)
        read = await asyncio.to_thread(read_letter, raw, context.replies, lookup)
        state = await _settle(context, number, read)
    except BusyError:
        raise
    except BlaljusError:  # somebody else was quicker: what it is about has ended
        state = await _put_aside(context, number, Doubt.CLOSED)
    except Exception as error:  # noqa: BLE001 -- a strange letter waits for a person, the next goes on
        log.error("letter not judged", reply=number, error=type(error).__name__, at=where(error))  # noqa: TRY400 -- its text may hold an address
        state = await _put_aside(context, number, Doubt.UNREADABLE)
    log.info("letter judged", reply=number, state=state)


@transactional
async def _put_aside(context: Context, number: int, doubt: Doubt) -> str:
    owner = await replies.only_municipality()
    return await _save(
        context.clock(), number, ReplyState.WAITING, (doubt,), about={"municipality": owner}
    )


@transactional
async def _settle(context: Context, number: int, read: Read) -> str:
    if not await replies.lock_unjudged(number):
        return "judged by another"
    if read.is_silent:
        return await _settle_silent(context, number, read)
    found = await find(context, read.said.uid) if read.said else None
    owner = await owner_of(read.sender.account, found)
    hidden = await recipients.is_protected(read.sender.account, read.sender.address)
    about = _columns(
        read, found, owner, hidden=hidden or (found is not None and found.is_protected)
    )
    if read.sender.account is not None:
        await undelivered.clear(read.sender.account)
    if found is None or read.said is None:
        doubts = _without_event(read)
        return await _save(context.clock(), number, ReplyState.WAITING, doubts, about)
    return await _settle_answer(context, number, read, read.said, found, about)


async def _settle_silent(context: Context, number: int, read: Read) -> str:
    account, news = await note_report(context, read)
    owner = await owner_of(account, None)
    about: Changes = {"municipality": owner, "account": account}
    if news is not None:
        told = {"account": account, "status": news}
        await record(context, SYSTEM, owner, "address-unreached", ("reply", number), 1, **told)
    return await _save(context.clock(), number, ReplyState.IGNORED, (), about)


async def _settle_answer(
    context: Context, number: int, read: Read, said: Said, found: Found, about: Changes
) -> str:
    now, account = context.clock(), read.sender.account
    invited = await _invited(found, account)
    doubts = doubts_about(said, read.sender, invited)
    if invited is not None and (is_repeat(said, invited) or found.is_moot(said.answer)):
        return await _save(now, number, ReplyState.IGNORED, (), about)
    if doubts or account is None:
        return await _save(now, number, ReplyState.WAITING, doubts, about)
    state = ReplyState.YES if said.answer is Answer.YES else ReplyState.NO
    actor = await found.take(context, account, can=state is ReplyState.YES)
    subject = ("reply", number)
    await record(context, actor, found.subject.municipality, f"reply-{state}", subject, 1)
    return await _save(now, number, state, (), about)


async def _invited(found: Found, account: int | None) -> Invited | None:
    subject = found.subject
    if account is None or account not in subject.people:
        return None
    return found.invited(subject.people[account], await replies.find_last(account, subject))


def _without_event(read: Read) -> tuple[Doubt, ...]:
    sender = read.sender
    reasons = {
        Doubt.NO_SECRET: sender.account is None and not sender.forged,
        Doubt.FORGED: sender.forged,
        Doubt.UNSIGNED: not sender.signed,
        read.trouble or Doubt.NOT_INVITED: True,
    }
    return tuple(doubt for doubt in Doubt if reasons.get(doubt))


def _columns(read: Read, found: Found | None, owner: int | None, *, hidden: bool) -> Changes:
    said = read.said
    subject = found.subject if found else Subject(municipality=0, people={})
    comment = "" if hidden else (said.comment if said else "") or _words(read.letter.text)
    return {
        "municipality": owner,
        "account": read.sender.account,
        "assignment": subject.assignment,
        "booking": subject.booking,
        "answer": (said.answer if said else Answer.TEXT).value,
        "sequence": said.revision.sequence if said else None,
        "stamped_at": said.revision.stamped_at if said else None,
        "sender": "" if hidden else read.sender.address[:254],
        "comment": comment[:500],
        **_proposed(said),
    }


def _words(text: str) -> str:
    """Return what somebody wrote, without what is quoted below it."""
    lines = []
    for line in text.splitlines():
        if line.startswith((">", "-----", "_____")):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def _proposed(said: Said | None) -> Changes:
    if said is None or said.proposed is None or said.proposed[0] >= said.proposed[1]:
        return {}
    return {"proposed_from": said.proposed[0], "proposed_to": said.proposed[1]}


async def _save(
    now: datetime, number: int, state: ReplyState, doubts: tuple[Doubt, ...], about: Changes
) -> str:
    settled = None if state is ReplyState.WAITING else now
    judged: Changes = {"state": state.value, "doubts": listed(doubts), "settled_at": settled}
    await replies.save_reply(number, {**about, **judged})
    return state.value
