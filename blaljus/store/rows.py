"""Between rows and domain values; and the scope that every query of owned rows carries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from piccolo.columns import Column
from piccolo.columns.combination import Where
from piccolo.query import Select
from piccolo.querystring import QueryString

from blaljus.domain.errors import NotFoundError

T = TypeVar("T")

Row = dict[str, Any]

Changes = dict[Column | str, Any]
"""What an update sets: columns, or their names, to values."""

Scope = tuple[int, ...]
"""Ids of the municipalities whose rows the caller may see; never empty in a query."""


def together(*columns: Column) -> QueryString:
    """Return columns as one piece of SQL to select, for a constant of a module.

    Piccolo puts every column of every query together anew; that takes longer than SQLite does.
    """
    names = (column.get_select_string("").template for column in columns)
    piece = QueryString(", ".join(names))
    piece.columns = [column for column in columns if column._meta.call_chain]  # noqa: SLF001 -- what Piccolo joins by
    return piece


def value(row: Mapping[str, Any], kind: type[T]) -> T:
    """Return a row as a frozen domain value; columns the value does not know are left out."""
    return msgspec.convert(row, kind, strict=False)


def values(rows: list[Row], kind: type[T]) -> list[T]:
    """Return rows as domain values, in their order."""
    # All at once: msgspec works out what `kind` looks like only once.
    return msgspec.convert(rows, list[kind], strict=False)  # type: ignore[valid-type]  # a type at run time


def one(rows: list[Row]) -> Row:
    """Return the only row, or raise `NotFoundError`."""
    if not rows:
        raise NotFoundError
    return rows[0]


def within(column: Column, scope: Scope) -> Where:
    """Return the condition that a row belongs to the scope; an empty scope finds nothing."""
    if not scope:
        raise NotFoundError
    return column.is_in(list(scope))


def words(text: str) -> tuple[str, ...]:
    """Return a comma separated column as a tuple."""
    return tuple(text.split(",")) if text else ()


async def locked(query: Select[Any]) -> list[Row]:
    """Return the rows of a query, locked till the transaction ends.

    SQLite needs no row locks: `write_transaction()` holds its one write lock already. On
    PostgreSQL others may still refer to the row meanwhile (NO KEY): every insert with a foreign
    key does, and two who each had inserted and then wanted the municipality's row would deadlock.
    """
    if query.engine_type == "sqlite":
        return await query
    return await query.lock_rows("NO KEY UPDATE")


def moment(stored: datetime | str) -> datetime:
    """Return a moment that an expression gave: SQLite knows the type of a column alone."""
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored


def later(now: datetime, before: datetime) -> datetime:
    """Return the moment of a new revision: calendars tell revisions apart by whole seconds."""
    return max(now, before + timedelta(seconds=1))
