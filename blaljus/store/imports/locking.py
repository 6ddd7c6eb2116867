"""The locks of an import: nobody else changes what it looks at until it is through."""

from collections.abc import Collection
from datetime import datetime

from blaljus.domain.words import ACTIVE_ASSIGNMENT
from blaljus.store import tables as t
from blaljus.store.bulk import chunks, select_in
from blaljus.store.rows import locked


async def lock_for_import(
    municipality: int, *, people: Collection[str], agencies: Collection[str], now: datetime
) -> None:
    """Hold back bookings, staffing, what staff say and other imports until the end.

    In the order of locks: classes, slots, staff, municipality. `people` are references
    and `agencies` names that the files hold; slots of these people's duties in other
    municipalities are held too, for their calendars may change.
    """
    c, m = t.SchoolClass, t.Municipality
    await locked(c.select(c.id).where(c.municipality == municipality).order_by(c.id))
    named = await _people_named(people)
    await _lock(t.Slot, await _slots_to_come(municipality, named, now))
    await _lock(t.StaffMember, named | await _people_touched(municipality, agencies))
    await locked(m.select(m.id).where(m.id == municipality))


async def _lock(table: type[t.Slot | t.StaffMember], ids: Collection[int]) -> None:
    for part in chunks(sorted(ids)):
        await locked(table.select(table.id).where(table.id.is_in(list(part))).order_by(table.id))


async def _slots_to_come(owner: int, staff: Collection[int], now: datetime) -> set[int]:
    """Return the ids of a municipality's slots still to begin, and of some people's anywhere."""
    s, a = t.Slot, t.Assignment
    counted_on = [state.value for state in ACTIVE_ASSIGNMENT]
    own = await s.select(s.id).where(s.municipality == owner).where(s.starts_at > now)
    duties = await select_in(
        lambda: a.select(a.slot).where(a.state.is_in(counted_on)).where(a.slot.starts_at > now),
        a.staff,
        staff,
    )
    return {row["id"] for row in own} | {row["slot"] for row in duties}


async def _people_named(references: Collection[str]) -> set[int]:
    """Return the ids of stored people by their references, however spelt."""
    s = t.StaffMember
    wanted = {reference.casefold() for reference in references}
    rows = await s.select(s.id, s.reference) if wanted else []
    return {row["id"] for row in rows if row["reference"].casefold() in wanted}


async def _people_touched(municipality: int, agencies: Collection[str]) -> set[int]:
    """Return the ids of who serves a municipality, ever did or will, or is of a named agency."""
    a, c, s = t.Agency, t.AgencyCoverage, t.StaffMember
    covering = await c.select(c.agency).where(c.municipality == municipality).distinct()
    wanted = {name.casefold() for name in agencies}
    every = await a.select(a.id, a.name) if wanted else []
    ids = {row["agency"] for row in covering}
    ids |= {row["id"] for row in every if row["name"].casefold() in wanted}
    rows = await s.select(s.id).where(s.agency.is_in(sorted(ids))) if ids else []
    return {row["id"] for row in rows}
