"""Nights at work, told by the morning they end in."""

from collections.abc import Collection
from datetime import date

from blaljus.domain.availability import Nights
from blaljus.store import tables as t


async def list_nights(
    staff: Collection[int], first_on: date, last_on: date
) -> list[tuple[int, date]]:
    """Return (person, morning) of the nights that end in `[first_on, last_on]`, in that order."""
    if not staff:
        return []
    n = t.NightDuty
    rows = (
        await n.select(n.staff, n.ends_on)
        .where(n.staff.is_in(sorted(staff)))
        .where((n.ends_on >= first_on) & (n.ends_on <= last_on))
        .order_by(n.staff, n.ends_on)
    )
    return [(row["staff"], row["ends_on"]) for row in rows]


async def set_nights(staff: int, nights: Nights) -> None:
    """Store which nights of a person end on some mornings, and which do not."""
    n = t.NightDuty
    gone = sorted(day for day, night in nights.items() if not night)
    if gone:
        await n.delete().where((n.staff == staff) & n.ends_on.is_in(gone))
    new = [n(staff=staff, ends_on=day) for day, night in sorted(nights.items()) if night]
    if new:
        await n.insert(*new).on_conflict(action="DO NOTHING")
