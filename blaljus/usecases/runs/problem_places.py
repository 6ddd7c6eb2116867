"""The planner's places: venues with their stations, and municipalities on a map."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import cos, radians
from operator import or_

from blaljus.domain.agencies import Agency
from blaljus.domain.schools import Block, Municipality, Venue
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import BlockKind, Half, Service
from blaljus.planner.problem import HalfDay, ProblemMunicipality, ProblemStation, ProblemVenue
from blaljus.store import agencies, schools
from blaljus.store.positions import find_centres

KM_PER_DEGREE = 111.2
"""Of latitude, and of longitude at the equator."""

Degrees = tuple[float, float]
"""North and east."""


@dataclass(frozen=True, slots=True)
class PlaneMap:
    """Kilometres east and north of a point: flat enough for a region."""

    origin: Degrees = (0.0, 0.0)

    def place(self, position: Degrees) -> tuple[float, float]:
        """Return `(x_km, y_km)` of a position."""
        north, east = position[0] - self.origin[0], position[1] - self.origin[1]
        return KM_PER_DEGREE * cos(radians(self.origin[0])) * east, KM_PER_DEGREE * north


def _day(half_day: HalfDay) -> date:
    return half_day.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The half-days of a problem, and the masks of those that may be planned."""

    half_days: tuple[HalfDay, ...]
    venues: int
    """The half-days on which a venue may be open; the others only count in people's caps."""
    classes: int
    """The half-days on which a class may get a time."""
    blocks: Sequence[Block]

    def positions(self, half_days: Iterable[tuple[date, Half]]) -> tuple[int, ...]:
        """Return where half-days stand, in their order; those that are not there are left out."""
        at = {half_day: index for index, half_day in enumerate(self.half_days)}
        return tuple(at[HalfDay(*wish)] for wish in half_days if HalfDay(*wish) in at)

    def blocked(self, school_unit: int) -> dict[str, int]:
        """Return the masks of what closes a school, by kind; school 0 is closed by common days."""
        found: dict[str, int] = defaultdict(int)
        closed = 0
        for block in self.blocks:
            if block.kind is not BlockKind.TERM and block.school_unit in (None, school_unit):
                days = self._between(block.first_on, block.last_on) & ~closed
                found[block.kind.value] |= days
                closed |= days
        return dict(sorted((kind, mask) for kind, mask in found.items() if mask))

    def _between(self, first_on: date, last_on: date) -> int:
        """Return the mask of the half-days of `[first_on, last_on]`: they are ascending."""
        first = bisect_left(self.half_days, first_on, key=_day)
        last = bisect_right(self.half_days, last_on, key=_day)
        return (1 << max(first, last)) - (1 << first)

    def open_to(self, school_unit: int, mask: int) -> int:
        """Return the half-days of a mask on which a school is open."""
        return mask & ~reduce(or_, self.blocked(school_unit).values(), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The municipalities a plan has to do with, and who serves which municipality."""

    plane: PlaneMap
    municipalities: tuple[ProblemMunicipality, ...]
    served: Mapping[int, frozenset[int]]
    """Municipalities by the agency that serves them, all over the country."""

    def home_of(self, agency: Agency) -> int | None:
        """Return where an agency's people start from: as it says, else the one place it serves."""
        served = self.served.get(agency.id, frozenset())
        return agency.home or (min(served) if len(served) == 1 else None)


async def load_region(owner: int, also: Collection[int], day: date) -> Region:
    """Return the map of a municipality and those its staff has to do with, as on a day."""
    coverage = await agencies.coverage_on(day)
    ours = {agency.id for agency, at in coverage if at == owner}
    homes = {agency.home for agency, _ in coverage if agency.id in ours and agency.home}
    near = {at for agency, at in coverage if agency.id in ours}
    wanted = {owner, *also, *homes, *near}
    centres = await find_centres(wanted)
    plane = PlaneMap(centres.get(owner, (0.0, 0.0)))
    known = await schools.list_municipalities_in(tuple(sorted(wanted)))
    return Region(
        plane=plane,
        municipalities=tuple(
            _municipality(town, plane.place(centres[town.id]), coverage)
            for town in sorted(known, key=lambda town: town.id)
            if town.id in centres
        ),
        served={
            agency.id: frozenset(at for other, at in coverage if other.id == agency.id)
            for agency, _ in coverage
        },
    )


def _municipality(
    town: Municipality, place: tuple[float, float], coverage: Iterable[tuple[Agency, int]]
) -> ProblemMunicipality:
    police = [a.id for a, at in coverage if at == town.id and a.provides is Service.POLICE]
    return ProblemMunicipality(
        id=town.id,
        area=min(police, default=0),
        region=int(town.code[:2]),
        x_km=place[0],
        y_km=place[1],
    )


def problem_venue(
    venue: Venue, plan: SeasonPlan, calendar: Calendar, region: Region
) -> ProblemVenue:
    """Return a venue with its stations, open on the half-days that no block closes."""
    x_km, y_km = _place(venue, region)
    return ProblemVenue(
        id=venue.id,
        kind=venue.kind,
        municipality=venue.municipality,
        open=calendar.open_to(venue.school_unit or 0, calendar.venues),
        stations=_stations(venue, plan),
        group_pupils=venue.group_pupils,
        x_km=x_km,
        y_km=y_km,
    )


def mask_of(half_days: Iterable[int]) -> int:
    """Return the mask of some half-days by their indices."""
    return sum(1 << index for index in set(half_days))


def _place(venue: Venue, region: Region) -> tuple[float, float]:
    """Return where a venue lies; in the middle of its municipality while nobody has said."""
    if venue.latitude is None or venue.longitude is None:
        middle = [m for m in region.municipalities if m.id == venue.municipality]
        return (middle[0].x_km, middle[0].y_km) if middle else (0.0, 0.0)
    return region.plane.place((venue.latitude, venue.longitude))


def _stations(venue: Venue, plan: SeasonPlan) -> tuple[ProblemStation, ...]:
    return tuple(
        ProblemStation(
            service=rules.provides,
            staff_needed=rules.staff_needed,
            max_pupils=rules.max_pupils,
            on_call_allowed=rules.on_call_allowed,
            required=rules.provides in plan.required,
            agency=rules.agency,
        )
        for rules in venue.station_rules(plan.required)
    )
