"""Assignments, and the quarters of an hour that they claim of a person."""

from collections.abc import Collection
from datetime import datetime

from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment, Engagement, buckets
from blaljus.domain.words import ACTIVE_ASSIGNMENT, AssignmentState
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Scope, later, locked, one, together, value, values, within

ACTIVE = [state.value for state in ACTIVE_ASSIGNMENT]
_ASSIGNMENT = together(*t.Assignment.all_columns())


async def list_assignments(slots: Collection[int], scope: Scope) -> list[Assignment]:
    """Return every assignment in some slots, whatever its state, by id."""
    if not slots:
        return []
    a = t.Assignment
    query = (
        a.select(_ASSIGNMENT)
        .where(a.slot.is_in(sorted(slots)))
        .where(within(a.municipality, scope))
    )
    return values(await query.order_by(a.id), Assignment)


async def declined_by(slot: int, scope: Scope) -> set[int]:
    """Return the people who said no to a duty in a slot, whatever they were asked since."""
    rows = await list_assignments([slot], scope)
    return {row.staff for row in rows if row.state is AssignmentState.DECLINED}


async def list_plan_assignments(plan: int, scope: Scope) -> list[Assignment]:
    """Return the active assignments of a plan, by id."""
    a = t.Assignment
    rows = (
        await a.select(_ASSIGNMENT)
        .where(a.slot.plan == plan)
        .where(within(a.municipality, scope))
        .where(a.state.is_in(ACTIVE))
        .order_by(a.id)
    )
    return values(rows, Assignment)


async def list_duties(staff: Collection[int]) -> list[Assignment]:
    """Return every assignment of some people, in any municipality, by start."""
    if not staff:
        return []
    a = t.Assignment
    rows = (
        await a.select(_ASSIGNMENT)
        .where(a.staff.is_in(sorted(staff)))
        .order_by(a.slot.starts_at, a.id)
    )
    return values(rows, Assignment)


async def get_assignment(assignment: int, scope: Scope, *, lock: bool = False) -> Assignment:
    """Return an assignment of the scope, or raise `NotFoundError`."""
    a = t.Assignment
    query = a.select(_ASSIGNMENT).where(a.id == assignment).where(within(a.municipality, scope))
    return value(one(await (locked(query) if lock else query)), Assignment)


async def list_engagements(staff: Collection[int]) -> list[Engagement]:
    """Return when people have active assignments, and in which municipality, by start.

    Of every municipality, so it tells nothing else: neither the place nor who comes.
    """
    if not staff:
        return []
    a = t.Assignment
    rows = (
        await a.select(
            a.staff,
            a.municipality,
            a.slot.starts_at.as_alias("starts_at"),
            a.slot.ends_at.as_alias("ends_at"),
        )
        .where(a.staff.is_in(sorted(staff)))
        .where(a.state.is_in(ACTIVE))
        .order_by(a.slot.starts_at, a.id)
    )
    return values(rows, Engagement)


async def busy_buckets(staff: Collection[int]) -> dict[int, set[int]]:
    """Return the claimed quarters of each person, in every municipality."""
    if not staff:
        return {}
    c = t.StaffClaim
    found: dict[int, set[int]] = {person: set() for person in staff}
    for row in await c.select(c.staff, c.bucket).where(c.staff.is_in(sorted(staff))):
        found[row["staff"]].add(row["bucket"])
    return found


async def add_assignment(
    slot: Slot,
    *,
    station: int,
    staff: int,
    state: AssignmentState,
    override_reason: str | None,
    uid: str,
    now: datetime,
) -> Assignment | None:
    """Store an assignment and its claims; None where the person is taken. The database decides.

    After None the transaction must be rolled back: some of the claims may stand.
    """
    a = t.Assignment
    row = a(
        municipality=slot.municipality,
        slot=slot.id,
        station=station,
        staff=staff,
        state=state.value,
        override_reason=override_reason,
        uid=uid,
        sequence=0,
        revised_at=now,
        version=1,
    )
    added = await a.insert(row).on_conflict(action="DO NOTHING").returning(a.id)
    if not added or not await _claim(staff, slot, added[0]["id"]):
        return None
    return await get_assignment(added[0]["id"], (slot.municipality,))


async def _claim(staff: int, slot: Slot, assignment: int) -> bool:
    c = t.StaffClaim
    wanted = [
        c(staff=staff, bucket=bucket, assignment=assignment)
        for bucket in buckets(slot.starts_at, slot.ends_at)
    ]
    got = await c.insert(*wanted).on_conflict(action="DO NOTHING").returning(c.id)
    return len(got) == len(wanted)


async def save_assignment(
    assignment: Assignment, *, state: AssignmentState, now: datetime, retold: int = 0
) -> Assignment:
    """Store a new state; one that ends the duty raises the sequence and frees the person.

    `retold` raises it too: by one where the place is called something else, by two where the old
    address gets a cancellation and the new one an invitation.
    """
    a, c = t.Assignment, t.StaffClaim
    ended = state not in ACTIVE_ASSIGNMENT
    changes: Changes = {
        "state": state.value,
        "sequence": assignment.sequence + ended + retold,
        "revised_at": later(now, assignment.revised_at),
        "version": assignment.version + 1,
    }
    scope = (assignment.municipality,)
    await a.update(changes).where(a.id == assignment.id).where(within(a.municipality, scope))
    if ended:
        await c.delete().where(c.assignment == assignment.id)
    return await get_assignment(assignment.id, scope)


async def get_assignments(assignments: Collection[int], scope: Scope) -> list[Assignment]:
    """Return the assignments of the scope with these ids, whatever their state, by id."""
    if not assignments:
        return []
    a = t.Assignment
    query = (
        a.select(_ASSIGNMENT)
        .where(a.id.is_in(sorted(assignments)))
        .where(within(a.municipality, scope))
    )
    return values(await query.order_by(a.id), Assignment)
