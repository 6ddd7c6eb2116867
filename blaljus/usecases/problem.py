"""The planner's problem from the stored facts: who and what is free, as bit masks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from blaljus.clock import Clock
from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import Booking
from blaljus.domain.localtime import SchoolYear, half_of, half_span, local_day
from blaljus.domain.schools import Block, SchoolClass, Venue, block_on, school_days
from blaljus.domain.slots import MAX_PUPILS_PER_STATION, SeasonPlan, Slot
from blaljus.domain.staffing import Assignment, buckets
from blaljus.domain.words import ACTIVE_BOOKING, AvailabilityState, Half, Service, VenueKind
from blaljus.planner.problem import (
    FixedSlot,
    HalfDay,
    Problem,
    ProblemClass,
    ProblemStaff,
    ProblemStation,
    ProblemVenue,
)
from blaljus.store import agencies, assignments, bookings, schools, slots

STAFF_PER_STATION = 1
"""One of each service leads a station; more may join on the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A problem with what its ids stand for, so that a page can say it in words."""

    plan: SeasonPlan
    problem: Problem
    classes: Mapping[int, SchoolClass]
    venues: Mapping[int, Venue]
    staff: Mapping[int, StaffMember]
    slots: Mapping[int, Slot]
    """Every published slot of the plan."""
    duties: Sequence[Assignment]
    """Who is counted on in them."""


async def load_world(plan: SeasonPlan, *, clock: Clock) -> World:
    """Return what can still be planned: half-days after the notice time, classes without a slot."""
    return await _load(plan, _after_notice(plan, clock))


async def load_announced(plan: SeasonPlan, *, clock: Clock) -> World:
    """Return the season as it is announced from tomorrow on, to mend it.

    Published slots name their classes, which are in the problem too; a new time still keeps the
    notice. Classes whose slot has been, or is today, are left out.
    """
    tomorrow = local_day(clock()) + timedelta(days=1)
    return await _load(plan, tomorrow, new_from=_after_notice(plan, clock))


async def _load(plan: SeasonPlan, first: date, *, new_from: date | None = None) -> World:
    """Return the half-days from `first` on; with `new_from` what is announced is in it too."""
    scope = (plan.municipality,)
    blocks = await schools.list_blocks(scope)
    half_days = _half_days(plan, blocks, first)
    if not half_days:
        return _nothing_left(plan)
    found = await schools.list_classes(scope, _year(plan))
    venues = await schools.list_venues(scope)
    staff = await agencies.list_staff(scope, half_days[0].day)
    published = await slots.list_slots(plan.id, scope)
    booked = [b for b in await bookings.list_bookings(plan.id, scope) if b.state in ACTIVE_BOOKING]
    duties = await assignments.list_plan_assignments(plan.id, scope)
    known = {member.id for member in staff}
    counted_on = [duty for duty in duties if duty.staff in known]
    fixed = _fixed(published, half_days, counted_on, booked if new_from else ())
    placed = {b.school_class for b in booked} - {c for slot in fixed for c in slot.classes}
    late = sum(1 << i for i, h in enumerate(half_days) if new_from and h.day < new_from)
    problem = Problem(
        half_days=tuple(half_days),
        services=plan.required,
        classes=tuple(
            _problem_class(c, venues, blocks, half_days, late) for c in found if c.id not in placed
        ),
        venues=tuple(_problem_venue(v, plan, blocks, half_days) for v in venues),
        staff=await _problem_staff(staff, plan, half_days),
        fixed=fixed,
    )
    return World(
        plan=plan,
        problem=problem,
        classes={c.id: c for c in found},
        venues={v.id: v for v in venues},
        staff={s.id: s for s in staff},
        slots={slot.id: slot for slot in published},
        duties=duties,
    )


def _after_notice(plan: SeasonPlan, clock: Clock) -> date:
    return local_day(clock() + timedelta(days=plan.notice_days + 1))


def _year(plan: SeasonPlan) -> SchoolYear:
    return SchoolYear(plan.school_year)


def _nothing_left(plan: SeasonPlan) -> World:
    empty = Problem(half_days=(), services=plan.required, classes=(), venues=(), staff=())
    return World(plan=plan, problem=empty, classes={}, venues={}, staff={}, slots={}, duties=())


def _half_days(plan: SeasonPlan, blocks: Iterable[Block], first: date) -> list[HalfDay]:
    year = _year(plan)
    return [
        HalfDay(day, half)
        for day in school_days(blocks)
        if max(first, year.first_on) <= day <= year.last_on
        for half in Half
    ]


def _problem_class(
    school_class: SchoolClass,
    venues: Iterable[Venue],
    blocks: Sequence[Block],
    half_days: Sequence[HalfDay],
    late: int,
) -> ProblemClass:
    own = [v.id for v in venues if v.school_unit == school_class.school_unit]
    shared = [v.id for v in venues if v.kind is VenueKind.SHARED]
    blocked: dict[str, int] = defaultdict(int)
    for index, half_day in enumerate(half_days):
        block = block_on(blocks, school_class.school_unit, half_day.day)
        if block is not None:
            blocked[block.kind.value] |= 1 << index
    everything = (1 << len(half_days)) - 1
    closed = 0
    for mask in blocked.values():
        closed |= mask
    return ProblemClass(
        id=school_class.id,
        label=school_class.name,
        school_venue=own[0] if own else None,
        venues=tuple(sorted(own + shared)),
        free=everything & ~closed & ~late,
        pupils=school_class.pupils,
        blocked=tuple(sorted(blocked.items())),
    )


def _problem_venue(
    venue: Venue, plan: SeasonPlan, blocks: Sequence[Block], half_days: Sequence[HalfDay]
) -> ProblemVenue:
    school = venue.school_unit or 0
    open_mask = sum(
        1 << index
        for index, half_day in enumerate(half_days)
        if block_on(blocks, school, half_day.day) is None
    )
    services = list(plan.required)
    if venue.partner_station:
        services.append(Service.PARTNER)
    stations = tuple(
        ProblemStation(
            service=service,
            staff_needed=STAFF_PER_STATION,
            max_pupils=MAX_PUPILS_PER_STATION,
            on_call_allowed=venue.near_rescue_station,
            required=service in plan.required,
        )
        for service in services
    )
    return ProblemVenue(
        id=venue.id,
        kind=venue.kind,
        municipality=venue.municipality,
        open=open_mask,
        stations=stations,
    )


async def _problem_staff(
    staff: Sequence[StaffMember], plan: SeasonPlan, half_days: Sequence[HalfDay]
) -> tuple[ProblemStaff, ...]:
    ids = [member.id for member in staff]
    index_of = {half_day: index for index, half_day in enumerate(half_days)}
    masks: dict[tuple[int, AvailabilityState], int] = defaultdict(int)
    said = await agencies.list_availability(ids, half_days[0].day, half_days[-1].day)
    for row in said:
        index = index_of.get(HalfDay(row.day, row.half))
        if index is not None:
            masks[row.staff, row.state] |= 1 << index
    taken = await assignments.busy_buckets(ids)
    return tuple(
        ProblemStaff(
            id=member.id,
            agency=member.agency,
            service=member.provides,
            municipalities=frozenset({plan.municipality}),
            free=masks[member.id, AvailabilityState.FREE],
            on_call=masks[member.id, AvailabilityState.ON_CALL],
            busy=_busy_mask(taken[member.id], half_days),
        )
        for member in staff
    )


def _busy_mask(taken: set[int], half_days: Sequence[HalfDay]) -> int:
    mask = 0
    for index, half_day in enumerate(half_days):
        if taken and not taken.isdisjoint(buckets(*half_span(half_day.day, half_day.half))):
            mask |= 1 << index
    return mask


def _fixed(
    published: Iterable[Slot],
    half_days: Sequence[HalfDay],
    duties: Iterable[Assignment],
    booked: Iterable[Booking],
) -> tuple[FixedSlot, ...]:
    index_of = {half_day: index for index, half_day in enumerate(half_days)}
    crew: dict[int, list[int]] = defaultdict(list)
    for duty in duties:
        crew[duty.slot].append(duty.staff)
    classes: dict[int, list[int]] = defaultdict(list)
    for booking in booked:
        classes[booking.slot] += [] if booking.catch_up else [booking.school_class]
    return tuple(
        FixedSlot(
            id=slot.id,
            venue=slot.venue,
            half_day=index_of[half_day],
            free_places=slot.places - slot.taken,
            classes=tuple(sorted(classes[slot.id])),
            staff=tuple(sorted(crew[slot.id])),
        )
        for slot in published
        if (half_day := HalfDay(local_day(slot.starts_at), half_of(slot.starts_at))) in index_of
    )
