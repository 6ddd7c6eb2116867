"""The calendars that a person may subscribe to, with their addresses; and how these are doing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.errors import NotFoundError
from blaljus.domain.feeds import Feed, health_of
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolUnit
from blaljus.domain.words import FeedHealth, FeedKind
from blaljus.store import agencies, entries, feeds, schools
from blaljus.store.engine import read_transaction
from blaljus.usecases.bookings.booking import get_own_class
from blaljus.usecases.context import Context

_ORDER = (
    *(FeedKind.MUNICIPALITY, FeedKind.SCHOOL, FeedKind.SCHOOL_CLASS),
    *(FeedKind.AGENCY, FeedKind.STAFF),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A calendar that a person may subscribe to; `name` is None for the person's own."""

    kind: FeedKind
    subject: int
    municipality: int | None = None
    """Whose events it shows, where it is an agency's."""
    name: str | None
    feeds: tuple[Feed, ...] = ()
    newest: datetime | None = None
    """When what the calendar shows was last changed."""

    def is_behind(self, found: Feed) -> bool:
        """Return whether the last fetch of an address was before the newest change."""
        fetched = found.fetched_at
        return fetched is not None and self.newest is not None and fetched < self.newest

    @property
    def current(self) -> Feed | None:
        """Return the address that is not being replaced, if there is one."""
        return next((found for found in self.feeds if found.revoked_at is None), None)


async def list_own_calendar(context: Context, person: Person) -> list[Subscription]:
    """Return the calendar of each staff member that a person is, with its addresses."""
    async with read_transaction():
        members = await agencies.get_staff_members(person.staff)
        several = len(members) > 1
        names = {member.id: member.agency_name if several else None for member in members.values()}
        return await _with_feeds(context, FeedKind.STAFF, names)


async def list_class_calendar(
    context: Context, person: Person, class_id: int
) -> list[Subscription]:
    """Return the calendar of a class of one's own, with its addresses."""
    async with read_transaction():
        school_class = await get_own_class(person, class_id)
        return await _with_feeds(context, FeedKind.SCHOOL_CLASS, {class_id: school_class.name})


async def list_coordinated_calendars(context: Context, person: Person) -> list[Subscription]:
    """Return the calendars of one's municipalities, their schools with classes, their agencies."""
    async with read_transaction():
        everywhere = await schools.list_municipalities()
        mine = {m.id: m.name for m in everywhere if m.id in person.municipalities}
        units = await schools.list_units(person.municipalities)
        today = local_day(context.clock())
        classes = await schools.list_classes(person.municipalities, SchoolYear.of(today))
        named = _named({c.school_unit for c in classes}, units)
        shown = [
            *await _with_feeds(context, FeedKind.MUNICIPALITY, mine),
            *await _with_feeds(context, FeedKind.SCHOOL, named),
        ]
        for municipality in mine:
            serving = await agencies.list_agencies((municipality,), today)
            called = {agency.id: agency.name for agency in serving}
            shown += await _with_feeds(context, FeedKind.AGENCY, called, municipality)
    return shown


def _named(wanted: Collection[int], units: Iterable[SchoolUnit]) -> dict[int, str | None]:
    return {unit.id: unit.name for unit in units if unit.id in wanted}


async def _with_feeds(
    context: Context,
    kind: FeedKind,
    names: Mapping[int, str | None],
    municipality: int | None = None,
) -> list[Subscription]:
    found = await feeds.list_feeds(kind, names, context.clock())
    newest = await entries.newest_revisions(kind, names, municipality)
    of_all = municipality is None
    return [
        Subscription(
            kind=kind,
            subject=subject,
            municipality=municipality,
            name=name,
            feeds=tuple(
                f
                for f in found
                if f.subject == subject and (of_all or f.municipality == municipality)
            ),
            newest=newest.get(subject),
        )
        for subject, name in names.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One address that answers: whose calendar, in words, and how it is doing."""

    feed: Feed
    name: str
    newest: datetime | None
    health: FeedHealth


async def list_watched(context: Context, person: Person, municipality: int) -> Sequence[Watched]:
    """Return every address of a municipality's calendars and of the people who serve it.

    By kind, then name. Protected people are called by their function. Costs one statement.
    Raises `NotFoundError` where the person does not coordinate the municipality.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    now = context.clock()
    rows = [
        Watched(
            feed=row.feed,
            name=row.name,
            newest=row.newest,
            health=health_of(row.feed.fetched_at, row.newest, now),
        )
        for row in await feeds.list_watched_feeds(municipality, now)
    ]
    return sorted(rows, key=lambda row: (_ORDER.index(row.feed.kind), row.name, row.feed.id))
