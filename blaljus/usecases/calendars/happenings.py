"""Slots with all that takes part in them, and the calendar entries that show them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import Booking
from blaljus.domain.calendar import CalendarEvent
from blaljus.domain.happenings import Happening, booking_event, duty_event, overview_event
from blaljus.domain.people import Contact
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, SlotState
from blaljus.ics.events import feed_event
from blaljus.store import agencies, assignments, bookings, schools, slots
from blaljus.store.contacts import find_contact
from blaljus.store.entries import Entry, save_entries
from blaljus.usecases.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class FullHappening(Happening):
    """A happening with its people: every assignment, whatever its state."""

    duties: Sequence[Assignment]
    staff: dict[int, StaffMember]
    contact: Contact | None
    """Whom those who take part may ask."""

    @property
    def active_duties(self) -> list[Assignment]:
        """Return the assignments that are counted on."""
        return [duty for duty in self.duties if duty.state in ACTIVE_ASSIGNMENT]


async def load_happening(slot: Slot) -> FullHappening:
    """Return a slot with its stations, active bookings, classes and people."""
    scope = (slot.municipality,)
    stations = await slots.list_stations([slot.id])
    booked = await bookings.list_in_slots([slot.id], scope)
    duties = await assignments.list_assignments([slot.id], scope)
    return FullHappening(
        slot=slot,
        stations=stations,
        bookings=booked,
        classes=await schools.get_classes([b.school_class for b in booked], scope),
        duties=duties,
        staff=await agencies.get_staff_members([duty.staff for duty in duties]),
        contact=await find_contact(slot.municipality),
    )


def with_class(
    happening: FullHappening, booking: Booking, school_class: SchoolClass
) -> FullHappening:
    """Return a happening as it was while a class that has left took part."""
    return replace(
        happening,
        bookings=[*happening.bookings, booking],
        classes=sorted([*happening.classes, school_class], key=lambda c: (c.school, c.label, c.id)),
    )


def without_classes(happening: FullHappening, classes: Collection[int]) -> FullHappening:
    """Return a happening as it was before some classes came, by their ids."""
    return replace(
        happening,
        bookings=[b for b in happening.bookings if b.school_class not in classes],
        classes=[c for c in happening.classes if c.id not in classes],
    )


def booking_url(context: Context, booking: Booking) -> str:
    """Return the full address of a booking's page."""
    return context.url(f"/boka/{booking.number}")


def duty_url(context: Context, duty: Assignment) -> str:
    """Return the full address of a duty's page."""
    return context.url(f"/personal/uppdrag/{duty.id}")


async def show_in_calendars(
    context: Context,
    happening: FullHappening,
    *,
    ended_bookings: Iterable[tuple[Booking, SchoolClass]] = (),
    ended_duties: Iterable[Assignment] = (),
) -> None:
    """Store what every calendar shows of a slot now; what just ended stays as cancelled."""
    by_id = {c.id: c for c in happening.classes}
    classes = [(b, by_id[b.school_class]) for b in happening.bookings]
    duties = [*happening.active_duties, *ended_duties]
    await save_entries(
        [
            *_slot_entries(context, happening, duties),
            *(_booking_entry(context, happening, b, c) for b, c in [*classes, *ended_bookings]),
            *(_duty_entry(context, happening, duty) for duty in duties),
        ]
    )


def _slot_entries(
    context: Context, happening: FullHappening, duties: Iterable[Assignment]
) -> list[Entry]:
    slot = happening.slot
    event = overview_event(happening, context.url(f"/samordnare/pass/{slot.id}"))
    for_agencies = overview_event(happening, context.url("/"))
    # Who was to come to a slot that was called off sees that; who was replaced sees it no more.
    counted = duties if slot.state is SlotState.CANCELLED else happening.active_duties
    serving = {happening.staff[duty.staff].agency for duty in counted}
    return [
        _entry(slot, event, overview=True),
        *(_entry(slot, for_agencies, agency=agency) for agency in sorted(serving)),
    ]


def _booking_entry(
    context: Context, happening: FullHappening, booking: Booking, school_class: SchoolClass
) -> Entry:
    event = booking_event(happening, booking, school_class, booking_url(context, booking))
    return _entry(
        happening.slot,
        event,
        school_class=school_class.id,
        school_unit=school_class.school_unit,
    )


def _duty_entry(context: Context, happening: FullHappening, duty: Assignment) -> Entry:
    event = duty_event(happening, duty, duty_url(context, duty))
    return _entry(happening.slot, event, staff=duty.staff)


def _entry(slot: Slot, event: CalendarEvent, **owner: int) -> Entry:
    return Entry(
        municipality=slot.municipality,
        uid=event.uid,
        starts_at=event.starts_at,
        revised_at=event.revised_at,
        cancelled=event.cancelled,
        fragment=feed_event(event),
        staff=owner.get("staff"),
        school_class=owner.get("school_class"),
        school_unit=owner.get("school_unit"),
        agency=owner.get("agency"),
        overview=bool(owner.get("overview")),
    )
