"""A proposal becomes published slots, bookings and invitations: all of it, or nothing."""

from blaljus.clock import Clock
from blaljus.domain.booking import Booking, BookingDetails
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import AssignmentState, BookingState, Transport
from blaljus.store import agencies, assignments, bookings, schools, slots
from blaljus.usecases.bookings.places import take_place
from blaljus.usecases.calendars.happenings import (
    FullHappening,
    load_happening,
    show_in_calendars,
    without_classes,
)
from blaljus.usecases.context import Context, record
from blaljus.usecases.days.new_slots import add_slot
from blaljus.usecases.letters.notices import (
    Change,
    tell_people_of_change,
    tell_person,
    tell_teachers,
)
from blaljus.usecases.runs.problem import World, load_world
from blaljus.usecases.runs.proposal import Proposal, ProposedSlot
from blaljus.usecases.runs.world_changes import as_data, changes_of, outrun


async def apply_proposal(context: Context, actor: str, plan: SeasonPlan, proposal: Proposal) -> int:
    """Publish a proposal in the caller's transaction and return how many slots it made.

    The referee judges it again against the facts of now; raises `WorldChangedError` when a rule
    would break or somebody else was quicker.
    """
    await _lock_all(plan, proposal)
    world = await _judged(plan, proposal, context.clock)
    for proposed in proposal.slots:
        await _publish(context, actor, world, proposed)
    return sum(proposed.fixed is None for proposed in proposal.slots)


async def _lock_all(plan: SeasonPlan, proposal: Proposal) -> None:
    """Take every lock the proposal needs, in the order of all locks: place, class, slot, staff.

    Later each slot's audit row holds up everybody else's; whoever waited for us then, with a
    class in hand that we still want, would be in a deadlock with us.
    """
    scope = (plan.municipality,)
    await schools.lock_shared_venues({s.venue for s in proposal.slots}, scope)
    await schools.lock_classes({c for s in proposal.slots for c in s.classes}, scope)
    await slots.lock_slots({s.fixed for s in proposal.slots if s.fixed is not None}, scope)
    await agencies.lock_staff(*(staff for s in proposal.slots for _, staff in s.crew))


async def _judged(plan: SeasonPlan, proposal: Proposal, clock: Clock) -> World:
    world = await load_world(plan, clock=clock)
    changes = changes_of(world, proposal)
    if changes:
        raise WorldChangedError(changes=as_data(changes))
    return world


async def _publish(context: Context, actor: str, world: World, proposed: ProposedSlot) -> None:
    if proposed.fixed is None:
        slot = await _make_slot(context, world, proposed)
    else:
        slot = await slots.lock_slot(proposed.fixed, (world.plan.municipality,))
    booked = [await _book(context, actor, world, slot, c) for c in proposed.classes]
    slot = await slots.touch_slot(slot, now=context.clock())
    happening = await load_happening(slot)
    await show_in_calendars(context, happening)
    await _tell_people(context, actor, happening, proposed)
    for booking, school_class in booked:
        await tell_teachers(context, happening, booking, school_class, Change.NEW)


async def _tell_people(
    context: Context, actor: str, happening: FullHappening, proposed: ProposedSlot
) -> None:
    """Invite the people of a new slot; tell those of a published one which classes came."""
    if proposed.fixed is not None:
        before = without_classes(happening, proposed.classes)
        await tell_people_of_change(context, before, happening)
        return
    for duty in happening.active_duties:
        subject = ("assignment", duty.id)
        await record(context, actor, duty.municipality, "duty-made", subject, 1, staff=duty.staff)
        await tell_person(context, happening, duty, Change.NEW)


async def _make_slot(context: Context, world: World, proposed: ProposedSlot) -> Slot:
    manned = {position for position, _ in proposed.crew}
    slot, stations = await add_slot(
        context,
        world.plan,
        world.venues[proposed.venue],
        (proposed.day, proposed.half),
        manned,
    )
    for position, staff in proposed.crew:
        await _invite(context, slot, stations[position], staff)
    return slot


async def _invite(context: Context, slot: Slot, station: int, staff: int) -> None:
    duty = await assignments.add_assignment(
        slot,
        station=station,
        staff=staff,
        state=AssignmentState.INVITED,
        override_reason=None,
        uid=context.new_uid(),
        now=context.clock(),
    )
    if duty is None:
        raise outrun("staff-twice")


async def _book(
    context: Context, actor: str, world: World, slot: Slot, class_id: int
) -> tuple[Booking, SchoolClass]:
    school_class = world.classes[class_id]
    if not await take_place(slot, school_class.pupils):
        raise outrun("too-many-classes")
    number = context.new_booking_number()
    while not await bookings.number_is_free(number):
        number = context.new_booking_number()
    booking = await bookings.add_booking(
        slot.municipality,
        plan=world.plan.id,
        slot=slot.id,
        school_class=class_id,
        number=number,
        state=BookingState.TENTATIVE,
        details=_assumed(school_class),
        uid=context.new_uid(),
        now=context.clock(),
    )
    if booking is None:
        raise outrun("class-twice")
    subject = ("booking", booking.id)
    await record(
        context, actor, slot.municipality, "booking-made", subject, 1, slot=slot.id, before=None
    )
    return booking, school_class


def _assumed(school_class: SchoolClass) -> BookingDetails:
    """Return what is known of a class before its teacher has said more."""
    return BookingDetails(
        pupils=school_class.pupils,
        adults=2,
        phone="",
        access_needs={},
        transport=Transport.NONE,
    )
