"""Turns cells into checked rows, whatever format they came in."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from blaljus.domain.imports import ImportRow, ProblemCode
from blaljus.intake.fields import FieldError
from blaljus.intake.layouts import Column, Layout
from blaljus.intake.problems import FileProblems
from blaljus.intake.texts import cell_fault, tidy

R = TypeVar("R", bound=ImportRow)
T = TypeVar("T")

MAX_ROWS = 40_000
"""Rows in one file: more than fit into 1 MiB of sound availability."""

Cells = Mapping[str, str | None]
"""Raw text by column name; `None` is a value that is no text at all (JSON)."""


@dataclass(slots=True)
class RowReader(Generic[R]):
    """Reads the rows of one file one after another; sound ones gather in `rows`."""

    layout: Layout[R]
    problems: FileProblems
    rows: list[R] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    """The first part of every readable key, also of rows with a fault elsewhere."""
    _seen: dict[tuple[Hashable, ...], int] = field(default_factory=dict)

    def read(self, cells: Cells, line: int) -> None:
        """Check one row and keep it if it is sound. A column not in `cells` was told already."""
        values: dict[str, Any] = {}
        faults: list[tuple[Column, ProblemCode]] = []
        for column in self.layout.columns:
            try:
                values[column.attribute] = _value(column, cells)
            except KeyError:
                if column.may_lack:
                    values[column.attribute] = None
            except FieldError as error:
                faults.append((column, error.code))
        for column, code in faults:
            value = "" if column.private else cells[column.name] or ""
            self._tell(code, line, column.name, value)
        if self._is_whole(values, line) and len(values) == len(self.layout.columns):
            self.rows.append(self.layout.row(**values, line=line))

    def _is_whole(self, values: Mapping[str, Any], line: int) -> bool:
        """Tell what is wrong between the fields of a row and with its key."""
        in_order = self._span_in_order(values, line)
        return self._is_first(values, line) and in_order

    def _span_in_order(self, values: Mapping[str, Any], line: int) -> bool:
        """Tell if the last day comes before the first; open ends are in order."""
        if self.layout.span is None:
            return True
        first, last = (values.get(attribute) for attribute in self.layout.span)
        if first is None or last is None or first <= last:
            return True
        column = self.layout.column_of(self.layout.span[1])
        self._tell(ProblemCode.FROM_AFTER_TO, line, column, last.isoformat())
        return False

    def _is_first(self, values: Mapping[str, Any], line: int) -> bool:
        """Remember the key; a key whose fields could not be read cannot be compared."""
        names = self.layout.key
        if isinstance(values.get(names[0]), str):
            self.keys.add(values[names[0]])
        if not values.keys() >= set(names):
            return True
        key = tuple(_comparable(values[name]) for name in names)
        first = self._seen.setdefault(key, line)
        if first == line:
            return True
        self._tell(ProblemCode.DUPLICATE, line, self.layout.column_of(names[0]), str(first))
        return False

    def _tell(self, code: ProblemCode, line: int, column: str, value: str) -> None:
        self.problems.add(code, row=line, column=column, value=value)


def within_limit(records: Iterable[T], problems: FileProblems) -> Iterable[T]:
    """Yield at most `MAX_ROWS` records and tell if there were more."""
    for count, record in enumerate(records):
        if count == MAX_ROWS:
            problems.add(ProblemCode.TOO_MANY_ROWS, value=str(MAX_ROWS))
            return
        yield record


def _value(column: Column, cells: Cells) -> object:
    """Return the value of a cell; `KeyError` if its column is missing from the file."""
    raw = cells[column.name]
    if raw is None:
        raise FieldError(ProblemCode.WRONG_TYPE)
    if fault := cell_fault(raw, number=column.number):
        raise FieldError(fault)
    if text := tidy(raw):
        return column.read(text)
    if column.optional:
        return column.empty
    raise FieldError(ProblemCode.MISSING_VALUE)


def _comparable(value: Hashable) -> Hashable:
    """Return what two rows are compared by: case does not tell two names apart."""
    return value.casefold() if isinstance(value, str) else value
