"""Schools, their classes, and the days on which they are out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from blaljus.domain.errors import BlaljusError
from blaljus.domain.words import (
    BlockKind,
    ClassKind,
    Organiser,
    SchoolStatus,
    Service,
    VenueKind,
)

PROMISED_GRADE = 4
"""The grade that Höör's promise names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A tenant; `code` is four digits as text."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolUnit:
    """A unit of the national register; `code` is eight digits as text."""

    id: int
    municipality: int
    code: str
    name: str
    status: SchoolStatus
    organiser: Organiser
    grades: tuple[int, ...]
    locality: str | None
    latitude: float | None
    longitude: float | None

    @property
    def owes_classes(self) -> bool:
        """Return whether the school should report year-4 classes."""
        return self.status is SchoolStatus.ACTIVE and PROMISED_GRADE in self.grades


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolClass:
    """A class of one school year, with its school's name: what pages call it by."""

    id: int
    municipality: int
    school_unit: int
    school_code: str
    school: str
    school_year: int
    label: str
    year4_pupils: int
    other_pupils: int
    kind: ClassKind
    active: bool
    version: int
    language: str = ""
    """One of the crew must speak it; empty: none in particular."""

    @property
    def pupils(self) -> int:
        """Return everybody who comes along: a mixed class comes whole."""
        return self.year4_pupils + self.other_pupils

    @property
    def name(self) -> str:
        """Return the class as people say it: `4A, Enebackeskolan`."""
        return f"{self.label}, {self.school}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Days `[first_on, last_on]`, both included; of every school while `school_unit` is None."""

    school_unit: int | None
    kind: BlockKind
    name: str
    first_on: date
    last_on: date

    def covers(self, school_unit: int, day: date) -> bool:
        """Return whether the block concerns a school on a day."""
        return self.school_unit in (None, school_unit) and self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRules:
    """What a service's station asks for in every new slot at a venue."""

    provides: Service
    agency: int | None = None
    """Only this agency mans it; `None`: any of the service."""
    staff_needed: int = 1
    """People at the station, 1-9."""
    max_pupils: int = 60
    """The largest group it takes, 1-60."""
    on_call_allowed: bool = True
    """Who is on call may stand there, where the venue is near the rescue station."""
    outdoors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Where slots take place. A shared one may have a fourth station and on-call crews."""

    id: int
    municipality: int
    kind: VenueKind
    school_unit: int | None
    name: str
    latitude: float | None
    longitude: float | None
    near_rescue_station: bool
    partner_station: str
    version: int
    group_pupils: int | None = None
    """The most pupils of a group in a new slot, 2-60; `None`: each class is a group."""
    stations: tuple[StationRules, ...] = ()
    """Of the services whose station asks for something unusual."""

    def station_rules(self, required: Iterable[Service]) -> tuple[StationRules, ...]:
        """Return the stations of a slot here, by position: each promised service has one."""
        services = [*required, *([Service.PARTNER] if self.partner_station else [])]
        told = {rules.provides: rules for rules in self.stations}
        found = (told.get(service, StationRules(provides=service)) for service in services)
        return tuple(
            replace(r, on_call_allowed=r.on_call_allowed and self.near_rescue_station)
            for r in found
        )


class VenueNameTakenError(BlaljusError):
    """Another shared place of the municipality has the name; nothing was changed."""

    code = "name-taken"


def block_on(blocks: Iterable[Block], school_unit: int, day: date) -> Block | None:
    """Return what keeps a school away on a day, or None; terms keep nobody away."""
    return next(
        (b for b in blocks if b.kind is not BlockKind.TERM and b.covers(school_unit, day)), None
    )


def school_days(blocks: Iterable[Block]) -> list[date]:
    """Return the weekdays that lie in a term, sorted; days off are still among them."""
    terms = [block for block in blocks if block.kind is BlockKind.TERM]
    saturday = 5
    days = {
        date.fromordinal(ordinal)
        for term in terms
        for ordinal in range(term.first_on.toordinal(), term.last_on.toordinal() + 1)
    }
    return sorted(day for day in days if day.weekday() < saturday)


def unanswered(
    units: Iterable[SchoolUnit], classes: Iterable[SchoolClass]
) -> tuple[SchoolUnit, ...]:
    """Return the units that owe classes and have reported none, by name."""
    answered = {c.school_unit for c in classes if c.active}
    missing = [unit for unit in units if unit.owes_classes and unit.id not in answered]
    return tuple(sorted(missing, key=lambda unit: (unit.name, unit.code)))
