"""A slot's carousel as pages show it: groups, rounds, and how classes come and go."""

from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.rounds import KeptRounds
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot, Station
from blaljus.planner.carousel.problem import RotationProblem
from blaljus.planner.carousel.rotation import Rotation, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of a carousel: its classes with how many of each go in it. Counted from 1."""

    number: int
    classes: tuple[tuple[SchoolClass, int], ...]
    adapted: bool
    """Whether somebody in it needs longer, or a way without steps."""
    split: bool = False
    """Whether the rest of a class in it goes in another group."""

    @property
    def pupils(self) -> int:
        """Return how many go together."""
        return sum(pupils for _, pupils in self.classes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One round as a table shows it: the group, or None, at each station."""

    starts_at: datetime
    ends_at: datetime
    groups: tuple[Group | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """How a class comes and goes: there when its first round begins, free when its last ends.

    `misses` are stations that it, or a part of it, does not come to.
    """

    booking: Booking
    school_class: SchoolClass
    there_by: datetime
    free_at: datetime
    misses: tuple[Station, ...]

    @property
    def has_times(self) -> bool:
        """Return whether the class has other times than the slot's."""
        return self.booking.arrives_at is not None or self.booking.leaves_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carousel:
    """A slot's carousel. Stops name groups and stations by position, from 0.

    `planned` is how it was before any crew left. `rain` is None where no station is outdoors, and
    once a crew has left, or times changed in its middle: then the weather is known.
    """

    slot: Slot
    stations: tuple[Station, ...]
    booked: tuple[Booking, ...]
    groups: tuple[Group, ...]
    problem: RotationProblem
    planned: Rotation
    rotation: Rotation
    rain: Rotation | None
    callouts: tuple[Callout, ...]
    kept: KeptRounds | None

    def turns(self, rotation: Rotation) -> list[Turn]:
        """Return the rounds of one of its rotations in which somebody is somewhere, for a table."""
        turns = [
            Turn(starts_at=start, ends_at=end, groups=self._at(rotation, start, end))
            for start, end in rotation.rounds
        ]
        return [turn for turn in turns if any(turn.groups)]

    def _at(self, rotation: Rotation, start: datetime, end: datetime) -> tuple[Group | None, ...]:
        here = {s.station: self.groups[s.group] for s in _within(rotation, start, end)}
        return tuple(here.get(place) for place in range(len(self.stations)))

    def of_group(self, rotation: Rotation, group: Group) -> list[tuple[Stop, Station]]:
        """Return a group's stops, in order of time."""
        mine = [stop for stop in rotation.stops if stop.group == group.number - 1]
        return [(stop, self.stations[stop.station]) for stop in mine]

    def at_station(self, rotation: Rotation, station: Station) -> list[tuple[Stop, Group]]:
        """Return the groups that a station meets, in order of time."""
        place = self.stations.index(station)
        return [(s, self.groups[s.group]) for s in rotation.stops if s.station == place]

    def trips(self, rotation: Rotation) -> list[Trip]:
        """Return how each class travels, who must be there first before the others."""
        found = [self._trip(rotation, booking) for booking in self.booked]
        return sorted(found, key=lambda trip: (trip.there_by, trip.school_class.name))

    def class_of(self, booking: Booking) -> SchoolClass:
        """Return the class of one of its bookings."""
        every = (school_class for group in self.groups for school_class, _ in group.classes)
        return next(found for found in every if found.id == booking.school_class)

    def trips_of(self, rotation: Rotation, group: Group) -> list[Trip]:
        """Return the trips of a group's classes."""
        mine = {school_class.id for school_class, _ in group.classes}
        return [trip for trip in self.trips(rotation) if trip.school_class.id in mine]

    def _trip(self, rotation: Rotation, booking: Booking) -> Trip:
        """Return a class's trip; a class without a stop is there for the whole slot."""
        school_class = self.class_of(booking)
        parts = [(n, c) for n, g in enumerate(self.groups) for c, _ in g.classes]
        mine = {number for number, c in parts if c.id == school_class.id}
        stops = [stop for stop in rotation.stops if stop.group in mine]
        met = {(stop.group, stop.station) for stop in stops}
        return Trip(
            booking=booking,
            school_class=school_class,
            there_by=min((stop.starts_at for stop in stops), default=self.slot.starts_at),
            free_at=max((stop.ends_at for stop in stops), default=self.slot.ends_at),
            misses=tuple(
                station
                for place, station in enumerate(self.stations)
                if any((group, place) not in met for group in mine)
            ),
        )


def _within(rotation: Rotation, start: datetime, end: datetime) -> list[Stop]:
    return [stop for stop in rotation.stops if start <= stop.starts_at < end]
