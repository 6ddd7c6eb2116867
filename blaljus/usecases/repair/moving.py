"""A coordinator gives a class a time, or another one: in a published slot, or in a new one."""

from dataclasses import replace

from blaljus.domain.booking import BookingDetails
from blaljus.domain.people import Person
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.schools import SchoolClass
from blaljus.domain.words import ACTIVE_BOOKING, CancelCause, Transport
from blaljus.store import agencies, bookings, schools, slots
from blaljus.usecases.bookings.booking import book, check_seen
from blaljus.usecases.bookings.class_pages import ClassPage, load_class_page
from blaljus.usecases.calendars.happenings import load_happening
from blaljus.usecases.context import Context
from blaljus.usecases.days.new_slots import add_slot
from blaljus.usecases.days.slots import close_slot, withdraw
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.people.staffing import assign
from blaljus.usecases.repair.ways import Target, Way, list_ways

USUAL_ADULTS = 2
"""Grown-ups who come along with a class until its teacher has said."""


async def move_class(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    class_id: int,
    target: Target,
    crew: str = "",
    version: int = 0,
) -> int:
    """Book a slot for a class, or move it there, and return the booking number.

    A new slot is published with the `crew` that the coordinator saw (`Way.crew_code`), and a slot
    that is left without a class is called off: all of it, or nothing. What its teacher has said of
    the class stays. Raises `WorldChangedError` where that way is gone, else as `book_slot` does.
    """

    async def change() -> Outcome:
        return {"number": await _move(context, person, class_id, target, crew, version)}

    return int((await once(person, key, change, clock=context.clock))["number"])


async def _move(
    context: Context, person: Person, class_id: int, target: Target, crew: str, version: int
) -> int:
    shown = await _locked_page(context, person, class_id, target, version)
    ways = await list_ways(context, shown) if shown.plan else ()
    way = next((way for way in ways if way.target == target), None)
    details = shown.current.details if shown.current else _assumed(shown.school_class)
    if target.slot is not None and (way is None or way.closes is None):
        return await book(context, person, class_id, target.slot, details, version)
    if way is None or way.crew_code != crew:
        raise WorldChangedError
    return await _take(context, person, shown, way, details)


async def _locked_page(
    context: Context, person: Person, class_id: int, target: Target, version: int
) -> ClassPage:
    """Return the class's page behind the locks of the place, the class and both slots."""
    scope = person.municipalities
    await schools.lock_shared_venues({target.venue} if target.slot is None else (), scope)
    await schools.lock_class(class_id, scope)
    school_class = await schools.get_class(class_id, scope)
    booked = await bookings.list_class_bookings([class_id], (school_class.municipality,))
    now_at = {b.slot for b in booked if b.state in ACTIVE_BOOKING}
    await slots.lock_slots(now_at | ({target.slot} if target.slot else set()), scope)
    shown = await load_class_page(context, person, class_id)
    check_seen(shown.current, version)
    return shown


async def _take(
    context: Context, person: Person, shown: ClassPage, way: Way, details: BookingDetails
) -> int:
    """Go a way: what is left empty ends first, so that its people are free for the new time."""
    leaving = [member.id for member in (*way.released, *way.shifted)]
    await agencies.lock_staff(*leaving, *(staff for _, staff in way.crew))
    before = await load_happening(way.closes) if way.closes else None
    ended = [await withdraw(context, person, d) for d in before.active_duties] if before else []
    slot_id, stations = await _goal(context, shown, way)
    class_id = shown.school_class.id
    number = await book(context, person, class_id, slot_id, details, shown.version)
    for position, staff in way.crew:
        slot = await slots.get_slot(slot_id, person.municipalities)
        await assign(context, person.actor, slot, stations[position], staff)
    if before:
        left = replace(before, slot=await slots.get_slot(before.slot.id, person.municipalities))
        await close_slot(context, person, left, [], ended, CancelCause.OTHER)
    return number


async def _goal(context: Context, shown: ClassPage, way: Way) -> tuple[int, dict[int, int]]:
    """Return the slot the class goes to and its stations by position; a new one is made."""
    if way.target.slot is not None:
        return way.target.slot, {}
    assert shown.plan is not None  # noqa: S101 -- without a plan there is no way
    venue = await schools.get_venue(way.target.venue, (shown.plan.municipality,))
    positions = {position for position, _ in way.crew}
    half_day = (way.target.day, way.target.half)
    slot, stations = await add_slot(context, shown.plan, venue, half_day, positions)
    return slot.id, stations


def _assumed(school_class: SchoolClass) -> BookingDetails:
    return BookingDetails(
        pupils=school_class.pupils,
        adults=USUAL_ADULTS,
        phone="",
        access_needs={},
        transport=Transport.NONE,
    )
