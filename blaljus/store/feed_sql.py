"""What is asked of feeds in SQL: whose they are, what they show, whether they answer.

Each text is about a row `f` of `feed`; `{}` stands for a value, in the order of its docstring.
"""

from collections.abc import Mapping

from blaljus.domain.words import FeedKind

_NAMES = {
    FeedKind.STAFF: "SELECT CASE WHEN protected THEN function || ' nr ' || id "
    "ELSE display_name END FROM staff_member WHERE id = f.subject AND active",
    FeedKind.SCHOOL_CLASS: "SELECT c.label || ', ' || u.name FROM school_class c "
    "JOIN school_unit u ON u.id = c.school_unit WHERE c.id = f.subject",
    FeedKind.SCHOOL: "SELECT name FROM school_unit WHERE id = f.subject",
    FeedKind.AGENCY: "SELECT name FROM agency WHERE id = f.subject",
    FeedKind.MUNICIPALITY: "SELECT name FROM municipality WHERE id = f.subject",
}
_OWNERS = {
    FeedKind.STAFF: "e.staff = f.subject",
    FeedKind.SCHOOL_CLASS: "e.school_class = f.subject",
    FeedKind.SCHOOL: "e.school_unit = f.subject",
    FeedKind.AGENCY: "e.agency = f.subject",
    FeedKind.MUNICIPALITY: "e.municipality = f.subject",
}
_CONTENT = {
    **_OWNERS,
    FeedKind.AGENCY: f"{_OWNERS[FeedKind.AGENCY]}"
    " AND (f.municipality IS NULL OR e.municipality = f.municipality)",
    FeedKind.MUNICIPALITY: f"{_OWNERS[FeedKind.MUNICIPALITY]} AND e.overview = 1",
}
_COORDINATES = (
    "SELECT 1 FROM coordinator k WHERE k.account = f.opened_by AND k.municipality = f.municipality"
)
_GROUNDS = {
    FeedKind.STAFF: "SELECT 1 FROM staff_member s WHERE s.id = f.subject"
    " AND s.account = f.opened_by",
    FeedKind.SCHOOL_CLASS: "SELECT 1 FROM class_teacher l WHERE l.school_class = f.subject"  # noqa: S608 -- our own constants
    f" AND l.account = f.opened_by UNION ALL {_COORDINATES}",
    FeedKind.SCHOOL: _COORDINATES,
    FeedKind.AGENCY: f"{_COORDINATES} AND EXISTS (SELECT 1 FROM agency_coverage g"  # noqa: S608 -- our own constants
    " WHERE g.agency = f.subject AND g.municipality = f.municipality"
    " AND (g.last_on IS NULL OR g.last_on >= {}))",
    FeedKind.MUNICIPALITY: _COORDINATES,
}
_ENTRIES = "FROM calendar_entry e WHERE {owner}"
_NEWEST_ID = f"SELECT '' || COALESCE(MAX(e.id), 0) {_ENTRIES}"
_ALL_IDS = (
    f"SELECT COUNT(*) || ' ' || COALESCE(MAX(e.id), 0) || ' ' || COALESCE(SUM(e.id), 0) {_ENTRIES}"
)
_NEWEST = "SELECT MAX(e.revised_at) FROM calendar_entry e WHERE {owner} AND e.municipality = {{}}"


def _by_kind(queries: Mapping[FeedKind, str], each: str = "({})") -> str:
    cases = " ".join(f"WHEN '{kind}' THEN {each.format(sql)}" for kind, sql in queries.items())
    return f"CASE f.kind {cases} END"


def _of_content(query: str) -> str:
    return _by_kind({kind: query.format(owner=owner) for kind, owner in _CONTENT.items()})


NAME = _by_kind(_NAMES)
"""What the calendar is called; null where whose it is has left."""

STAMPS: Mapping[str, str] = {
    "sqlite": _by_kind({kind: _NEWEST_ID.format(owner=owner) for kind, owner in _OWNERS.items()}),
    "postgresql": _of_content(_ALL_IDS),
}
"""Tells the entries of a feed from other entries, on each engine; no values.

Ids are never used twice, and whatever changes in a calendar puts a new row in it (`save_entries`):
equal stamps mean equal events, but for tombstones that are old by now. On PostgreSQL a lower id
may be committed after a higher one, so all are counted; on SQLite an index knows the highest.
"""

NEWEST = _of_content(_NEWEST)
"""When what it shows of a municipality changed last; the municipality for each kind."""

ANSWERS = (
    "(f.revoked_at IS NULL OR f.revoked_at > {}) AND f.expires_at > {}"  # noqa: S608 -- our own constants
    " AND (f.opened_by IS NULL OR EXISTS"
    " (SELECT 1 FROM account a WHERE a.id = f.opened_by AND a.active)"
    f" AND {_by_kind(_GROUNDS, 'EXISTS ({})')})"
)
"""Neither closed nor expired, and who opened it still is what gave them the right.

Three values: the moment twice, and its day.
"""

SERVES = (
    "f.subject IN (SELECT s.id FROM staff_member s JOIN agency_coverage g ON g.agency = s.agency"
    " WHERE g.municipality = {} AND g.first_on <= {} AND (g.last_on IS NULL OR g.last_on >= {}))"
)
"""A person's calendar, whose agency serves a municipality on a day: it, and the day twice."""
