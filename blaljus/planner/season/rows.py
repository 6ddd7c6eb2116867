"""The rows of `blaljus-season/1` and of its answer, as they stand in the files.

A slot is `2 * day index + half` (0 = fm), so it is an index of `Problem.half_days`.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from blaljus.planner.season.reading import MASK

MAX_DAYS = 1000
"""A season is a school year of some 180 school days."""

Id = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Count = Annotated[int, Meta(ge=0)]
Kilometres = Annotated[float, Meta(ge=-1e6, le=1e6)]
Mask = Annotated[str, Meta(pattern=MASK)]
ServiceName = Literal["police", "rescue", "ambulance", "partner"]


class MunicipalityRow(Struct, frozen=True):
    """Where a municipality lies."""

    id: Id
    area: Id
    region: Id
    x_km: Kilometres
    y_km: Kilometres


class VenueRow(Struct, frozen=True):
    """A school, or a station that classes travel to; needs go by service, in order."""

    id: Id
    municipality: Id
    x_km: Kilometres
    y_km: Kilometres
    kind: Literal["school", "station"]
    open: Mask
    groups: Count
    needs: list[Count]
    extra_needs: list[Count]


class ClassRow(Struct, frozen=True):
    """A class: one group, wherever it goes."""

    id: Id
    school: Id
    free: Mask
    venues: list[Id]
    language: str | None
    wishes: list[int]
    pupils: Count


class StaffRow(Struct, frozen=True):
    """A person, with caps in sessions."""

    id: Id
    service: str
    home: Id
    municipalities: list[Id]
    languages: list[str]
    free: Mask
    per_day: Count
    per_week: Count
    per_season: Count


class PlacementRow(Struct, frozen=True):
    """A class at a venue in a slot."""

    school_class: Id = field(name="class")
    venue: Id
    slot: int


class SeasonFile(Struct, frozen=True):
    """A problem."""

    days: Annotated[list[date], Meta(min_length=1, max_length=MAX_DAYS)]
    services: Annotated[list[ServiceName], Meta(min_length=1)]
    groups_per_crew: Annotated[int, Meta(ge=1)]
    lunch_gap_minutes: Count
    municipalities: list[MunicipalityRow]
    venues: list[VenueRow]
    classes: list[ClassRow]
    staff: list[StaffRow]
    locked: list[PlacementRow]


class FormatOnly(Struct, frozen=True):
    """What tells a problem from any other file."""

    format: Literal["blaljus-season/1"]


class CrewRow(Struct, frozen=True):
    """The staff of one session."""

    venue: Id
    slot: int
    staff: list[Id]


class ProofRow(Struct, frozen=True):
    """What was proved; null where nothing was."""

    placed_upper_bound: int | None
    crew_cost_lower_bound: int | None
    status: Literal["optimal", "feasible"]


class OldAnswerFile(Struct, frozen=True):
    """A plan, whatever was proved of it."""

    placements: list[PlacementRow]
    crews: list[CrewRow]


class AnswerFile(OldAnswerFile, frozen=True):
    """A plan with what was proved of it."""

    proof: ProofRow
