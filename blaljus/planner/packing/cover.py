"""The greedy set cover: always the session with the least crew for each newly placed class."""

import heapq
from collections.abc import Callable, Collection, Iterable
from random import Random

from blaljus.planner.packing.board import Board, Key
from blaljus.planner.packing.crew import crew_for
from blaljus.planner.packing.offers import Offers, Option
from blaljus.planner.packing.outlook import staffed


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
        self._offers = Offers(board, self.chances)

    def fill(self, venues: Iterable[int], *, chance: Random | None = None) -> None:
        """Seat waiting classes of these venues while any option is left.

        With `chance` any of the days that cost the same is taken, not the best of them.
        """
        venues = sorted(set(venues))
        self._offers.chance = chance
        self._offers.barred.clear()
        for venue in venues:
            self._fill_places(venue)
        heap = [option for venue in venues if (option := self._offers.best(venue))]
        heapq.heapify(heap)
        while heap:
            venue = heapq.heappop(heap).venue
            option = self._offers.best(venue)
            if option and (not heap or option <= heap[0]):
                self._take(option)
                option = self._offers.best(venue)
            if option:
                heapq.heappush(heap, option)
        for venue in venues:
            self._grow(venue)

    def hold(
        self,
        key: Key,
        size: int,
        *,
        also: int | None = None,
        first: Collection[int] = (),
        keep: Collection[int] = (),
    ) -> bool:
        """Start a session for whoever waits; undo it and say no if nobody can come."""
        queue = self._queue(key, also, first)
        spoken = [self.board.classes[c].language for c in queue]
        languages = [language for language in spoken if language is not None]
        site = self.board.sites[key[0]]
        form = site.formats[size]
        crew = crew_for(self.board, key, form, also=also, languages=languages, keep=keep)
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

    def _queue(self, key: Key, later: int | None = None, first: Collection[int] = ()) -> list[int]:
        """Return who could come; those who can also come in the half-day `later` wait for that."""
        free, at = self.board.free, key[1]
        can = [c for c in self.board.waiting(key[0]) if free[c] >> at & 1]
        can.sort(
            key=lambda c: (
                c not in first,
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

    def _grow(self, venue: int) -> None:
        """Call the extra staff to sessions that would take more classes then."""
        board, size = self.board, len(self.board.sites[venue].formats) - 1
        for half_day in sorted(board.held[venue]) if size > 0 else ():
            key = venue, half_day
            session = board.sessions[key]
            small = session.fixed is None and session.places < board.sites[venue].limit
            if small and self._queue(key):
                placed, mark, there = board.placed, board.mark, list(session.classes)
                crew = {person for _, person in session.crew}
                board.close(key)
                self.hold(key, size, first=there, keep=crew)
                if board.placed <= placed or any(board.home[c] != key for c in there):
                    board.rollback(mark)

    def _take(self, option: Option) -> None:
        for half_day, other in zip(option.halves, (*option.halves[1:], None), strict=True):
            if not self.hold((option.venue, half_day), option.size, also=other):
                self._offers.barred[option.venue, option.size] |= 1 << half_day
