"""Agencies, their people and when these can come, told as the rows of files."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from blaljus.domain.importing import Span
from blaljus.domain.imports import AgencyRow, AvailabilityRow, NightRow, StaffRow
from blaljus.domain.words import AvailabilityState, Half, Service
from blaljus.store import tables as t
from blaljus.store.bulk import select_in
from blaljus.store.nights import list_nights
from blaljus.store.rows import Row, words


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
        languages=words(row["languages"]),
    )


async def load_nights(staff: list[Row], span: Span) -> list[NightRow]:
    """Return the nights of the people of a span that end on its days."""
    refs = _refs(staff, span)
    found = await list_nights(refs.keys(), span.first_on, span.last_on)
    return [NightRow(staff_ref=refs[person], day=day) for person, day in found]


def _refs(staff: list[Row], span: Span) -> dict[int, str]:
    return {
        row["id"]: row["reference"]
        for row in staff
        if row["reference"].casefold() in span.staff_refs
    }


async def load_availability(staff: list[Row], span: Span) -> list[AvailabilityRow]:
    """Return what the people of a span said of its days."""
    refs = _refs(staff, span)
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
