"""The greedy set cover: always the session with the least crew for each newly placed class."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import NamedTuple

from blaljus.planner.board import Board, Key
from blaljus.planner.crew import crew_for
from blaljus.planner.outlook import out_already, reach, spare, staffed, staffed_all_day, wanted
from blaljus.planner.people import Tally, bits, tally
from blaljus.planner.site import Format, Site

SCALE = 840
"""Divisible by 1 to 8, so that a price per class is a whole number."""


class Option(NamedTuple):
    """One venue's best next step; the smallest is taken first."""

    price: int
    """Crew cost per newly placed class, times `SCALE`."""
    chances: int
    """Half-days left to the waiting class that has fewest."""
    venue: int
    halves: tuple[int, ...]
    size: int
    """Index in `Site.formats`."""


class Look(NamedTuple):
    """A venue with a format, as the waiting classes see it."""

    venue: int
    format: Format
    able: int
    """When the venue is open and the crew seems to be found."""
    masks: list[int]
    """Per waiting class when it could come."""
    seats: Tally
    """When so many classes find a place."""
    wanted: Tally


class Cover:
    """Greedy on a board on which nothing is planned yet.

    `chances` counts the hopeful half-days of a class: few go first.
    """

    def __init__(self, board: Board, seated: Callable[[], None] | None = None) -> None:
        self.board = board
        self.hopeful = [self._hope(venue) for venue in range(len(board.sites))]
        """Per venue the half-days that find their staff while nothing is planned."""
        self.chances = [self._chances(c) for c in range(len(board.classes))]
        self._seated = seated or (lambda: None)
        self._chance: Random | None = None
        self._barred: dict[tuple[int, int], int] = defaultdict(int)
        """By (venue, format) the half-days that turned out not to work."""

    def fill(self, venues: Iterable[int], *, chance: Random | None = None) -> None:
        """Seat waiting classes of these venues while any option is left.

        With `chance` any of the days that cost the same is taken, not the best of them.
        """
        venues = sorted(set(venues))
        self._chance = chance
        self._barred.clear()
        for venue in venues:
            self._fill_places(venue)
        heap = [option for venue in venues if (option := self.best(venue))]
        heapq.heapify(heap)
        while heap:
            venue = heapq.heappop(heap).venue
            option = self.best(venue)
            if option and (not heap or option <= heap[0]):
                self._take(option)
                option = self.best(venue)
            if option:
                heapq.heappush(heap, option)

    def best(self, venue: int) -> Option | None:
        """Return the venue's cheapest step, or `None` when no waiting class can come."""
        waiting = self.board.waiting(venue)
        if not waiting or not self.board.sites[venue].open:
            return None
        chances = min(self.chances[c] for c in waiting)
        reached = [(c, reach(self.board, c, venue)) for c in waiting]
        steps = (
            Option(price, chances, venue, halves, size)
            for size in range(len(self.board.sites[venue].formats))
            if (look := self._look(venue, size, reached))
            for price, halves in self._steps(look)
        )
        return min(steps, default=None)

    def hold(
        self, key: Key, size: int, *, also: int | None = None, first: int | None = None
    ) -> bool:
        """Start a session for whoever waits; undo it and say no if nobody can come."""
        queue = self._queue(key, also, first)
        spoken = [self.board.classes[c].language for c in queue]
        languages = [language for language in spoken if language is not None]
        site = self.board.sites[key[0]]
        crew = crew_for(self.board, key, site.formats[size], also=also, languages=languages)
        if crew is None:
            return False
        self.board.open(key, crew)
        self._seat(queue, key)
        if not self.board.sessions[key].classes:
            self.board.close(key)
            return False
        return True

    def _seat(self, queue: Iterable[int], key: Key) -> None:
        for school_class in queue:
            if self.board.may_join(school_class, key):
                self.board.seat(school_class, key)
                self._seated()

    def _queue(self, key: Key, later: int | None = None, first: int | None = None) -> list[int]:
        """Return who could come; those who can also come in the half-day `later` wait for that."""
        free, at = self.board.free, key[1]
        can = [c for c in self.board.waiting(key[0]) if free[c] >> at & 1]
        can.sort(
            key=lambda c: (
                c != first,
                later is not None and free[c] >> later & 1,
                self.chances[c],
                c,
            )
        )
        return can

    def _hope(self, venue: int) -> int:
        site, mask = self.board.sites[venue], 0
        for size in site.formats:
            mask |= staffed(self.board, venue, size)
        return mask & site.open

    def _chances(self, school_class: int) -> int:
        mask = 0
        for venue in self.board.goes_to[school_class]:
            mask |= self.hopeful[venue]
        return (mask & self.board.free[school_class]).bit_count()

    def _fill_places(self, venue: int) -> None:
        for half_day in sorted(self.board.held[venue]):
            if self.board.has_room((venue, half_day)):
                key = venue, half_day
                self._seat(self._queue(key), key)

    def _take(self, option: Option) -> None:
        for half_day, other in zip(option.halves, (*option.halves[1:], None), strict=True):
            if not self.hold((option.venue, half_day), option.size, also=other):
                self._barred[option.venue, option.size] |= 1 << half_day

    def _look(self, venue: int, size: int, reached: list[tuple[int, int]]) -> Look | None:
        site = self.board.sites[venue]
        chosen = site.formats[size]
        able = site.open & ~self._barred[venue, size] & staffed(self.board, venue, chosen)
        if not able:
            return None
        more = wanted(self.board, venue)
        most = chosen.groups
        if site.is_per_station:
            most = min(site.limit, most + len(more) - 1)
        masks, pupils = [], []
        for school_class, mask in reached:
            size_of = self.board.classes[school_class].pupils
            own = site.groups((size_of,))
            if own <= most and mask & able:
                masks.append(mask & more[own - chosen.groups] if own > chosen.groups else mask)
                pupils.append(size_of)
        if not masks:
            return None
        asked = self._asked(site, pupils, most)
        seats = tally(masks, len(asked))
        for k, needed in enumerate(asked, start=1):
            if needed > chosen.groups:
                seats[k] &= more[needed - chosen.groups]
        return Look(venue, chosen, able, masks, seats, more)

    def _asked(self, site: Site, pupils: list[int], most: int) -> list[int]:
        """Return the groups of one class, of two, and so on up to `most`, if the smallest come."""
        if site.group_limit is None:
            return list(range(1, min(len(pupils), most) + 1))
        smallest = sorted(pupils)
        sums = (site.groups(smallest[:k]) for k in range(1, len(smallest) + 1))
        return [groups for groups in sums if groups <= most]

    def _steps(self, look: Look) -> Iterator[tuple[int, tuple[int, ...]]]:
        yield from self._single(look)
        if len(look.masks) > 1:
            yield from self._whole_day(look)

    def _single(self, look: Look) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the half-day with the least crew for each class; who is out anyway costs less."""
        out, crew = out_already(self.board, look.venue, look.format), look.format.crew_size
        best, choice = None, 0
        for k in range(len(look.seats) - 1, 0, -1):
            days = look.able & look.seats[k]
            q = crew
            while days and not days & out[q]:
                q -= 1
            price = (3 * crew - q) * SCALE // k
            if days and (best is None or price < best):
                best, choice = price, days & out[q]
        if best is not None:
            yield best, (self._pick(look, choice),)

    def _pick(self, look: Look, choice: int) -> int:
        """Prefer the wanted stations manned, then staff to spare, then early."""
        if self._chance is not None:
            return self._chance.choice(list(bits(choice)))
        for better in (*reversed(look.wanted[1:]), spare(self.board, look.venue, look.format)):
            choice = choice & better or choice
        return (choice & -choice).bit_length() - 1

    def _whole_day(self, look: Look) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the best morning and afternoon with the same crew, if together they hold more."""
        able = look.able & look.able >> 1
        able &= staffed_all_day(self.board, look.venue, look.format) if able else 0
        if not able:
            return
        top = min(2 * (len(look.seats) - 1), len(look.masks))
        either = tally((mask | mask >> 1 for mask in look.masks), top)
        for total in range(top, 1, -1):
            days = able & either[total] & _split(look.seats, total)
            if days:
                morning = (days & -days).bit_length() - 1
                yield 5 * look.format.crew_size * SCALE // total, (morning, morning + 1)
                break


def _split(seats: Tally, total: int) -> int:
    """Return the mornings on which `total` classes split over the two halves."""
    mask = 0
    for k in range(1, total):
        if k < len(seats) and total - k < len(seats):
            mask |= seats[k] & seats[total - k] >> 1
    return mask
