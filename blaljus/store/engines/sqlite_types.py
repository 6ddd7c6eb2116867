"""How SQLite's columns become Python values: as Piccolo does it, in less time.

Rows are read far more often than anything else happens; these run once per value. Piccolo's
turn every whole number into text, a Decimal and back.
"""

import sqlite3
from datetime import UTC, date, datetime
from functools import lru_cache

import piccolo.engine.sqlite  # noqa: F401 -- registers its own first: the last one counts

KEPT = 8192
"""Moments and days remembered: those of a season's slots come back with every page."""


@lru_cache(maxsize=KEPT)
def moment(stored: bytes) -> datetime:
    """Return an aware moment in UTC, as all are stored."""
    return datetime.fromisoformat(stored.decode()).replace(tzinfo=UTC)


@lru_cache(maxsize=KEPT)
def day(stored: bytes) -> date:
    """Return a date."""
    return date.fromisoformat(stored.decode())


sqlite3.register_converter("INTEGER", int)
sqlite3.register_converter("BOOLEAN", b"1".__eq__)
sqlite3.register_converter("TIMESTAMPTZ", moment)
sqlite3.register_converter("DATE", day)
