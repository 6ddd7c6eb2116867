"""What crew must come at least where every class is placed: rows that a solver proves one by one.

Fractions hide them: two and a half sessions are none, and half a staff-day neither.
"""

from collections.abc import Collection, Iterator
from time import monotonic
from typing import NamedTuple

from blaljus.domain.words import Service
from blaljus.planner.model.answer import Values
from blaljus.planner.model.crewing import Crewing
from blaljus.planner.model.linear import Term
from blaljus.planner.model.roster import Roster
from blaljus.planner.model.solver import Solver
from blaljus.planner.model.towns import FewestHalfDays, Towns, half_days_in

FEW = 30
"""So many classes have few staff-days of each service: only then does a whole one more matter."""

HALVES = 2
"""Half-days of one person on one day, at most."""

HALF_DAY_COST, STAFF_DAY_COST = 2, 1
"""What crew costs; who is out on a day anyway costs no staff-day."""


class Row(NamedTuple):
    """Terms, what their sum is at least, and the crew cost that each of them surely has.

    No two rows speak of the same cost, so what they cost adds up.
    """

    terms: list[Term]
    at_least: int
    price: int


class Bounds:
    """The rows of one model."""

    def __init__(self, crewing: Crewing, roster: Roster, solver: Solver) -> None:
        self._crewing = crewing
        self._roster = roster
        self._solver = solver

    def rows(self, apart: Collection[Towns], until: float) -> Iterator[Row]:
        """Yield half-days of the promised services by town, and staff-days by service."""
        facts = self._crewing.facts
        for towns in apart:
            least = self._fewest(towns, facts.problem.services, until)
            if least is not None:
                yield Row(half_days_in(self._crewing, towns), least, HALF_DAY_COST)
        if len(facts.classes) <= FEW:
            for service in facts.problem.services:
                half_days = [self._fewest(towns, (service,), until) for towns in apart]
                known = [least for least in half_days if least is not None]
                if len(known) == len(half_days):
                    yield self._staff_days(service, -(-sum(known) // HALVES))

    def _fewest(self, towns: Towns, services: Collection[Service], until: float) -> int | None:
        """Return the half-days that people of some services come at least."""
        seconds = until - monotonic()
        if seconds <= 0:
            return None
        fewest = FewestHalfDays(self._crewing.spots, towns, frozenset(services))
        found = self._solver.minimise(fewest.model, fewest.cost, None, seconds, _ignore, tidy=True)
        return found.at_least

    def _staff_days(self, service: Service, at_least: int) -> Row:
        """Return the row of a service's staff-days; a half-day alone counts as one."""
        facts, days = self._crewing.facts, self._roster.days
        paid = [(column, 1.0) for (p, _), column in days.items() if self._is(p, service)]
        alone = {
            column: facts.day[half_day] in facts.out[person]
            for (person, _, half_day), column in self._crewing.comes.items()
            if self._is(person, service) and (person, facts.day[half_day]) not in days
        }
        price = 0 if any(alone.values()) else STAFF_DAY_COST
        return Row([*paid, *((column, 1.0) for column in alone)], at_least, price)

    def _is(self, person: int, service: Service) -> bool:
        return self._crewing.facts.staff[person].service is service


def _ignore(_: Values) -> None:
    """Take no notice of values."""
