"""Slots and their stations, and the places in them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from piccolo.query import Select

from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import Service, SlotState
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Scope, later, locked, one, together, value, values, within

_SLOT = together(
    *t.Slot.all_columns(),
    t.Slot.venue.name.as_alias("venue_name"),
    t.Slot.venue.school_unit.as_alias("venue_school"),
    t.Slot.venue.latitude.as_alias("latitude"),
    t.Slot.venue.longitude.as_alias("longitude"),
)
_STATION = together(*t.Station.all_columns())


def _query() -> Select[Any]:
    return t.Slot.select(_SLOT)


async def get_slot(slot: int, scope: Scope) -> Slot:
    """Return a slot of the scope, or raise `NotFoundError`."""
    rows = await _query().where(t.Slot.id == slot).where(within(t.Slot.municipality, scope))
    return value(one(rows), Slot)


async def lock_slot(slot: int, scope: Scope) -> Slot:
    """Return a slot with its row locked (after the class's), or raise `NotFoundError`."""
    s = t.Slot
    one(await locked(s.select(s.id).where(s.id == slot).where(within(s.municipality, scope))))
    return await get_slot(slot, scope)


async def lock_slots(slots: Collection[int], scope: Scope) -> None:
    """Take the row locks of some slots, lower id first; unknown ids lock nothing."""
    if slots:
        s = t.Slot
        mine = s.id.is_in(sorted(slots)) & within(s.municipality, scope)
        await locked(s.select(s.id).where(mine).order_by(s.id))


async def list_slots(plan: int, scope: Scope, *, published: bool = True) -> list[Slot]:
    """Return the slots of a plan in order of time; all states unless `published`."""
    s = t.Slot
    query = _query().where(s.plan == plan).where(within(s.municipality, scope))
    if published:
        query = query.where(s.state == SlotState.PUBLISHED.value)
    return values(await query.order_by(s.starts_at, s.id), Slot)


async def list_stations(slots: Collection[int]) -> list[Station]:
    """Return the stations of slots the caller has read already, by slot and position."""
    if not slots:
        return []
    s = t.Station
    rows = await s.select(_STATION).where(s.slot.is_in(sorted(slots))).order_by(s.slot, s.position)
    return values(rows, Station)


async def add_slot(
    municipality: int,
    *,
    plan: int,
    venue: int,
    starts_at: datetime,
    ends_at: datetime,
    places: int,
    uid: str,
    now: datetime,
    group_pupils: int | None = None,
) -> int | None:
    """Store a published slot and return its id; None where the venue is taken at that start."""
    row = t.Slot(
        municipality=municipality,
        plan=plan,
        venue=venue,
        starts_at=starts_at,
        ends_at=ends_at,
        places=places,
        group_pupils=group_pupils,
        taken=0,
        state=SlotState.PUBLISHED.value,
        uid=uid,
        sequence=0,
        revised_at=now,
        version=1,
    )
    added = await t.Slot.insert(row).on_conflict(action="DO NOTHING").returning(t.Slot.id)
    return int(added[0]["id"]) if added else None


async def add_station(
    slot: int,
    position: int,
    *,
    provides: Service,
    name: str,
    minutes: int,
    max_pupils: int,
    staff_needed: int,
    on_call_allowed: bool,
    outdoors: bool = False,
) -> int:
    """Store a station and return its id."""
    row = t.Station(
        slot=slot,
        position=position,
        provides=provides.value,
        name=name,
        minutes=minutes,
        max_pupils=max_pupils,
        staff_needed=staff_needed,
        on_call_allowed=on_call_allowed,
        place="",
        outdoors=outdoors,
        rain_place="",
        step_free=True,
        walk_minutes=0,
    )
    return int((await t.Station.insert(row).returning(t.Station.id))[0]["id"])


async def take_place(slot: int, scope: Scope) -> bool:
    """Take one place of a published slot; False where none is left. The database decides."""
    s = t.Slot
    taken = (
        await s.update({s.taken: s.taken + 1})
        .where(s.id == slot)
        .where(within(s.municipality, scope))
        .where(s.taken < s.places)
        .where(s.state == SlotState.PUBLISHED.value)
        .returning(s.id)
    )
    return bool(taken)


async def leave_place(slot: int, scope: Scope) -> None:
    """Give one place back."""
    s = t.Slot
    await s.update({s.taken: s.taken - 1}).where(s.id == slot).where(within(s.municipality, scope))


async def set_taken(slot: Slot, groups: int) -> bool:
    """Say how many places of a slot are taken; False where it has fewer, or is not as it was."""
    s = t.Slot
    rows = (
        await s.update({s.taken: groups})
        .where(s.id == slot.id)
        .where(within(s.municipality, (slot.municipality,)))
        .where(s.taken == slot.taken)
        .where(s.state == slot.state.value)
        .where(s.places >= groups)
        .returning(s.id)
    )
    return bool(rows)


async def touch_slot(
    slot: Slot, *, now: datetime, state: SlotState | None = None, moved: bool = False
) -> Slot:
    """Store a new version of a slot and return it; a change of state raises the sequence.

    So does `moved`: the place is called something else.
    """
    s = t.Slot
    moved = moved or state not in (None, slot.state)
    changes: Changes = {
        s.version: s.version + 1,
        s.revised_at: later(now, slot.revised_at),
        s.sequence: s.sequence + (1 if moved else 0),
        s.state: (state or slot.state).value,
    }
    scope: Sequence[int] = (slot.municipality,)
    await s.update(changes).where(s.id == slot.id).where(within(s.municipality, tuple(scope)))
    return await get_slot(slot.id, tuple(scope))


async def get_slots(slots: Collection[int], scope: Scope) -> list[Slot]:
    """Return the slots of the scope with these ids, whatever their state, in order of time."""
    if not slots:
        return []
    s = t.Slot
    query = _query().where(s.id.is_in(sorted(slots))).where(within(s.municipality, scope))
    return values(await query.order_by(s.starts_at, s.id), Slot)


async def list_coming_at(venue: int, scope: Scope, now: datetime) -> list[int]:
    """Return the ids of the published slots at a venue that start after `now`, in that order."""
    s = t.Slot
    rows = (
        await s.select(s.id)
        .where(s.venue == venue)
        .where(within(s.municipality, scope))
        .where(s.state == SlotState.PUBLISHED.value)
        .where(s.starts_at > now)
        .order_by(s.starts_at, s.id)
    )
    return [row["id"] for row in rows]


async def venues_coming(scope: Scope, now: datetime) -> list[int]:
    """Return the venue of each published slot of a scope that starts after `now`."""
    s = t.Slot
    rows = (
        await s.select(s.venue)
        .where(within(s.municipality, scope))
        .where(s.state == SlotState.PUBLISHED.value)
        .where(s.starts_at > now)
    )
    return [row["venue"] for row in rows]
