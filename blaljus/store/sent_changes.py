"""What each change sent: its letters, counted."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from blaljus.domain.outbox import FIRST_REQUEST, UPDATE, SentChange, kind_of
from blaljus.domain.words import Method, Role
from blaljus.store import tables as t
from blaljus.store.rows import Row

KINDS = (Method.REQUEST, UPDATE, Method.CANCEL, Method.MAIL, Method.REMINDER)
"""Of letters, as they are listed."""

_COUNT = """
    SELECT COUNT(DISTINCT change_id) AS changes
    FROM outbox_message WHERE municipality = {} AND change_id IS NOT NULL
"""

_CHANGES = """
    SELECT change_id, MAX(change_action) AS action, MIN(id) AS first, COUNT(*) AS letters,
        COUNT(DISTINCT account) AS people, COUNT(sent_at) AS sent, COUNT(failed_at) AS failed
    FROM outbox_message
    WHERE municipality = {} AND change_id IS NOT NULL%s
    GROUP BY change_id
    ORDER BY MIN(id) DESC
    LIMIT {} OFFSET {}
"""
"""What each change sent. A letter that was sent after all is not among the failed."""

_KINDS = """
    SELECT change_id, method, CASE WHEN message_id LIKE {} THEN 1 ELSE 0 END AS is_first,
        COUNT(*) AS letters
    FROM outbox_message WHERE municipality = {} AND change_id IN (%s)
    GROUP BY change_id, method, 3
"""

_ROLES = """
    SELECT change_id, role, COUNT(*) AS people
    FROM (
        SELECT DISTINCT o.change_id, o.account, CASE
            WHEN EXISTS (SELECT 1 FROM staff_member s WHERE s.account = o.account)
                THEN 'staff'
            WHEN EXISTS (SELECT 1 FROM coordinator c
                WHERE c.account = o.account AND c.municipality = o.municipality)
                THEN 'coordinator'
            WHEN EXISTS (SELECT 1 FROM class_teacher l
                WHERE l.account = o.account AND l.municipality = o.municipality)
                THEN 'teacher'
            ELSE '' END AS role
        FROM outbox_message o WHERE o.municipality = {} AND o.change_id IN (%s)
    ) told
    GROUP BY change_id, role
"""
"""Who is several counts once, in the order of `recipients.known_accounts`."""


async def count_changes(municipality: int) -> int:
    """Return how many changes of a municipality sent letters."""
    return int((await t.OutboxMessage.raw(_COUNT, municipality))[0]["changes"])


async def list_changes(municipality: int, *, limit: int, offset: int = 0) -> list[SentChange]:
    """Return what each change of a municipality sent, newest first: four statements."""
    query = _CHANGES.replace("%s", "")
    return await _changes(
        municipality, await t.OutboxMessage.raw(query, municipality, limit, offset)
    )


async def find_change(municipality: int, letter: int) -> SentChange | None:
    """Return what the change sent that a letter is of, or None where it is of none."""
    o = t.OutboxMessage
    found = await o.select(o.change_id).where(
        (o.id == letter) & (o.municipality == municipality) & o.change_id.is_not_null()
    )
    if not found:
        return None
    query = _CHANGES.replace("%s", " AND change_id = {}")
    rows = await o.raw(query, municipality, found[0]["change_id"], 1, 0)
    return (await _changes(municipality, rows))[0]


async def _changes(municipality: int, rows: Sequence[Row]) -> list[SentChange]:
    if not rows:
        return []
    o = t.OutboxMessage
    firsts = await o.select(o.id, o.created_at, o.subject).where(
        o.id.is_in([row["first"] for row in rows])
    )
    first = {row["id"]: row for row in firsts}
    ids = [row["change_id"] for row in rows]
    kinds = await _kinds(municipality, ids)
    roles = await _roles(municipality, ids)
    return [
        SentChange(
            id=row["change_id"],
            action=row["action"] or "",
            at=first[row["first"]]["created_at"],
            first=row["first"],
            subject=first[row["first"]]["subject"],
            kinds={kind: n for kind in KINDS if (n := kinds[row["change_id"]].get(kind))},
            roles={role: n for role in Role if (n := roles[row["change_id"]].get(role))},
            people=row["people"],
            sent=row["sent"],
            failed=row["failed"],
            waiting=row["letters"] - row["sent"] - row["failed"],
        )
        for row in rows
    ]


Counted = dict[str, dict[str, int]]
"""By change, how often each of something is there."""


async def _kinds(municipality: int, changes: Collection[str]) -> Counted:
    found: Counted = defaultdict(dict)
    query = _KINDS % _places(changes)
    first = f"%{FIRST_REQUEST}%"
    for row in await t.OutboxMessage.raw(query, first, municipality, *changes):
        kind = kind_of(row["method"], is_first=bool(row["is_first"]))
        found[row["change_id"]][kind] = found[row["change_id"]].get(kind, 0) + row["letters"]
    return found


async def _roles(municipality: int, changes: Collection[str]) -> Counted:
    found: Counted = defaultdict(dict)
    for row in await t.OutboxMessage.raw(_ROLES % _places(changes), municipality, *changes):
        found[row["change_id"]][row["role"]] = row["people"]
    return found


def _places(values: Collection[str]) -> str:
    return ", ".join("{}" for _ in values)
