"""A plan as values of the exact model: where the solver starts."""

from array import array
from collections import Counter
from collections.abc import MutableSequence

from blaljus.planner.model.answer import HALF
from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.facts import Spot
from blaljus.planner.model.formulate import weightings
from blaljus.planner.model.roster import Roster
from blaljus.planner.plan import Plan, PlannedSession


class Start:
    """Writes plans as values. A plan that keeps every rule gives feasible values."""

    def __init__(self, crewing: Crewing, roster: Roster) -> None:
        self.crewing = crewing
        self.roster = roster
        self.seating = crewing.seating
        self.facts = crewing.facts

    def values(self, plan: Plan) -> MutableSequence[float]:
        """Return a value for each column of the model; 0 for those that goals have added."""
        values = array("d", bytes(8 * len(self.crewing.model.lower)))
        for session in plan.sessions:
            spot = self.facts.venue_at[session.venue], session.half_day
            classes = [self.facts.class_at[id_] for id_ in session.classes]
            for school_class in classes:
                column = self.seating.seats.get((school_class, *spot))
                if column is not None:
                    values[column] = 1
            if spot in self.seating.open:
                values[self.seating.open[spot]] = 1
                self._enlarge(spot, classes, values)
                self._staff(spot, session, values)
        self._days(values)
        return values

    def _enlarge(self, spot: Spot, classes: list[int], values: MutableSequence[float]) -> None:
        place = self.crewing.spots.places[spot[0]]
        if place.grows:
            sums = [sum(w.values()) for w in weightings(self.facts, place, sorted(classes))]
            values[self.seating.large[spot]] = max(sums, default=0) > place.plain

    def _staff(self, spot: Spot, session: PlannedSession, values: MutableSequence[float]) -> None:
        place = self.crewing.spots.places[spot[0]]
        cell = self.facts.venues[spot[0]].municipality, spot[1]
        there = Counter(member.station for member in session.crew)
        for station in place.wanted:
            if there[station] >= place.people[station]:
                values[self.seating.manned[*spot, station]] = 1
        sent = self.crewing.sent.get(cell, {})
        target = spot if self.crewing.chosen(spot) else None
        for member in session.crew:
            person = self.facts.person_at[member.staff]
            column = self.crewing.comes.get((person, *cell))
            if column is not None:
                values[column] = 1
                kind = self.crewing.kind(person, cell) if sent else None
                if kind and (kind, target, place.needs[member.station]) in sent:
                    values[sent[kind, target, place.needs[member.station]]] += 1

    def _days(self, values: MutableSequence[float]) -> None:
        for (person, _, half_day), column in self.crewing.comes.items():
            day = self.roster.days.get((person, self.facts.day[half_day]))
            if day is not None and values[column] > HALF:
                values[day] = 1
