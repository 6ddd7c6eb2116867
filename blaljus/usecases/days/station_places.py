"""Where the stations of a slot stand: what the carousel's sheets say, and rain, steps and walks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import Station
from blaljus.domain.words import SlotState
from blaljus.store import callouts, slots
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once

LONGEST_WALK = 60
"""Minutes; the table holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlace:
    """Where one station stands. Texts are at most 100 characters; `walk_minutes` 0-60."""

    place: str
    outdoors: bool
    rain_place: str
    step_free: bool
    walk_minutes: int


async def place_stations(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    slot_id: int,
    places: Mapping[int, StationPlace],
    version: int | None = None,
) -> None:
    """Store where the stations stand, by their ids; the carousel follows from it.

    Raises `NotFoundError` for a station that is not the slot's, or a slot that was called off, and
    `StaleError` where the slot is no longer of the `version` that the person saw.
    """

    async def change() -> Outcome:
        slot = await slots.lock_slot(slot_id, person.municipalities)
        if version is not None and version != slot.version:
            raise StaleError
        stations = {station.id: station for station in await slots.list_stations([slot.id])}
        if slot.state is SlotState.CANCELLED or not places.keys() <= stations.keys():
            raise NotFoundError
        moved = [_placed(stations[number], place) for number, place in sorted(places.items())]
        changed = [station for station in moved if station != stations[station.id]]
        if changed:
            await callouts.save_station_places(slot, changed)
            await callouts.count_change(slot)
            await record(
                context,
                person.actor,
                slot.municipality,
                "stations-placed",
                ("slot", slot.id),
                slot.version + 1,
                stations=[station.id for station in changed],
            )
        return {"slot": slot_id}

    await once(person, key, change, clock=context.clock)


def _placed(station: Station, place: StationPlace) -> Station:
    return replace(
        station,
        place=place.place,
        outdoors=place.outdoors,
        rain_place=place.rain_place if place.outdoors else "",
        step_free=place.step_free,
        walk_minutes=place.walk_minutes,
    )
