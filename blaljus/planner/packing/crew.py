"""Choose who comes: the crew of one session from the people who can still be asked."""

from collections import Counter
from collections.abc import Collection, Iterator

from blaljus.planner.packing.board import Board, Key
from blaljus.planner.packing.site import Crew, Format


def crew_for(
    board: Board,
    key: Key,
    size: Format,
    *,
    also: int | None = None,
    languages: Collection[str] = (),
    keep: Collection[int] = (),
) -> Crew | None:
    """Choose a crew, or `None` when a station lacks staff that may not stay empty.

    Who is pinned is in it, then speakers of as many of `languages` as it finds. Whom to `keep`
    comes first, then who is out that day anyway, who can stay for the half-day `also`, who is free
    rather than on call, who is not perhaps busy, the least loaded, who lives there, the lowest id.
    """
    muster = _Muster(board, key, size, also, keep)
    if not all(muster.take_pinned(person) for person in muster.pinned()):
        return None
    for language in languages:
        muster.take_speaker(language)
    return muster.crew() if muster.fill() else None


def can_come_again(board: Board, key: Key, crew: Crew) -> bool:
    """Tell whether a crew of an older plan may come as it was, and mans all that it must."""
    site = board.sites[key[0]]
    if not site.formats or any(station >= len(site.stations) for station, _ in crew):
        return False
    muster = _Muster(board, key, site.formats[0], None, ())
    return muster.takes(crew)


def could_hold(board: Board, key: Key, school_class: int) -> bool:
    """Tell whether a new session could be held with this class alone."""
    who, site = board.classes[school_class], board.sites[key[0]]
    languages = () if who.language is None else (who.language,)
    if not board.coaches.has_room(school_class, key):
        return False
    for size in site.formats:
        crew = crew_for(board, key, size, languages=languages)
        if crew is not None and site.places(crew) >= site.groups((who.pupils,)):
            spoken = {word for _, p in crew for word in board.people.staff[p].languages}
            if who.language in {None, *spoken}:
                return True
    return False


class _Muster:
    """Seats at stations and who sits there: augmenting paths, so that a crew is found if any is.

    Once seated a person stays in the crew, perhaps at another station.
    """

    def __init__(
        self, board: Board, key: Key, size: Format, also: int | None, keep: Collection[int]
    ) -> None:
        self._board, self._key, self._also, self._keep = board, key, also, keep
        self._site = board.sites[key[0]]
        self._seats: list[int] = []
        """The station of each seat."""
        for station, people in zip(self._site.order, size.staff, strict=True):
            self._seats += [station] * people
        self._holder: dict[int, int] = {}
        """Seat to person."""
        self._sits: dict[int, int] = {}
        self._more: list[tuple[int, int]] = []
        self._found: dict[int, list[int]] = {}

    def pinned(self) -> list[int]:
        """Return who must be there."""
        return [who for who, half_day in self._site.pins if half_day in {None, self._key[1]}]

    def takes(self, crew: Crew) -> bool:
        """Tell whether each may stand where the crew says and no seat or pinned person lacks."""
        people = {person for _, person in crew}
        there = Counter(station for station, _ in crew)
        asked = Counter(self._seats) | Counter(
            {station: self._site.stations[station].staff_needed for station in there}
        )
        return (
            len(people) == len(crew)
            and there >= asked
            and people.issuperset(self.pinned())
            and all(person in self._candidates(station) for station, person in crew)
        )

    def take_pinned(self, person: int) -> bool:
        """Give a person a seat, or a place beside one; a wanted station is then manned."""
        if person in self._sits or self._take(person, set()):
            return True
        for station in (*self._site.order, *self._site.wanted):
            if person in self._candidates(station):
                if station in self._site.wanted and station not in self._seats:
                    self._seats += [station] * self._site.stations[station].staff_needed
                    if self._take(person, set()):
                        return True
                self._more.append((station, person))
                return True
        return False

    def take_speaker(self, language: str) -> None:
        """Seat somebody who speaks a language, if nobody there does and somebody can."""
        staff = self._board.people.staff
        there = [*self._sits, *(person for _, person in self._more)]
        if any(language in staff[person].languages for person in there):
            return
        able = {p for station in set(self._seats) for p in self._candidates(station)}
        speakers = (p for p in able if language in staff[p].languages)
        for person in sorted(speakers, key=self._rank):
            if self._take(person, set()):
                return

    def fill(self) -> bool:
        """Fill every seat, or tell that it cannot be done."""
        return all(
            seat in self._holder or self._fill(seat, set()) for seat in range(len(self._seats))
        )

    def crew(self) -> Crew:
        """Return the crew, with the wanted stations that find all their staff."""
        crew = [(self._seats[seat], person) for seat, person in self._holder.items()] + self._more
        for station in self._site.wanted:
            needed = self._site.stations[station].staff_needed
            if needed and station not in self._seats:
                taken = {person for _, person in crew}
                found = [p for p in self._candidates(station) if p not in taken]
                crew += ((station, p) for p in found[:needed] if len(found) >= needed)
        return tuple(sorted(crew))

    def _fill(self, seat: int, seen: set[int]) -> bool:
        """Find somebody for a seat, if need be by moving others to other seats."""
        extra = {person for _, person in self._more}
        found = [p for p in self._candidates(self._seats[seat]) if p not in seen | extra]
        for person in found:
            if person not in self._sits:
                self._sit(person, seat)
                return True
        for person in found:
            seen.add(person)
            other = self._sits[person]
            if self._seats[other] != self._seats[seat] and self._fill(other, seen):
                self._sit(person, seat)
                return True
        return False

    def _take(self, person: int, seen: set[int]) -> bool:
        """Find a seat for a person, if need be by moving others to other seats."""
        seats = [
            seat
            for seat, station in enumerate(self._seats)
            if seat not in seen and person in self._candidates(station)
        ]
        for seat in sorted(seats, key=lambda seat: (seat in self._holder, seat)):
            seen.add(seat)
            if seat not in self._holder or self._take(self._holder[seat], seen):
                self._sit(person, seat)
                return True
        return False

    def _sit(self, person: int, seat: int) -> None:
        self._holder[seat] = person
        self._sits[person] = seat

    def _candidates(self, station: int) -> list[int]:
        """Return who can stand at a station, the best first."""
        if station not in self._found:
            self._found[station] = sorted(self._able(station), key=self._rank)
        return self._found[station]

    def _able(self, station: int) -> Iterator[int]:
        people, municipality = self._board.people, self._site.municipality
        asked = self._site.stations[station]
        for person in people.pools.get((municipality, asked.service), ()):
            if asked.agency in {
                None,
                people.staff[person].agency,
            } and people.can(person, self._key[1], municipality, on_call=asked.on_call_allowed):
                yield person

    def _rank(self, person: int) -> tuple[bool, bool, bool, bool, bool, int, bool, int]:
        people, half_day = self._board.people, self._key[1]
        who = people.staff[person]
        morning = half_day if self._also is None else min(half_day, self._also)
        stays = self._also is not None and bool(people.double[person] >> morning & 1)
        return (
            person not in self._keep,
            not people.is_out(person, half_day),
            not stays,
            not who.free >> half_day & 1,
            people.is_perhaps_busy(person, half_day),
            len(people.duties[person]),
            who.home != self._site.municipality,
            person,
        )
