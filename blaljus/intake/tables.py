"""Reads CSV as people save it: any usual separator, line end and order of columns."""

import csv
import io
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from blaljus.domain.imports import ImportRow, ProblemCode
from blaljus.intake.layouts import TABLES, Column, Layout
from blaljus.intake.problems import FileProblems, shown
from blaljus.intake.rows import RowReader, within_limit
from blaljus.intake.texts import fold

R = TypeVar("R", bound=ImportRow)

SEPARATORS = ";,\t"
"""What stands between cells: Swedish Excel, the rest of the world, and pasted tables."""

BEGINNING = 64 * 1024
"""Characters in which to look for a header: it is read many times over."""

_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
"""A first line by which Excel is told the separator."""


@dataclass(frozen=True, slots=True)
class Record:
    """Cells, or why there are none, and the line they start on (from 1)."""

    line: int
    cells: list[str]
    fault: ProblemCode | None = None


def read_table(layout: Layout[R], text: str, problems: FileProblems) -> RowReader[R] | None:
    """Return the sound rows of a CSV, or `None` if its header is not understood."""
    separator = _separator(layout, text)
    records = _records(text, separator)
    header = next(records, Record(1, []))
    columns = _columns(layout, header.cells)
    if not columns:
        problems.add(ProblemCode.NO_HEADER, row=header.line, value=separator.join(header.cells))
        return None
    _check_header(layout, header, problems)
    reader = RowReader(layout, problems)
    named = {index for index, name in enumerate(header.cells) if name.strip()}
    for record in within_limit(records, problems):
        if record.fault:
            problems.add(record.fault, row=record.line)
            continue
        _check_width(record, named, problems)
        reader.read({c.name: _cell(record, i) for i, c in columns.items()}, record.line)
    return reader


def layout_by_header(text: str) -> Layout[Any] | None:
    """Return the layout more than half of whose columns stand in the first line, if any."""

    def share(layout: Layout[Any]) -> float:
        found = (_columns(layout, _first_cells(text, separator)) for separator in SEPARATORS)
        return max(len(columns) for columns in found) / len(layout.columns)

    best = max(TABLES, key=share)
    half = 0.5
    return best if share(best) > half else None


def _separator(layout: Layout[Any], text: str) -> str:
    """Return the separator that gives the most known columns; the first of equals."""
    told = _SEPARATOR_LINE.fullmatch(text.lstrip()[: len("sep=;")])
    if told and told[1] in SEPARATORS:
        return told[1]
    return max(SEPARATORS, key=lambda sep: len(_columns(layout, _first_cells(text, sep))))


def _first_cells(text: str, separator: str) -> list[str]:
    """Return the cells of the first line that is not blank."""
    return next(_records(text[:BEGINNING], separator), Record(1, [])).cells


def _columns(layout: Layout[Any], header: Sequence[str]) -> dict[int, Column]:
    """Return the known columns of a header by position; the first of two equals."""
    by_name, found = layout.by_name, dict[str, int]()
    for index, name in enumerate(header):
        if column := by_name.get(fold(name)):
            found.setdefault(column.name, index)
    return {found[column.name]: column for column in layout.columns if column.name in found}


def _check_header(layout: Layout[Any], header: Record, problems: FileProblems) -> None:
    """Tell what is missing, unknown or twice among the names of the columns."""
    columns, by_name = _columns(layout, header.cells), layout.by_name
    for column in layout.columns:
        if column not in columns.values() and not column.may_lack:
            problems.add(ProblemCode.MISSING_COLUMN, row=header.line, column=column.name)
    for index, name in enumerate(header.cells):
        if name.strip() and index not in columns:
            known = fold(name) in by_name
            code = ProblemCode.COLUMN_TWICE if known else ProblemCode.UNKNOWN_COLUMN
            problems.add(code, row=header.line, column=shown(name), value=name)


def _check_width(record: Record, named: Container[int], problems: FileProblems) -> None:
    """Tell of the first value that stands under no column name."""
    for index, cell in enumerate(record.cells):
        if cell.strip() and index not in named:
            problems.add(ProblemCode.TOO_MANY_CELLS, row=record.line, value=cell)
            return


def _cell(record: Record, index: int) -> str:
    """Return a cell; those missing at the end of a row are empty."""
    return record.cells[index] if index < len(record.cells) else ""


def _records(text: str, separator: str) -> Iterator[Record]:
    """Yield every record that is not blank, and one in place of each that cannot be cut."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The module names its errors in words only; a cell past its limit is one of them.
            long = "field limit" in str(error)
            yield Record(line, [], ProblemCode.TOO_LONG if long else ProblemCode.BAD_QUOTING)
            continue
        told = line == 1 and _SEPARATOR_LINE.fullmatch(separator.join(cells).strip())
        if any(cell.strip() for cell in cells) and not told:
            yield Record(line, cells)
