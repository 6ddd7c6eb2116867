"""Who is there in every new slot at a venue."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from blaljus.store import tables as t


async def list_pins(venues: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Return the ids of people pinned to venues the caller has read already, in that order."""
    found: dict[int, list[int]] = defaultdict(list)
    if not venues:
        return found
    p = t.VenuePin
    rows = await p.select(p.venue, p.staff).where(p.venue.is_in(sorted(venues))).order_by(p.id)
    for row in rows:
        found[row["venue"]].append(row["staff"])
    return found


async def add_pin(venue: int, staff: int) -> None:
    """Pin a person to a venue; the caller holds the venue."""
    await t.VenuePin.insert(t.VenuePin(venue=venue, staff=staff)).on_conflict(action="DO NOTHING")


async def remove_pins(venue: int, staff: Collection[int]) -> None:
    """Pin people to a venue no longer; who is not pinned stays so."""
    p = t.VenuePin
    if staff:
        await p.delete().where(p.venue == venue).where(p.staff.is_in(sorted(staff)))
