"""Bookings: a class's places in slots."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from blaljus.domain.booking import Booking, BookingDetails
from blaljus.domain.stays import Stay
from blaljus.domain.words import ACTIVE_BOOKING, BookingState, CancelCause
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Row, Scope, later, locked, one, together, value, within

ACTIVE = [state.value for state in ACTIVE_BOOKING]
_CERTAIN = (BookingState.CONFIRMED, BookingState.HELD)
_BOOKING = together(*t.Booking.all_columns())


def _booking(row: Row) -> Booking:
    return value(row | {"access_needs": msgspec.json.decode(row["access_needs"])}, Booking)


async def get_booking(number: int, scope: Scope) -> Booking:
    """Return a booking of the scope by its six digits, or raise `NotFoundError`."""
    b = t.Booking
    rows = await b.select(_BOOKING).where(b.number == number).where(within(b.municipality, scope))
    return _booking(one(rows))


async def find_active(school_class: int, plan: int, scope: Scope) -> Booking | None:
    """Return the class's active booking that is not a catch-up, locked, or None."""
    b = t.Booking
    rows = await locked(
        b.select(_BOOKING)
        .where(b.school_class == school_class)
        .where(b.plan == plan)
        .where(within(b.municipality, scope))
        .where(b.state.is_in(ACTIVE))
        .where(b.catch_up == False)  # noqa: E712 -- Piccolo builds SQL from the comparison
    )
    return _booking(rows[0]) if rows else None


async def list_bookings(plan: int, scope: Scope) -> list[Booking]:
    """Return every booking of a plan, whatever its state, by id."""
    b = t.Booking
    query = b.select(_BOOKING).where(b.plan == plan).where(within(b.municipality, scope))
    return [_booking(row) for row in await query.order_by(b.id)]


async def list_class_bookings(classes: Collection[int], scope: Scope) -> list[Booking]:
    """Return every booking of some classes, by id."""
    if not classes:
        return []
    b = t.Booking
    query = b.select(_BOOKING).where(b.school_class.is_in(sorted(classes)))
    return [
        _booking(row) for row in await query.where(within(b.municipality, scope)).order_by(b.id)
    ]


async def list_in_slots(slots: Collection[int], scope: Scope) -> list[Booking]:
    """Return the active bookings in some slots, by id."""
    if not slots:
        return []
    b = t.Booking
    rows = (
        await b.select(_BOOKING)
        .where(b.slot.is_in(sorted(slots)))
        .where(within(b.municipality, scope))
        .where(b.state.is_in(ACTIVE))
        .order_by(b.id)
    )
    return [_booking(row) for row in rows]


async def add_booking(
    municipality: int,
    *,
    plan: int,
    slot: int,
    school_class: int,
    number: int,
    state: BookingState,
    details: BookingDetails,
    uid: str,
    now: datetime,
) -> Booking | None:
    """Store a booking; None where the class has one already or the number is taken."""
    row = t.Booking(
        municipality=municipality,
        plan=plan,
        slot=slot,
        school_class=school_class,
        number=number,
        state=state.value,
        **_columns(details),
        catch_up=False,
        pays="",
        cancel_cause=None,
        uid=uid,
        sequence=0,
        revised_at=now,
        version=1,
        arrives_at=None,
        leaves_at=None,
    )
    added = await t.Booking.insert(row).on_conflict(action="DO NOTHING").returning(t.Booking.id)
    return await get_booking(number, (municipality,)) if added else None


def _columns(details: BookingDetails) -> Row:
    return {
        "pupils": details.pupils,
        "adults": details.adults,
        "phone": details.phone,
        "access_needs": msgspec.json.encode(details.access_needs, order="sorted").decode(),
        "transport": details.transport.value,
    }


async def number_is_free(number: int) -> bool:
    """Return whether no booking of any municipality has the number."""
    return not await t.Booking.exists().where(t.Booking.number == number)


async def save_booking(
    booking: Booking,
    *,
    now: datetime,
    slot: int | None = None,
    state: BookingState | None = None,
    details: BookingDetails | None = None,
    cancel_cause: CancelCause | None = None,
    retold: int = 0,
) -> Booking:
    """Store a new version; another slot, a confirmation or the end raises the sequence by one.

    What was tentative is confirmed too when it was held; of what was confirmed that tells
    calendars nothing, and the revision stays. `retold` raises it too: by one where the place is
    called something else, by two where some people get a cancellation and others an invitation.
    """
    b = t.Booking
    confirmed = booking.state is BookingState.TENTATIVE and state in _CERTAIN
    unseen = state is BookingState.HELD and not confirmed
    moved = slot not in (None, booking.slot) or state is BookingState.CANCELLED
    changes: Row = {
        "slot": slot or booking.slot,
        "state": (state or booking.state).value,
        "cancel_cause": cancel_cause.value if cancel_cause else None,
        "sequence": booking.sequence + (moved or confirmed) + retold,
        "revised_at": booking.revised_at if unseen else later(now, booking.revised_at),
        "version": booking.version + 1,
        **_columns(details or booking.details),
        **({} if slot in (None, booking.slot) else {"arrives_at": None, "leaves_at": None}),
    }
    scope = (booking.municipality,)
    await (
        b.update(dict(changes.items()))
        .where(b.id == booking.id)
        .where(within(b.municipality, scope))
    )
    return await get_booking(booking.number, scope)


async def save_stay(booking: Booking, stay: Stay) -> Booking:
    """Store when a class is at the place: a new version, and the same revision for calendars."""
    b, scope = t.Booking, (booking.municipality,)
    changes: Changes = {
        b.arrives_at: stay.arrives_at,
        b.leaves_at: stay.leaves_at,
        b.version: booking.version + 1,
    }
    await b.update(changes).where(b.id == booking.id).where(within(b.municipality, scope))
    return await get_booking(booking.number, scope)


async def get_bookings(bookings: Collection[int], scope: Scope) -> list[Booking]:
    """Return the bookings of the scope with these ids, whatever their state, by id."""
    if not bookings:
        return []
    b = t.Booking
    query = (
        b.select(_BOOKING).where(b.id.is_in(sorted(bookings))).where(within(b.municipality, scope))
    )
    return [_booking(row) for row in await query.order_by(b.id)]
