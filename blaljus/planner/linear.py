"""A linear model in whole numbers, as plain lists: what a solver is given."""

from array import array
from collections.abc import Iterable
from math import inf

Term = tuple[int, float]
"""(column, coefficient)."""


class Linear:
    """Columns with bounds, and rows `lower <= sum of terms <= upper`. Every column is >= 0."""

    def __init__(self) -> None:
        self.lower = array("d")
        self.upper = array("d")
        self.whole = array("b")
        """1 where the column takes whole numbers only."""
        self.row_lower = array("d")
        self.row_upper = array("d")
        self.starts = array("i", [0])
        self.columns = array("i")
        self.values = array("d")

    def column(self, upper: float = 1, *, whole: bool = True) -> int:
        """Add a column between 0 and `upper`; return its number."""
        self.lower.append(0.0)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.lower) - 1

    def at_most(self, terms: Iterable[Term], limit: float) -> None:
        """Add a row: the sum is at most `limit`."""
        self._row(terms, -inf, limit)

    def at_least(self, terms: Iterable[Term], limit: float) -> None:
        """Add a row: the sum is at least `limit`."""
        self._row(terms, limit, inf)

    def exactly(self, terms: Iterable[Term], value: float) -> None:
        """Add a row: the sum is `value`."""
        self._row(terms, value, value)

    def _row(self, terms: Iterable[Term], lower: float, upper: float) -> None:
        for column, value in terms:
            self.columns.append(column)
            self.values.append(value)
        self.starts.append(len(self.columns))
        self.row_lower.append(lower)
        self.row_upper.append(upper)
