"""A proposal around somebody who is away is carried out: all of it, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from blaljus.domain.people import Person
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import AssignmentState, AvailabilityState, CancelCause
from blaljus.store import agencies, assignments, plans, schools, slots
from blaljus.usecases.bookings.booking import book
from blaljus.usecases.calendars.happenings import FullHappening, load_happening
from blaljus.usecases.context import Context
from blaljus.usecases.days.new_slots import add_slot
from blaljus.usecases.days.slots import close_slot, withdraw
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.availability import Wanted, change_of, save_change
from blaljus.usecases.people.staffing import assign, end_duty
from blaljus.usecases.people.times import load_world
from blaljus.usecases.repair.absence import AbsencePage, get_absence, load_absence
from blaljus.usecases.repair.difference import Difference, Opened
from blaljus.usecases.repair.ways import Target

Ended = tuple[FullHappening, Sequence[Assignment]]
"""How a slot was that closes, and the duties in it that ended."""


async def apply_absence(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    municipality: int,
    staff: int,
    span: tuple[date, date],
    fingerprint: str,
) -> None:
    """Carry out the proposal that was shown, and take back the times given on `[first, last]`.

    Behind the locks everything is worked out and judged again; raises `WorldChangedError` where it
    would be another proposal, and changes nothing.
    """
    seen = await get_absence(context, person, municipality, staff, span)

    async def change() -> Outcome:
        await _lock_all(municipality, seen)
        page = await load_absence(context, person, municipality, staff, span)
        if page.fingerprint != fingerprint:
            raise WorldChangedError
        await _apply(context, person, municipality, page)
        return {"staff": staff}

    await once(person, key, change, clock=context.clock)


async def _lock_all(municipality: int, seen: AbsencePage) -> None:
    """Take every lock, in the order of all locks: place, class, slot, staff."""
    change, scope = seen.change, (municipality,)
    goals = [row.target for row in change.moved] + [row.target for row in change.opened]
    await schools.lock_shared_venues({goal.venue for goal in goals if goal.slot is None}, scope)
    await schools.lock_classes({row.booking.school_class for row in change.moved}, scope)
    touched = {goal.slot for goal in goals if goal.slot is not None}
    touched |= {slot.id for slot in change.closed} | {swap.slot.id for swap in change.swaps}
    await slots.lock_slots(touched | {row.before.id for row in change.moved}, scope)
    await agencies.lock_staff(seen.member.id, *(row.member.id for row in seen.told))


async def _apply(context: Context, person: Person, municipality: int, page: AbsencePage) -> None:
    """End what ends, move the classes, then ask who comes: letters then name the right classes."""
    change = page.change
    closing = [await _empty(context, person, slot) for slot in change.closed]
    for swap in change.swaps:
        if swap.leaves is not None:
            await _end(context, person, municipality, swap.leaves)
    made = {o.target: await _open(context, municipality, page, o) for o in change.opened}
    await _move(context, person, change, {goal: slot.id for goal, (slot, _) in made.items()})
    for swap in change.swaps:
        if swap.comes is not None:
            await _ask(context, person, swap.slot, swap.station.id, swap.comes)
    for opened in change.opened:
        slot, stations = made[opened.target]
        for position, staff in opened.crew:
            await _ask(context, person, slot, stations[position], staff)
    for before, ended in closing:
        slot = await slots.get_slot(before.slot.id, (municipality,))
        left = replace(before, slot=slot)
        await close_slot(context, person, left, [], ended, CancelCause.AGENCY)
    await _take_back_times(context, person, page)


async def _empty(context: Context, person: Person, slot: Slot) -> Ended:
    before = await load_happening(slot)
    return before, [await withdraw(context, person, duty) for duty in before.active_duties]


async def _end(context: Context, person: Person, municipality: int, duty: Assignment) -> None:
    slot = await slots.get_slot(duty.slot, (municipality,))
    found = await assignments.get_assignment(duty.id, (municipality,), lock=True)
    await end_duty(context, person.actor, slot, found, AssignmentState.WITHDRAWN)


async def _open(
    context: Context, municipality: int, page: AbsencePage, opened: Opened
) -> tuple[Slot, dict[int, int]]:
    goal = opened.target
    plan = await plans.get_plan(page.change.moved[0].booking.plan, (municipality,))
    venue = await schools.get_venue(goal.venue, (municipality,))
    positions = {position for position, _ in opened.crew}
    return await add_slot(context, plan, venue, (goal.day, goal.half), positions)


async def _move(
    context: Context, person: Person, change: Difference, made: Mapping[Target, int]
) -> None:
    for row in change.moved:
        booking = row.booking
        goal = made[row.target] if row.target.slot is None else row.target.slot
        await book(context, person, booking.school_class, goal, booking.details, booking.version)


async def _ask(context: Context, person: Person, slot: Slot, station: int, staff: int) -> None:
    fresh = await slots.get_slot(slot.id, (slot.municipality,))
    await assign(context, person.actor, fresh, station, staff)


async def _take_back_times(context: Context, person: Person, page: AbsencePage) -> None:
    """Take back what was said of the days away, so that nobody plans with it; duties stay."""
    world = await load_world(context, page.member.id)
    none = AvailabilityState.NOT_AVAILABLE
    gone = {at: none for at in world.said if page.first_on <= at[0] <= page.last_on}
    await save_change(context, person, world, change_of(world, Wanted(halves=gone, nights={})))
