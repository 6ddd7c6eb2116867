"""Slots, bookings and duties as events for calendars: what people read, in Swedish.

Stored fragments serve every subscriber alike, so they speak the language of the schools.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blaljus.domain.booking import Booking, spoken_number
from blaljus.domain.calendar import CalendarEvent
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import (
    ACTIVE_ASSIGNMENT,
    BookingState,
    Service,
    SlotState,
)

SERVICE_NAMES = {
    Service.POLICE: "polis",
    Service.RESCUE: "räddningstjänst",
    Service.AMBULANCE: "ambulans",
    Service.PARTNER: "partner",
}
"""Services as words in running text."""

CATEGORY = "Blåljusdag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A slot with everything that takes part in it."""

    slot: Slot
    stations: Sequence[Station]
    classes: Sequence[SchoolClass]
    bookings: Sequence[Booking]


def station_names(stations: Iterable[Station]) -> str:
    """Return the stations in order, as one line: `Polis, Brand och räddning`."""
    return ", ".join(station.name for station in stations)


def class_names(classes: Iterable[SchoolClass]) -> str:
    """Return the classes as one line, by school and label in whatever order they are given."""
    return "; ".join(c.name for c in sorted(classes, key=lambda c: (c.school, c.label, c.id)))


def booking_event(
    happening: Happening, booking: Booking, school_class: SchoolClass, url: str
) -> CalendarEvent:
    """Return what the class's teacher and school see of a booking."""
    slot = happening.slot
    cancelled = booking.state is BookingState.CANCELLED or slot.state is SlotState.CANCELLED
    lines = [
        f"Klass: {school_class.name}",
        f"Stationer: {station_names(happening.stations)}",
        f"Antal: {booking.pupils} elever, {booking.adults} vuxna",
        f"Bokningsnummer: {spoken_number(booking.number)}",
        "Ändra eller avboka på bokningens sida.",
    ]
    return CalendarEvent(
        uid=booking.uid,
        sequence=booking.sequence,
        revised_at=booking.revised_at,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"Blåljusdag {school_class.name}",
        description="\n".join(lines),
        location=slot.venue_name,
        latitude=slot.latitude,
        longitude=slot.longitude,
        url=url,
        categories=(CATEGORY,),
        confirmed=booking.state in (BookingState.CONFIRMED, BookingState.HELD),
        cancelled=cancelled,
        busy=True,
    )


def duty_event(happening: Happening, assignment: Assignment, url: str) -> CalendarEvent:
    """Return what the assigned person sees of a duty."""
    slot = happening.slot
    station = next(s for s in happening.stations if s.id == assignment.station)
    ended = assignment.state not in ACTIVE_ASSIGNMENT
    pupils = sum(booking.pupils for booking in happening.bookings)
    classes = class_names(happening.classes) or "ingen klass ännu"
    lines = [
        f"Station: {station.name}",
        f"Klasser: {classes}",
        f"Antal: {pupils} elever",
        "Svara Kan eller Kan inte på uppdragets sida.",
    ]
    return CalendarEvent(
        uid=assignment.uid,
        sequence=assignment.sequence,
        revised_at=assignment.revised_at if ended else max(assignment.revised_at, slot.revised_at),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"Blåljusdag: {station.name}, {slot.venue_name}",
        description="\n".join(lines),
        location=slot.venue_name,
        latitude=slot.latitude,
        longitude=slot.longitude,
        url=url,
        categories=(CATEGORY,),
        confirmed=True,
        cancelled=ended,
        busy=True,
    )


def overview_event(happening: Happening, url: str) -> CalendarEvent:
    """Return what coordinators and agencies see of a slot; it makes nobody busy."""
    slot = happening.slot
    classes = class_names(happening.classes) or "ingen klass ännu"
    lines = [
        f"Klasser: {classes}",
        f"Stationer: {station_names(happening.stations)}",
        f"{_places_word(slot)}: {slot.taken} av {slot.places} bokade",
    ]
    return CalendarEvent(
        uid=slot.uid,
        sequence=slot.sequence,
        revised_at=slot.revised_at,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"Blåljusdag {slot.venue_name}",
        description="\n".join(lines),
        location=slot.venue_name,
        latitude=slot.latitude,
        longitude=slot.longitude,
        url=url,
        categories=(CATEGORY,),
        confirmed=True,
        cancelled=slot.state is SlotState.CANCELLED,
        busy=False,
    )


def _places_word(slot: Slot) -> str:
    return "Platser" if slot.group_pupils is None else "Grupper"
