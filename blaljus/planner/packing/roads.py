"""How far municipalities lie from each other. For the packer; the referee measures for itself."""

from collections.abc import Iterable
from itertools import combinations
from math import hypot

from blaljus.planner.problem import Problem

DETOUR = 1.3
"""A road is so much longer than a straight line."""

KM_PER_MINUTE = 1.1


class Roads:
    """The municipalities of a problem, and whether the lunch break lasts from one to another."""

    def __init__(self, problem: Problem) -> None:
        self._places = {row.id: (row.x_km, row.y_km) for row in problem.municipalities}
        self._lunch = problem.lunch_gap_minutes
        self._near: dict[tuple[int, int], bool] = {}

    def is_near(self, municipality: int, other: int | None) -> bool:
        """Tell whether a person may be in both on one day; never in an unknown place."""
        if other is None:
            return False
        key = (municipality, other) if municipality < other else (other, municipality)
        if key not in self._near:
            self._near[key] = self._measure(*key)
        return self._near[key]

    def are_all_near(self, municipalities: Iterable[int]) -> bool:
        """Tell whether a person may be in any two of them on one day."""
        return all(self.is_near(one, other) for one, other in combinations(municipalities, 2))

    def _measure(self, one: int, other: int) -> bool:
        if one == other:
            return True
        if one not in self._places or other not in self._places:
            return False
        (x, y), (u, v) = self._places[one], self._places[other]
        return DETOUR * hypot(x - u, y - v) / KM_PER_MINUTE <= self._lunch
