"""A bus of the demo is late: the last slot of the term has a class that comes twenty minutes in."""

from datetime import timedelta
from uuid import uuid4

from blaljus.demo.saying import when
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot
from blaljus.domain.stays import Stay
from blaljus.usecases.context import Context
from blaljus.usecases.days.stays import set_stays
from blaljus.usecases.followup.season import Season
from blaljus.usecases.once import FormKey

LATE = timedelta(minutes=20)


def a_key() -> FormKey:
    """Return a fresh key, as each form has."""
    return FormKey(key=uuid4().hex, body_hash="")


def last_slot(season: Season) -> Slot:
    """Return the last slot that a class comes to."""
    booked = {booking.slot for booking in season.bookings}
    return max((season.slots[slot] for slot in booked), key=lambda s: (s.starts_at, s.id))


async def make_bus_late(context: Context, coordinator: Person, season: Season) -> str:
    """Say that the bus to the last slot comes later, and return what happened in words."""
    slot = last_slot(season)
    booking = max((b for b in season.bookings if b.slot == slot.id), key=lambda b: b.id)
    stay = Stay(arrives_at=slot.starts_at + LATE, leaves_at=None)
    await set_stays(context, coordinator, a_key(), slot_id=slot.id, stays={booking.id: stay})
    return f"Bussen med {season.classes[booking.school_class].name} blir sen till {when(slot)}."
