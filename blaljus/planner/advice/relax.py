"""What may stand in the way of a class, and the same problem without it. Each only loosens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import partial

from blaljus.domain.words import Service
from blaljus.planner.plan import Plan
from blaljus.planner.problem import (
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)

PLENTY = 10**4
"""More than any number of groups, people or pupils that is asked for."""


class Obstacle(StrEnum):
    """What stands in the way of a class. Values are stable: pages and logs use them."""

    LUNCH = "lunch"
    PINS = "pins"
    AGENCY = "agency"
    """Stations that only one agency mans."""
    ON_CALL = "on-call"
    """Stations where nobody on call may stand."""
    RESTING = "resting"
    TOO_LATE = "too-late"
    BUSY = "busy"
    """Duties that the staff have outside the plan."""
    CAPS = "caps"
    AREA = "area"
    """The municipalities that the staff serve."""
    STATIONS = "stations"
    """A venue without a station of a promised service."""
    ROOM = "room"
    """How many groups a session takes."""
    SIZE = "size"
    """How many pupils a group holds."""
    BUSES = "buses"
    LANGUAGE = "language"
    LOCK = "lock"
    PUBLISHED = "published"
    VENUE_CLOSED = "venue-closed"
    VENUES = "venues"
    """Where the class may go."""
    SCHOOL_CLOSED = "school-closed"
    CLASS_TIMES = "class-times"
    OTHER_CLASSES = "other-classes"
    """The sessions of the plan."""
    STAFF_TIMES = "staff-times"
    """When the staff are free or on call."""
    POLICE = "police"
    """There are no more people of the service than there are."""
    RESCUE = "rescue"
    AMBULANCE = "ambulance"
    PARTNER = "partner"


def without(
    problem: Problem, plan: Plan, who: ProblemClass, obstacle: Obstacle
) -> tuple[Problem, Plan]:
    """Return the problem and plan in which an obstacle no longer stands in the way of a class."""
    if obstacle is Obstacle.OTHER_CLASSES:
        alone = tuple(c.id for c in problem.classes)
        return problem, Plan(sessions=(), unplaced=alone)
    if obstacle is Obstacle.PUBLISHED:
        kept = tuple(session for session in plan.sessions if session.fixed is None)
        return replace(problem, fixed=()), replace(plan, sessions=kept)
    return _loosened(problem, who, obstacle), plan


def _loosened(problem: Problem, who: ProblemClass, obstacle: Obstacle) -> Problem:
    if obstacle in _WHOLE:
        return _WHOLE[obstacle](problem)
    if obstacle in _PERSON:
        staff = map(partial(_loose, problem, obstacle), problem.staff)
        return replace(problem, staff=tuple(staff))
    if obstacle in _VENUE:
        venues = map(partial(_roomy, problem, obstacle), problem.venues)
        return replace(problem, venues=tuple(venues))
    if obstacle in _CLASS:
        return _with_class(problem, who.id, obstacle)
    helpers = _helpers(problem, Service(obstacle.value))
    return replace(problem, staff=(*problem.staff, *helpers))


def _always(problem: Problem) -> int:
    return (1 << len(problem.half_days)) - 1


_WHOLE: dict[Obstacle, Callable[[Problem], Problem]] = {
    Obstacle.LUNCH: lambda problem: replace(problem, lunch_gap_minutes=PLENTY),
    Obstacle.PINS: lambda problem: replace(problem, pins=()),
    Obstacle.LOCK: lambda problem: replace(problem, locked=()),
    Obstacle.BUSES: lambda problem: replace(problem, buses=()),
    Obstacle.ROOM: lambda problem: replace(
        problem,
        venues=tuple(
            replace(venue, max_groups=None, groups_per_crew=PLENTY) for venue in problem.venues
        ),
        fixed=tuple(replace(slot, free_places=PLENTY) for slot in problem.fixed),
    ),
}

_PERSON = {
    Obstacle.RESTING,
    Obstacle.TOO_LATE,
    Obstacle.BUSY,
    Obstacle.CAPS,
    Obstacle.AREA,
    Obstacle.STAFF_TIMES,
}

_VENUE = {
    Obstacle.AGENCY,
    Obstacle.ON_CALL,
    Obstacle.STATIONS,
    Obstacle.SIZE,
    Obstacle.VENUE_CLOSED,
}

_CLASS = {Obstacle.VENUES, Obstacle.SCHOOL_CLOSED, Obstacle.CLASS_TIMES, Obstacle.LANGUAGE}


def _loose(problem: Problem, obstacle: Obstacle, person: ProblemStaff) -> ProblemStaff:
    if obstacle is Obstacle.RESTING:
        return replace(person, resting=0)
    if obstacle is Obstacle.TOO_LATE:
        return replace(person, too_late=0)
    if obstacle is Obstacle.BUSY:
        return replace(person, busy=0, busy_in=())
    if obstacle is Obstacle.CAPS:
        return replace(person, per_day=PLENTY, per_week=PLENTY, per_season=None)
    if obstacle is Obstacle.AREA:
        everywhere = frozenset(venue.municipality for venue in problem.venues)
        return replace(person, municipalities=person.municipalities | everywhere)
    return replace(person, free=_always(problem))


def _roomy(problem: Problem, obstacle: Obstacle, venue: ProblemVenue) -> ProblemVenue:
    if obstacle is Obstacle.VENUE_CLOSED:
        return replace(venue, open=_always(problem))
    if obstacle is Obstacle.STATIONS:
        return replace(venue, stations=(*venue.stations, *_missing(problem, venue)))
    stations = tuple(_open_station(obstacle, station) for station in venue.stations)
    shares = obstacle is Obstacle.SIZE and venue.group_pupils is not None
    return replace(venue, stations=stations, group_pupils=PLENTY if shares else venue.group_pupils)


def _open_station(obstacle: Obstacle, station: ProblemStation) -> ProblemStation:
    if obstacle is Obstacle.AGENCY:
        return replace(station, agency=None)
    if obstacle is Obstacle.ON_CALL:
        return replace(station, on_call_allowed=True)
    return replace(station, max_pupils=PLENTY)


def _missing(problem: Problem, venue: ProblemVenue) -> Iterator[ProblemStation]:
    """Yield a station of each promised service that nobody comes to the venue from."""
    there = {station.service for station in venue.stations if station.staff_needed}
    for service in problem.services:
        if service not in there:
            yield ProblemStation(
                service=service,
                staff_needed=1,
                max_pupils=PLENTY,
                on_call_allowed=True,
                required=True,
            )


def _with_class(problem: Problem, class_id: int, obstacle: Obstacle) -> Problem:
    def loose(who: ProblemClass) -> ProblemClass:
        if who.id != class_id:
            return who
        if obstacle is Obstacle.VENUES:
            return replace(who, venues=tuple(venue.id for venue in problem.venues))
        if obstacle is Obstacle.SCHOOL_CLOSED:
            closed = 0
            for _, mask in who.blocked:
                closed |= mask
            return replace(who, blocked=(), free=who.free | closed)
        if obstacle is Obstacle.LANGUAGE:
            return replace(who, language=None)
        return replace(who, free=_always(problem))

    return replace(problem, classes=tuple(map(loose, problem.classes)))


def _helpers(problem: Problem, service: Service) -> Iterator[ProblemStaff]:
    """Yield people who do not exist: enough for any session of the service, always free."""
    agencies = {s.agency for v in problem.venues for s in v.stations if s.service is service}
    next_id = 1 + max((person.id for person in problem.staff), default=0)
    for agency in sorted({agency or 0 for agency in agencies}):
        for _ in range(_most(problem, service)):
            yield helper(problem, next_id, service, agency, _always(problem))
            next_id += 1


def helper(problem: Problem, id_: int, service: Service, agency: int, free: int) -> ProblemStaff:
    """Return a person who does not exist, free in some half-days for any venue."""
    return ProblemStaff(
        id=id_,
        agency=agency,
        service=service,
        municipalities=frozenset(venue.municipality for venue in problem.venues),
        free=free,
        on_call=0,
        per_day=PLENTY,
        per_week=PLENTY,
    )


def _most(problem: Problem, service: Service) -> int:
    """Return the most people of the service that one venue needs."""
    sums = (
        sum(s.staff_needed + s.extra_staff for s in venue.stations if s.service is service)
        for venue in problem.venues
    )
    return max(sums, default=0)
