"""What a plan is asked for: half-days, classes, venues, staff, and the slots already published.

A mask is an `int` whose bit `i` stands for `Problem.half_days[i]`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from blaljus.domain.words import REQUIRED_SERVICES, Half, Service, VenueKind


class Rule(StrEnum):
    """What a plan may never break. Values are stable: pages and logs use them."""

    UNKNOWN = "unknown"
    """The plan names something that is not in the problem."""
    CLASS_NOT_COUNTED = "class-not-counted"
    """Every class is either placed or listed as not placed, never both."""
    CLASS_TWICE = "class-twice"
    """A class has one slot at most."""
    CLASS_NOT_FREE = "class-not-free"
    VENUE_NOT_FOR_CLASS = "venue-not-for-class"
    VENUE_CLOSED = "venue-closed"
    VENUE_TWICE = "venue-twice"
    """A venue holds one slot in a half-day."""
    EMPTY = "empty"
    """A slot has at least one class."""
    TOO_MANY_CLASSES = "too-many-classes"
    """One group for each manned station, and no more than the venue's own limit."""
    TOO_MANY_PUPILS = "too-many-pupils"
    """A class is not larger than the smallest station of the venue takes."""
    STATION_UNDERSTAFFED = "station-understaffed"
    """A station has all the staff it needs; only a station that is not required may stay empty."""
    SERVICE_MISSING = "service-missing"
    """Every promised service is there."""
    WRONG_SERVICE = "wrong-service"
    OUTSIDE_AREA = "outside-area"
    STAFF_NOT_FREE = "staff-not-free"
    ON_CALL_FORBIDDEN = "on-call-forbidden"
    STAFF_TWICE = "staff-twice"
    """A person is in one place in a half-day, other municipalities included."""
    ONE_VENUE_A_DAY = "one-venue-a-day"
    """A person who comes twice in a day stays at one venue."""
    DAY_FULL = "day-full"
    WEEK_FULL = "week-full"
    SEASON_FULL = "season-full"
    PUBLISHED_CHANGED = "published-changed"
    """A published slot keeps its time, place and staff, and takes no more than its free places."""


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One half of one school day."""

    day: date
    half: Half


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemClass:
    """A class that needs a slot. `venues` are the ids of the venues it may go to."""

    id: int
    label: str
    school_venue: int | None
    venues: tuple[int, ...]
    free: int
    """Mask of the half-days on which the class can come."""
    pupils: int
    """All who come, other grades of a mixed class included."""
    blocked: tuple[tuple[str, int], ...] = ()
    """(reason, mask) of what closes the school; it wins over `free`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemStation:
    """One station. A promised service's station is always required, whatever `required` says."""

    service: Service
    staff_needed: int
    max_pupils: int
    """The largest class it takes; binds the class even when the station stays empty."""
    on_call_allowed: bool
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemVenue:
    """A place with its stations. A slot there has one group for each manned station."""

    id: int
    kind: VenueKind
    municipality: int
    open: int
    """Mask of the half-days on which a slot may be held."""
    stations: tuple[ProblemStation, ...]
    max_groups: int | None = None
    """The venue's own limit of groups; `None`: as many as there are manned stations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemStaff:
    """A person who may be asked. Caps count half-days, those in `busy` and published slots too."""

    id: int
    agency: int
    service: Service
    municipalities: frozenset[int]
    free: int
    on_call: int
    """Mask; only for stations that allow it."""
    busy: int = 0
    """Mask of half-days with an active assignment anywhere. Published slots may be included."""
    per_day: int = 2
    per_week: int = 3
    """Per ISO week."""
    per_season: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedSlot:
    """A published slot. Its classes and staff stay; `free_places` more classes may join."""

    id: int
    venue: int
    half_day: int
    """Index in `Problem.half_days`."""
    free_places: int
    classes: tuple[int, ...] = ()
    """Ids; they need not be among `Problem.classes`."""
    staff: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A season to plan. Raises `ValueError` when ids repeat or point nowhere.

    `half_days` are those the coordinator may still plan, ascending. `services` are the promised
    ones. Classes in a published slot are placed already.
    """

    half_days: tuple[HalfDay, ...]
    classes: tuple[ProblemClass, ...]
    venues: tuple[ProblemVenue, ...]
    staff: tuple[ProblemStaff, ...]
    fixed: tuple[FixedSlot, ...] = ()
    services: tuple[Service, ...] = REQUIRED_SERVICES
    seed: int = 0

    def __post_init__(self) -> None:
        if list(self.half_days) != sorted(set(self.half_days), key=_chronological):
            raise ValueError("half_days must be ascending, without repeats")
        for rows in (self.classes, self.venues, self.staff, self.fixed):
            if len({row.id for row in rows}) != len(rows):
                raise ValueError(f"an id repeats among {[row.id for row in rows]}")
        _known("venue", (v for c in self.classes for v in c.venues), self.venues)
        _known("venue", (slot.venue for slot in self.fixed), self.venues)
        _known("staff", (person for slot in self.fixed for person in slot.staff), self.staff)
        if any(not 0 <= slot.half_day < len(self.half_days) for slot in self.fixed):
            raise ValueError("a published slot lies outside half_days")


def _chronological(half_day: HalfDay) -> tuple[date, bool]:
    """Order fm before em; as text `em` comes first."""
    return half_day.day, half_day.half is Half.EM


def _known(
    what: str, wanted: Iterable[int], rows: tuple[ProblemVenue, ...] | tuple[ProblemStaff, ...]
) -> None:
    missing = set(wanted) - {row.id for row in rows}
    if missing:
        raise ValueError(f"unknown {what} {sorted(missing)}")
