"""Takes over what an import says: a few statements per table, however many rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from blaljus.domain.differences import Difference, Key, RowsDifference, key_of
from blaljus.domain.imports import BlockRow, ClassRow, SchoolUnitRow
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import SchoolStatus, VenueKind
from blaljus.store import tables as t
from blaljus.store.accounts import address_key
from blaljus.store.bulk import add_rows, chunks, remove_rows, save_rows, select_in
from blaljus.store.imports.people_saving import (
    save_agencies,
    save_availability,
    save_nights,
    save_staff,
)
from blaljus.store.imports.reading import block_row
from blaljus.store.rows import Row

IMPORT_APPLIED = "import-applied"
"""What the audit log calls an import that changed something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Whose import it is. `whole` is the operator's, who may say whom else an agency serves."""

    municipality: int
    school_year: SchoolYear
    day: date
    whole: bool


async def save_import(difference: Difference, taking: Taking) -> None:
    """Store every added and changed row, remove what goes, end classes; accounts come along."""
    await _save_units(difference.school_units, taking.municipality)
    units = await _unit_rows(taking.municipality)
    accounts = await _save_accounts(
        [row.teacher_address for row in difference.classes.saved]
        + [row.address for row in difference.staff.saved]
    )
    await _save_classes(difference.classes, taking, units, accounts)
    await _save_venues({row.code for row in difference.school_units.saved}, taking, units)
    await _save_blocks(difference.blocks, taking.municipality, units)
    await save_agencies(
        difference.agencies,
        municipality=taking.municipality,
        whole=taking.whole,
        first_on=min(taking.day, taking.school_year.first_on),
        day=taking.day,
    )
    await save_staff(difference.staff, accounts)
    await save_availability(difference.availability)
    await save_nights(difference.nights)


async def rename_municipality(municipality: int, name: str) -> None:
    """Store a municipality's name."""
    m = t.Municipality
    await m.update({m.name: name}).where(m.id == municipality)


async def last_import(municipality: int) -> tuple[int, str | None]:
    """Return how many imports changed something, and the latest one's audit data as JSON."""
    a = t.AuditEntry
    mine = (a.municipality == municipality) & (a.action == IMPORT_APPLIED)
    rows = await a.select(a.data).where(mine).order_by(a.id, ascending=False).limit(1)
    return await a.count().where(mine), rows[0]["data"] if rows else None


async def _unit_rows(municipality: int) -> dict[str, Row]:
    u = t.SchoolUnit
    rows = await u.select().where(u.municipality == municipality)
    return {row["code"]: row for row in rows}


async def _save_units(difference: RowsDifference[SchoolUnitRow], municipality: int) -> None:
    if not difference.saved:
        return
    stored = await _unit_rows(municipality)
    await save_rows(
        t.SchoolUnit,
        [(stored.get(row.code), _unit_columns(row, municipality)) for row in difference.saved],
    )


def _unit_columns(row: SchoolUnitRow, municipality: int) -> Row:
    return {
        "municipality": municipality,
        "code": row.code,
        "name": row.name,
        "status": row.status.value,
        "organiser": row.organiser.value,
        "grades": ",".join(map(str, row.grades)),
        "locality": row.locality,
        "latitude": row.latitude,
        "longitude": row.longitude,
    }


async def _save_accounts(addresses: Iterable[str]) -> dict[str, int]:
    """Make the accounts that are missing, and return all ids by address key."""
    wanted = {address_key(address): address for address in addresses}
    a = t.Account
    stored = {row["address_key"] for row in await select_in(a.select, a.address_key, wanted)}
    new = sorted(wanted.keys() - stored)
    await add_rows(
        [a(address=wanted[key], address_key=key, language="sv", active=True) for key in new],
        keep_existing=True,
    )
    rows = await select_in(a.select, a.address_key, wanted)
    return {row["address_key"]: row["id"] for row in rows}


async def _class_rows(taking: Taking) -> dict[Key, Row]:
    c = t.SchoolClass
    rows = (
        await c.select(*c.all_columns(), c.school_unit.code.as_alias("code"))
        .where(c.municipality == taking.municipality)
        .where(c.school_year == taking.school_year.start)
    )
    return {(row["code"], row["label"].casefold()): row for row in rows}


