"""What the self-check asks of rows in SQL: the same text on every engine, one statement each."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from piccolo.columns import Text, Varchar
from piccolo.table import Table

from blaljus.store import migrations
from blaljus.store import tables as t
from blaljus.store.engine import engine_kind
from blaljus.store.rows import values
from blaljus.store.selfcheck.facts import Stray, TypedText

ENTRIES_OF = ("slot", "booking", "assignment")
"""Whose UIDs calendar entries have."""

FEEDS_OF = (
    ("class", "school_class", "municipality"),
    ("school", "school_unit", "municipality"),
    ("municipality", "municipality", "id"),
)
"""(kind of a feed, what it shows, the column that says whose that is)."""

BELONGING = (
    (
        "booking",
        "JOIN slot p ON p.id = c.slot WHERE p.plan <> c.plan",
        "is of another plan than its slot",
    ),
    (
        "assignment",
        "JOIN station p ON p.id = c.station WHERE p.slot <> c.slot",
        "is at a station of another slot",
    ),
    (
        "callout",
        "JOIN station p ON p.id = c.station WHERE p.slot <> c.slot",
        "is of a station of another slot",
    ),
    (
        "visit",
        "JOIN booking b ON b.id = c.booking JOIN station p ON p.id = c.station WHERE p.slot <> b.slot",  # noqa: E501 -- one piece of SQL
        "is at a station of another slot than its booking",
    ),
)
"""(row, what it is joined with and must not be, that in words)."""

MACHINE_TABLES = (
    *("account", "availability", "sign_in_link", "web_session", "rate_bucket"),
    *("audit_entry", "outbox_message", "idempotency_key", "calendar_entry", "feed"),
    "reminder",
    *("reply", "undelivered"),
    "own_calendar",
)
"""What we write ourselves, or look through in other ways."""

MACHINE_COLUMNS = (
    *("access_needs", "address", "cancel_cause", "cause", "code", "grades", "kind", "organiser"),
    *("decided", "pays", "phone", "proposal", "provides", "required", "rotation", "state"),
    *("status", "told", "transport", "uid", "world"),
)
"""Words of ours, codes, and phones: these look like a personnummer now and then."""


async def find_strays() -> list[Stray]:
    """Return the rows that are of another municipality, plan or slot than what they belong to."""
    return await _strays([*_of_other_municipalities(), *_of_others()])


def _of_other_municipalities() -> Iterator[str]:
    for table, column, parent in _references():
        if column != "municipality" and _is_owned(table) and _is_owned(parent):
            joined = f"JOIN {_name(parent)} p ON p.id = c.{column}"
            wrong = "p.municipality <> c.municipality"
            yield _stray(_name(table), joined, wrong, _than(_name(parent)))
    for subject in ENTRIES_OF:
        joined = f"JOIN {subject} p ON p.uid = c.uid"
        yield _stray("calendar_entry", joined, "p.municipality <> c.municipality", _than(subject))
    for kind, subject, owner in FEEDS_OF:
        joined = f"JOIN {subject} p ON p.id = c.subject"
        wrong = f"c.kind = '{kind}' AND COALESCE(c.municipality, 0) <> p.{owner}"
        yield _stray("feed", joined, wrong, _than(subject))
    nobodys = "c.kind = 'staff' AND c.municipality IS NOT NULL"
    yield _stray("feed", "", nobodys, "'is of a municipality, and shows what none owns'")
    unserved = (
        "c.kind = 'agency' AND c.municipality IS NOT NULL AND NOT EXISTS (SELECT 1"
        " FROM agency_coverage g WHERE g.agency = c.subject AND g.municipality = c.municipality)"
    )
    yield _stray("feed", "", unserved, "'is of a municipality that the agency never served'")


def _than(parent: str) -> str:
    return f"'is of another municipality than {parent}:' || p.id"


def _of_others() -> Iterable[str]:
    for table, where, what in BELONGING:
        joined, _, wrong = where.partition(" WHERE ")
        yield _stray(table, joined, wrong, f"'{what}'")


def _stray(table: str, joined: str, wrong: str, what: str) -> str:
    return f"SELECT '{table}' AS kind, c.id AS id, {what} AS what FROM {table} c {joined} WHERE {wrong}"  # noqa: S608, E501 -- our own constants


async def _strays(selects: Iterable[str]) -> list[Stray]:
    rows = await t.Municipality.raw(" UNION ALL ".join(selects))
    return sorted(values(rows, Stray), key=lambda row: (row.kind, row.id, row.what))


async def find_dangling() -> list[Stray]:
    """Return the rows that name a row which is not there."""
    selects = []
    for table, column, parent in _references():
        where = _name(parent)
        joined = f"LEFT JOIN {where} p ON p.id = c.{column}"
        what = f"'names {where}:' || c.{column} || ', which is not there'"
        wrong = f"c.{column} IS NOT NULL AND p.id IS NULL"
        selects.append(_stray(_name(table), joined, wrong, what))
    return await _strays(selects)


def _references() -> Iterator[tuple[type[Table], str, type[Table]]]:
    """Yield (table, column, the table it names) of every foreign key."""
    for table in t.TABLES:
        for column in table._meta.foreign_key_columns:  # noqa: SLF001 -- Piccolo's way to ask
            parent = column._foreign_key_meta.resolved_references  # noqa: SLF001 -- same
            yield table, column._meta.name, parent  # noqa: SLF001 -- same


def _name(table: type[Table]) -> str:
    return table._meta.tablename  # noqa: SLF001 -- Piccolo's way to ask


def _is_owned(table: type[Table]) -> bool:
    return any(column._meta.name == "municipality" for column in table._meta.columns)  # noqa: SLF001 -- same


async def list_typed_texts() -> list[TypedText]:
    """Return every text that somebody typed, or a file brought: each column of text but ours."""
    selects = [
        f"SELECT '{_name(table)}' AS kind, id, '{name}' AS column_name, {name} AS text "  # noqa: S608 -- our own constants
        f"FROM {_name(table)} WHERE {name} IS NOT NULL AND {name} <> ''"
        for table in t.TABLES
        for name in _typed_columns(table)
    ]
    return values(await t.Municipality.raw(" UNION ALL ".join(selects)), TypedText)


def _typed_columns(table: type[Table]) -> list[str]:
    if _name(table) in MACHINE_TABLES:
        return []
    texts = [c for c in table._meta.columns if isinstance(c, Text | Varchar)]  # noqa: SLF001 -- same
    return [c._meta.name for c in texts if c._meta.name not in MACHINE_COLUMNS]  # noqa: SLF001 -- same


_GUARDS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')",
    "postgresql": "SELECT indexname AS name FROM pg_indexes WHERE schemaname = current_schema() "
    "UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}
_CREATED = re.compile(r"CREATE (?:UNIQUE INDEX|TRIGGER) (\w+)")
_DROPPED = re.compile(r"DROP (?:INDEX|TRIGGER)(?: IF EXISTS)? (\w+)")


async def missing_guards() -> list[str]:
    """Return the unique indexes and triggers of all migrations that are not in the database."""
    kind = engine_kind()
    rows = await t.Municipality.raw(_GUARDS[kind])
    return sorted(_guards(kind) - {row["name"] for row in rows})


def _guards(kind: str) -> set[str]:
    wanted: set[str] = set()
    for name in sorted(module.name for module in iter_modules(migrations.__path__)):
        module = import_module(f"{migrations.__name__}.{name}")
        own = getattr(module, "statements", None)
        engine = "sqlite" if kind == "sqlite" else "postgres"
        text = "\n".join(own(engine) if own else getattr(module, "STATEMENTS", ()))
        wanted = (wanted - {*_DROPPED.findall(text)}) | {*_CREATED.findall(text)}
    return wanted
