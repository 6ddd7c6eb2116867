"""Municipalities, schools, classes, days off and venues."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from piccolo.query import Select

from blaljus.domain import schools as domain
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import VenueKind
from blaljus.store import tables as t
from blaljus.store.rows import (
    Changes,
    Row,
    Scope,
    locked,
    one,
    together,
    value,
    values,
    within,
    words,
)
from blaljus.store.stations import list_station_rules
from blaljus.store.transaction import TakenError


async def list_municipalities() -> list[domain.Municipality]:
    """Return every municipality, by code."""
    return values(await t.Municipality.select().order_by(t.Municipality.code), domain.Municipality)


async def get_municipality(municipality: int) -> domain.Municipality:
    """Return a municipality by id, or raise `NotFoundError`."""
    rows = await t.Municipality.select().where(t.Municipality.id == municipality)
    return value(one(rows), domain.Municipality)


async def find_municipality(code: str) -> domain.Municipality | None:
    """Return a municipality by its four digits, or None."""
    rows = await t.Municipality.select().where(t.Municipality.code == code)
    return value(rows[0], domain.Municipality) if rows else None


async def add_municipality(code: str, name: str) -> domain.Municipality:
    """Store a municipality, or return the one that has the code."""
    row = t.Municipality(code=code, name=name)
    await t.Municipality.insert(row).on_conflict(action="DO NOTHING")
    rows = await t.Municipality.select().where(t.Municipality.code == code)
    return value(one(rows), domain.Municipality)


async def list_units(scope: Scope) -> list[domain.SchoolUnit]:
    """Return the school units of a scope, by name and code."""
    rows = (
        await t.SchoolUnit.select(_UNIT)
        .where(within(t.SchoolUnit.municipality, scope))
        .order_by(t.SchoolUnit.name, t.SchoolUnit.code)
    )
    return [_unit(row) for row in rows]


def _unit(row: Row) -> domain.SchoolUnit:
    return value(row | {"grades": words(row["grades"])}, domain.SchoolUnit)


_CLASS = together(
    *t.SchoolClass.all_columns(),
    t.SchoolClass.school_unit.code.as_alias("school_code"),
    t.SchoolClass.school_unit.name.as_alias("school"),
)
_UNIT = together(*t.SchoolUnit.all_columns())
_BLOCK = together(*t.CalendarBlock.all_columns())


def _class_query() -> Select[Any]:
    return t.SchoolClass.select(_CLASS)


async def list_classes(scope: Scope, school_year: SchoolYear) -> list[domain.SchoolClass]:
    """Return the active classes of a school year, by school and label."""
    c = t.SchoolClass
    rows = (
        await _class_query()
        .where(within(c.municipality, scope))
        .where(c.school_year == school_year.start)
        .where(c.active == True)  # noqa: E712 -- Piccolo builds SQL from the comparison
        .order_by(c.school_unit.name, c.label, c.id)
    )
    return values(rows, domain.SchoolClass)


async def get_class(class_id: int, scope: Scope) -> domain.SchoolClass:
    """Return a class of the scope, or raise `NotFoundError`."""
    rows = (
        await _class_query()
        .where(t.SchoolClass.id == class_id)
        .where(within(t.SchoolClass.municipality, scope))
    )
    return value(one(rows), domain.SchoolClass)


async def get_classes(classes: Collection[int], scope: Scope) -> list[domain.SchoolClass]:
    """Return the classes of the scope with these ids, by school and label."""
    if not classes:
        return []
    c = t.SchoolClass
    rows = (
        await _class_query()
        .where(c.id.is_in(sorted(classes)))
        .where(within(c.municipality, scope))
        .order_by(c.school_unit.name, c.label, c.id)
    )
    return values(rows, domain.SchoolClass)


async def list_blocks(scope: Scope) -> list[domain.Block]:
    """Return terms and days off of a scope, in order of time."""
    b = t.CalendarBlock
    rows = await b.select(_BLOCK).where(within(b.municipality, scope)).order_by(b.first_on, b.id)
    return values(rows, domain.Block)


async def list_venues(scope: Scope) -> list[domain.Venue]:
    """Return the venues of a scope, shared ones first, then by name."""
    v = t.Venue
    rows = await v.select().where(within(v.municipality, scope)).order_by(v.name, v.id)
    rules = await list_station_rules([row["id"] for row in rows])
    found = [replace(venue, stations=rules[venue.id]) for venue in values(rows, domain.Venue)]
    return sorted(found, key=lambda venue: venue.kind is VenueKind.SCHOOL)


async def add_venue(
    municipality: int,
    *,
    name: str,
    school_unit: int | None = None,
    position: tuple[float, float] | None = None,
    near_rescue_station: bool = False,
    partner_station: str = "",
) -> bool:
    """Store a venue, of a school or shared; return False where it stands already."""
    latitude, longitude = position or (None, None)
    row = t.Venue(
        municipality=municipality,
        kind=(VenueKind.SHARED if school_unit is None else VenueKind.SCHOOL).value,
        school_unit=school_unit,
        name=name,
        latitude=latitude,
        longitude=longitude,
        near_rescue_station=near_rescue_station,
        partner_station=partner_station,
        version=1,
    )
    added = await t.Venue.insert(row).on_conflict(action="DO NOTHING").returning(t.Venue.id)
    return bool(added)


async def lock_class(class_id: int, scope: Scope) -> None:
    """Take the class's row lock (first in the lock order), or raise `NotFoundError`."""
    c = t.SchoolClass
    one(await locked(c.select(c.id).where(c.id == class_id).where(within(c.municipality, scope))))


