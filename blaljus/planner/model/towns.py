"""Municipalities that share no class: what each must cost at least, and its part of a plan.

Classes of one never go to another, so each needs so many half-days of crew whatever happens in the
rest. How many is a small model: when a session is held matters only for who can come.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from blaljus.domain.words import Service
from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.facts import Spot
from blaljus.planner.model.formulate import rounded_up
from blaljus.planner.model.linear import Linear, Term
from blaljus.planner.model.place import Need, Place
from blaljus.planner.model.spots import Spots

Towns = frozenset[int]
"""Municipalities."""

Chance = tuple[frozenset[int], bool]
"""The classes that could come to a session at a venue, and whether it could be a large one."""


def towns_apart(spots: Spots) -> list[Towns]:
    """Return the municipalities with spots, in sets that share no class."""
    where: dict[int, set[int]] = defaultdict(set)
    for (venue, _), classes in spots.seats.items():
        for school_class in classes:
            where[school_class].add(spots.facts.venues[venue].municipality)
    apart: list[Towns] = []
    for towns in where.values():
        touched = [other for other in apart if other & towns]
        apart = [other for other in apart if not other & towns]
        apart.append(frozenset(towns).union(*touched))
    return sorted(apart, key=min)


def columns_outside(crewing: Crewing, towns: Towns) -> Iterator[int]:
    """Yield the columns of classes, sessions and people in other municipalities."""
    seating, venues = crewing.seating, crewing.facts.venues
    columns = [(venue, column) for (_, venue, _), column in seating.seats.items()]
    columns += [(venue, column) for (venue, _), column in seating.open.items()]
    columns += [(venue, column) for (venue, _), column in seating.large.items()]
    columns += [(venue, column) for (venue, _, _), column in seating.manned.items()]
    yield from (column for venue, column in columns if venues[venue].municipality not in towns)
    yield from (column for (_, town, _), column in crewing.comes.items() if town not in towns)


def half_days_in(crewing: Crewing, towns: Towns) -> list[Term]:
    """Return how many half-days of the promised services towns take, as terms."""
    facts = crewing.facts
    return [
        (column, 1.0)
        for (person, town, _), column in crewing.comes.items()
        if town in towns and facts.staff[person].service in facts.problem.services
    ]


@dataclass(slots=True)
class FewestHalfDays:
    """The least half-days of some services in which all classes of some towns meet whom they must.

    It asks for less than the whole model: half-days in which the same classes could come to a venue
    are one, and staff are short only where a venue could not be manned even alone.
    """

    spots: Spots
    towns: Towns
    services: frozenset[Service]
    model: Linear = field(default_factory=Linear)
    cost: dict[int, int] = field(default_factory=dict)
    _seats: dict[int, list[Term]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for venue, chances in sorted(self._chances().items()):
            self._add_venue(self.spots.places[venue], merged(chances))
        for _, terms in sorted(self._seats.items()):
            self.model.at_least(terms, 1)

    def _chances(self) -> dict[int, Counter[Chance]]:
        found: dict[int, Counter[Chance]] = defaultdict(Counter)
        for spot, able in sorted(self.spots.seats.items()):
            if self.spots.facts.venues[spot[0]].municipality in self.towns:
                if spot in self.spots.facts.fixed:
                    self._join(able)
                else:
                    found[spot[0]][frozenset(able), self._may_grow(spot)] += 1
        return found

    def _join(self, able: list[int]) -> None:
        """Let any class join a published slot: nobody more comes for it."""
        for school_class in able:
            self._seats[school_class].append((self.model.column(), 1.0))

    def _may_grow(self, spot: Spot) -> bool:
        place, facts = self.spots.places[spot[0]], self.spots.facts
        cell = self.spots.cells[facts.venues[spot[0]].municipality, spot[1]]
        there = Counter(facts.staff[person].service for person in cell.people)
        asked: Counter[Service] = Counter()
        for needs in (place.must(), place.more()):
            for need, people in needs.items():
                asked[need.service] += people
        return place.grows and all(there[at] >= people for at, people in asked.items())

    def _add_venue(self, place: Place, chances: dict[Chance, int]) -> None:
        sits: dict[int, list[Term]] = defaultdict(list)
        opened = []
        for (able, grows), times in chances.items():
            session = self._column(min(times, len(able)), place.must())
            large = self._column(min(times, len(able)), place.more()) if grows else None
            here = {c: [(self.model.column(), 1.0)] for c in sorted(able)}
            self._fill(place, session, large, here)
            most = place.plain if place.grows and not grows else place.most
            rounded_up(self.model, here, [session], place.classes(most))
            opened.append(session)
            for school_class, terms in here.items():
                sits[school_class] += terms
        rounded_up(self.model, sits, opened, place.classes(place.most))
        for school_class, terms in sits.items():
            self._seats[school_class] += terms

    def _column(self, most: int, needs: dict[Need, int]) -> int:
        """Add a column with the people of the services that it takes."""
        column = self.model.column(most)
        self.cost[column] = sum(n for need, n in needs.items() if need.service in self.services)
        return column

    def _fill(
        self, place: Place, session: int, large: int | None, here: dict[int, list[Term]]
    ) -> None:
        for terms in here.values():
            self.model.at_most([*terms, (session, -1.0)], 0)
        seats = [term for terms in here.values() for term in terms]
        plain = place.classes(place.plain if place.grows else place.most)
        room = [(session, -float(plain))]
        if large is not None:
            self.model.at_most([(large, 1.0), (session, -1.0)], 0)
            room.append((large, float(plain - place.classes(place.most))))
        self.model.at_most([*seats, *room], 0)


def merged(chances: Counter[Chance]) -> dict[Chance, int]:
    """Return the chances with those that offer no more than another one counted as that one."""
    kept: dict[Chance, int] = {}
    for chance in sorted(chances, key=lambda c: (-len(c[0]), not c[1], sorted(c[0]))):
        wider = (other for other in kept if chance[0] <= other[0] and chance[1] <= other[1])
        best = next(wider, chance)
        kept[best] = kept.get(best, 0) + chances[chance]
    return kept
