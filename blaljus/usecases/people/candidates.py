"""Who could take a station, with every reason against each."""

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import half_of, local_day
from blaljus.domain.own_calendars import overlapping
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import StaffingRefusal, buckets, staffing_refusals
from blaljus.domain.words import AvailabilityState
from blaljus.store import agencies, assignments, nights, own_calendars, slots
from blaljus.usecases.context import Context


def station_of(stations: list[Station], station_id: int) -> Station:
    """Return the one of some stations with an id, or raise `NotFoundError`."""
    for station in stations:
        if station.id == station_id:
            return station
    raise NotFoundError


async def reasons_against(
    context: Context, slot: Slot, station: Station, member: StaffMember
) -> tuple[StaffingRefusal, ...]:
    """Return every reason against one person at a station."""
    (_, reasons), *_ = await candidates_with_reasons(context, slot, station, [member])
    return reasons


async def candidates_with_reasons(
    context: Context, slot: Slot, station: Station, members: list[StaffMember]
) -> list[tuple[StaffMember, tuple[StaffingRefusal, ...]]]:
    """Return people with every reason against them at a station, in the order given."""
    day = local_day(slot.starts_at)
    ids = [member.id for member in members]
    said = {
        row.staff: row.state
        for row in await agencies.list_availability(ids, day, day)
        if row.half is half_of(slot.starts_at)
    }
    serving = await agencies.agencies_serving((slot.municipality,), day)
    rested = {staff for staff, _ in await nights.list_nights(ids, day, day)}
    span = slot.starts_at, slot.ends_at
    calendars = await own_calendars.list_busy(ids, *span)
    taken = await assignments.busy_buckets(ids)
    wanted = set(buckets(*span))
    return [
        (
            member,
            staffing_refusals(
                member,
                station,
                slot,
                said.get(member.id, AvailabilityState.NOT_AVAILABLE),
                serves=member.agency in serving,
                busy=bool(taken[member.id] & wanted),
                resting=member.id in rested,
                now=context.clock(),
                calendar_busy=overlapping(calendars.get(member.id, ()), *span) is False,
            ),
        )
        for member in members
    ]


async def list_candidates(
    context: Context, person: Person, slot_id: int, station_id: int
) -> list[tuple[StaffMember, tuple[StaffingRefusal, ...]]]:
    """Return everybody of the station's service: who can come first, then by duties and name."""
    slot = await slots.get_slot(slot_id, person.municipalities)
    station = station_of(await slots.list_stations([slot_id]), station_id)
    everybody = await agencies.list_staff((slot.municipality,), local_day(slot.starts_at))
    members = [member for member in everybody if member.provides is station.provides]
    found = await candidates_with_reasons(context, slot, station, members)
    load = await assignments.busy_buckets([member.id for member in members])
    return sorted(found, key=lambda row: (bool(row[1]), len(load[row[0].id]), row[0].reference))
