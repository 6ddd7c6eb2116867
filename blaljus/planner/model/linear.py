"""A linear model in whole numbers, as plain lists: what a solver is given."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
        self.between(terms, -inf, limit)

    def at_least(self, terms: Iterable[Term], limit: float) -> None:
        """Add a row: the sum is at least `limit`."""
        self.between(terms, limit, inf)

    def between(self, terms: Iterable[Term], lower: float, upper: float) -> None:
        """Add a row: the sum lies between two bounds. A column may come several times."""
        sums: dict[int, float] = {}
        for column, value in terms:
            sums[column] = sums.get(column, 0) + value
        self.columns.extend(column for column, value in sums.items() if value)
        self.values.extend(value for value in sums.values() if value)
        self.starts.append(len(self.columns))
        self.row_lower.append(lower)
        self.row_upper.append(upper)


@dataclass(frozen=True, slots=True)
class Part:
    """A model without some columns, all 0, and with some held at 1; `columns` are those left."""

    model: Linear
    columns: list[int]

    def inside(self, values: Sequence[float]) -> list[float]:
        """Return values of the whole as values of the part."""
        return [values[column] for column in self.columns]

    def outside(self, values: Iterable[float], size: int) -> list[float]:
        """Return values of the part as values of a whole of so many columns."""
        whole = [0.0] * size
        for column, value in zip(self.columns, values, strict=True):
            whole[column] = value
        return whole

    def costs(self, cost: Mapping[int, int]) -> dict[int, int]:
        """Return costs of columns of the whole as costs of the part."""
        return {i: cost[c] for i, c in enumerate(self.columns) if c in cost}


def part_of(model: Linear, closed: Collection[int], held: Collection[int] = ()) -> Part:
    """Return a model without the `closed` columns, for they are 0; the `held` ones are 1."""
    columns = [column for column in range(len(model.lower)) if column not in closed]
    number = {column: index for index, column in enumerate(columns)}
    part = Linear()
    for column in columns:
        index = part.column(model.upper[column], whole=bool(model.whole[column]))
        part.lower[index] = 1.0 if column in held else model.lower[column]
    for row in range(len(model.row_lower)):
        inside = range(model.starts[row], model.starts[row + 1])
        terms = [
            (number[model.columns[i]], model.values[i])
            for i in inside
            if model.columns[i] in number
        ]
        if terms:
            part.between(terms, model.row_lower[row], model.row_upper[row])
    return Part(part, columns)
