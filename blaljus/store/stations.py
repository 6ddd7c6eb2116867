"""What stations at venues ask for, where it is not the usual."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict

from blaljus.domain.schools import StationRules
from blaljus.store import tables as t
from blaljus.store.rows import value


async def list_station_rules(venues: Collection[int]) -> Mapping[int, tuple[StationRules, ...]]:
    """Return the rules of venues that the caller has read already, by venue and position."""
    found: dict[int, tuple[StationRules, ...]] = defaultdict(tuple)
    if not venues:
        return found
    s = t.VenueStation
    rows = await s.select().where(s.venue.is_in(sorted(venues))).order_by(s.venue, s.position)
    for row in rows:
        found[row["venue"]] += (value(row, StationRules),)
    return found


async def set_station_rules(venue: int, rules: Iterable[StationRules]) -> None:
    """Replace the rules of a venue's stations; the caller holds the venue."""
    s = t.VenueStation
    await s.delete().where(s.venue == venue)
    rows = [
        s(venue=venue, position=position, **(asdict(rule) | {"provides": rule.provides.value}))
        for position, rule in enumerate(rules, start=1)
    ]
    if rows:
        await s.insert(*rows)
