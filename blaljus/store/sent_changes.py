"""What each change sent: its letters, counted."""

from collections import defaultdict
from collections.abc import Collection

from blaljus.domain.outbox import SentChange
from blaljus.domain.words import Method, Role
from blaljus.store import tables as t

_COUNT = """
    SELECT COUNT(DISTINCT change_id) AS changes
    FROM outbox_message WHERE municipality = {} AND change_id IS NOT NULL
"""

_CHANGES = """
    SELECT change_id, MAX(change_action) AS action, MIN(id) AS first, COUNT(*) AS letters,
        COUNT(DISTINCT account) AS people, COUNT(sent_at) AS sent, COUNT(failed_at) AS failed
    FROM outbox_message
    WHERE municipality = {} AND change_id IS NOT NULL
    GROUP BY change_id
    ORDER BY MIN(id) DESC
    LIMIT {} OFFSET {}
"""
"""What each change sent. A letter that was sent after all is not among the failed."""

_KINDS = """
    SELECT change_id, method, COUNT(*) AS letters
    FROM outbox_message WHERE municipality = {} AND change_id IN (%s)
    GROUP BY change_id, method
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
    o = t.OutboxMessage
    rows = await o.raw(_CHANGES, municipality, limit, offset)
    if not rows:
        return []
    made = await o.select(o.id, o.created_at).where(o.id.is_in([row["first"] for row in rows]))
    at = {row["id"]: row["created_at"] for row in made}
    ids = [row["change_id"] for row in rows]
    kinds = await _counted(_KINDS, "method", "letters", municipality, ids)
    roles = await _counted(_ROLES, "role", "people", municipality, ids)
    return [
        SentChange(
            action=row["action"] or "",
            at=at[row["first"]],
            kinds={method: n for method in Method if (n := kinds[row["change_id"]].get(method))},
            roles={role: n for role in Role if (n := roles[row["change_id"]].get(role))},
            people=row["people"],
            sent=row["sent"],
            failed=row["failed"],
            waiting=row["letters"] - row["sent"] - row["failed"],
        )
        for row in rows
    ]


async def _counted(
    query: str, what: str, number: str, municipality: int, changes: Collection[str]
) -> dict[str, dict[str, int]]:
    """Return by change how often each of `what` is there."""
    places = ", ".join("{}" for _ in changes)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await t.OutboxMessage.raw(query % places, municipality, *changes):
        found[row["change_id"]][row[what]] = row[number]
    return found
