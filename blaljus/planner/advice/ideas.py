"""What might give a class a time, from masks alone: cheap to ask, and only hopeful."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from blaljus.domain.localtime import iso_week
from blaljus.domain.words import Service
from blaljus.planner.packing.board import Board
from blaljus.planner.packing.people import Kind, bits, masks_by
from blaljus.planner.packing.site import fits


class Help(StrEnum):
    """What kind of change it is. Values are stable: pages and logs use them."""

    STAFF = "staff"
    """One more half-day of a service, by somebody the plan does not know yet."""
    PERSON = "person"
    """One more session in that week for a person whose caps are reached."""
    VENUE = "venue"
    """The class may travel to one more venue."""
    VENUE_OPENS = "venue-opens"
    """A venue opens on one more day."""
    SCHOOL_OPENS = "school-opens"
    """The school opens on a day on which it is closed."""
    CLASS_COMES = "class-comes"
    """The class can come on a day on which it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """A change that is not tried out yet; what does not belong to its kind is `None`."""

    kind: Help
    half_day: int | None = None
    """When; days and weeks are those of this half-day."""
    service: Service | None = None
    agency: int | None = None
    staff: int | None = None
    venue: int | None = None


class Ideas:
    """What would help one class, given the board of the plan; the soonest first."""

    def __init__(self, board: Board, class_id: int) -> None:
        self._board = board
        self._class = board.class_at[class_id]
        self._who = board.classes[self._class]
        self._venues = board.goes_to[self._class]
        self._season = board.people.season
        self._free = board.free[self._class]
        self._closed = self._season & ~self._free
        """When the class cannot come; `_shut` of them because its school is closed."""
        self._shut = 0
        for _, mask in self._who.blocked:
            self._shut |= mask & self._season
        weeks = masks_by(board.problem.half_days, lambda half_day: iso_week(half_day.day))
        self._weeks = sorted(set(weeks), key=_first)
        self._days = sorted(set(board.people.day), key=_first)

    def kinds(self) -> Iterator[Iterator[Idea]]:
        """Yield the ideas of each kind; those that concern staff service by service."""
        stations = (s for v in self._venues for s in self._board.sites[v].stations)
        services = sorted({station.service for station in stations})
        yield from map(self._staff, services)
        yield from map(self._person, services)
        yield self._venue()
        yield self._venue_opens()
        yield self._on_days(Help.SCHOOL_OPENS, self._shut)
        yield self._on_days(Help.CLASS_COMES, self._closed & ~self._shut)

    def _staff(self, service: Service) -> Iterator[Idea]:
        """Yield the first half-day of each week that lacks one person of the service."""
        short = [(venue, self._short(venue, service)) for venue in self._venues]
        for week in self._weeks:
            able = [(_first(mask & week), venue) for venue, mask in short if mask & week]
            if able:
                half_day, venue = min(able)
                yield Idea(
                    kind=Help.STAFF,
                    half_day=half_day.bit_length() - 1,
                    service=service,
                    agency=self._agency(venue, service),
                )

    def _person(self, service: Service) -> Iterator[Idea]:
        """Yield people whose caps alone keep them away, each once."""
        people, asked = self._board.people, set[int]()
        for venue in self._venues:
            pool = people.pools.get((self._board.sites[venue].municipality, service), ())
            for half_day in bits(self._short(venue, service)):
                for person in pool:
                    who = people.staff[person]
                    offers = who.available >> half_day & 1 and half_day not in people.duties[person]
                    if offers and not people.left[person] >> half_day & 1 and person not in asked:
                        asked.add(person)
                        yield Idea(
                            kind=Help.PERSON, half_day=half_day, service=service, staff=who.id
                        )

    def _venue(self) -> Iterator[Idea]:
        """Yield venues that the class may not go to, those of its own municipality first."""
        board = self._board
        rows = sorted(board.problem.venues, key=lambda venue: venue.id)
        home = next((v.municipality for v in rows if v.id == self._who.school_venue), None)
        others = [
            (site.municipality != home, venue)
            for venue, site in enumerate(board.sites)
            if venue not in self._venues and fits(self._who, rows[venue])
        ]
        for _, venue in sorted(others):
            new = self._crewed(venue, None) & board.sites[venue].open
            if (new | self._held(venue)) & self._free:
                yield Idea(kind=Help.VENUE, venue=board.sites[venue].id)

    def _venue_opens(self) -> Iterator[Idea]:
        """Yield days on which a venue is closed while the class and a crew could come."""
        board = self._board
        for venue in self._venues:
            held = sum(1 << half_day for half_day in board.held[venue])
            closed = self._season & ~board.sites[venue].open & ~held
            able = closed & self._free & self._crewed(venue, None)
            for day in self._days:
                if able & day:
                    half_day = _first(able & day).bit_length() - 1
                    yield Idea(
                        kind=Help.VENUE_OPENS, half_day=half_day, venue=board.sites[venue].id
                    )

    def _on_days(self, kind: Help, days: int) -> Iterator[Idea]:
        """Yield days of a mask that have a session to join, then those with a crew for one."""
        joins = new = 0
        for venue in self._venues:
            joins |= self._held(venue)
            new |= self._crewed(venue, None) & self._board.sites[venue].open
        for able in (joins & days, new & ~joins & days):
            for day in self._days:
                if able & day:
                    yield Idea(kind=kind, half_day=_first(able & day).bit_length() - 1)

    def _held(self, venue: int) -> int:
        """Return when the venue has a session with room."""
        held = self._board.held[venue]
        return sum(1 << t for t in held if self._board.has_room((venue, t)))

    def _short(self, venue: int, service: Service) -> int:
        """Return when a crew would be there, had the service one more person than it has."""
        mask = self._free & self._board.sites[venue].open & self._crewed(venue, service)
        return mask & ~self._crewed(venue, None)

    def _crewed(self, venue: int, service: Service | None) -> int:
        """Return when the plain crew finds its people, with one fewer of `service` if given."""
        board, site = self._board, self._board.sites[venue]
        mask = board.coaches.room(self._class, venue) & self._season
        if not site.formats:
            return 0
        for need in site.formats[0].needs:
            less = need.service is service
            pool = site.municipality, need.service, need.agency
            mask &= board.people.supply(pool, Kind.ANYONE)[need.people - less]
            if need.not_on_call > less:
                mask &= board.people.supply(pool, Kind.FREE)[need.not_on_call - less]
        return mask

    def _agency(self, venue: int, service: Service) -> int | None:
        """Return the agency that mans a station of the service, if one does."""
        asked = (s.agency for s in self._board.sites[venue].stations if s.service is service)
        return next((agency for agency in asked if agency is not None), None)


def _first(mask: int) -> int:
    """Return the lowest bit of a mask, as a mask."""
    return mask & -mask
