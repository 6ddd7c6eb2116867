"""The planner's problem from the stored facts: who and what is free, as bit masks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from blaljus.clock import Clock
from blaljus.domain.agencies import StaffMember
from blaljus.domain.localtime import SchoolYear, halves_of, local_day, monday_of
from blaljus.domain.pins import holding
from blaljus.domain.schools import Block, SchoolClass, Venue, school_days
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.staffing import Assignment, Engagement
from blaljus.domain.wishes import Wishes
from blaljus.domain.words import ACTIVE_BOOKING, Half, VenueKind
from blaljus.planner.problem import Buses, FixedSlot, HalfDay, Pin, Problem, ProblemClass
from blaljus.store import agencies, assignments, bookings, pins, schools, slots, wishes
from blaljus.usecases.runs.problem_places import (
    Calendar,
    Region,
    load_region,
    mask_of,
    problem_venue,
)
from blaljus.usecases.runs.problem_slots import Announced, fixed_slots
from blaljus.usecases.runs.problem_staff import People, load_people, problem_staff


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A problem with what its ids stand for, so that a page can say it in words."""

    plan: SeasonPlan
    problem: Problem
    classes: Mapping[int, SchoolClass]
    venues: Mapping[int, Venue]
    staff: Mapping[int, StaffMember]
    """Who serves the municipality, and who has a duty there though they no longer do."""
    slots: Mapping[int, Slot]
    """Every published slot of the plan."""
    duties: Sequence[Assignment]
    """Who is counted on in them."""


async def load_world(plan: SeasonPlan, *, clock: Clock) -> World:
    """Return what can still be planned: half-days after the notice time, classes without a slot.

    Of other municipalities it holds when shared staff is engaged there, and where they lie.
    """
    return await _load(plan, local_day(clock()), _after_notice(plan, clock))


async def load_announced(plan: SeasonPlan, *, clock: Clock) -> World:
    """Return the season as it is announced from tomorrow on, to mend it.

    Published slots name their classes, which are in the problem too; a new time still keeps the
    notice. Classes whose slot has been, or is today, are left out.
    """
    today = local_day(clock())
    return await _load(plan, today, today + timedelta(days=1), new_from=_after_notice(plan, clock))


