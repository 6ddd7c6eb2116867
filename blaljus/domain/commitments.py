"""What is planned already and an import must respect: duties of people, and published slots."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blaljus.domain.localtime import half_of, local_day
from blaljus.domain.words import Half, Service

_TICK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Somebody counted on in a slot `[starts_at, ends_at)` of any municipality.

    `name` is fit for a page: a function if the person is protected. `place` is None for a slot
    of another municipality: where children meet there is not ours to know. `coming` is whether
    the slot is still to begin.
    """

    id: int
    slot: int
    municipality: int
    municipality_code: str
    staff_ref: str
    name: str
    agency: str
    station_service: Service
    place: str | None
    starts_at: datetime
    ends_at: datetime
    coming: bool

    @property
    def day(self) -> date:
        """Return the local day of the slot."""
        return local_day(self.starts_at)

    @property
    def half_days(self) -> Iterator[tuple[date, Half]]:
        """Yield the half-days that the slot touches."""
        touched = {half_of(self.starts_at), half_of(self.ends_at - _TICK)}
        yield from ((self.day, half) for half in Half if half in touched)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedClass:
    """A class with a place in a slot, by what files call it.

    `assumed` is how many pupils its booking says while nobody has confirmed it; None: somebody has.
    """

    school_code: str
    label: str
    assumed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot:
    """A published slot of the municipality that is still to begin, with who is to come.

    `venue_school` is the code of the school whose venue it is at, None at a shared one; `crew`
    counts people on duty.
    """

    id: int
    municipality: int
    starts_at: datetime
    place: str
    venue_school: str | None
    classes: tuple[PlannedClass, ...]
    crew: int

    @property
    def day(self) -> date:
        """Return the local day of the slot."""
        return local_day(self.starts_at)

    @property
    def half(self) -> Half:
        """Return the half-day in which the slot begins."""
        return half_of(self.starts_at)

    def concerns(self, school_code: str) -> bool:
        """Return whether a school is where it takes place, or has a class in it."""
        return school_code == self.venue_school or any(
            school_code == planned.school_code for planned in self.classes
        )
