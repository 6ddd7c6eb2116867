"""A plan from the values of the exact model: people dealt out to the venues of their pool.

The values say who comes to a municipality in a half-day; here each gets a session and a station.
"""

from collections import defaultdict
from collections.abc import Sequence

from blaljus.planner.model.crewing import CellKey, Crewing, Kind
from blaljus.planner.model.facts import Spot
from blaljus.planner.plan import Plan, PlannedCrew, PlannedSession

Values = Sequence[float]

HALF = 0.5
"""A whole value is near 0 or near 1 or more; this lies between."""

Post = tuple[Spot, int]
"""A session and the index of a station; a station is there once for each person it needs."""


class Answer:
    """Reads plans out of the values of one model."""

    def __init__(self, crewing: Crewing) -> None:
        self.crewing = crewing
        self.facts = crewing.facts
        self.places = crewing.spots.places
        self._comes: dict[CellKey, list[tuple[int, int]]] = defaultdict(list)
        for (person, municipality, half_day), column in crewing.comes.items():
            self._comes[municipality, half_day].append((person, column))

    def plan(self, values: Values) -> Plan:
        """Return the plan of feasible values, without empty sessions and staff to spare."""
        seated: dict[Spot, list[int]] = defaultdict(list)
        for (school_class, venue, half_day), column in self.crewing.seating.seats.items():
            if values[column] > HALF:
                seated[venue, half_day].append(school_class)
        cells: dict[CellKey, list[Spot]] = defaultdict(list)
        for spot in sorted(set(seated) - set(self.facts.fixed)):
            cells[self.facts.venues[spot[0]].municipality, spot[1]].append(spot)
        crews: dict[Spot, list[tuple[int, int]]] = defaultdict(list)
        for cell, spots in cells.items():
            for (spot, station), person in self._deal(cell, spots, seated, values):
                crews[spot].append((station, person))
        return self._written(seated, crews)

    def _written(
        self, seated: dict[Spot, list[int]], crews: dict[Spot, list[tuple[int, int]]]
    ) -> Plan:
        facts = self.facts
        sessions = [
            PlannedSession(
                venue=facts.venues[spot[0]].id,
                half_day=spot[1],
                classes=tuple(sorted(facts.classes[c].id for c in classes)),
                crew=tuple(
                    PlannedCrew(station=station, staff=facts.staff[person].id)
                    for station, person in sorted(crews.get(spot, ()))
                ),
                fixed=facts.fixed[spot].id if spot in facts.fixed else None,
            )
            for spot, classes in seated.items()
        ]
        placed = {c for classes in seated.values() for c in classes}
        return Plan(
            sessions=tuple(sorted(sessions, key=lambda s: (s.half_day, s.venue))),
            unplaced=tuple(row.id for c, row in enumerate(facts.classes) if c not in placed),
        )

    def _deal(
        self, cell: CellKey, spots: list[Spot], seated: dict[Spot, list[int]], values: Values
    ) -> list[tuple[Post, int]]:
        """Give the sessions of a cell their people: those sent there, then whoever is left."""
        left = [person for person, column in self._comes[cell] if values[column] > HALF]
        dealt: list[tuple[Post, int]] = []
        sent = self._sent(cell, left, values)
        for spot in spots:
            if self.crewing.chosen(spot):
                dealt += self._meet(spot, sent[spot], seated[spot], values)
                left = [person for person in left if person not in sent[spot]]
        rest = [spot for spot in spots if not self.crewing.chosen(spot)]
        posts = [post for spot in rest for post in self._posts(spot, values)]
        return dealt + self._match(posts, left)

    def _sent(self, cell: CellKey, people: list[int], values: Values) -> dict[Spot, list[int]]:
        """Return the people who were sent to sessions that need somebody in particular."""
        by_kind: dict[Kind, list[int]] = defaultdict(list)
        sent: dict[Spot, list[int]] = defaultdict(list)
        columns = self.crewing.sent.get(cell, {})
        for person in people if columns else ():
            by_kind[self.crewing.kind(person, cell)].append(person)
        for (kind, spot, _), column in columns.items():
            if spot is not None:
                number = round(values[column])
                sent[spot] += by_kind[kind][:number]
                del by_kind[kind][:number]
        return sent

    def _posts(self, spot: Spot, values: Values) -> list[Post]:
        """Return the posts of a session."""
        place, seating = self.places[spot[0]], self.crewing.seating
        manned = [i for i in place.wanted if values[seating.manned[*spot, i]] > HALF]
        large = place.grows and values[seating.large[spot]] > HALF
        return [(spot, station) for station in place.posts(manned, large=large)]

    def _meet(
        self, spot: Spot, people: list[int], classes: list[int], values: Values
    ) -> list[tuple[Post, int]]:
        """Seat the people sent to a session: pinned ones, speakers, then who is needed besides."""
        pinned = self.crewing.spots.pinned(spot)
        asked = {self.facts.classes[c].language for c in classes} - {None, ""}

        def use(person: int) -> tuple[bool, int, int]:
            return person not in pinned, -len(asked & self._speaks(person)), person

        posts = self._posts(spot, values)
        dealt = self._match(posts, sorted(people, key=use))
        there = [person for _, person in dealt]
        spoken = {language for person in there for language in self._speaks(person)}
        stations = sorted({*self.places[spot[0]].always, *(station for _, station in posts)})
        for person in sorted(set(people) - set(there), key=use):
            missing = (asked & self._speaks(person)) - spoken
            if person in pinned or missing:
                spoken |= self._speaks(person)
                post = next((spot, s) for s in stations if self._suits((spot, s), person))
                dealt.append((post, person))
        return dealt

    def _speaks(self, person: int) -> frozenset[str]:
        return self.facts.staff[person].languages

    def _suits(self, post: Post, person: int) -> bool:
        (venue, half_day), station = post
        return self.places[venue].needs[station].suits(self.facts.staff[person], half_day)

    def _match(self, posts: list[Post], people: list[int]) -> list[tuple[Post, int]]:
        """Fill the posts; earlier people come rather than later ones."""
        can = {p: [i for i, post in enumerate(posts) if self._suits(post, p)] for p in people}
        return [(posts[index], person) for index, person in sorted(match(people, can).items())]


def match(people: list[int], can: dict[int, list[int]]) -> dict[int, int]:
    """Return post to person, as many as possible; earlier people first."""
    filled: dict[int, int] = {}

    def seat(person: int, tried: set[int]) -> bool:
        for post in can[person]:
            if post not in tried:
                tried.add(post)
                if post not in filled or seat(filled[post], tried):
                    filled[post] = person
                    return True
        return False

    for person in people:
        seat(person, set())
    return filled
