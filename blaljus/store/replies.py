"""Replies: every letter that came in, whole, and what became of it."""

from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from piccolo.querystring import QueryString

from blaljus.domain.replies import Answer, Reply, ReplyState, Revision
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Row, Scope, locked, one, together, value, values, within

REPLY = together(*(t.Reply._meta.get_column_by_name(f.name) for f in fields(Reply)))  # noqa: SLF001 -- all but the letter

HEAD = QueryString("SUBSTR(letter, 1, 65536)", alias="head")
"""The first 48 kB of a letter, whose subject stands there: the whole may be 1 MiB."""

TAKEN = [ReplyState.YES.value, ReplyState.NO.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a UID names: a duty or a booking, and the accounts it was sent to, with address."""

    municipality: int
    assignment: int | None = None
    booking: int | None = None
    number: int | None = None
    """Of the booking."""
    people: dict[int, str]


async def add_letter(digest: str, raw: bytes, *, now: datetime) -> bool:
    """Store a letter that came in, to be judged; False where it is there already."""
    row = new_row(
        municipality=None,
        account=None,
        source="mail",
        answer=Answer.TEXT,
        state=ReplyState.NEW,
        digest=digest,
        letter=b64encode(raw).decode(),
        now=now,
    )
    return bool(await t.Reply.insert(row).on_conflict(action="DO NOTHING").returning(t.Reply.id))


def new_row(
    *,
    municipality: int | None,
    account: int | None,
    source: str,
    answer: Answer,
    state: ReplyState,
    digest: str,
    letter: str,
    now: datetime,
) -> t.Reply:
    """Return a reply that is about nothing yet, to be filled in and stored."""
    return t.Reply(
        municipality=municipality,
        account=account,
        assignment=None,
        booking=None,
        source=source,
        answer=answer.value,
        state=state.value,
        doubts="",
        sequence=None,
        stamped_at=None,
        proposed_from=None,
        proposed_to=None,
        sender="",
        comment="",
        digest=digest,
        letter=letter,
        received_at=now,
        settled_at=None,
        settled_by=None,
        version=1,
    )


async def list_unjudged(limit: int) -> list[int]:
    """Return the ids of letters that nobody has judged, oldest first."""
    r = t.Reply
    query = r.select(r.id).where(r.state == ReplyState.NEW.value).order_by(r.id).limit(limit)
    return [row["id"] for row in await query]


async def get_letter(reply: int) -> bytes:
    """Return the letter of a reply as it came; empty where it is not kept any more."""
    rows = await t.Reply.select(t.Reply.letter).where(t.Reply.id == reply)
    return b64decode(one(rows)["letter"])


async def list_heads(letters: Collection[int]) -> dict[int, bytes]:
    """Return how some letters begin, as they came."""
    r = t.Reply
    rows = await r.select(r.id, HEAD).where(r.id.is_in(sorted(letters) or [0]))
    return {row["id"]: b64decode(row["head"]) for row in rows}


async def lock_unjudged(reply: int) -> bool:
    """Lock a letter; False where somebody judged it meanwhile."""
    r = t.Reply
    query = r.select(r.id).where(r.id == reply).where(r.state == ReplyState.NEW.value)
    return bool(await locked(query))


async def get_reply(reply: int, scope: Scope, *, lock: bool = False) -> Reply:
    """Return a reply of the scope, or raise `NotFoundError`."""
    r = t.Reply
    query = r.select(REPLY).where(r.id == reply).where(within(r.municipality, scope))
    return value(one(await (locked(query) if lock else query)), Reply)


async def save_reply(reply: int, changes: Changes) -> None:
    """Store some columns of a reply that the caller has locked."""
    await t.Reply.update(changes).where(t.Reply.id == reply)


async def list_replies(
    scope: Scope, states: Collection[ReplyState], *, limit: int, offset: int = 0
) -> list[Reply]:
    """Return a scope's replies in some states, newest first."""
    r = t.Reply
    rows = (
        await r.select(REPLY)
        .where(within(r.municipality, scope))
        .where(r.state.is_in([state.value for state in states]))
        .order_by(r.id, ascending=False)
        .limit(limit)
        .offset(offset)
    )
    return values(rows, Reply)


async def count_replies(scope: Scope, states: Collection[ReplyState]) -> int:
    """Return how many replies of a scope are in some states."""
    r = t.Reply
    mine = within(r.municipality, scope) & r.state.is_in([state.value for state in states])
    return int(await r.count().where(mine))


async def find_last(account: int, subject: Subject) -> Revision | None:
    """Return the newest revision of an attendee's replies about one event that were taken."""
    r = t.Reply
    about = (
        r.assignment == subject.assignment if subject.assignment else r.booking == subject.booking
    )
    rows = (
        await r.select(r.sequence, r.stamped_at)
        .where(about & (r.account == account) & r.sequence.is_not_null())
        .where(r.state.is_in(TAKEN))
        .order_by(r.sequence, r.stamped_at, ascending=False)
        .limit(1)
    )
    return value(rows[0], Revision) if rows else None


async def find_subject(uid: str) -> Subject | None:
    """Return what a UID of ours names, in any municipality; a caller shows it to nobody else."""
    a, b, m = t.Assignment, t.Booking, t.StaffMember
    duties = await a.select(a.id, a.municipality, a.staff).where(a.uid == uid)
    if duties:
        (duty,) = duties
        asked = m.select(m.account, m.account.address.as_alias("address"))
        (person,) = await asked.where(m.id == duty["staff"])
        people = {person["account"]: person["address"]}
        return Subject(municipality=duty["municipality"], assignment=duty["id"], people=people)
    found = await b.select(b.id, b.municipality, b.number, b.school_class).where(b.uid == uid)
    return await _booking(found[0]) if found else None


async def _booking(row: Row) -> Subject:
    c = t.ClassTeacher
    asked = c.select(c.account, c.account.address.as_alias("address"))
    teachers = await asked.where(c.school_class == row["school_class"])
    return Subject(
        municipality=row["municipality"],
        booking=row["id"],
        number=row["number"],
        people={teacher["account"]: teacher["address"] for teacher in teachers},
    )


async def only_municipality() -> int | None:
    """Return the municipality that has coordinators, if there is just one."""
    c = t.Coordinator
    found = {row["municipality"] for row in await c.select(c.municipality)}
    return found.pop() if len(found) == 1 else None


async def empty_letters(*, before: datetime) -> None:
    """Forget who wrote what in letters settled before a moment; what was answered stays."""
    r = t.Reply
    changes: Changes = {r.letter: "", r.comment: "", r.sender: ""}
    texts = (r.letter != "") | (r.comment != "") | (r.sender != "")
    await r.update(changes).where((r.settled_at < before) & texts)


async def remove_outdated(*, before: datetime) -> None:
    """Remove replies that came in before a moment, whatever became of them."""
    await t.Reply.delete().where(t.Reply.received_at < before)
