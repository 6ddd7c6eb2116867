"""People who are to be there in every new slot at a place."""

from collections import Counter
from collections.abc import Iterable

from blaljus.domain.agencies import StaffMember
from blaljus.domain.schools import StationRules
from blaljus.domain.words import Service


def has_station_for(rules: Iterable[StationRules], member: StaffMember) -> bool:
    """Tell whether a place has a station that a person's agency may man."""
    return any(
        station.provides is member.provides and station.agency in {None, member.agency}
        for station in rules
    )


def holding(
    rules: Iterable[StationRules], pinned: Iterable[StaffMember]
) -> tuple[StaffMember, ...]:
    """Return whom the stations have room for, the first pinned before the others.

    The others are left out of planning: with all of them no slot could be held there.
    """
    stations = list(rules)
    room: Counter[Service] = Counter()
    for station in stations:
        room[station.provides] += station.staff_needed
    found = []
    for member in pinned:
        if room[member.provides] and has_station_for(stations, member):
            room[member.provides] -= 1
            found.append(member)
    return tuple(found)
