"""Times that somebody proposes: on a page or by mail, for a duty or a booking."""

from datetime import datetime

from piccolo.custom_types import Combinable

from blaljus.domain.replies import Answer, Reply, ReplyState
from blaljus.store import tables as t
from blaljus.store.replies import REPLY, Subject, get_reply, new_row
from blaljus.store.rows import Changes, Row, value, within


async def add_proposal(
    subject: Subject,
    *,
    account: int,
    proposed: tuple[datetime, datetime],
    comment: str,
    digest: str,
    now: datetime,
) -> Reply:
    """Store a time that somebody proposes on a page; it waits for a coordinator."""
    row = new_row(
        municipality=subject.municipality,
        account=account,
        source="page",
        answer=Answer.COUNTER,
        state=ReplyState.WAITING,
        digest=digest,
        letter="",
        now=now,
    )
    row.assignment, row.booking, row.comment = subject.assignment, subject.booking, comment
    row.proposed_from, row.proposed_to = proposed
    row.doubts = "counter"
    added = await t.Reply.insert(row).returning(t.Reply.id)
    return await get_reply(added[0]["id"], (subject.municipality,))


async def find_proposal(
    municipality: int, *, assignment: int | None = None, booking: int | None = None
) -> Reply | None:
    """Return the newest time that is proposed for a duty or a booking and waits, or None."""
    r = t.Reply
    rows = (
        await r.select(REPLY)
        .where(_waits_about(municipality, assignment, booking))
        .order_by(r.id, ascending=False)
        .limit(1)
    )
    return value(rows[0], Reply) if rows else None


async def replace_proposals(subject: Subject, *, account: int, now: datetime) -> list[Row]:
    """Let an account's proposals about a duty or booking wait no more; return id and version.

    Nobody need see them: a newer one takes their place.
    """
    mine = _of(subject) & (t.Reply.account == account)
    return await _settle(mine, ReplyState.IGNORED, account, now)


async def withdraw_proposals(subject: Subject, *, account: int, now: datetime) -> list[Row]:
    """Let an account's proposals about a duty or booking end; return id and version of each."""
    mine = _of(subject) & (t.Reply.account == account)
    return await _settle(mine, ReplyState.ENDED, account, now)


async def end_proposals(
    municipality: int,
    *,
    assignment: int | None = None,
    booking: int | None = None,
    now: datetime,
) -> list[Row]:
    """Let everybody's proposals, by mail too, end; return id and version of each."""
    return await _settle(_proposes(municipality, assignment, booking), ReplyState.ENDED, None, now)


async def _settle(
    those: Combinable, state: ReplyState, account: int | None, now: datetime
) -> list[Row]:
    r = t.Reply
    changes: Changes = {
        r.state: state.value,
        r.settled_at: now,
        r.settled_by: account,
        r.version: r.version + 1,
    }
    return await r.update(changes).where(those).returning(r.id, r.version)


def _of(subject: Subject) -> Combinable:
    return _waits_about(subject.municipality, subject.assignment, subject.booking)


def _waits_about(municipality: int, assignment: int | None, booking: int | None) -> Combinable:
    return _proposes(municipality, assignment, booking) & (t.Reply.source == "page")


def _proposes(municipality: int, assignment: int | None, booking: int | None) -> Combinable:
    r = t.Reply
    about = r.assignment == assignment if assignment is not None else r.booking == booking
    waits = (r.state == ReplyState.WAITING.value) & (r.answer == Answer.COUNTER.value)
    return within(r.municipality, (municipality,)) & about & waits