async def lock_classes(classes: Collection[int], scope: Scope) -> None:
    """Take the row locks of some classes, lower id first; unknown ids lock nothing."""
    if classes:
        c = t.SchoolClass
        mine = c.id.is_in(sorted(classes)) & within(c.municipality, scope)
        await locked(c.select(c.id).where(mine).order_by(c.id))


async def list_municipalities_in(scope: Scope) -> list[domain.Municipality]:
    """Return the municipalities of a scope, by code."""
    m = t.Municipality
    return values(await m.select().where(within(m.id, scope)).order_by(m.code), domain.Municipality)


async def list_school_years(municipality: int) -> list[SchoolYear]:
    """Return the school years that have a class or a plan, newest first."""
    c, p = t.SchoolClass, t.Plan
    taught = await c.select(c.school_year).where(c.municipality == municipality).distinct()
    planned = await p.select(p.school_year).where(p.municipality == municipality)
    return sorted({SchoolYear(row["school_year"]) for row in [*taught, *planned]}, reverse=True)


async def has_shared_venue(municipality: int) -> bool:
    """Return whether a municipality has a place that several schools share."""
    v = t.Venue
    mine = (v.municipality == municipality) & (v.kind == VenueKind.SHARED.value)
    return bool(await v.exists().where(mine))


async def get_venue(venue: int, scope: Scope) -> domain.Venue:
    """Return a venue of the scope, or raise `NotFoundError`."""
    v = t.Venue
    rows = await v.select().where(v.id == venue).where(within(v.municipality, scope))
    found = value(one(rows), domain.Venue)
    return replace(found, stations=(await list_station_rules([venue]))[venue])


async def lock_shared_venues(venues: Collection[int], scope: Scope) -> None:
    """Take the row locks of shared venues (before any class's), lower id first; others have none.

    Who gives one a name, and who publishes slots there, wait for each other.
    """
    if venues:
        v = t.Venue
        mine = v.id.is_in(sorted(venues)) & within(v.municipality, scope)
        shared = v.kind == VenueKind.SHARED.value
        await locked(v.select(v.id).where(mine & shared).order_by(v.id))


async def touch_venue(venue: domain.Venue) -> bool:
    """Store a venue's groups as a new version, its row locked to the transaction's end.

    False where it is newer than what the caller read.
    """
    v = t.Venue
    mine = (v.id == venue.id) & within(v.municipality, (venue.municipality,))
    changes: Changes = {"version": venue.version + 1, v.group_pupils: venue.group_pupils}
    same = mine & (v.version == venue.version)
    return bool(await v.update(changes).where(same).returning(v.id))


async def rename_venue(venue: domain.Venue, name: str) -> None:
    """Give a venue another name, or raise `VenueNameTakenError`. The database decides."""
    v = t.Venue
    mine = (v.id == venue.id) & within(v.municipality, (venue.municipality,))
    try:
        await v.update({v.name: name, v.version: venue.version + 1}).where(mine)
    except TakenError:
        raise domain.VenueNameTakenError from None
