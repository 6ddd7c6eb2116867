"""The greedy set cover: always the session with the least crew for each newly placed class."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from blaljus.planner.board import Board, Key
from blaljus.planner.crew import crew_for
from blaljus.planner.people import Tally, bits, tally

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


class Cover:
    """Greedy on a board. `chances` counts the hopeful half-days of a class: few go first."""

    def __init__(self, board: Board, seated: Callable[[], None] | None = None) -> None:
        self.board = board
        self._seated = seated or (lambda: None)
        self.chances = [self._chances(c) for c in range(len(board.classes))]

    def fill(self, venues: Iterable[int]) -> None:
        """Seat waiting classes of these venues while any option is left."""
        venues = sorted(set(venues))
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
        if not waiting:
            return None
        chances = min(self.chances[c] for c in waiting)
        steps = [*self._single(venue, waiting), *self._longer_days(venue, waiting)]
        if len(waiting) > 1:
            steps += self._whole_day(venue, waiting)
        return min((Option(price, chances, venue, halves) for price, halves in steps), default=None)

    def seat_up_to_full(self, key: Key, *, later: int | None = None) -> None:
        """Fill a session; classes that can also come in the half-day `later` wait for that."""
        board = self.board
        can = [c for c in board.waiting(key[0]) if board.free[c] >> key[1] & 1]
        can.sort(
            key=lambda c: (later is not None and board.free[c] >> later & 1, self.chances[c], c)
        )
        session = board.sessions[key]
        for school_class in can[: max(0, session.places - len(session.classes))]:
            board.seat(school_class, key)
            self._seated()

    def _chances(self, school_class: int) -> int:
        board, mask = self.board, 0
        for venue in board.goes_to[school_class]:
            mask |= board.hopeful[venue]
        return (mask & board.free[school_class]).bit_count()

    def _fill_places(self, venue: int) -> None:
        for half_day in sorted(self.board.held[venue]):
            self.seat_up_to_full((venue, half_day))

    def _take(self, option: Option) -> None:
        for half_day, other in zip(option.halves, (*option.halves[1:], None), strict=True):
            key = option.venue, half_day
            crew = crew_for(self.board, key, also=other)
            if crew is not None:
                self.board.open(key, crew)
                self.seat_up_to_full(key, later=other)
                if not self.board.sessions[key].classes:
                    self.board.close(key)

    def _seats(self, venue: int, waiting: list[int], wanted: Tally) -> Tally:
        """Return per `k` the half-days on which at least `k` waiting classes find a place."""
        site = self.board.sites[venue]
        top = min(site.limit, len(site.stations), len(waiting))
        seats = tally((self.board.free[c] for c in waiting), top)
        sure = site.manned(()) + sum(
            site.stations[i].staff_needed > 0 for i in site.order[: site.must]
        )
        for k in range(sure + 1, top + 1):
            seats[k] &= wanted[k - sure]
        return seats

    def _wanted(self, venue: int) -> Tally:
        """Count the stations that may stay empty but find their staff, per half-day."""
        site = self.board.sites[venue]
        stations = [site.stations[i] for i in site.wanted if site.stations[i].staff_needed]
        supply = self.board.people.supply
        return tally(
            (
                supply(site.municipality, s.service, on_call=s.on_call_allowed)[s.staff_needed]
                for s in stations
            ),
            len(stations),
        )

    def _single(self, venue: int, waiting: list[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the best half-day with a new crew."""
        site, wanted = self.board.sites[venue], self._wanted(venue)
        seats = self._seats(venue, waiting, wanted)
        able = site.open & self.board.staffed(venue)
        for k in range(len(seats) - 1, 0, -1):
            if able & seats[k]:
                half_day = self._pick(venue, able & seats[k], wanted)
                yield 3 * site.crew_size * SCALE // k, (half_day,)
                break

    def _pick(self, venue: int, choice: int, wanted: Tally) -> int:
        """Prefer the wanted stations manned, then staff to spare for other venues, then early."""
        for better in (*reversed(wanted[1:]), self.board.staffed(venue, spare=1)):
            choice = choice & better or choice
        return (choice & -choice).bit_length() - 1

    def _longer_days(self, venue: int, waiting: list[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the other half of days on which the venue has a session already."""
        board, site = self.board, self.board.sites[venue]
        rest = 0
        for half_day in board.held[venue]:
            rest |= board.people.day[half_day] & site.open
        for half_day in bits(rest):
            classes = sum(board.free[c] >> half_day & 1 for c in waiting)
            crew = crew_for(board, (venue, half_day)) if classes else None
            if crew is not None and site.places(crew) > 0:
                cost = sum(board.price(person, half_day) for _, person in crew)
                yield cost * SCALE // min(classes, site.places(crew)), (half_day,)

    def _whole_day(self, venue: int, waiting: list[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the best morning and afternoon with the same crew, if together they hold more."""
        site, wanted = self.board.sites[venue], self._wanted(venue)
        seats, free = self._seats(venue, waiting, wanted), self.board.free
        top = min(2 * (len(seats) - 1), len(waiting))
        either = tally((free[c] | free[c] >> 1 for c in waiting), top)
        able = site.open & site.open >> 1 & self.board.staffed(venue, double=True)
        for total in range(top, 1, -1):
            days = able & either[total] & _split(seats, total)
            if days:
                morning = (days & -days).bit_length() - 1
                yield 5 * site.crew_size * SCALE // total, (morning, morning + 1)
                break


def _split(seats: Tally, total: int) -> int:
    """Return the mornings on which `total` classes split over the two halves."""
    mask = 0
    for k in range(1, total):
        if k < len(seats) and total - k < len(seats):
            mask |= seats[k] & seats[total - k] >> 1
    return mask
