"""Places that several schools share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.schools import Venue
from blaljus.domain.words import ACTIVE_ASSIGNMENT, VenueKind
from blaljus.store import assignments, bookings, recipients, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.store.failpoints import failpoint
from blaljus.usecases.context import Context, record
from blaljus.usecases.letters.retelling import remember, retell
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


@dataclass(frozen=True, slots=True, kw_only=True)
class VenuePage:
    """A shared place, and what another name of it would send."""

    venue: Venue
    coming: int
    """Published slots still to come: calendars show them anew."""
    teachers: int
    """Letters to teachers, one for each booking and teacher."""
    staff: int
    """Letters to people on duty, one for each duty."""
    people: int
    """How many get them all; who gets several counts once."""

    @property
    def letters(self) -> int:
        """Return how many letters there would be."""
        return self.teachers + self.staff


async def get_shared_venue(
    person: Person, municipality: int, venue_id: int, *, clock: Clock
) -> VenuePage:
    """Return a shared place of a municipality the person coordinates, or raise `NotFoundError`.

    Costs the same number of statements for any number of slots.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    scope = (municipality,)
    async with read_transaction():
        venue = await schools.get_venue(venue_id, scope)
        if venue.kind is not VenueKind.SHARED:
            raise NotFoundError
        coming = await slots.list_coming_at(venue.id, scope, clock())
        booked = await bookings.list_in_slots(coming, scope)
        teachers = await recipients.teachers_of({booking.school_class for booking in booked})
        every = await assignments.list_assignments(coming, scope)
        duties = [duty for duty in every if duty.state in ACTIVE_ASSIGNMENT]
        staff = await recipients.staff_addressees({duty.staff for duty in duties})
    told = [teacher.account for booking in booked for teacher in teachers[booking.school_class]]
    return VenuePage(
        venue=venue,
        coming=len(coming),
        teachers=len(told),
        staff=len(duties),
        people=len({*told, *(to.account for to in staff.values())}),
    )


async def rename_shared_venue(
    context: Context, person: Person, key: FormKey, *, venue_id: int, name: str, version: int
) -> None:
    """Give a shared place another name; who is to come there is told, and answers again.

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
    remembered = await remember((venue.municipality, slot) for slot in coming)
    await failpoint("before_renaming")
    await schools.rename_venue(venue, name)
    subject, facts = ("venue", venue.id), {"slots": len(coming)}
    await record(
        context, person.actor, venue.municipality, "venue-renamed", subject, version + 1, **facts
    )
    await retell(context, person.actor, remembered, handed_over=())


async def _lock_coming(venue: Venue, now: datetime) -> list[int]:
    """Return the slots that are still to come somewhere, locked: their classes first, then they."""
    scope = (venue.municipality,)
    ids = await slots.list_coming_at(venue.id, scope, now)
    booked = await bookings.list_in_slots(ids, scope)
    await schools.lock_classes({booking.school_class for booking in booked}, scope)
    await slots.lock_slots(ids, scope)
    # Asked again behind the locks: one may have been called off meanwhile.
    return await slots.list_coming_at(venue.id, scope, now)
