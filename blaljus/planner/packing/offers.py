"""What a venue offers the classes that wait for it: its cheapest next step."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from blaljus.planner.packing.board import Board
from blaljus.planner.packing.outlook import (
    out_already,
    reach,
    spare,
    staffed,
    staffed_all_day,
    wanted,
)
from blaljus.planner.packing.people import Tally, bits, tally
from blaljus.planner.packing.site import Format, Site

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
    wished: int
    """When some class that could come wishes to."""


class Offers:
    """Options on a board, by what the masks say: one may turn out not to work and is then barred.

    `chances` are the hopeful half-days of each class.
    """

    def __init__(self, board: Board, chances: Sequence[int]) -> None:
        self.board = board
        self.chances = chances
        self.chance: Random | None = None
        """If given, it chooses among days that cost the same; else the best of them is taken."""
        self.barred: dict[tuple[int, int], int] = defaultdict(int)
        """By (venue, format) the half-days that turned out not to work."""

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

    def _look(self, venue: int, size: int, reached: list[tuple[int, int]]) -> Look | None:
        site = self.board.sites[venue]
        chosen = site.formats[size]
        able = site.open & ~self.barred[venue, size] & staffed(self.board, venue, chosen)
        if not able:
            return None
        more = wanted(self.board, venue)
        most = chosen.groups
        if site.is_per_station:
            most = min(site.limit, most + len(more) - 1)
        masks, pupils, wished = [], [], 0
        for school_class, mask in reached:
            size_of = self.board.classes[school_class].pupils
            own = site.groups((size_of,))
            if own <= most and mask & able:
                masks.append(mask & more[own - chosen.groups] if own > chosen.groups else mask)
                pupils.append(size_of)
                wished |= masks[-1] & self.board.wished[school_class]
        if not masks:
            return None
        asked = self._asked(site, pupils, most)
        seats = tally(masks, len(asked))
        for k, needed in enumerate(asked, start=1):
            if needed > chosen.groups:
                seats[k] &= more[needed - chosen.groups]
        return Look(venue, chosen, able, masks, seats, more, wished)

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
        """Prefer the wanted stations manned, then staff to spare and a wish, then early."""
        if self.chance is not None:
            return self.chance.choice(list(bits(choice)))
        for better in reversed(look.wanted[1:]):
            choice = choice & better or choice
        easy = choice & spare(self.board, look.venue, look.format)
        choice = easy & look.wished or easy or choice
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
