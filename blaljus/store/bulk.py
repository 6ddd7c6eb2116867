"""Many rows in few statements."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from piccolo.columns import Column
from piccolo.query import Select
from piccolo.table import Table

from blaljus.store.rows import Row

T = TypeVar("T")

MAX_PARAMETERS = 20_000
"""Values in one statement: PostgreSQL's driver takes 32,767, SQLite 32,766."""


def chunks(items: Sequence[T], width: int = 1) -> Iterator[Sequence[T]]:
    """Yield items in parts that fit into one statement; each item has `width` values."""
    size = max(1, MAX_PARAMETERS // width)
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def add_rows(rows: Sequence[Table], *, keep_existing: bool = False) -> None:
    """Insert rows of one table; with `keep_existing` those whose key is taken are left out."""
    if not rows:
        return
    table = type(rows[0])
    for part in chunks(rows, len(table.all_columns())):
        query = table.insert(*part)
        await (query.on_conflict(action="DO NOTHING") if keep_existing else query)


async def save_rows(table: type[Table], rows: Iterable[tuple[Row | None, Row]]) -> None:
    """Insert or update rows: pairs of the stored row (id and version), or None, and the columns.

    A new row has version 1; a stored one keeps its id and what the new row does not name, and its
    version rises by one. Tables without a version are served too. All rows name the same columns.
    """
    pairs = list(rows)
    versioned = any(column._meta.name == "version" for column in table.all_columns())  # noqa: SLF001 -- Piccolo's way to ask
    await add_rows([_built(table, None, new, versioned) for was, new in pairs if was is None])
    changed = [_built(table, was, new, versioned) for was, new in pairs if was is not None]
    named = {"version", *(name for was, new in pairs if was is not None for name in new)}
    columns = [c for c in table.all_columns() if c._meta.name in named]  # noqa: SLF001 -- as above
    for part in chunks(changed, len(table.all_columns())):
        # The id exists, so that each row of the insert becomes an update.
        await table.insert(*part).on_conflict(target=_id(table), action="DO UPDATE", values=columns)


async def remove_rows(table: type[Table], ids: Collection[int]) -> None:
    """Delete rows by id."""
    for part in chunks(sorted(ids)):
        await table.delete().where(_id(table).is_in(list(part)))


async def select_in(
    query: Callable[[], Select[Any]], column: Column, values: Collection[Any]
) -> list[Row]:
    """Return the rows of a select, made anew for each part, whose column has one of many values."""
    found: list[Row] = []
    for part in chunks(sorted(values)):
        found += await query().where(column.is_in(list(part)))
    return found


def _built(table: type[Table], was: Row | None, new: Row, versioned: bool) -> Table:  # noqa: FBT001 -- private
    columns: dict[str, Any] = dict(new)
    if versioned:
        columns["version"] = was["version"] + 1 if was else 1
    if was:
        columns["id"] = was["id"]
    return table(**columns)


def _id(table: type[Table]) -> Column:
    return table._meta.primary_key  # noqa: SLF001 -- Piccolo's way to name it
