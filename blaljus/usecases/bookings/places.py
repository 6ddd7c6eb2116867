"""The places of a slot: one for each class, or one for each group where pupils are counted."""

from blaljus.domain.booking import Booking
from blaljus.domain.groups import groups_made, takes_class
from blaljus.domain.slots import Slot
from blaljus.store import bookings, slots


async def take_place(slot: Slot, pupils: int) -> bool:
    """Take what another class needs of a locked slot; False where that is not left."""
    if slot.group_pupils is None:
        return await slots.take_place(slot.id, (slot.municipality,))
    return await _recount(slot, None, [pupils])


async def leave_place(booking: Booking) -> None:
    """Give back what a booking takes of its slot, which is locked."""
    scope = (booking.municipality,)
    slot = await slots.get_slot(booking.slot, scope)
    if slot.group_pupils is None:
        await slots.leave_place(slot.id, scope)
    else:
        await _recount(slot, booking, [])


async def resize_place(slot: Slot, booking: Booking, pupils: int) -> bool:
    """Let a booking of a locked slot bring more or fewer pupils; False where they do not fit."""
    if slot.group_pupils is None:
        return takes_class(slot, await slots.list_stations([slot.id]), pupils)
    return await _recount(slot, booking, [pupils])


async def count_places(slot: Slot) -> None:
    """Count the places of a locked slot anew: its bookings bring other numbers of pupils."""
    if slot.group_pupils is not None:
        await _recount(slot, None, [])


async def _recount(slot: Slot, but: Booking | None, more: list[int]) -> bool:
    """Store how many groups all but one booking make, with more; False where there is no room."""
    scope = (slot.municipality,)
    fresh = await slots.get_slot(slot.id, scope)
    stay = await bookings.list_in_slots([slot.id], scope)
    sizes = [booking.pupils for booking in stay if but is None or booking.id != but.id]
    stations = await slots.list_stations([slot.id])
    return await slots.set_taken(fresh, groups_made(fresh, stations, [*sizes, *more]))