async def _save_classes(
    difference: RowsDifference[ClassRow],
    taking: Taking,
    units: dict[str, Row],
    accounts: dict[str, int],
) -> None:
    if difference.is_empty:
        return
    stored = await _class_rows(taking)
    pairs = [
        (stored.get(key_of(row)), _class_columns(row, taking, units[row.school_code]["id"]))
        for row in difference.saved
    ]
    await save_rows(t.SchoolClass, pairs)
    await _end_classes([stored[key_of(row)]["id"] for row in difference.removed])
    new_teacher = [
        changed.row
        for changed in difference.changed
        if changed.row.teacher_address != changed.was.teacher_address
    ]
    await _save_teachers([*difference.added, *new_teacher], taking, accounts)


def _class_columns(row: ClassRow, taking: Taking, unit: int) -> Row:
    return {
        "municipality": taking.municipality,
        "school_unit": unit,
        "school_year": taking.school_year.start,
        "label": row.label,
        "year4_pupils": row.year4_pupils,
        "other_pupils": row.other_pupils,
        "kind": row.kind.value,
        "active": True,
        **({} if row.language is None else {"language": row.language}),
    }


async def _end_classes(ids: Collection[int]) -> None:
    c = t.SchoolClass
    for part in chunks(sorted(ids)):
        await c.update({c.active: False, c.version: c.version + 1}).where(c.id.is_in(list(part)))


async def _save_teachers(
    rows: Collection[ClassRow], taking: Taking, accounts: dict[str, int]
) -> None:
    """Give each class the one teacher that its row names."""
    stored = await _class_rows(taking)
    pairs = [
        (stored[key_of(row)]["id"], accounts[address_key(row.teacher_address)]) for row in rows
    ]
    c = t.ClassTeacher
    for part in chunks(sorted(school_class for school_class, _ in pairs)):
        await c.delete().where(c.school_class.is_in(list(part)))
    await add_rows(
        [c(municipality=taking.municipality, school_class=k, account=a) for k, a in pairs]
    )


async def _save_venues(changed: Collection[str], taking: Taking, units: dict[str, Row]) -> None:
    """Let every active school with classes be a venue; a changed school's venue follows it."""
    c, v = t.SchoolClass, t.Venue
    classes = (
        await c.select(c.school_unit)
        .where(c.municipality == taking.municipality)
        .where(c.school_year == taking.school_year.start)
        .where(c.active == True)  # noqa: E712 -- Piccolo builds SQL from the comparison
    )
    teaching = {row["school_unit"] for row in classes}
    rows = await v.select().where(v.municipality == taking.municipality)
    stored = {row["school_unit"]: row for row in rows if row["school_unit"] is not None}
    pairs = []
    for code, unit in sorted(units.items()):
        venue = stored.get(unit["id"])
        is_new = unit["id"] in teaching and unit["status"] == SchoolStatus.ACTIVE.value
        if (venue is None and is_new) or (venue and code in changed and not _same(venue, unit)):
            pairs.append((venue, _venue_columns(unit, venue)))
    await save_rows(v, pairs)


def _same(venue: Row, unit: Row) -> bool:
    return all(venue[name] == unit[name] for name in ("name", "latitude", "longitude"))


def _venue_columns(unit: Row, venue: Row | None) -> Row:
    return {
        "municipality": unit["municipality"],
        "kind": VenueKind.SCHOOL.value,
        "school_unit": unit["id"],
        "name": unit["name"],
        "latitude": unit["latitude"],
        "longitude": unit["longitude"],
        "near_rescue_station": venue["near_rescue_station"] if venue else False,
        "partner_station": venue["partner_station"] if venue else "",
    }


async def _save_blocks(
    difference: RowsDifference[BlockRow], municipality: int, units: dict[str, Row]
) -> None:
    if difference.is_empty:
        return
    b = t.CalendarBlock
    query = b.select(*b.all_columns(), b.school_unit.code.as_alias("code"))
    rows = await query.where(b.municipality == municipality)
    gone = {key_of(row) for row in difference.removed}
    await remove_rows(b, [row["id"] for row in rows if key_of(block_row(row)) in gone])
    await add_rows(
        [
            b(
                municipality=municipality,
                school_unit=units[row.school_code]["id"] if row.school_code else None,
                kind=row.kind.value,
                name=row.name,
                first_on=row.first_on,
                last_on=row.last_on,
            )
            for row in difference.added
        ]
    )
