"""A whole calendar as a file for a coordinator, without a secret address."""

from typing import NamedTuple

from blaljus.domain.calendar import FeedHead
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.people import Person
from blaljus.domain.words import FeedKind
from blaljus.ics.feeds import feed
from blaljus.store import agencies, entries, schools
from blaljus.store.engine import read_transaction
from blaljus.usecases.calendars.feed_reading import COLOURS
from blaljus.usecases.context import Context


class CalendarFile(NamedTuple):
    """Whose calendar it is, in words, and its bytes."""

    name: str
    body: bytes


async def get_calendar_file(
    context: Context,
    person: Person,
    kind: FeedKind,
    subject: int,
    municipality: int | None = None,
) -> CalendarFile:
    """Return the events that a feed would show now, of `METHOD:PUBLISH`, to open once.

    Of a person and of an agency those of a `municipality` that the person coordinates and they
    serve. Raises `NotFoundError` for all others. The file names no address to fetch it from.
    """
    now = context.clock()
    async with read_transaction():
        name, owner = await _named(context, person, kind, subject, municipality)
        fragments = await entries.list_fragments(kind, subject, now, municipality=owner)
    head = FeedHead(
        kind=kind,
        name=f"Blåljusdagar: {name}",
        source_url="",
        organiser_name=context.sender_name,
        organiser_address=context.sender_address,
        colour=COLOURS[kind],
    )
    return CalendarFile(name, feed(head, fragments))


async def _named(
    context: Context, person: Person, kind: FeedKind, subject: int, municipality: int | None
) -> tuple[str, int]:
    """Return what the calendar is called and whose events it shows, or raise `NotFoundError`."""
    known: dict[int, tuple[str, int]]
    if kind in (FeedKind.STAFF, FeedKind.AGENCY):
        known = await _serving(context, person, kind, municipality)
    elif kind is FeedKind.SCHOOL_CLASS:
        school_class = await schools.get_class(subject, person.municipalities)
        known = {subject: (school_class.name, school_class.municipality)}
    elif kind is FeedKind.SCHOOL:
        units = await schools.list_units(person.municipalities)
        known = {unit.id: (unit.name, unit.municipality) for unit in units}
    else:
        mine = await schools.list_municipalities_in(person.municipalities)
        known = {place.id: (place.name, place.id) for place in mine}
    if subject not in known:
        raise NotFoundError
    return known[subject]


async def _serving(
    context: Context, person: Person, kind: FeedKind, municipality: int | None
) -> dict[int, tuple[str, int]]:
    if municipality is None or municipality not in person.municipalities:
        raise NotFoundError
    today, here = local_day(context.clock()), (municipality,)
    if kind is FeedKind.AGENCY:
        serving = await agencies.list_agencies(here, today)
        return {agency.id: (agency.name, municipality) for agency in serving}
    staff = await agencies.list_staff(here, today)
    return {member.id: (member.shown_as, municipality) for member in staff}
