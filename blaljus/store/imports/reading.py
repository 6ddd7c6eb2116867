"""What is stored, told as the rows of files: one side of an import's difference."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from blaljus.domain.differences import class_key
from blaljus.domain.importing import SEVERAL, Current, span_of
from blaljus.domain.imports import (
    BlockRow,
    ClassRow,
    Import,
    KnownCodes,
    SchoolUnitRow,
)
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import (
    ACTIVE_BOOKING,
    BlockKind,
    ClassKind,
    Organiser,
    SchoolStatus,
)
from blaljus.store import tables as t
from blaljus.store.bulk import select_in
from blaljus.store.imports.people import (
    agency_row,
    load_agencies,
    load_availability,
    load_nights,
    load_staff,
    staff_row,
)
from blaljus.store.imports.planned import load_duties, load_planned
from blaljus.store.rows import Row, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an import asks of the database. `municipality` is an id, None for one not yet stored.

    `whole` is the operator's: agencies that serve others alone may be named too.
    """

    municipality: int | None
    school_year: SchoolYear
    import_: Import
    day: date
    now: datetime
    whole: bool


async def load_current(question: Question) -> Current:
    """Return what is stored of all that the files speak of, sorted as the database likes."""
    owner = question.municipality or 0
    named = {row.name for row in question.import_.agencies} if question.whole else set()
    agencies, agencies_elsewhere = await load_agencies(
        municipality=owner, named=named, day=question.day
    )
    names = {row["id"]: row["name"] for row in agencies}
    staff, refs_elsewhere = await load_staff(names)
    span = span_of(question.import_.availability)
    said = await load_availability(staff, span) if span else []
    span = span_of(question.import_.nights)
    nights = await load_nights(staff, span) if span else []
    classes = await _classes(owner, question.school_year)
    teachers = await _teachers(owner, question.school_year)
    booked = await _booked(owner, question.school_year)
    return Current(
        school_units=tuple(await _units(owner)),
        classes=tuple(_class_row(row, teachers) for row in classes),
        blocks=tuple(await _blocks(owner)),
        agencies=tuple(agency_row(row) for row in agencies),
        staff=tuple(staff_row(row, names) for row in staff if row["active"]),
        availability=tuple(said),
        nights=tuple(nights),
        booked=frozenset(
            class_key(row["code"], row["label"]) for row in classes if row["id"] in booked
        ),
        elsewhere=KnownCodes(
            school_codes=await _units_elsewhere(owner, question.import_),
            agency_names=agencies_elsewhere,
            staff_refs=refs_elsewhere,
        ),
        duties=tuple(
            await load_duties([row["id"] for row in staff], owner=owner, now=question.now)
        ),
        planned=tuple(await load_planned(owner, question.now)),
    )


async def _units(owner: int) -> list[SchoolUnitRow]:
    u = t.SchoolUnit
    rows = await u.select(*u.all_columns(), u.municipality.code.as_alias("at")).where(
        u.municipality == owner
    )
    return [
        SchoolUnitRow(
            code=row["code"],
            name=row["name"],
            status=SchoolStatus(row["status"]),
            organiser=Organiser(row["organiser"]),
            municipality_code=row["at"],
            grades=tuple(map(int, words(row["grades"]))),
            latitude=row["latitude"],
            longitude=row["longitude"],
            locality=row["locality"],
            starts_on=None,
            ends_on=None,
        )
        for row in rows
    ]


async def _units_elsewhere(owner: int, import_: Import) -> frozenset[str]:
    u = t.SchoolUnit
    named = {row.code for row in import_.school_units}
    rows = await select_in(lambda: u.select(u.code).where(u.municipality != owner), u.code, named)
    return frozenset(row["code"] for row in rows)


async def _classes(owner: int, school_year: SchoolYear) -> list[Row]:
    c = t.SchoolClass
    return (
        await c.select(*c.all_columns(), c.school_unit.code.as_alias("code"))
        .where(c.municipality == owner)
        .where(c.school_year == school_year.start)
        .where(c.active == True)  # noqa: E712 -- Piccolo builds SQL from the comparison
    )


def _class_row(row: Row, teachers: dict[int, list[str]]) -> ClassRow:
    return ClassRow(
        school_code=row["code"],
        label=row["label"],
        year4_pupils=row["year4_pupils"],
        other_pupils=row["other_pupils"],
        kind=ClassKind(row["kind"]),
        teacher_address=SEVERAL.join(sorted(teachers[row["id"]])),
        language=row["language"],
    )


async def _teachers(owner: int, school_year: SchoolYear) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    c = t.ClassTeacher
    rows = (
        await c.select(c.school_class, c.account.address.as_alias("address"))
        .where(c.municipality == owner)
        .where(c.school_class.school_year == school_year.start)
    )
    for row in rows:
        found[row["school_class"]].append(row["address"])
    return found


async def _booked(owner: int, school_year: SchoolYear) -> set[int]:
    b = t.Booking
    rows = (
        await b.select(b.school_class)
        .where(b.municipality == owner)
        .where(b.school_class.school_year == school_year.start)
        .where(b.state.is_in([state.value for state in ACTIVE_BOOKING]))
    )
    return {row["school_class"] for row in rows}


async def _blocks(owner: int) -> list[BlockRow]:
    b = t.CalendarBlock
    rows = await b.select(*b.all_columns(), b.school_unit.code.as_alias("code")).where(
        b.municipality == owner
    )
    return [block_row(row) for row in rows]


def block_row(row: Row) -> BlockRow:
    """Return a stored block, with its school's `code`, as a row of a file."""
    return BlockRow(
        school_code=row["code"],
        kind=BlockKind(row["kind"]),
        name=row["name"],
        first_on=row["first_on"],
        last_on=row["last_on"],
    )
