"""What is kept of carousels: what was decided while a slot went on, and what was told."""

from datetime import datetime

from blaljus.domain.rounds import KeptRounds
from blaljus.domain.slots import Slot
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Scope, together, values, within

_KEPT = together(*t.KeptRounds.all_columns())


async def find_kept(slot: int, scope: Scope) -> KeptRounds | None:
    """Return what is kept of a slot's carousel, or None."""
    k = t.KeptRounds
    rows = await k.select(_KEPT).where(k.slot == slot).where(within(k.municipality, scope))
    return next(iter(values(rows, KeptRounds)), None)


async def save_decided(slot: Slot, decided: str, *, now: datetime) -> None:
    """Keep a carousel as it was decided; the slot's row is locked."""
    k = t.KeptRounds
    await _save(slot, {k.decided: decided, k.decided_at: now})


async def save_told(slot: Slot, told: str, *, now: datetime) -> None:
    """Keep what everybody was told; the slot's row is locked."""
    k = t.KeptRounds
    await _save(slot, {k.told: told, k.told_at: now})


async def _save(slot: Slot, changes: Changes) -> None:
    """Store the changes over what is kept already, which is nothing at first."""
    k = t.KeptRounds
    row = k(
        municipality=slot.municipality,
        slot=slot.id,
        decided=None,
        decided_at=None,
        told=None,
        told_at=None,
        version=0,
    )
    await k.insert(row).on_conflict(action="DO NOTHING")
    await (
        k.update({**changes, k.version: k.version + 1})
        .where(k.slot == slot.id)
        .where(within(k.municipality, (slot.municipality,)))
    )
