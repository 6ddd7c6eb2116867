"""What an import carries: rows as the files say them, and what is wrong with them."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from blaljus.domain.import_problems import ProblemCode
from blaljus.domain.words import (
    AvailabilityState,
    BlockKind,
    ClassKind,
    Half,
    Organiser,
    SchoolStatus,
    Service,
)


class FileKind(StrEnum):
    """What a file is about; the value is its name without ending."""

    SCHOOL_UNITS = "skolenheter"
    CLASSES = "klasser"
    BLOCKS = "lasar"
    AGENCIES = "enheter"
    STAFF = "personal"
    AVAILABILITY = "tillganglighet"
    NIGHTS = "nattpass"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """One thing that is wrong, and where. `value` is cleaned for display, at most 60 characters.

    `row` counts lines of a CSV from 1, elements of a JSON list from 1.
    """

    file: str
    row: int | None
    column: str | None
    code: ProblemCode
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """Where a row stood in its file, from 1; says nothing about what the row means."""

    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolUnitRow(ImportRow):
    """One school unit; `grades` ascending; both coordinates (WGS 84 degrees) or none."""

    code: str
    name: str
    status: SchoolStatus
    organiser: Organiser
    municipality_code: str
    grades: tuple[int, ...]
    latitude: float | None
    longitude: float | None
    locality: str | None
    starts_on: date | None
    ends_on: date | None

    @property
    def has_year4(self) -> bool:
        """Return whether the register says that the unit teaches year 4."""
        year4 = 4
        return year4 in self.grades


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow(ImportRow):
    """One class; pupils 1-60 in year 4, 0-60 others."""

    school_code: str
    label: str
    year4_pupils: int
    other_pupils: int
    kind: ClassKind
    teacher_address: str
    language: str | None = None
    """One of the crew must speak it; empty: none in particular. `None`: the file says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow(ImportRow):
    """Days `first_on` to `last_on`, both inclusive, of one school; `None` means every school."""

    school_code: str | None
    kind: BlockKind
    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow(ImportRow):
    """One agency and the municipalities it covers, ascending and without repeats."""

    name: str
    service: Service
    municipality_codes: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow(ImportRow):
    """One staff member; `agency` is the agency's name."""

    ref: str
    agency: str
    display_name: str
    function: str
    address: str
    protected: bool
    languages: tuple[str, ...] | None = None
    """Beside Swedish, in order of the alphabet. `None`: the file says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityRow(ImportRow):
    """What a person said of one half-day. `NOT_AVAILABLE` (`nej`) takes an earlier answer back."""

    staff_ref: str
    day: date
    half: Half
    state: AvailabilityState


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRow(ImportRow):
    """A night at work that ends in the morning of a day: the day is rest."""

    staff_ref: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCodes:
    """What rows may refer to."""

    school_codes: frozenset[str] = frozenset()
    agency_names: frozenset[str] = frozenset()
    staff_refs: frozenset[str] = frozenset()
    municipality_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of a kind we know, and the name it came with."""

    kind: FileKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """All sound rows of an import, in the order of the files."""

    school_units: tuple[SchoolUnitRow, ...] = ()
    classes: tuple[ClassRow, ...] = ()
    blocks: tuple[BlockRow, ...] = ()
    agencies: tuple[AgencyRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    availability: tuple[AvailabilityRow, ...] = ()
    nights: tuple[NightRow, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    ignored: tuple[str, ...] = ()
    """Files that were left aside on purpose, such as calendars and the README."""
    named: KnownCodes = KnownCodes()
    """Keys of every row, also of rows with a fault elsewhere, so that one fault is told once."""
    unreadable: frozenset[FileKind] = frozenset()
    """Kinds whose file was sent but not understood: nothing can be said of references to them."""

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of the files that were understood."""
        return tuple(source.name for source in self.sources if source.kind not in self.unreadable)


__all__ = [
    "AgencyRow",
    "AvailabilityRow",
    "BlockRow",
    "ClassRow",
    "FileKind",
    "Import",
    "ImportProblem",
    "ImportRow",
    "KnownCodes",
    "NightRow",
    "ProblemCode",
    "SchoolUnitRow",
    "SourceFile",
    "StaffRow",
]
