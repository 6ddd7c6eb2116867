"""Agencies, their staff, whom they serve, and when they can come."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from piccolo.query import Select
from piccolo.query.functions.aggregate import Count

from blaljus.domain import agencies as domain
from blaljus.domain.words import AvailabilityState, Half
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Row, Scope, locked, one, value, values, within, words


async def list_agencies(scope: Scope, day: date) -> list[domain.Agency]:
    """Return the agencies that serve the scope on a day, by service and name."""
    served = await agencies_serving(scope, day)
    if not served:
        return []
    a = t.Agency
    rows = await a.select().where(a.id.is_in(sorted(served))).order_by(a.provides, a.name)
    return values(rows, domain.Agency)


async def get_agency_name(agency: int) -> str:
    """Return an agency's name, or raise `NotFoundError`."""
    a = t.Agency
    return str(one(await a.select(a.name).where(a.id == agency))["name"])


async def find_agency(name: str) -> domain.Agency | None:
    """Return an agency by its name, or None."""
    rows = await t.Agency.select().where(t.Agency.name == name)
    return value(rows[0], domain.Agency) if rows else None


async def get_agencies(agencies: Collection[int]) -> dict[int, domain.Agency]:
    """Return the agencies with these ids, by id."""
    if not agencies:
        return {}
    rows = await t.Agency.select().where(t.Agency.id.is_in(sorted(agencies)))
    return {row["id"]: value(row, domain.Agency) for row in rows}


async def lock_agency(agency: int) -> domain.Agency:
    """Return an agency with its row locked, or raise `NotFoundError`."""
    a = t.Agency
    one(await locked(a.select(a.id).where(a.id == agency)))
    return (await get_agencies([agency]))[agency]


async def save_agency_rules(agency: domain.Agency, rules: domain.AgencyRules) -> None:
    """Store what an agency asks of the planning."""
    a = t.Agency
    changes: Changes = {"version": agency.version + 1}
    changes.update(asdict(rules).items())
    await a.update(changes).where(a.id == agency.id)


async def coverage_on(day: date) -> list[tuple[domain.Agency, int]]:
    """Return every (agency, municipality it serves on a day), by their ids."""
    c, a = t.AgencyCoverage, t.Agency
    rows = (
        await c.select(c.agency, c.municipality)
        .where(c.first_on <= day)
        .where((c.last_on.is_null()) | (c.last_on >= day))
        .order_by(c.agency, c.municipality)
    )
    known = {row["id"]: value(row, domain.Agency) for row in await a.select()}
    return [(known[row["agency"]], row["municipality"]) for row in rows]


async def agencies_serving(scope: Scope, day: date) -> set[int]:
    """Return the ids of the agencies that serve the scope on a day."""
    c = t.AgencyCoverage
    rows = (
        await c.select(c.agency)
        .where(within(c.municipality, scope))
        .where(c.first_on <= day)
        .where((c.last_on.is_null()) | (c.last_on >= day))
    )
    return {row["agency"] for row in rows}


async def served_by(agency: int, day: date) -> tuple[int, ...]:
    """Return the ids of the municipalities that an agency serves on a day, sorted."""
    c = t.AgencyCoverage
    rows = (
        await c.select(c.municipality)
        .where(c.agency == agency)
        .where(c.first_on <= day)
        .where((c.last_on.is_null()) | (c.last_on >= day))
    )
    return tuple(sorted(row["municipality"] for row in rows))


def _staff_query() -> Select[Any]:
    s = t.StaffMember
    return s.select(
        *s.all_columns(),
        s.agency.name.as_alias("agency_name"),
        s.agency.provides.as_alias("provides"),
    )


def member_of(row: Row) -> domain.StaffMember:
    """Return a row of a person, with what their agency is called and provides."""
    return value(row | {"languages": words(row["languages"])}, domain.StaffMember)


