"""Call-outs, and where the stations of a slot stand."""

from collections.abc import Collection, Iterable
from datetime import datetime

from blaljus.domain.callouts import Callout
from blaljus.domain.slots import Slot, Station
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Scope, together, values, within

_CALLOUT = together(*t.Callout.all_columns())


async def list_callouts(slot: int, scope: Scope) -> list[Callout]:
    """Return the call-outs of a slot in the order in which they were decided on."""
    return await list_in_slots([slot], scope)


async def list_in_slots(slots: Collection[int], scope: Scope) -> list[Callout]:
    """Return the call-outs of some slots in the order in which they were decided on."""
    if not slots:
        return []
    c = t.Callout
    mine = c.slot.is_in(sorted(slots)) & within(c.municipality, scope)
    return values(await c.select(_CALLOUT).where(mine).order_by(c.noted_at, c.id), Callout)


async def add_callout(
    slot: Slot,
    *,
    station: int,
    left_at: datetime,
    back_at: datetime | None,
    rotation: str,
    account: int,
    now: datetime,
) -> int | None:
    """Store a call-out and return its id; None where the crew is away already."""
    row = t.Callout(
        municipality=slot.municipality,
        slot=slot.id,
        station=station,
        left_at=left_at,
        back_at=back_at,
        rotation=rotation,
        noted_at=now,
        noted_by=account,
        version=1,
    )
    added = await t.Callout.insert(row).on_conflict(action="DO NOTHING").returning(t.Callout.id)
    return int(added[0]["id"]) if added else None


async def end_callout(callout: Callout, *, back_at: datetime, rotation: str, now: datetime) -> None:
    """Store that a crew is back, and the carousel as it was decided then."""
    await _decide(callout, back_at, rotation, now)


async def reopen_callout(callout: Callout, *, rotation: str, now: datetime) -> None:
    """Store that a crew is away still, and the carousel as it was decided then."""
    await _decide(callout, None, rotation, now)


async def _decide(callout: Callout, back_at: datetime | None, rotation: str, now: datetime) -> None:
    c = t.Callout
    changes: Changes = {
        c.back_at: back_at,
        c.rotation: rotation,
        c.noted_at: now,
        c.version: callout.version + 1,
    }
    await (
        c.update(changes)
        .where(c.id == callout.id)
        .where(within(c.municipality, (callout.municipality,)))
    )


async def remove_callout(callout: Callout) -> None:
    """Remove a call-out that never was."""
    c = t.Callout
    mine = within(c.municipality, (callout.municipality,))
    await c.delete().where(c.id == callout.id).where(mine)


async def save_station_places(slot: Slot, stations: Iterable[Station]) -> None:
    """Store where the stations of a slot stand; the slot's row is locked."""
    s = t.Station
    for station in stations:
        changes: Changes = {
            s.place: station.place,
            s.outdoors: station.outdoors,
            s.rain_place: station.rain_place,
            s.step_free: station.step_free,
            s.walk_minutes: station.walk_minutes,
        }
        await s.update(changes).where((s.id == station.id) & (s.slot == slot.id))


async def count_change(slot: Slot) -> None:
    """Raise a slot's version: its carousel changed, and no calendar says anything about that."""
    s = t.Slot
    changes: Changes = {s.version: s.version + 1}
    await (
        s.update(changes).where(s.id == slot.id).where(within(s.municipality, (slot.municipality,)))
    )
