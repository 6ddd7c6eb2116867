"""Places that several schools share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.schools import Venue
from blaljus.domain.words import SlotState, VenueKind
from blaljus.store import bookings, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.store.failpoints import failpoint
from blaljus.usecases.context import Context, record
from blaljus.usecases.happenings import FullHappening, load_happening, show_in_calendars
from blaljus.usecases.notices import (
    Change,
    booking_facts,
    tell_people_of_change,
    tell_teachers,
)
from blaljus.usecases.once import FormKey, Outcome, once


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueRow:
    """A shared place, and how many published slots there are still to come."""

    venue: Venue
    coming: int


async def list_shared_venues(
    person: Person, municipality: int, *, clock: Clock
) -> Sequence[VenueRow]:
    """Return the shared places of a municipality the person coordinates, by name."""
    if municipality not in person.municipalities:
        raise NotFoundError
    async with read_transaction():
        venues = await schools.list_venues((municipality,))
        coming = await slots.venues_coming((municipality,), clock())
    return [
        VenueRow(venue=venue, coming=coming.count(venue.id))
        for venue in venues
        if venue.kind is VenueKind.SHARED
    ]


async def rename_shared_venue(
    context: Context, person: Person, key: FormKey, *, venue_id: int, name: str, version: int
) -> None:
    """Give a shared place another name; who is to come there gets it in calendar and letter.

    Raises `VenueNameTakenError` where another place has it, and `StaleError` where the place is
    no longer of the `version` the person saw.
    """

    async def change() -> Outcome:
        await _rename(context, person, venue_id, name, version)
        return {}

    await once(person, key, change, clock=context.clock)


async def _rename(context: Context, person: Person, venue_id: int, name: str, version: int) -> None:
    await schools.lock_shared_venues([venue_id], person.municipalities)
    venue = await schools.get_venue(venue_id, person.municipalities)
    if venue.kind is not VenueKind.SHARED:
        raise NotFoundError
    if venue.version != version:
        raise StaleError
    if name == venue.name:
        return
    coming = await _lock_coming(venue, context.clock())
    await failpoint("before_renaming")
    await schools.rename_venue(venue, name)
    subject, facts = ("venue", venue.id), {"slots": len(coming)}
    await record(
        context, person.actor, venue.municipality, "venue-renamed", subject, version + 1, **facts
    )
    for before in coming:
        await _tell(context, person, before)


async def _lock_coming(venue: Venue, now: datetime) -> list[FullHappening]:
    """Return what is still to take place somewhere, locked: the classes first, then the slots."""
    scope = (venue.municipality,)
    ids = await slots.list_coming_at(venue.id, scope, now)
    await schools.lock_classes(
        {b.school_class for b in await bookings.list_in_slots(ids, scope)}, scope
    )
    await slots.lock_slots(ids, scope)
    return [
        await load_happening(slot)
        for slot in await slots.get_slots(ids, scope)
        if slot.state is SlotState.PUBLISHED
    ]


async def _tell(context: Context, person: Person, before: FullHappening) -> None:
    """Show the new name in calendars and tell teachers and people of it; their answers stand."""
    now = context.clock()
    for booking in before.bookings:
        saved = await bookings.save_booking(booking, now=now)
        subject = ("booking", saved.id)
        await record(
            context, person.actor, saved.municipality, "booking-changed", subject, saved.version
        )
    after = await load_happening(await slots.touch_slot(before.slot, now=now))
    await show_in_calendars(context, after)
    classes = {c.id: c for c in after.classes}
    for booking in after.bookings:
        school_class = classes[booking.school_class]
        was = booking_facts(before, booking, school_class)
        await tell_teachers(context, after, booking, school_class, Change.TEXT, before=was)
    await tell_people_of_change(context, before, after)