async def list_staff(scope: Scope, day: date) -> list[domain.StaffMember]:
    """Return the active staff who serve the scope on a day, by service and reference."""
    served = await agencies_serving(scope, day)
    if not served:
        return []
    s = t.StaffMember
    rows = (
        await _staff_query()
        .where(s.agency.is_in(sorted(served)))
        .where(s.active == True)  # noqa: E712 -- Piccolo builds SQL from the comparison
        .order_by(s.agency.provides, s.reference)
    )
    return [member_of(row) for row in rows]


async def get_staff(staff: int) -> domain.StaffMember:
    """Return one person, or raise `NotFoundError`. No municipality owns staff."""
    return member_of(one(await _staff_query().where(t.StaffMember.id == staff)))


async def get_staff_members(staff: Collection[int]) -> dict[int, domain.StaffMember]:
    """Return the people with these ids, active or not, by id."""
    if not staff:
        return {}
    rows = await _staff_query().where(t.StaffMember.id.is_in(sorted(staff)))
    return {row["id"]: member_of(row) for row in rows}


async def touch_staff(staff: int) -> int:
    """Raise a person's version and return it; the row stays locked to the transaction's end."""
    s = t.StaffMember
    rows = await s.update({s.version: s.version + 1}).where(s.id == staff).returning(s.version)
    return int(one(rows)["version"])


async def lock_staff(*staff: int) -> None:
    """Hold people's rows, lower id first (after the slot's), or raise `NotFoundError`.

    Whoever claims, frees or counts on a person's time does: nobody then waits for a claim while
    holding the end of an audit chain that the other one needs.
    """
    if staff:
        s = t.StaffMember
        one(await locked(s.select(s.id).where(s.id.is_in(sorted({*staff}))).order_by(s.id)))


async def find_staff_by_reference(reference: str) -> domain.StaffMember | None:
    """Return the person with the agency's own reference, or None."""
    rows = await _staff_query().where(t.StaffMember.reference == reference)
    return member_of(rows[0]) if rows else None


async def list_availability(
    staff: Collection[int], first_on: date, last_on: date
) -> list[domain.Available]:
    """Return what people said of the days `[first_on, last_on]`, in order of time."""
    if not staff:
        return []
    a = t.Availability
    rows = (
        await a.select(a.staff, a.day, a.half, a.state)
        .where(a.staff.is_in(sorted(staff)))
        .where((a.day >= first_on) & (a.day <= last_on))
        .order_by(a.day, a.half, a.staff)
    )
    return values(rows, domain.Available)


async def availability_on(staff: int, day: date, half: Half) -> AvailabilityState:
    """Return what a person said of a half-day; silence is `NOT_AVAILABLE`."""
    found = await list_availability([staff], day, day)
    said = (row.state for row in found if row.half is half)
    return next(said, AvailabilityState.NOT_AVAILABLE)


async def set_availability(
    staff: int, first_on: date, last_on: date, said: Iterable[domain.Available]
) -> None:
    """Replace what a person said of the days `[first_on, last_on]`; `said` lies within them."""
    a = t.Availability
    await a.delete().where(a.staff == staff).where((a.day >= first_on) & (a.day <= last_on))
    rows = [
        a(staff=staff, day=row.day, half=row.half.value, state=row.state.value)
        for row in sorted(said, key=lambda row: (row.day, row.half))
        if row.state is not AvailabilityState.NOT_AVAILABLE
    ]
    if rows:
        await a.insert(*rows)


async def count_half_days(
    staff: Collection[int], first_on: date, last_on: date
) -> dict[tuple[int, AvailabilityState], int]:
    """Return how many half-days of `[first_on, last_on]` each person gave, by state."""
    if not staff:
        return {}
    a = t.Availability
    rows = (
        await a.select(a.staff, a.state, Count())
        .where(a.staff.is_in(sorted(staff)))
        .where((a.day >= first_on) & (a.day <= last_on))
        .group_by(a.staff, a.state)
    )
    return {(row["staff"], AvailabilityState(row["state"])): row["count"] for row in rows}
