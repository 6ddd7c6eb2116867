"""What an import carries: rows as the files say them, and what is wrong with them."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

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


class ProblemCode(StrEnum):
    """Why an import is turned down. Values are stable; the sentences are in `intake/words.py`."""

    # The file
    NO_FILES = "no-files"  # nothing that could be read was sent
    TOO_MANY_FILES = "too-many-files"  # more files than an import can hold
    UNKNOWN_FILE = "unknown-file"  # neither the name nor the header is one we know
    SAME_KIND_TWICE = "same-kind-twice"  # two files about the same thing; the second is not read
    TOO_LARGE = "too-large"  # more than 1 MiB
    EMPTY_FILE = "empty-file"  # nothing but white space
    NOT_TEXT = "not-text"  # bytes that are no text in a known encoding
    BROKEN_LETTERS = "broken-letters"  # å, ä, ö were damaged before the file came here
    LOOKS_LIKE_EXCEL = "looks-like-excel"  # a workbook, not a CSV
    LOOKS_LIKE_ZIP = "looks-like-zip"  # an archive
    LOOKS_LIKE_PDF = "looks-like-pdf"  # a PDF
    LOOKS_LIKE_IMAGE = "looks-like-image"  # a picture
    LOOKS_LIKE_HTML = "looks-like-html"  # a web page or XML
    LOOKS_LIKE_JSON = "looks-like-json"  # JSON where a CSV belongs
    LOOKS_LIKE_CALENDAR = "looks-like-calendar"  # iCalendar where a CSV belongs
    NOT_JSON = "not-json"  # the school units are no JSON; row is the line where reading stopped
    NOT_A_LIST = "not-a-list"  # the school units are JSON, but no list
    MORE_PROBLEMS = "more-problems"  # the listing ends here; value is how many more there are

    # The table
    NO_HEADER = "no-header"  # the first line holds none of the expected column names
    MISSING_COLUMN = "missing-column"  # a column the file must have
    UNKNOWN_COLUMN = "unknown-column"  # a column we do not know
    COLUMN_TWICE = "column-twice"  # the same column again
    TOO_MANY_ROWS = "too-many-rows"  # more rows than an import can hold; the rest is not read
    TOO_MANY_CELLS = "too-many-cells"  # a value outside the named columns
    BAD_QUOTING = "bad-quoting"  # a quotation mark that is not closed, or closed too early
    DUPLICATE = "duplicate"  # the same key again; value is the row where it stood first

    # Any cell
    MISSING_VALUE = "missing-value"  # an empty cell
    WRONG_TYPE = "wrong-type"  # JSON of another type than text or number
    TOO_LONG = "too-long"  # more characters than the column holds
    CONTROL_CHARACTER = "control-character"  # a line break, NUL or other invisible sign
    FORMULA_LIKE = "formula-like"  # starts with = + - @ TAB or CR: a spreadsheet would run it
    PERSONAL_NUMBER = "personal-number"  # holds a personnummer; value is always empty

    # A field
    SCHOOL_CODE_LENGTH = "school-code-length"  # digits, but not 8
    NOT_A_SCHOOL_CODE = "not-a-school-code"  # anything but digits
    NOT_A_NUMBER = "not-a-number"  # no whole number
    NEGATIVE = "negative"  # below 0
    TOO_MANY_PUPILS = "too-many-pupils"  # more than 60
    NO_YEAR4_PUPILS = "no-year4-pupils"  # 0 pupils in year 4
    NOT_A_DATE = "not-a-date"  # not of the form 2027-01-31, or no day of the calendar
    DATE_OUT_OF_RANGE = "date-out-of-range"  # a day outside the years we plan for
    FROM_AFTER_TO = "from-after-to"  # the last day comes before the first
    NOT_AN_ADDRESS = "not-an-address"  # not of the form name@example.se
    NOT_YES_OR_NO = "not-yes-or-no"  # neither ja nor nej
    NOT_A_REFERENCE = "not-a-reference"  # signs a staff reference may not hold
    NOT_A_MUNICIPALITY_CODE = "not-a-municipality-code"  # not 4 digits, or no such county
    NOT_A_GRADE = "not-a-grade"  # not 1 to 10
    NOT_A_COORDINATE = "not-a-coordinate"  # no number, or a place outside Sweden
    UNKNOWN_HALF = "unknown-half"  # neither fm nor em
    UNKNOWN_STATE = "unknown-state"  # none of ledig, beredskap, nej
    UNKNOWN_SERVICE = "unknown-service"  # none of polis, räddningstjänst, ambulans, partner
    UNKNOWN_CLASS_KIND = "unknown-class-kind"  # none of ordinarie, blandad, anpassad
    UNKNOWN_BLOCK_KIND = "unknown-block-kind"  # no kind of `BlockKind`
    UNKNOWN_STATUS = "unknown-status"  # no status of `SchoolStatus`
    UNKNOWN_ORGANISER = "unknown-organiser"  # neither KOMMUN nor ENSKILD

    # Something it refers to
    UNKNOWN_SCHOOL = "unknown-school"  # a school unit code nobody has imported
    UNKNOWN_AGENCY = "unknown-agency"  # an agency nobody has imported
    UNKNOWN_STAFF = "unknown-staff"  # a staff reference nobody has imported
    DUTY_STANDS = "duty-stands"  # a duty to come that would not fit; value names who and when
    DUTY_ELSEWHERE = "duty-elsewhere"  # the same in another municipality; value names who
    FOREIGN_MUNICIPALITY = "foreign-municipality"  # belongs to another municipality
    TAKEN_ELSEWHERE = "taken-elsewhere"  # somebody outside this municipality uses it already


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityRow(ImportRow):
    """What a person said of one half-day. `NOT_AVAILABLE` (`nej`) takes an earlier answer back."""

    staff_ref: str
    day: date
    half: Half
    state: AvailabilityState


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
