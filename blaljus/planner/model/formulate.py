"""The exact model of a problem, first half: classes in sessions.

For the exact solver; `crewing` is the second half.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from blaljus.planner.model.facts import Facts, Spot
from blaljus.planner.model.linear import Linear, Term
from blaljus.planner.model.place import Place
from blaljus.planner.model.spots import Spots

Seat = tuple[int, int, int]
"""(class, venue, half-day), by position."""

FEW = 6
"""Of so many classes each set is rounded up: a school seldom has more, and they are 32 sets."""


class Seating:
    """Columns and rows for who sits where: `seats`, `open`, `large`, `manned`."""

    def __init__(self, facts: Facts, spots: Spots, model: Linear) -> None:
        self.facts = facts
        self.spots = spots
        self.model = model
        self.seats: dict[Seat, int] = {}
        self.open: dict[Spot, int] = {}
        self.large: dict[Spot, int] = {}
        self.manned: dict[tuple[int, int, int], int] = {}
        """(venue, half-day, index of a wanted station)."""
        for spot, classes in sorted(spots.seats.items()):
            self._add_spot(spot, classes)
        self._once_each()
        self._round_up()
        self._keep_locks()
        self._fill_buses()

    def _add_spot(self, spot: Spot, classes: list[int]) -> None:
        place = self.spots.places[spot[0]]
        here = {c: self.model.column() for c in classes}
        for school_class, column in here.items():
            self.seats[school_class, *spot] = column
        weighted = [
            [(here[c], weight) for c, weight in weights.items()]
            for weights in weightings(self.facts, place, classes)
        ]
        if spot in self.facts.fixed:
            for terms in weighted:
                self.model.at_most(terms, self.facts.fixed[spot].free_places)
            return
        self._open(spot, place)
        for column in here.values():
            self.model.at_most([(column, 1), (self.open[spot], -1)], 0)
        for room in self._rooms(spot, place):
            for terms in weighted:
                if sum(weight for _, weight in terms) > 1 or place.plain < 1:
                    self.model.at_most([*terms, *room], 0)

    def _open(self, spot: Spot, place: Place) -> None:
        self.open[spot] = self.model.column()
        if place.grows:
            self.large[spot] = self.model.column()
            self.model.at_most([(self.large[spot], 1), (self.open[spot], -1)], 0)
        for station in place.wanted:
            column = self.model.column()
            self.manned[*spot, station] = column
            self.model.at_most([(column, 1), (self.open[spot], -1)], 0)

    def _rooms(self, spot: Spot, place: Place) -> Iterator[list[Term]]:
        """Yield minus the groups that find a place, as terms: each must do."""
        is_open = self.open[spot]
        if place.grows:
            yield [(is_open, -place.plain), (self.large[spot], place.plain - place.most)]
        elif place.per_station and place.most > place.plain:
            manned = [self.manned[*spot, station] for station in place.wanted]
            yield [(is_open, -place.plain), *((column, -1.0) for column in manned)]
            if place.plain + len(manned) > place.most:
                yield [(is_open, -place.most)]
        else:
            yield [(is_open, -place.plain)]

    def _once_each(self) -> None:
        by_class: dict[int, list[Term]] = defaultdict(list)
        for (school_class, _, _), column in self.seats.items():
            by_class[school_class].append((column, 1))
        for _, terms in sorted(by_class.items()):
            self.model.at_most(terms, 1)

    def _round_up(self) -> None:
        """Ask for whole sessions: three classes of a school that takes two at once need two.

        Every plan keeps these rows, but half a session here and there does not: without them the
        solver needs several times as long to prove what crew costs.
        """
        opened: dict[int, list[int]] = defaultdict(list)
        for (venue, _), column in self.open.items():
            opened[venue].append(column)
        sits: dict[int, dict[int, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for (school_class, venue, half_day), column in self.seats.items():
            if (venue, half_day) in self.open:
                sits[venue][school_class].append((column, 1.0))
        for venue, classes in sorted(sits.items()):
            place = self.spots.places[venue]
            rounded_up(self.model, classes, opened[venue], place.classes(place.most))

    def _keep_locks(self) -> None:
        for seat in self._locked():
            if seat in self.seats:
                self.model.lower[self.seats[seat]] = 1

    def lost_locks(self) -> list[Seat]:
        """Return the locks that no plan can keep, whatever else it does."""
        return [seat for seat in self._locked() if seat not in self.seats]

    def _locked(self) -> list[Seat]:
        """Return the seats of the locks, without classes that have a published slot."""
        facts = self.facts
        return [
            (facts.class_at[lock.school_class], facts.venue_at[lock.venue], lock.half_day)
            for lock in facts.problem.locked
            if lock.school_class in facts.class_at
        ]

    def _fill_buses(self) -> None:
        """Keep the seats of the buses to other venues than a class's own."""
        travel: dict[tuple[int, int], list[Term]] = defaultdict(list)
        for (c, venue, half_day), column in self.seats.items():
            row = self.facts.classes[c]
            where = self.facts.bus_municipality(row)
            if where is not None and self.facts.venues[venue].id != row.school_venue and row.pupils:
                travel[where, half_day].append((column, row.pupils))
        for buses in self.facts.problem.buses:
            for (where, half_day), terms in sorted(travel.items()):
                left = max(0, buses.seats - self.facts.on_buses[where, half_day])
                if where == buses.municipality and sum(pupils for _, pupils in terms) > left:
                    self.model.at_most(terms, left)


def rounded_up(
    model: Linear, seats: dict[int, list[Term]], sessions: list[int], at_once: int
) -> None:
    """Ask for a session for each `at_once` of some classes, rounded up: for each set of a few."""
    sizes = range(at_once + 1, len(seats) + 1) if len(seats) <= FEW else range(0)
    for size in sizes:
        rest = size % at_once if at_once else 0
        for some in combinations(sorted(seats), size) if rest else ():
            terms = [term for school_class in some for term in seats[school_class]]
            fewer = [(column, -float(rest)) for column in sessions]
            model.at_most([*terms, *fewer], size - rest * (size // at_once + 1))


def weightings(facts: Facts, place: Place, classes: list[int]) -> Iterator[dict[int, float]]:
    """Yield what each class counts, such that every sum at most the places means that all fit.

    Two classes share a group when together they are no larger than one. For any size `a` up to
    half a group: of the classes with at least `a` pupils, those too large to share with `a` make
    a group each and the others half a group; the greatest of these sums, rounded up, is the
    number of groups.
    """
    rows, limit = {c: facts.classes[c] for c in classes}, place.group
    alone = {c: float(place.groups(row)) for c, row in rows.items()}
    if limit is None or not place.shares:
        yield alone
        return
    sizes = sorted({row.pupils for row in rows.values() if 2 * row.pupils <= limit})
    seen = []
    for least in [*sizes, limit // 2 + 1]:
        weights = {
            c: alone[c] if row.pupils > limit - least else 0.5
            for c, row in rows.items()
            if row.pupils >= least
        }
        if weights and weights not in seen:
            seen.append(weights)
            yield weights
