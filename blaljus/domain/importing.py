"""What an import would change: the files against the database, both told as rows of files."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date

from blaljus.domain.commitments import Duty, PlannedSlot
from blaljus.domain.differences import (
    Difference,
    Kept,
    Key,
    RowsDifference,
    compare_rows,
    key_of,
)
from blaljus.domain.imports import (
    AgencyRow,
    AvailabilityRow,
    BlockRow,
    ClassRow,
    FileKind,
    Import,
    KnownCodes,
    NightRow,
    SchoolUnitRow,
    StaffRow,
)
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import AvailabilityState, BlockKind, SchoolStatus

SEVERAL = ", "
"""Between the addresses of a stored class that has several teachers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """What is stored, as the files would say it. Ended classes and inactive staff are left out.

    `booked` holds the keys of classes with an active booking; `elsewhere` names that somebody
    outside uses already (case-folded); `duties` are active, of people the files speak of, in any
    municipality; `planned` are the municipality's own slots.
    """

    school_units: tuple[SchoolUnitRow, ...] = ()
    classes: tuple[ClassRow, ...] = ()
    blocks: tuple[BlockRow, ...] = ()
    agencies: tuple[AgencyRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    availability: tuple[AvailabilityRow, ...] = ()
    nights: tuple[NightRow, ...] = ()
    booked: frozenset[Key] = frozenset()
    elsewhere: KnownCodes = field(default_factory=KnownCodes)
    duties: tuple[Duty, ...] = ()
    planned: tuple[PlannedSlot, ...] = ()

    @property
    def known(self) -> KnownCodes:
        """Return what rows of the files may refer to without bringing it along."""
        return KnownCodes(
            school_codes=frozenset(row.code for row in self.school_units),
            agency_names=frozenset(row.name for row in self.agencies),
            staff_refs=frozenset(row.ref for row in self.staff),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whose half-days a file speaks of (case-folded references), and from when to when."""

    staff_refs: frozenset[str]
    first_on: date
    last_on: date

    def holds(self, row: AvailabilityRow | NightRow) -> bool:
        """Return whether the file is the truth about a half-day, or a night."""
        return (
            row.staff_ref.casefold() in self.staff_refs and self.first_on <= row.day <= self.last_on
        )


def span_of(rows: Iterable[AvailabilityRow | NightRow]) -> Span | None:
    """Return what a file of availability or nights speaks of; None for a file without rows."""
    said = list(rows)
    if not said:
        return None
    return Span(
        staff_refs=frozenset(row.staff_ref.casefold() for row in said),
        first_on=min(row.day for row in said),
        last_on=max(row.day for row in said),
    )


def school_year_of(import_: Import) -> SchoolYear | None:
    """Return the school year that the terms of the files lie in; None without one, or for two."""
    terms = [row for row in import_.blocks if row.kind is BlockKind.TERM]
    years = {SchoolYear.of(row.first_on) for row in terms}
    return years.pop() if len(years) == 1 else None


def compare(import_: Import, current: Current, *, only: str | None = None) -> Difference:
    """Return what the files would change.

    A file is the whole truth of: the days off of the school years it names; the half-days of the
    people it names, from its first day to its last, but those under a duty, and so of nights; the
    classes of the schools it names. Other rows that are missing stay. `only` is the code of the
    one municipality whose service by an agency may change; None lets the file decide for all.
    """
    sent = {source.kind for source in import_.sources} - import_.unreadable
    found = Difference(
        school_units=_units(import_, current),
        classes=_classes(import_, current),
        blocks=_blocks(import_, current),
        agencies=_agencies(import_, current, only),
        staff=compare_rows(FileKind.STAFF, import_.staff, current.staff, _as_spelt_by_staff),
        availability=_availability(import_, current),
        nights=_nights(import_, current),
    )
    parts = {part.name: getattr(found, part.name) for part in fields(found)}
    return Difference(
        **{name: replace(part, sent=True) for name, part in parts.items() if part.kind in sent}
    )


def _units(import_: Import, current: Current) -> RowsDifference[SchoolUnitRow]:
    # The register's dates are not kept: the status says what we need of them.
    said = [replace(row, starts_on=None, ends_on=None) for row in import_.school_units]
    return compare_rows(FileKind.SCHOOL_UNITS, said, current.school_units)


def _classes(import_: Import, current: Current) -> RowsDifference[ClassRow]:
    found = compare_rows(FileKind.CLASSES, import_.classes, current.classes, _as_spelt_by_class)
    schools = {row.school_code for row in import_.classes}
    gone = [row for row in found.missing if row.school_code in schools]
    return replace(
        found,
        removed=tuple(row for row in gone if key_of(row) not in current.booked),
        undecided=tuple(row for row in gone if key_of(row) in current.booked),
        missing=tuple(row for row in found.missing if row.school_code not in schools),
    )


def _as_spelt_by_class(row: ClassRow, was: ClassRow) -> ClassRow:
    # Of several teachers the file's is one: the others were added by hand, and stay.
    known = was.teacher_address.casefold().split(SEVERAL)
    same = row.teacher_address.casefold() in known
    return replace(
        was,
        teacher_address=row.teacher_address if same else was.teacher_address,
        language=None if row.language is None else was.language,
    )


def _as_spelt_by_staff(row: StaffRow, was: StaffRow) -> StaffRow:
    same_address = row.address.casefold() == was.address.casefold()
    same_agency = row.agency.casefold() == was.agency.casefold()
    return replace(
        was,
        address=row.address if same_address else was.address,
        agency=row.agency if same_agency else was.agency,
        languages=None if row.languages is None else was.languages,
    )


def _blocks(import_: Import, current: Current) -> RowsDifference[BlockRow]:
    found = compare_rows(FileKind.BLOCKS, import_.blocks, current.blocks)
    years = {SchoolYear.of(day) for row in import_.blocks for day in (row.first_on, row.last_on)}
    gone = [row for row in found.missing if SchoolYear.of(row.first_on) in years]
    return replace(found, removed=tuple(gone), missing=())


def _agencies(import_: Import, current: Current, only: str | None) -> RowsDifference[AgencyRow]:
    if only is None:
        return compare_rows(FileKind.AGENCIES, import_.agencies, current.agencies)
    said = [replace(row, municipality_codes=(only,)) for row in import_.agencies]
    stored = [
        replace(row, municipality_codes=tuple(c for c in row.municipality_codes if c == only))
        for row in current.agencies
    ]
    return compare_rows(FileKind.AGENCIES, said, stored)


def _availability(import_: Import, current: Current) -> RowsDifference[AvailabilityRow]:
    said = [row for row in import_.availability if row.state is not AvailabilityState.NOT_AVAILABLE]
    span = span_of(import_.availability)
    stored = [row for row in current.availability if span is not None and span.holds(row)]
    found = compare_rows(FileKind.AVAILABILITY, said, stored, _as_spelt_by_availability)
    return _spared(replace(found, removed=found.missing, missing=()), current.duties)


def _spared(
    found: RowsDifference[AvailabilityRow], duties: Iterable[Duty]
) -> RowsDifference[AvailabilityRow]:
    """Keep half-days under a duty: who cannot come after all answers the duty."""
    booked: dict[Key, Duty] = {
        (duty.staff_ref.casefold(), day.isoformat(), half.value): duty
        for duty in sorted(duties, key=lambda duty: duty.starts_at, reverse=True)
        for day, half in duty.half_days
    }
    worse = [c.was for c in found.changed if c.row.state is not AvailabilityState.FREE]
    kept = {
        key_of(row): Kept(row=row, duty=booked[key_of(row)])
        for row in (*found.removed, *worse)
        if key_of(row) in booked
    }
    return replace(
        found,
        removed=tuple(row for row in found.removed if key_of(row) not in kept),
        changed=tuple(c for c in found.changed if key_of(c.was) not in kept),
        kept=tuple(kept[key] for key in sorted(kept)),
    )


def _nights(import_: Import, current: Current) -> RowsDifference[NightRow]:
    span = span_of(import_.nights)
    stored = [row for row in current.nights if span is not None and span.holds(row)]
    found = compare_rows(
        FileKind.NIGHTS,
        import_.nights,
        stored,
        lambda row, was: replace(was, staff_ref=row.staff_ref),
    )
    booked: dict[Key, Duty] = {
        (duty.staff_ref.casefold(), duty.day.isoformat()): duty for duty in current.duties
    }
    kept = [row for row in found.added if key_of(row) in booked]
    return replace(
        found,
        added=tuple(row for row in found.added if row not in kept),
        removed=found.missing,
        missing=(),
        kept=tuple(Kept(row=row, duty=booked[key_of(row)]) for row in kept),
    )


def _as_spelt_by_availability(row: AvailabilityRow, was: AvailabilityRow) -> AvailabilityRow:
    return replace(was, staff_ref=row.staff_ref)


def unanswered_after(current: Current, difference: Difference) -> tuple[SchoolUnitRow, ...]:
    """Return the active units with year 4 that have no class once the import stands, by name."""
    units = {row.code: row for row in current.school_units}
    units |= {row.code: row for row in difference.school_units.saved}
    ended = {key_of(row) for row in difference.classes.removed}
    answered = {row.school_code for row in current.classes if key_of(row) not in ended}
    answered |= {row.school_code for row in difference.classes.saved}
    silent = [
        row
        for code, row in units.items()
        if row.has_year4 and row.status is SchoolStatus.ACTIVE and code not in answered
    ]
    return tuple(sorted(silent, key=lambda row: (row.name, row.code)))
