"""Who is there in every new slot at a place: the coordinator's word, which planning keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.localtime import local_day
from blaljus.domain.people import Person
from blaljus.domain.pins import holding
from blaljus.domain.schools import StationRules, Venue
from blaljus.store import agencies, pins, schools
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A person who is to be there; `holds` is false where no station has room, or they left."""

    member: StaffMember
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VenuePins:
    """Who is pinned to a venue, the first before the others, and who else could be."""

    pinned: Sequence[Pinned]
    able: Sequence[StaffMember]


async def load_pins(venue: Venue, rules: Sequence[StationRules], today: date) -> VenuePins:
    """Return the pins of a venue with these stations, within the caller's transaction."""
    ids = (await pins.list_pins([venue.id]))[venue.id]
    serving = await agencies.list_staff((venue.municipality,), today)
    known = await agencies.get_staff_members(ids)
    members = [known[staff] for staff in ids]
    present = {member.id for member in serving}
    held = holding(rules, [member for member in members if member.id in present])
    return VenuePins(
        pinned=[Pinned(member=member, holds=member in held) for member in members],
        able=[
            member
            for member in serving
            if member.id not in ids and member in holding(rules, [*held, member])
        ],
    )


async def pin_person(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    venue_id: int,
    rules: Sequence[StationRules],
    staff: int,
    pinned: bool,
    version: int,
) -> None:
    """Pin a person to a venue whose stations have these rules, or take the pin away.

    Raises `StaleError` where the venue is no longer of the `version` that was seen, and
    `NotFoundError` for somebody whom no station has room for.
    """

    async def change() -> Outcome:
        venue = await schools.get_venue(venue_id, person.municipalities)
        shown = await load_pins(venue, rules, local_day(context.clock()))
        if version != venue.version or not await schools.touch_venue(venue):
            raise StaleError
        among = [row.member for row in shown.pinned] if not pinned else shown.able
        if staff not in {member.id for member in among}:
            raise NotFoundError
        if pinned:
            await pins.add_pin(venue_id, staff)
        else:
            await pins.remove_pins(venue_id, [staff])
        facts = {"staff": staff, "pinned": pinned}
        subject, new = ("venue", venue_id), version + 1
        await record(context, person.actor, venue.municipality, "venue-pins", subject, new, **facts)
        return {}

    await once(person, key, change, clock=context.clock)


async def drop_pins_of_leavers(municipality: int, today: date) -> None:
    """Take the pins away of people who serve a municipality no longer: an import says so."""
    scope = (municipality,)
    serving = {member.id for member in await agencies.list_staff(scope, today)}
    venues = [venue.id for venue in await schools.list_venues(scope)]
    for venue, staff in (await pins.list_pins(venues)).items():
        await pins.remove_pins(venue, set(staff) - serving)
