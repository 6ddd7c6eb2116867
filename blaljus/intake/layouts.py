"""What each kind of file holds: its columns, its key, and the row it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from blaljus.domain.imports import (
    AgencyRow,
    AvailabilityRow,
    BlockRow,
    ClassRow,
    FileKind,
    ImportRow,
    NightRow,
    ProblemCode,
    SchoolUnitRow,
    StaffRow,
)
from blaljus.domain.words import (
    AvailabilityState,
    BlockKind,
    ClassKind,
    Half,
    Organiser,
    SchoolStatus,
    Service,
)
from blaljus.intake import fields
from blaljus.intake.texts import fold

R = TypeVar("R", bound=ImportRow)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, the row's attribute, and how to read a cell of it."""

    name: str
    attribute: str
    read: Callable[[str], object]
    synonyms: tuple[str, ...] = ()
    number: bool = False
    optional: bool = False
    """A cell may be empty."""
    empty: object = None
    """What an empty cell of an optional column means."""
    may_lack: bool = False
    """A file without the column says nothing of it: the attribute is `None`."""
    private: bool = False
    """May belong to a protected person: a wrong value is pointed at, never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout(Generic[R]):
    """One kind of file. `key` names the attributes that no two rows share."""

    kind: FileKind
    row: Callable[..., R]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    span: tuple[str, str] | None = None
    """Attributes of a first and a last day."""

    @property
    def by_name(self) -> Mapping[str, Column]:
        """Return the columns by every folded name they may have."""
        return {
            fold(name): column
            for column in self.columns
            for name in (column.name, *column.synonyms)
        }

    def column_of(self, attribute: str) -> str:
        """Return the name of the column behind an attribute."""
        return next(column.name for column in self.columns if column.attribute == attribute)


def _school_unit(**values: Any) -> SchoolUnitRow:  # noqa: ANN401 -- the row's own fields
    """Build a unit; half a position is none, and no grades are an empty tuple."""
    if values["latitude"] is None or values["longitude"] is None:
        values = {**values, "latitude": None, "longitude": None}
    return SchoolUnitRow(**{**values, "grades": values["grades"] or ()})


SCHOOL_UNITS = Layout(
    kind=FileKind.SCHOOL_UNITS,
    row=_school_unit,
    key=("code",),
    span=("starts_on", "ends_on"),
    columns=(
        Column("schoolUnitCode", "code", fields.school_code, number=True),
        Column("displayName", "name", fields.text_up_to(200)),
        Column(
            "status",
            "status",
            fields.one_of({item: item for item in SchoolStatus}, ProblemCode.UNKNOWN_STATUS),
        ),
        Column(
            "organizerType",
            "organiser",
            fields.one_of({item: item for item in Organiser}, ProblemCode.UNKNOWN_ORGANISER),
        ),
        Column("municipalityCode", "municipality_code", fields.municipality_code, number=True),
        Column("grades", "grades", fields.grades, number=True, optional=True),
        Column("latitude", "latitude", fields.degrees_within(fields.SWEDEN[0]), optional=True),
        Column("longitude", "longitude", fields.degrees_within(fields.SWEDEN[1]), optional=True),
        Column("locality", "locality", fields.text_up_to(100), optional=True),
        Column("startdate", "starts_on", fields.day_within(fields.REGISTER_YEARS), optional=True),
        Column("endDate", "ends_on", fields.day_within(fields.REGISTER_YEARS), optional=True),
    ),
)

CLASSES = Layout(
    kind=FileKind.CLASSES,
    row=ClassRow,
    key=("school_code", "label"),
    columns=(
        Column("skolenhetskod", "school_code", fields.school_code, number=True),
        Column("klass", "label", fields.text_up_to(60)),
        Column("elever_ak4", "year4_pupils", fields.year4_pupils, number=True),
        Column("ovriga_elever", "other_pupils", fields.pupils, number=True),
        Column(
            "klasstyp",
            "kind",
            fields.one_of({item: item for item in ClassKind}, ProblemCode.UNKNOWN_CLASS_KIND),
        ),
        Column("epost_larare", "teacher_address", fields.address, ("lärarens e-post",)),
        Column("sprak", "language", fields.language, optional=True, empty="", may_lack=True),
    ),
)

BLOCKS = Layout(
    kind=FileKind.BLOCKS,
    row=BlockRow,
    key=("school_code", "kind", "name", "first_on", "last_on"),
    span=("first_on", "last_on"),
    columns=(
        Column("skolenhetskod", "school_code", fields.school_code_or_all, number=True),
        Column(
            "typ",
            "kind",
            fields.one_of({item: item for item in BlockKind}, ProblemCode.UNKNOWN_BLOCK_KIND),
        ),
        Column("namn", "name", fields.text_up_to(100)),
        Column("fran", "first_on", fields.day_within(fields.PLANNED_YEARS), ("från och med",)),
        Column("till", "last_on", fields.day_within(fields.PLANNED_YEARS), ("till och med",)),
    ),
)

AGENCIES = Layout(
    kind=FileKind.AGENCIES,
    row=AgencyRow,
    key=("name",),
    columns=(
        Column("enhet", "name", fields.text_up_to(200)),
        Column(
            "verksamhet",
            "service",
            fields.one_of(
                {
                    "polis": Service.POLICE,
                    "raddningstjanst": Service.RESCUE,
                    "ambulans": Service.AMBULANCE,
                    "partner": Service.PARTNER,
                },
                ProblemCode.UNKNOWN_SERVICE,
            ),
        ),
        Column(
            "kommunkoder",
            "municipality_codes",
            fields.municipality_codes,
            ("kommunkod",),
            number=True,
        ),
        Column("epost", "address", fields.address),
    ),
)

STAFF = Layout(
    kind=FileKind.STAFF,
    row=StaffRow,
    key=("ref",),
    columns=(
        Column("personalref", "ref", fields.reference),
        Column("enhet", "agency", fields.text_up_to(200)),
        Column("visningsnamn", "display_name", fields.text_up_to(100), private=True),
        Column("funktion", "function", fields.text_up_to(100)),
        Column("epost", "address", fields.address, private=True),
        Column(
            "skyddad",
            "protected",
            fields.one_of({"ja": True, "nej": False}, ProblemCode.NOT_YES_OR_NO),
        ),
        Column(
            "sprak",
            "languages",
            fields.languages,
            optional=True,
            empty=(),
            may_lack=True,
            private=True,
        ),
    ),
)

AVAILABILITY = Layout(
    kind=FileKind.AVAILABILITY,
    row=AvailabilityRow,
    key=("staff_ref", "day", "half"),
    columns=(
        Column("personalref", "staff_ref", fields.reference),
        Column("datum", "day", fields.day_within(fields.PLANNED_YEARS)),
        Column(
            "halvdag",
            "half",
            fields.one_of({item: item for item in Half}, ProblemCode.UNKNOWN_HALF),
        ),
        Column(
            "lage",
            "state",
            fields.one_of(
                {
                    "ledig": AvailabilityState.FREE,
                    "beredskap": AvailabilityState.ON_CALL,
                    "nej": AvailabilityState.NOT_AVAILABLE,
                },
                ProblemCode.UNKNOWN_STATE,
            ),
        ),
    ),
)

NIGHTS = Layout(
    kind=FileKind.NIGHTS,
    row=NightRow,
    key=("staff_ref", "day"),
    columns=(
        Column("personalref", "staff_ref", fields.reference),
        Column("slutar", "day", fields.day_within(fields.PLANNED_YEARS)),
    ),
)

TABLES: tuple[Layout[Any], ...] = (CLASSES, BLOCKS, AGENCIES, STAFF, AVAILABILITY, NIGHTS)
"""The kinds that come as CSV."""
