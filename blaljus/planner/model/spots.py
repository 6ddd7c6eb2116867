"""Where and when a session could be held at all, who could sit in it, and what it needs.

A spot is a venue in a half-day. For the exact solver.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from blaljus.planner.model.facts import Facts, Spot, bits
from blaljus.planner.model.place import Need, place_of
from blaljus.planner.problem import ProblemStaff


@dataclass(slots=True)
class Cell:
    """A municipality in a half-day: the people who may come, and the spots they could serve."""

    people: list[int] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)


class Spots:
    """All spots that could hold a class, and the classes that could sit there."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.places = [place_of(facts, venue) for venue in facts.venues]
        self.cells: dict[tuple[int, int], Cell] = defaultdict(Cell)
        self._find_people()
        self.seats: dict[Spot, list[int]] = {}
        """Per spot the classes that could sit there, published spots included."""
        for venue, classes in enumerate(self._classes_by_venue()):
            self._find_spots(venue, classes)
        self.cells = {key: cell for key, cell in sorted(self.cells.items()) if cell.spots}

    def pinned(self, spot: Spot) -> list[int]:
        """Return the people who must be at every new session of the spot."""
        pins = self.places[spot[0]].pins
        return sorted({who for who, when in pins if when in (None, spot[1])})

    def languages(self, spot: Spot) -> set[str]:
        """Return the languages that some class asks for at a new session of the spot."""
        spoken = {self.facts.classes[c].language for c in self.seats[spot]}
        return {language for language in spoken if language}

    def _find_people(self) -> None:
        at = {venue.municipality for venue in self.facts.venues}
        for person, who in enumerate(self.facts.staff):
            for municipality in sorted(who.municipalities & at):
                for half_day in bits(self.facts.may_come(person, municipality)):
                    self.cells[municipality, half_day].people.append(person)

    def _classes_by_venue(self) -> list[list[int]]:
        goes: list[list[int]] = [[] for _ in self.facts.venues]
        for index, row in enumerate(self.facts.classes):
            for venue in sorted({self.facts.venue_at[id_] for id_ in row.venues}):
                if self.places[venue].takes(row):
                    goes[venue].append(index)
        return goes

    def _find_spots(self, venue: int, classes: list[int]) -> None:
        facts, place = self.facts, self.places[venue]
        promised = {need.service for need in place.must()} >= set(facts.problem.services)
        mask = facts.venues[venue].open & facts.season if promised else 0
        taken = {half_day for where, half_day in facts.fixed if where == venue}
        for half_day in sorted({*bits(mask), *taken}):
            spot = venue, half_day
            able = [c for c in classes if facts.free[c] >> half_day & 1]
            if half_day in taken:
                self._join(spot, able)
            elif able and self._staffed(spot):
                self._hold(spot, able)

    def _join(self, spot: Spot, able: list[int]) -> None:
        """Keep the classes that could join a published slot."""
        slot = self.facts.fixed[spot]
        there = [self.facts.staff[self.facts.person_at[id_]] for id_ in slot.staff]
        complete = {who.service for who in there} >= set(self.facts.problem.services)
        spoken = {language for who in there for language in who.languages}
        if complete and slot.free_places > 0:
            able = [c for c in able if (self.facts.classes[c].language or None) in {None, *spoken}]
            if able:
                self.seats[spot] = able

    def _hold(self, spot: Spot, able: list[int]) -> None:
        """Keep the classes that could sit in a new session."""
        cell = self._cell(spot)
        spoken: set[str] = set()
        for person in cell.people:
            who = self.facts.staff[person]
            if who.languages and self._is_of_use(spot, who):
                spoken |= who.languages
        able = [c for c in able if (self.facts.classes[c].language or None) in {None, *spoken}]
        if able:
            self.seats[spot] = able
            cell.spots.append(spot)

    def _is_of_use(self, spot: Spot, who: ProblemStaff) -> bool:
        return any(need.suits(who, spot[1]) for need in self.places[spot[0]].needs)

    def _cell(self, spot: Spot) -> Cell:
        return self.cells[self.facts.venues[spot[0]].municipality, spot[1]]

    def _staffed(self, spot: Spot) -> bool:
        """Tell whether every station that must be manned finds its staff, taken by itself."""
        people = self._cell(spot).people
        at = [self.facts.staff[person] for person in people]
        short = any(
            sum(need.suits(who, spot[1]) for who in at) < asked
            for need, asked in nested(self.places[spot[0]].must())
        )
        return not short and set(self.pinned(spot)) <= set(people)


def nested(needs: dict[Need, int]) -> Iterator[tuple[Need, int]]:
    """Yield for each need how many people it asks for together with the narrower ones."""
    for need in needs:
        inside = (
            asked
            for other, asked in needs.items()
            if other.service is need.service
            and need.agency in (None, other.agency)
            and (other.strict or not need.strict)
        )
        yield need, sum(inside)
