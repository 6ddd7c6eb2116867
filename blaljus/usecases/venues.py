"""Places that several schools share."""

from collections.abc import Sequence
from dataclasses import dataclass

from blaljus.clock import Clock
from blaljus.domain.errors import BlaljusError, NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.schools import Venue
from blaljus.domain.words import VenueKind
from blaljus.store import schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once


class VenueInUseError(BlaljusError):
    """A slot that is still to come names the place: invitations and calendars hold its name."""

    code = "venue-in-use"


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
) -> bool:
    """Give a shared place another name; False where another one has it.

    Raises `VenueInUseError` while a slot is to take place there, and `StaleError` where the place
    is no longer of the `version` the person saw.
    """

    async def change() -> Outcome:
        return {"renamed": await _rename(context, person, venue_id, name, version)}

    return bool((await once(person, key, change, clock=context.clock))["renamed"])


async def _rename(context: Context, person: Person, venue_id: int, name: str, version: int) -> bool:
    venue = await schools.get_venue(venue_id, person.municipalities)
    if venue.kind is not VenueKind.SHARED:
        raise NotFoundError
    if venue.version != version:
        raise StaleError
    if venue.id in await slots.venues_coming((venue.municipality,), context.clock()):
        raise VenueInUseError
    if name == venue.name:
        return True
    renamed = await schools.rename_venue(venue, name)
    if renamed:
        subject = ("venue", venue.id)
        await record(
            context, person.actor, venue.municipality, "venue-renamed", subject, venue.version + 1
        )
    return renamed
