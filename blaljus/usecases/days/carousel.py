"""The carousel (körschema) of a slot: made from what is stored, with the call-outs of the day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.people import Person
from blaljus.domain.rounds import KeptRounds
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING
from blaljus.planner.carousel.problem import RotationGroup
from blaljus.planner.carousel.rotation import rotate
from blaljus.store import bookings, callouts, kept_rounds, plans, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.booking import get_own_booking
from blaljus.usecases.days.carousel_problem import carousel_problem, with_callouts
from blaljus.usecases.days.decided import decided_last, in_force, judged, stands
from blaljus.usecases.days.rounds import Carousel, Group
from blaljus.usecases.people.staffing import get_own_duty


def make_carousel(
    slot: Slot,
    plan: SeasonPlan,
    stations: Sequence[Station],
    booked: Sequence[Booking],
    classes: Iterable[SchoolClass],
    noted: Sequence[Callout],
    kept: KeptRounds | None,
) -> Carousel:
    """Return the carousel that follows from stored facts."""
    calm = carousel_problem(slot, plan, stations, booked)
    decided = decided_last(noted, kept)
    last = next((d for d in decided if stands(slot, stations, booked, d)), None)
    calm = replace(calm, groups=last.groups) if last else calm
    problem, planned = with_callouts(calm, stations, noted), judged(calm, rotate(calm))
    rain = replace(calm, rain=True)
    may_rain = not decided and any(station.outdoors for station in stations)
    return Carousel(
        slot=slot,
        stations=tuple(stations),
        booked=tuple(booked),
        groups=_named(problem.groups, booked, classes),
        problem=problem,
        planned=planned,
        rotation=in_force(problem, planned, last) if decided else planned,
        rain=judged(rain, rotate(rain)) if may_rain else None,
        callouts=tuple(noted),
        kept=kept,
    )


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
        await kept_rounds.find_kept(slot.id, scope),
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
