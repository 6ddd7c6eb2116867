"""What a plan is asked for: half-days, classes, venues, staff, and what is settled already.

A mask is an `int` whose bit `i` stands for `Problem.half_days[i]`. What is left out of a row asks
for nothing: a problem may be as plain as classes, venues and staff.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from blaljus.domain.words import REQUIRED_SERVICES, Half, Service, VenueKind


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One half of one school day."""

    day: date
    half: Half


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemMunicipality:
    """Where a municipality lies, in kilometres on any plane map, and in which police area."""

    id: int
    area: int
    region: int
    x_km: float
    y_km: float


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
    language: str | None = None
    """One of the crew must speak it, whatever the service."""
    wishes: tuple[int, ...] = ()
    """Half-days, the dearest first; only those that come true count."""
    municipality: int | None = None
    """Whose `Buses` the class takes; `None`: of where its school venue lies, if it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemStation:
    """One station. A promised service's station is always required, whatever `required` says."""

    service: Service
    staff_needed: int
    max_pupils: int
    """The largest group it takes; binds the group even when the station stays empty."""
    on_call_allowed: bool
    required: bool
    extra_staff: int = 0
    """More staff when a session has more groups than `ProblemVenue.groups_per_crew`."""
    agency: int | None = None
    """Only this agency may man it; `None`: any of the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemVenue:
    """A place with its stations.

    A session takes one group for each manned station, or `groups_per_crew` if given; with the
    `extra_staff` of every station it takes up to `max_groups`.
    """

    id: int
    kind: VenueKind
    municipality: int
    open: int
    """Mask of the half-days on which a slot may be held."""
    stations: tuple[ProblemStation, ...]
    max_groups: int | None = None
    """The venue's own limit; `None`: as many as the plain crew takes."""
    groups_per_crew: int | None = None
    group_pupils: int | None = None
    """The pupils of one group: a larger class is split, two classes that fit share a group.

    `None`: each class is one group.
    """
    x_km: float = 0.0
    y_km: float = 0.0


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
    busy_in: tuple[tuple[int, int], ...] = ()
    """(half-day, municipality) of the busy half-days whose municipality is known."""
    resting: int = 0
    """Mask of the half-days of rest after night duty; it wins over `free` and `on_call`."""
    too_late: int = 0
    """Mask of the half-days that the agency can no longer plan; it wins too."""
    perhaps_busy: int = 0
    """Mask of half-days when others are asked first where that costs nothing else."""
    home: int | None = None
    """The municipality the person travels from; it need not be one that is served."""
    languages: frozenset[str] = frozenset()
    per_day: int = 2
    per_week: int = 3
    """Per ISO week."""
    per_season: int | None = None

    @property
    def available(self) -> int:
        """Return the mask of the half-days on which the person may come at all, on call or not."""
        return (self.free | self.on_call) & ~self.resting & ~self.too_late


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedSlot:
    """A published slot. Its classes and staff stay; `free_places` more groups may join."""

    id: int
    venue: int
    half_day: int
    """Index in `Problem.half_days`."""
    free_places: int
    classes: tuple[int, ...] = ()
    """Ids; they need not be among `Problem.classes`."""
    staff: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A class that stays at a venue in a half-day, whatever it costs."""

    school_class: int
    venue: int
    half_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Every new session at the venue has this person; with `half_day`, the one of then."""

    staff: int
    venue: int
    half_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buses:
    """So many pupils of a municipality can travel to other venues than their own in a half-day."""

    municipality: int
    seats: int


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
    municipalities: tuple[ProblemMunicipality, ...] = ()
    """Those whose place is known; the others are too far from everywhere but themselves."""
    fixed: tuple[FixedSlot, ...] = ()
    locked: tuple[Lock, ...] = ()
    pins: tuple[Pin, ...] = ()
    buses: tuple[Buses, ...] = ()
    """A municipality without an entry has as many buses as it needs."""
    lunch_gap_minutes: int = 40
    services: tuple[Service, ...] = REQUIRED_SERVICES
    seed: int = 0

    def __post_init__(self) -> None:
        if list(self.half_days) != sorted(set(self.half_days), key=_chronological):
            raise ValueError("half_days must be ascending, without repeats")
        for rows in (self.classes, self.venues, self.staff, self.fixed, self.municipalities):
            if len({row.id for row in rows}) != len(rows):
                raise ValueError(f"an id repeats among {[row.id for row in rows]}")
        _known("venue", (v for c in self.classes for v in c.venues), self.venues)
        _known("venue", (slot.venue for slot in self.fixed), self.venues)
        _known("venue", (lock.venue for lock in self.locked), self.venues)
        _known("venue", (pin.venue for pin in self.pins), self.venues)
        _known("class", (lock.school_class for lock in self.locked), self.classes)
        _known("staff", (person for slot in self.fixed for person in slot.staff), self.staff)
        _known("staff", (pin.staff for pin in self.pins), self.staff)
        at = [slot.half_day for slot in self.fixed] + [lock.half_day for lock in self.locked]
        at += [pin.half_day for pin in self.pins if pin.half_day is not None]
        if any(not 0 <= half_day < len(self.half_days) for half_day in at):
            raise ValueError("a published slot, a lock or a pin lies outside half_days")


def _chronological(half_day: HalfDay) -> tuple[date, bool]:
    """Order fm before em; as text `em` comes first."""
    return half_day.day, half_day.half is Half.EM


def _known(
    what: str,
    wanted: Iterable[int],
    rows: tuple[ProblemVenue, ...] | tuple[ProblemStaff, ...] | tuple[ProblemClass, ...],
) -> None:
    missing = set(wanted) - {row.id for row in rows}
    if missing:
        raise ValueError(f"unknown {what} {sorted(missing)}")
