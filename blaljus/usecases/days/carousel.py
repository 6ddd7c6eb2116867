"""The carousel (körschema) of a slot: made from what is stored, with the call-outs of the day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING
from blaljus.planner.carousel.problem import RotationGroup, RotationProblem
from blaljus.planner.carousel.referee import rotation_violations
from blaljus.planner.carousel.replan import replan
from blaljus.planner.carousel.rotation import Rotation, Stop, rotate
from blaljus.store import bookings, callouts, plans, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.booking import get_own_booking
from blaljus.usecases.days.carousel_problem import carousel_problem, with_callouts
from blaljus.usecases.people.staffing import get_own_duty


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
    """How a class comes and goes: there when its first round begins, free when its last ends."""

    booking: Booking
    school_class: SchoolClass
    there_by: datetime
    free_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Carousel:
    """A slot's carousel. Stops name groups and stations by position, from 0.

    `planned` is how it was before any crew left. `rain` is None where no station is outdoors, and
    once a crew has left: then the weather is known.
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

    def turns(self, rotation: Rotation) -> list[Turn]:
        """Return the rounds of one of its rotations, for a table."""
        return [
            Turn(starts_at=start, ends_at=end, groups=self._at(rotation, start, end))
            for start, end in rotation.rounds
        ]

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

    def _trip(self, rotation: Rotation, booking: Booking) -> Trip:
        """Return a class's trip; a class without a stop is there for the whole slot."""
        parts = [(n, c) for n, g in enumerate(self.groups) for c, _ in g.classes]
        school_class = next(c for _, c in parts if c.id == booking.school_class)
        mine = {number for number, c in parts if c.id == school_class.id}
        stops = [stop for stop in rotation.stops if stop.group in mine]
        return Trip(
            booking=booking,
            school_class=school_class,
            there_by=min((stop.starts_at for stop in stops), default=self.slot.starts_at),
            free_at=max((stop.ends_at for stop in stops), default=self.slot.ends_at),
        )


def _within(rotation: Rotation, start: datetime, end: datetime) -> list[Stop]:
    return [stop for stop in rotation.stops if start <= stop.starts_at < end]


class Decided(msgspec.Struct, frozen=True):
    """What a call-out keeps: the carousel that was decided on, and the groups it was for."""

    groups: tuple[RotationGroup, ...]
    rotation: Rotation


def keep(carousel: Carousel) -> str:
    """Return a carousel as the JSON that a call-out keeps."""
    return msgspec.json.encode(Decided(carousel.problem.groups, carousel.rotation)).decode()


def make_carousel(
    slot: Slot,
    plan: SeasonPlan,
    stations: Sequence[Station],
    booked: Sequence[Booking],
    classes: Iterable[SchoolClass],
    noted: Sequence[Callout],
) -> Carousel:
    """Return the carousel that follows from stored facts."""
    calm = carousel_problem(slot, plan, stations, booked)
    problem, planned = with_callouts(calm, stations, noted), judged(calm, rotate(calm))
    rain = replace(calm, rain=True)
    may_rain = not noted and any(station.outdoors for station in stations)
    return Carousel(
        slot=slot,
        stations=tuple(stations),
        booked=tuple(booked),
        groups=_named(problem.groups, booked, classes),
        problem=problem,
        planned=planned,
        rotation=_decided(problem, planned, noted),
        rain=judged(rain, rotate(rain)) if may_rain else None,
        callouts=tuple(noted),
    )


def _decided(problem: RotationProblem, planned: Rotation, noted: Sequence[Callout]) -> Rotation:
    """Return what the last call-out decided; anew if other classes come than did then."""
    if not noted:
        return planned
    last = msgspec.json.decode(noted[-1].rotation, type=Decided)
    if last.groups == problem.groups and not rotation_violations(problem, last.rotation):
        return last.rotation
    return judged(problem, replan(problem, planned, problem.starts_at))


def judged(problem: RotationProblem, rotation: Rotation) -> Rotation:
    """Return a rotation that the referee has nothing against."""
    broken = rotation_violations(problem, rotation)
    assert not broken, broken  # noqa: S101 -- the planner's promise, held by its property tests
    return rotation


def _named(
    groups: Iterable[RotationGroup], booked: Iterable[Booking], classes: Iterable[SchoolClass]
) -> tuple[Group, ...]:
    by_id = {school_class.id: school_class for school_class in classes}
    class_of = {booking.id: by_id[booking.school_class] for booking in booked}
    groups = tuple(groups)
    times = Counter(booking for group in groups for booking, _ in group.parts)
    return tuple(
        Group(
            number=number,
            classes=tuple((class_of[booking], pupils) for booking, pupils in group.parts),
            adapted=group.step_free_only or group.extra_minutes > 0,
            split=any(times[booking] > 1 for booking, _ in group.parts),
        )
        for number, group in enumerate(groups, start=1)
    )


async def load_carousel(slot: Slot) -> Carousel:
    """Return the carousel of a slot the caller may see, within the caller's transaction."""
    scope = (slot.municipality,)
    booked = await bookings.list_in_slots([slot.id], scope)
    return make_carousel(
        slot,
        await plans.get_plan(slot.plan, scope),
        await slots.list_stations([slot.id]),
        booked,
        await schools.get_classes([booking.school_class for booking in booked], scope),
        await callouts.list_callouts(slot.id, scope),
    )


async def get_carousel(person: Person, slot_id: int) -> Carousel:
    """Return the carousel of a slot the person coordinates, or raise `NotFoundError`."""
    async with read_transaction():
        return await load_carousel(await slots.get_slot(slot_id, person.municipalities))


async def get_class_rounds(person: Person, number: int) -> tuple[Carousel, list[Group]] | None:
    """Return the carousel of a booking and the class's groups in it; None once it is cancelled."""
    async with read_transaction():
        booking, school_class = await get_own_booking(person, number)
        if booking.state not in ACTIVE_BOOKING:
            return None
        carousel = await load_carousel(await slots.get_slot(booking.slot, (booking.municipality,)))
    mine = [g for g in carousel.groups if any(c.id == school_class.id for c, _ in g.classes)]
    return carousel, mine


async def get_station_rounds(person: Person, assignment_id: int) -> tuple[Carousel, Station] | None:
    """Return the carousel of one's own duty and its station; None once the duty has ended."""
    async with read_transaction():
        duty = await get_own_duty(person, assignment_id)
        if duty.state not in ACTIVE_ASSIGNMENT:
            return None
        carousel = await load_carousel(await slots.get_slot(duty.slot, (duty.municipality,)))
    return carousel, next(s for s in carousel.stations if s.id == duty.station)