async def _load(
    plan: SeasonPlan, today: date, first: date, *, new_from: date | None = None
) -> World:
    """Return the half-days from `first` on; with `new_from` what is announced is in it too."""
    scope = (plan.municipality,)
    blocks = await schools.list_blocks(scope)
    planned = _planned(plan, blocks, first)
    if not planned:
        return _nothing_left(plan)
    duties = await assignments.list_plan_assignments(plan.id, scope)
    people = await _people(plan, duties, first, today)
    published = await slots.list_slots(plan.id, scope)
    classes = await schools.list_classes(scope, _year(plan))
    venues = await schools.list_venues(scope)
    season = _Season(
        plan=plan,
        people=people,
        calendar=_calendar(planned, people.engagements, blocks, (first, new_from or first)),
        classes=classes,
        venues=venues,
        region=await load_region(plan.municipality, people.places, today),
        wishes=await wishes.list_wishes([c.id for c in classes], scope),
        pins=await pins.list_pins([venue.id for venue in venues]),
    )
    booked = [b for b in await bookings.list_bookings(plan.id, scope) if b.state in ACTIVE_BOOKING]
    announced = Announced(slots=published, duties=duties, booked=booked if new_from else ())
    fixed = fixed_slots(announced, season.calendar, season.venues)
    placed = {b.school_class for b in booked} - {c for slot in fixed for c in slot.classes}
    return World(
        plan=plan,
        problem=await _problem(season, fixed, placed),
        classes={c.id: c for c in season.classes},
        venues={v.id: v for v in season.venues},
        staff={member.id: member for member in people.members},
        slots={slot.id: slot for slot in published},
        duties=duties,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Season:
    """What a problem is made of."""

    plan: SeasonPlan
    people: People
    calendar: Calendar
    classes: Sequence[SchoolClass]
    venues: Sequence[Venue]
    region: Region
    wishes: Mapping[int, Wishes]
    pins: Mapping[int, Sequence[int]]


async def _problem(
    season: _Season, fixed: tuple[FixedSlot, ...], placed: Collection[int]
) -> Problem:
    plan, calendar = season.plan, season.calendar
    return Problem(
        half_days=calendar.half_days,
        services=plan.required,
        classes=tuple(_problem_class(c, season) for c in season.classes if c.id not in placed),
        venues=tuple(problem_venue(v, plan, calendar, season.region) for v in season.venues),
        staff=await problem_staff(
            season.people, calendar.half_days, plan.municipality, season.region
        ),
        municipalities=season.region.municipalities,
        fixed=fixed,
        pins=_pins(season),
        buses=_buses(plan),
        lunch_gap_minutes=plan.lunch_gap_minutes,
    )


def _pins(season: _Season) -> tuple[Pin, ...]:
    """Return who is in every new slot where; who serves no longer, or has no station, is not."""
    members = {m.id: m for m in season.people.members if m.id in season.people.serving}
    return tuple(
        Pin(staff=member.id, venue=venue.id)
        for venue in season.venues
        for member in holding(
            venue.station_rules(season.plan.required),
            [members[staff] for staff in season.pins[venue.id] if staff in members],
        )
    )


def _buses(plan: SeasonPlan) -> tuple[Buses, ...]:
    seats = plan.bus_seats
    return () if seats is None else (Buses(municipality=plan.municipality, seats=seats),)


def _after_notice(plan: SeasonPlan, clock: Clock) -> date:
    return local_day(clock() + timedelta(days=plan.notice_days + 1))


def _year(plan: SeasonPlan) -> SchoolYear:
    return SchoolYear(plan.school_year)


def _nothing_left(plan: SeasonPlan) -> World:
    empty = Problem(half_days=(), services=plan.required, classes=(), venues=(), staff=())
    return World(plan=plan, problem=empty, classes={}, venues={}, staff={}, slots={}, duties=())


def _planned(plan: SeasonPlan, blocks: Iterable[Block], first: date) -> list[HalfDay]:
    """Return the half-days of the plan's school days from `first` on."""
    year = _year(plan)
    return [
        HalfDay(day, half)
        for day in school_days(blocks)
        if max(first, year.first_on) <= day <= year.last_on
        for half in Half
    ]


def _calendar(
    planned: Iterable[HalfDay],
    engagements: Iterable[Engagement],
    blocks: Sequence[Block],
    first: tuple[date, date],
) -> Calendar:
    """Return the half-days to plan, and before them those of duties in the week they begin in.

    These count in the week's caps. `first` are the days from which venues and classes are open.
    """
    engaged = {
        HalfDay(*half_day)
        for engagement in engagements
        for half_day in halves_of(engagement.starts_at, engagement.ends_at)
    }
    begun = {half_day for half_day in engaged if monday_of(first[0]) <= half_day.day < first[0]}
    every = sorted({*planned, *begun}, key=lambda h: (h.day, h.half is Half.EM))
    venues, classes = [
        mask_of(index for index, half_day in enumerate(every) if half_day.day >= day)
        for day in first
    ]
    return Calendar(half_days=tuple(every), venues=venues, classes=classes, blocks=blocks)


async def _people(
    plan: SeasonPlan, duties: Iterable[Assignment], first: date, today: date
) -> People:
    """Return who serves the municipality, and who has a duty there though they no longer do."""
    serving = await agencies.list_staff((plan.municipality,), first)
    known = {member.id for member in serving}
    others = await agencies.get_staff_members({duty.staff for duty in duties} - known)
    return await load_people(
        [*serving, *(others[staff] for staff in sorted(others))],
        serving=known,
        today=today,
        year=_year(plan),
    )


def _problem_class(school_class: SchoolClass, season: _Season) -> ProblemClass:
    calendar, venues = season.calendar, season.venues
    own = [v.id for v in venues if v.school_unit == school_class.school_unit]
    shared = [v.id for v in venues if v.kind is VenueKind.SHARED]
    return ProblemClass(
        id=school_class.id,
        label=school_class.name,
        school_venue=own[0] if own else None,
        venues=tuple(sorted(own + shared)),
        free=calendar.open_to(school_class.school_unit, calendar.classes),
        pupils=school_class.pupils,
        blocked=tuple(calendar.blocked(school_class.school_unit).items()),
        wishes=calendar.positions(season.wishes.get(school_class.id, {}).values()),
        municipality=school_class.municipality,
        language=school_class.language or None,
    )
