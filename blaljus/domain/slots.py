"""Slots and their stations: the carousel that classes book a place in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from blaljus.domain.localtime import at_local
from blaljus.domain.words import Half, Service, SlotState

MAX_PUPILS_PER_STATION = 60
"""A whole mixed class stands at one station; the largest Swedish classes with it."""

USUAL_MORNING = 8 * 60 + 45
"""Four stations of 25 minutes then end before lunch; from 9.00 on they would not."""

LUNCH = (time(10, 45), time(12, 30))
"""Local time. Schools eat then: nobody is at a station, `[from, till)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRules:
    """What a coordinator decides of a season. Clock times are minutes from local midnight."""

    notice_days: int
    """Days before a slot when booking closes, 0-90."""
    morning_start_minute: int
    """Before noon."""
    afternoon_start_minute: int
    """From noon on."""
    station_minutes: int
    """How long a group stays, 5-60."""
    change_minutes: int
    """To get to the next station, 0-30."""
    lunch_gap_minutes: int = 40
    """Who serves in the morning and the afternoon of a day has this time to get there, 0-180."""
    bus_seats: int | None = None
    """Pupils who can travel in a half-day, 0-2000; `None`: as many as want to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonPlan(PlanRules):
    """One promise in one school year, with its rules."""

    id: int
    municipality: int
    school_year: int
    required: tuple[Service, ...]
    version: int = 1

    def span(self, day: date, half: Half, stations: int) -> tuple[datetime, datetime]:
        """Return the UTC `[start, end)` of a carousel of 1 or more stations."""
        minute = self.morning_start_minute if half is Half.FM else self.afternoon_start_minute
        start = at_local(day, time(*divmod(minute, 60)))
        minutes = stations * self.station_minutes + (stations - 1) * self.change_minutes
        return start, start + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One activity of a slot, by one service. `position` counts from 1."""

    id: int
    slot: int
    position: int
    provides: Service
    name: str
    minutes: int
    max_pupils: int
    staff_needed: int
    on_call_allowed: bool
    place: str = ""
    """Where at the venue, as people say it: `skolgården`; empty while nobody has said."""
    outdoors: bool = False
    rain_place: str = ""
    """Where an outdoor station goes when it rains; empty: it is not held then."""
    step_free: bool = True
    walk_minutes: int = 0
    """From where the groups gather; 0 is as near as the usual change."""

    @property
    def works_in_rain(self) -> bool:
        """Return whether the station is held when it rains."""
        return not self.outdoors or bool(self.rain_place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A bookable block `[starts_at, ends_at)`, aware UTC; `taken` of `places` are booked.

    A place is one class, or one group where `group_pupils` says how many pupils make one.
    """

    id: int
    municipality: int
    plan: int
    venue: int
    venue_name: str
    venue_school: int | None
    latitude: float | None
    longitude: float | None
    starts_at: datetime
    ends_at: datetime
    places: int
    taken: int
    state: SlotState
    uid: str
    sequence: int
    revised_at: datetime
    version: int
    group_pupils: int | None = None
    """The most pupils of a group, 2-60: a larger class is split, two that fit go together."""

    def open_to(self, school_unit: int) -> bool:
        """Return whether a school's classes may come: a school's own slots are its own."""
        return self.venue_school in (None, school_unit)


def services_of(stations: Iterable[Station]) -> tuple[Service, ...]:
    """Return the services that have a station, in the order of the enum."""
    present = {station.provides for station in stations}
    return tuple(service for service in Service if service in present)
