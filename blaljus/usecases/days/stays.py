"""When each class of a slot arrives and must leave; the carousel follows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from blaljus.domain.booking import Booking, BookingClosedError
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot
from blaljus.domain.stays import Stay, StaysRefusedError, may_set_stays, stay_of, stay_problems
from blaljus.store import bookings, callouts, kept_rounds, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.days.carousel import load_carousel
from blaljus.usecases.days.decided import keep, retimed
from blaljus.usecases.days.rounds import Carousel
from blaljus.usecases.days.slots import lock_with_classes
from blaljus.usecases.once import FormKey, Outcome, once


@dataclass(frozen=True, slots=True, kw_only=True)
class StaysPage:
    """A slot's carousel, and who was asked of but comes no more: classes by their booking's id."""

    carousel: Carousel
    gone: Mapping[int, SchoolClass]


async def get_stays_page(person: Person, slot_id: int, asked: Collection[int] = ()) -> StaysPage:
    """Return the classes of a slot the person coordinates; `asked` are bookings of an open form.

    Raises `NotFoundError`, also for a booking that the municipality does not have.
    """
    async with read_transaction():
        slot = await slots.get_slot(slot_id, person.municipalities)
        carousel = await load_carousel(slot)
        left = set(asked) - {booking.id for booking in carousel.booked}
        gone = await bookings.get_bookings(left, (slot.municipality,))
        found = await schools.get_classes({b.school_class for b in gone}, (slot.municipality,))
    if len(gone) < len(left):
        raise NotFoundError
    by_id = {school_class.id: school_class for school_class in found}
    return StaysPage(carousel=carousel, gone={b.id: by_id[b.school_class] for b in gone})


async def set_stays(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    slot_id: int,
    stays: Mapping[int, Stay],
    version: int | None = None,
) -> None:
    """Store when classes arrive and leave, by their bookings' ids; others stay as they are.

    Once the slot goes on, rounds that have begun stand, and those that are left are planned anew.
    Raises `NotFoundError` for a booking that is not in the slot, `StaysRefusedError` with every
    problem, `BookingClosedError` once it has ended or is off, and `StaleError` where the slot is
    no longer of the `version` that the person saw.
    """

    async def change() -> Outcome:
        slot = await lock_with_classes(person, slot_id)
        if version is not None and version != slot.version:
            raise StaleError
        if not may_set_stays(slot, now=context.clock()):
            raise BookingClosedError
        carousel = await load_carousel(slot)
        if changed := _changed(carousel, stays):
            await _save(context, person, carousel, changed)
        return {"slot": slot_id}

    await once(person, key, change, clock=context.clock)


def _changed(carousel: Carousel, stays: Mapping[int, Stay]) -> dict[int, Stay]:
    """Return the times that are new, by booking, or raise what is wrong with any."""
    booked = {booking.id: stay_of(booking) for booking in carousel.booked}
    if not stays.keys() <= booked.keys():
        raise NotFoundError
    problems = {
        f"{field}_{number}": problem
        for number, stay in stays.items()
        for field, problem in stay_problems(carousel.slot, stay).items()
    }
    if problems:
        raise StaysRefusedError(problems)
    return {number: stay for number, stay in stays.items() if stay != booked[number]}


async def _save(
    context: Context, person: Person, carousel: Carousel, changed: Mapping[int, Stay]
) -> None:
    """Store new times; the slot and the classes in it are locked."""
    slot, now = carousel.slot, context.clock()
    booked = [
        await _saved(context, person, booking, changed[booking.id])
        if booking.id in changed
        else booking
        for booking in carousel.booked
    ]
    await callouts.count_change(slot)
    if slot.starts_at <= now:
        await _decide(context, slot, carousel, booked)


async def _saved(context: Context, person: Person, booking: Booking, stay: Stay) -> Booking:
    saved = await bookings.save_stay(booking, stay)
    await record(
        context,
        person.actor,
        saved.municipality,
        "booking-stay",
        ("booking", saved.id),
        saved.version,
        arrives=stay.arrives_at.isoformat() if stay.arrives_at else None,
        leaves=stay.leaves_at.isoformat() if stay.leaves_at else None,
    )
    return saved


async def _decide(
    context: Context, slot: Slot, carousel: Carousel, booked: Sequence[Booking]
) -> None:
    """Keep the rounds that have begun, with those that are left planned anew."""
    now = context.clock()
    await kept_rounds.save_decided(slot, keep(retimed(carousel, booked, now)), now=now)
