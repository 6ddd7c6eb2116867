"""What a venue could still hold, as masks of half-days: quick to ask, and only hopeful.

Each mask has every half-day that can work, and some that turn out not to: needs are looked at one
by one, while a crew needs different people for all of them. For the packer.
"""

from blaljus.planner.packing.board import Board
from blaljus.planner.packing.people import Kind, Tally, tally
from blaljus.planner.packing.site import Format


def reach(board: Board, school_class: int, venue: int) -> int:
    """Return when a class could come to a new session: someone speaks its language, its bus too."""
    mask = board.free[school_class] & board.coaches.room(school_class, venue)
    language = board.classes[school_class].language
    if language is not None and mask:
        site = board.sites[venue]
        services = sorted({station.service for station in site.stations})
        mask &= board.people.speakers(site.municipality, services, language)
    return mask


def staffed(board: Board, venue: int, size: Format) -> int:
    """Return when each need of a format finds its staff, and who is pinned can come."""
    return _supplied(board, venue, size, Kind.ANYONE, Kind.FREE) & _pinned(board, venue)


def staffed_all_day(board: Board, venue: int, size: Format) -> int:
    """Return the mornings whose staff can stay for the afternoon."""
    pinned = _pinned(board, venue)
    supplied = _supplied(board, venue, size, Kind.ALL_DAY, Kind.ALL_DAY_FREE)
    return supplied & pinned & pinned >> 1


def spare(board: Board, venue: int, size: Format) -> int:
    """Return when one more of everybody could come: a reserve, or staff for other venues."""
    site, mask = board.sites[venue], board.people.season
    for need in size.needs:
        counts = board.people.supply((site.municipality, need.service, need.agency), Kind.ANYONE)
        mask &= counts[need.people + 1]
    return mask


def out_already(board: Board, venue: int, size: Format) -> Tally:
    """Count how many of the crew that costs are out on the day anyway."""
    site, units = board.sites[venue], list[int]()
    for need in size.needs:
        if need.agency is None and need.service in board.problem.services:
            pool = site.municipality, need.service, None
            units += board.people.supply(pool, Kind.OUT)[1 : need.people + 1]
    return tally(units, size.crew_size)


def wanted(board: Board, venue: int) -> Tally:
    """Count the stations that may stay empty but find their staff."""
    site = board.sites[venue]
    stations = [site.stations[i] for i in site.wanted if site.stations[i].staff_needed]
    masks = (
        board.people.supply(
            (site.municipality, station.service, station.agency),
            Kind.ANYONE if station.on_call_allowed else Kind.FREE,
        )[station.staff_needed]
        for station in stations
    )
    return tally(masks, len(stations))


def _supplied(board: Board, venue: int, size: Format, anyone: Kind, strict: Kind) -> int:
    site, mask = board.sites[venue], board.people.season
    for need in size.needs:
        pool = site.municipality, need.service, need.agency
        mask &= board.people.supply(pool, anyone)[need.people]
        if need.not_on_call and mask:
            mask &= board.people.supply(pool, strict)[need.not_on_call]
    return mask


def _pinned(board: Board, venue: int) -> int:
    site, mask = board.sites[venue], -1
    for person, half_day in site.pins:
        can = board.people.may_go(person, site.municipality)
        mask &= can if half_day is None else can | ~(1 << half_day)
    return mask
