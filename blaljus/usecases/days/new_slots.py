"""A published slot with the stations that the plan and its venue ask for; nobody is at them yet."""

from collections.abc import Collection
from datetime import date

from blaljus.domain.schools import Venue
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import Half, Service
from blaljus.store import slots
from blaljus.usecases.context import Context
from blaljus.usecases.runs.world_changes import outrun

STATION_NAMES = {
    Service.POLICE: "Polis",
    Service.RESCUE: "Räddningstjänst",
    Service.AMBULANCE: "Ambulans",
}
"""What stations are called on screens and in calendars; a partner's comes from the venue."""


async def add_slot(
    context: Context,
    plan: SeasonPlan,
    venue: Venue,
    half_day: tuple[date, Half],
    positions: Collection[int],
) -> tuple[Slot, dict[int, int]]:
    """Publish a slot and return it with the ids of its stations, by position in the problem.

    `positions` are those of the venue's stations that are manned; each takes one group. Raises
    `WorldChangedError` where the venue has a slot then.
    """
    manned = sorted(positions)
    starts_at, ends_at = plan.span(*half_day, len(manned))
    slot_id = await slots.add_slot(
        plan.municipality,
        plan=plan.id,
        venue=venue.id,
        starts_at=starts_at,
        ends_at=ends_at,
        places=len(manned),
        group_pupils=venue.group_pupils,
        uid=context.new_uid(),
        now=context.clock(),
    )
    if slot_id is None:
        raise outrun("venue-twice")
    slot = await slots.get_slot(slot_id, (plan.municipality,))
    return slot, {position: await _add_station(plan, venue, slot, position) for position in manned}


async def _add_station(plan: SeasonPlan, venue: Venue, slot: Slot, position: int) -> int:
    rules = venue.station_rules(plan.required)[position]
    return await slots.add_station(
        slot.id,
        position + 1,
        provides=rules.provides,
        name=STATION_NAMES.get(rules.provides, venue.partner_station),
        minutes=plan.station_minutes,
        max_pupils=rules.max_pupils,
        staff_needed=rules.staff_needed,
        on_call_allowed=rules.on_call_allowed,
        outdoors=rules.outdoors,
    )
