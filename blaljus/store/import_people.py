"""Agencies, their people and when these can come, told as the rows of files."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from blaljus.domain.importing import Duty, Span
from blaljus.domain.imports import AgencyRow, AvailabilityRow, StaffRow
from blaljus.domain.localtime import half_of, local_day
from blaljus.domain.words import (
    ACTIVE_ASSIGNMENT,
    AvailabilityState,
    Half,
    Service,
    SlotState,
)
from blaljus.store import tables as t
from blaljus.store.bulk import select_in
from blaljus.store.rows import Row


async def load_agencies(
    *, municipality: int, named: Collection[str], day: date
) -> tuple[list[Row], frozenset[str]]:
    """Return the agencies that serve the municipality or are named, and the others' names.

    Each row has the `codes` served on the day, ascending; the others' names are case-folded.
    """
    a, c = t.Agency, t.AgencyCoverage
    serves: dict[int, set[str]] = defaultdict(set)
    ours: set[int] = set()
    covers = c.select(c.agency, c.municipality, c.municipality.code.as_alias("code"))
    for row in await covers.where(c.first_on <= day).where(
        (c.last_on.is_null()) | (c.last_on >= day)
    ):
        serves[row["agency"]].add(row["code"])
        ours |= {row["agency"]} if row["municipality"] == municipality else set()
    every = [row | {"codes": tuple(sorted(serves[row["id"]]))} for row in await a.select()]
    wanted = {name.casefold() for name in named}
    ours |= {row["id"] for row in every if row["name"].casefold() in wanted}
    others = frozenset(row["name"].casefold() for row in every if row["id"] not in ours)
    return [row for row in every if row["id"] in ours], others


def agency_row(row: Row) -> AgencyRow:
    """Return a stored agency as a row of a file."""
    return AgencyRow(
        name=row["name"],
        service=Service(row["provides"]),
        municipality_codes=row["codes"],
        address=row["address"],
    )


async def load_staff(agencies: Iterable[int]) -> tuple[list[Row], frozenset[str]]:
    """Return the people of some agencies, and the references that all others use."""
    s = t.StaffMember
    ours = set(agencies)
    details = s.select(*s.all_columns(), s.account.address.as_alias("address"))
    rows = await details.where(s.agency.is_in(sorted(ours))) if ours else []
    every = await s.select(s.agency, s.reference)
    return rows, frozenset(r["reference"].casefold() for r in every if r["agency"] not in ours)


def staff_row(row: Row, agencies: dict[int, str]) -> StaffRow:
    """Return a stored person as a row of a file; `agencies` are names by id."""
    return StaffRow(
        ref=row["reference"],
        agency=agencies[row["agency"]],
        display_name=row["display_name"],
        function=row["function"],
        address=row["address"],
        protected=row["protected"],
    )


async def load_availability(staff: list[Row], span: Span) -> list[AvailabilityRow]:
    """Return what the people of a span said of its days."""
    refs = {
        row["id"]: row["reference"]
        for row in staff
        if row["reference"].casefold() in span.staff_refs
    }
    a = t.Availability
    days = (a.day >= span.first_on) & (a.day <= span.last_on)
    rows = await select_in(lambda: a.select().where(days), a.staff, refs)
    return [
        AvailabilityRow(
            staff_ref=refs[row["staff"]],
            day=row["day"],
            half=Half(row["half"]),
            state=AvailabilityState(row["state"]),
        )
        for row in rows
    ]


async def load_duties(owner: int, span: Span, now: datetime) -> list[Duty]:
    """Return the duties ahead of the people of a span, in one municipality."""
    a = t.Assignment
    rows = (
        await a.select(
            a.slot.starts_at.as_alias("starts_at"),
            a.staff.reference.as_alias("reference"),
            a.staff.display_name.as_alias("display_name"),
            a.staff.function.as_alias("function"),
            a.staff.protected.as_alias("protected"),
            a.station.on_call_allowed.as_alias("on_call_allowed"),
        )
        .where(a.municipality == owner)
        .where(a.state.is_in([state.value for state in ACTIVE_ASSIGNMENT]))
        .where(a.slot.state != SlotState.CANCELLED.value)
        .where(a.slot.starts_at > now)
    )
    return [_duty(row) for row in rows if row["reference"].casefold() in span.staff_refs]


def _duty(row: Row) -> Duty:
    return Duty(
        staff_ref=row["reference"],
        name=row["function"] if row["protected"] else row["display_name"],
        day=local_day(row["starts_at"]),
        half=half_of(row["starts_at"]),
        on_call_allowed=bool(row["on_call_allowed"]),
    )
