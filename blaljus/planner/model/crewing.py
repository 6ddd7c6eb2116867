"""The exact model of a problem, second half: staff for the sessions.

Staff are pooled by municipality and half-day and dealt out to the venues afterwards, which takes
far fewer columns. Only where somebody in particular must be at a venue (who speaks a language, who
is pinned) the model says how many of each kind go to which venue.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from blaljus.domain.words import Service
from blaljus.planner.model.facts import Spot
from blaljus.planner.model.formulate import Seating
from blaljus.planner.model.linear import Term
from blaljus.planner.model.place import Need
from blaljus.planner.model.spots import Cell

CellKey = tuple[int, int]
"""(municipality, half-day)."""


class Kind(NamedTuple):
    """What tells people of a cell apart; all of one kind can stand in for each other."""

    service: Service
    agency: int
    free: bool
    """Not merely on call."""
    languages: tuple[str, ...]
    pinned: int
    """The person's position, or -1."""


Target = tuple[Spot | None, Need]
"""Stations of a session; the spot is `None` for all sessions that need nobody in particular."""

Send = tuple[Kind, Spot | None, Need]
"""People of a kind to a target."""


class Crewing:
    """Columns and rows for who comes: `comes` and, where it matters, `sent`."""

    def __init__(self, seating: Seating) -> None:
        self.seating = seating
        self.facts = seating.facts
        self.spots = seating.spots
        self.model = seating.model
        self.comes: dict[tuple[int, int, int], int] = {}
        """(person, municipality, half-day)."""
        self.sent: dict[CellKey, dict[Send, int]] = {}
        for key, cell in self.spots.cells.items():
            self._add_cell(key, cell)

    def chosen(self, spot: Spot) -> bool:
        """Tell whether somebody in particular may have to be there."""
        return bool(self.spots.languages(spot) or self.spots.pinned(spot))

    def asked(self, spot: Spot) -> dict[Need, list[Term]]:
        """Return for each need of a spot how many people it asks for, as terms."""
        place, seating = self.spots.places[spot[0]], self.seating
        asked: dict[Need, list[Term]] = defaultdict(list)
        for need, people in place.must().items():
            asked[need].append((seating.open[spot], people))
        for need, people in place.more().items() if place.grows else ():
            asked[need].append((seating.large[spot], people))
        for index in place.wanted:
            asked[place.needs[index]].append((seating.manned[*spot, index], place.people[index]))
        for index in place.always if self.chosen(spot) else ():
            asked[place.needs[index]] += []
        return asked

    def kind(self, person: int, cell: CellKey) -> Kind:
        """Return the kind of a person in a cell."""
        who = self.facts.staff[person]
        at = self.spots.cells[cell].spots
        spoken = {language for spot in at for language in self.spots.languages(spot)}
        pinned = any(person in self.spots.pinned(spot) for spot in at)
        owned = {need.agency for spot in at for need in self.asked(spot)}
        return Kind(
            who.service,
            who.agency if who.agency in owned else -1,
            bool(who.free >> cell[1] & 1),
            tuple(sorted(spoken & who.languages)),
            person if pinned else -1,
        )

    def _add_cell(self, key: CellKey, cell: Cell) -> None:
        asked = {spot: self.asked(spot) for spot in cell.spots}
        services = {need.service for needs in asked.values() for need in needs}
        for person in cell.people:
            if self.facts.staff[person].service in services:
                self.comes[person, *key] = self.model.column()
        if any(self.chosen(spot) for spot in cell.spots):
            self._send(key, cell, asked)
        else:
            self._pool(key, cell, asked)

    def _pool(self, key: CellKey, cell: Cell, asked: dict[Spot, dict[Need, list[Term]]]) -> None:
        """Ask for enough people in every set of needs: then they can be dealt out."""
        demand: dict[Need, list[Term]] = defaultdict(list)
        for needs in asked.values():
            for need, terms in needs.items():
                demand[need] += terms
        for service in sorted({need.service for need in demand}):
            needs_here = sorted((n for n in demand if n.service is service), key=repr)
            for needs_met, people in self._hall(key, cell, needs_here):
                terms = [term for need in needs_met for term in demand[need]]
                come = [(self.comes[person, *key], -1.0) for person in people]
                self.model.at_most([*terms, *come], 0)

    def _hall(
        self, key: CellKey, cell: Cell, needs: list[Need]
    ) -> Iterable[tuple[tuple[Need, ...], list[int]]]:
        """Return for each set of people that some needs draw on the most needs that do."""
        widest: dict[frozenset[int], tuple[Need, ...]] = {}
        for size in range(1, len(needs) + 1):
            for some in combinations(needs, size):
                people = frozenset(
                    person
                    for person in cell.people
                    if any(need.suits(self.facts.staff[person], key[1]) for need in some)
                )
                widest[people] = some
        return [(some, sorted(people)) for people, some in widest.items()]

    def _send(self, key: CellKey, cell: Cell, asked: dict[Spot, dict[Need, list[Term]]]) -> None:
        """Say how many of each kind go to each spot that needs somebody in particular."""
        people: dict[Kind, list[int]] = defaultdict(list)
        for person in cell.people:
            if (person, *key) in self.comes:
                people[self.kind(person, key)].append(person)
        demand: dict[Target, list[Term]] = defaultdict(list)
        for spot, needs in asked.items():
            for need, terms in needs.items():
                demand[spot if self.chosen(spot) else None, need] += terms
        sent = self._send_columns(key, people, demand)
        self.sent[key] = sent
        for kind, group in people.items():
            go = [(column, 1.0) for send, column in sent.items() if send[0] == kind]
            self.model.at_most([*go, *((self.comes[person, *key], -1.0) for person in group)], 0)
        for target, terms in demand.items():
            there = [(column, -1.0) for send, column in sent.items() if send[1:] == target]
            self.model.at_most([*terms, *there], 0)
        for spot in cell.spots:
            self._meet(spot, sent)

    def _send_columns(
        self,
        key: CellKey,
        people: dict[Kind, list[int]],
        demand: dict[Target, list[Term]],
    ) -> dict[Send, int]:
        sent: dict[Send, int] = {}
        for kind, group in sorted(people.items()):
            for where, need in demand:
                if need.suits(self.facts.staff[group[0]], key[1]):
                    whole = where is not None
                    sent[kind, where, need] = self.model.column(len(group), whole=whole)
        for (kind, at, need), column in sent.items():
            if at is not None and need not in self._always(at):
                most = float(len(people[kind]))
                manned = [(item[0], -most) for item in demand[at, need]]
                self.model.at_most([(column, 1.0), *manned], 0)
        return sent

    def _always(self, spot: Spot) -> list[Need]:
        place = self.spots.places[spot[0]]
        return [place.needs[index] for index in place.always]

    def _meet(self, spot: Spot, sent: dict[Send, int]) -> None:
        """See to it that a class's language is spoken and that pinned people are there."""
        for school_class in self.spots.seats[spot]:
            language = self.facts.classes[school_class].language
            if language:
                speak = [
                    (column, -1.0)
                    for (kind, where, _), column in sent.items()
                    if where == spot and language in kind.languages
                ]
                self.model.at_most([(self.seating.seats[school_class, *spot], 1.0), *speak], 0)
        for person in self.spots.pinned(spot):
            there = [
                (column, -1.0)
                for (kind, where, _), column in sent.items()
                if where == spot and kind.pinned == person
            ]
            self.model.at_most([(self.seating.open[spot], 1.0), *there], 0)
