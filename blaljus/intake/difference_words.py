"""Says in plain words what an import would change. Addresses of staff are never shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import singledispatch
from typing import Any

from blaljus.domain.commitments import Duty
from blaljus.domain.differences import Changed, FieldChange, Kept
from blaljus.domain.imports import (
    AgencyRow,
    AvailabilityRow,
    BlockRow,
    ClassRow,
    FileKind,
    ImportRow,
    NightRow,
    SchoolUnitRow,
    StaffRow,
)
from blaljus.domain.words import Half
from blaljus.i18n import format_short_day, msgid, translations
from blaljus.i18n.words import word
from blaljus.intake.layouts import (
    AGENCIES,
    AVAILABILITY,
    BLOCKS,
    CLASSES,
    NIGHTS,
    SCHOOL_UNITS,
    STAFF,
    Layout,
)

FILE_NAMES: Mapping[FileKind, str] = {
    FileKind.SCHOOL_UNITS: "skolenheter.json",
    FileKind.CLASSES: "klasser.csv",
    FileKind.BLOCKS: "lasar.csv",
    FileKind.AGENCIES: "enheter.csv",
    FileKind.STAFF: "personal.csv",
    FileKind.AVAILABILITY: "tillganglighet.csv",
    FileKind.NIGHTS: "nattpass.csv",
}
"""What each kind of file is called, in the order they are read."""

_TITLES: Mapping[FileKind, str] = {
    FileKind.SCHOOL_UNITS: msgid("Skolenheter"),
    FileKind.CLASSES: msgid("Klasser"),
    FileKind.BLOCKS: msgid("Läsår, lov och studiedagar"),
    FileKind.AGENCIES: msgid("Verksamheter"),
    FileKind.STAFF: msgid("Blåljuspersonal"),
    FileKind.AVAILABILITY: msgid("Tider personalen kan"),
    FileKind.NIGHTS: msgid("Nattpass som personalen vilar efter"),
}

_LAYOUTS: Mapping[type[ImportRow], Layout[Any]] = {
    SchoolUnitRow: SCHOOL_UNITS,
    ClassRow: CLASSES,
    BlockRow: BLOCKS,
    AgencyRow: AGENCIES,
    StaffRow: STAFF,
    AvailabilityRow: AVAILABILITY,
    NightRow: NIGHTS,
}

_YES, _NO = msgid("ja"), msgid("nej")


def kind_title(kind: FileKind, language: str) -> str:
    """Return what a file is about, as a heading."""
    return translations(language).gettext(_TITLES[kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A language, and what schools are called, by code."""

    language: str
    schools: Mapping[str, str]

    def say(self, text: str) -> str:
        """Return a text in the language."""
        return translations(self.language).gettext(text)

    def school(self, code: str) -> str:
        """Return a school's name, or its code while nobody has told."""
        return self.schools.get(code, code)


def row_title(row: ImportRow, wording: Wording) -> str:
    """Return what a row is about, fit for a page: a protected person is a function."""
    return _title(row, wording)


@singledispatch
def _title(row: ImportRow, wording: Wording) -> str:
    raise TypeError(type(row), wording)


@_title.register
def _(row: SchoolUnitRow, wording: Wording) -> str:
    return f"{row.name} ({row.code}), {word(row.status, wording.language)}"


@_title.register
def _(row: ClassRow, wording: Wording) -> str:
    say = wording.say
    pupils = say("%(count)s elever") % {"count": row.year4_pupils + row.other_pupils}
    return f"{row.label}, {wording.school(row.school_code)}, {pupils}"


@_title.register
def _(row: BlockRow, wording: Wording) -> str:
    say = wording.say
    school = wording.school(row.school_code) if row.school_code else say("alla skolor")
    last = "" if row.first_on == row.last_on else f"–{row.last_on.isoformat()}"
    return f"{row.name}, {row.first_on.isoformat()}{last}, {school}"


@_title.register
def _(row: AgencyRow, wording: Wording) -> str:
    return f"{row.name}, {word(row.service, wording.language)}, {', '.join(row.municipality_codes)}"


@_title.register
def _(row: StaffRow, _wording: Wording) -> str:
    name = row.function if row.protected else row.display_name
    return f"{row.ref}, {name}, {row.agency}"


@_title.register
def _(row: AvailabilityRow, wording: Wording) -> str:
    half, state = word(row.half, wording.language), word(row.state, wording.language)
    return f"{row.staff_ref}, {row.day.isoformat()}, {half}: {state}"


@_title.register
def _(row: NightRow, _wording: Wording) -> str:
    return f"{row.staff_ref}, {row.day.isoformat()}"


def change_texts(changed: Changed[Any], language: str) -> list[str]:
    """Return one text per field: `elever_ak4: 20 → 22`, or `epost: ändrad` for what is private."""
    return [_change_text(change, changed, language) for change in changed.changes]


def _change_text(change: FieldChange, changed: Changed[Any], language: str) -> str:
    column = _LAYOUTS[type(changed.row)].column_of(change.attribute)
    say = translations(language).gettext
    if _is_private(change, changed):
        return f"{column}: {say('ändrad')}"
    return f"{column}: {_shown(change.old, language)} → {_shown(change.new, language)}"


def _is_private(change: FieldChange, changed: Changed[Any]) -> bool:
    if not isinstance(changed.row, StaffRow):
        return False
    protected = changed.row.protected or changed.was.protected
    held_back = ("display_name", "languages")
    return change.attribute == "address" or (protected and change.attribute in held_back)


def _shown(value: object, language: str) -> str:
    forms: Mapping[type, Callable[[Any], str]] = {
        bool: lambda yes: translations(language).gettext(_YES if yes else _NO),
        tuple: lambda items: ", ".join(map(str, items)) or "–",
        type(None): lambda _: "–",
        date: lambda day: day.isoformat(),
    }
    if isinstance(value, StrEnum):
        return word(value, language)
    return forms.get(type(value), str)(value)


def kept_text(kept: Kept, wording: Wording) -> str:
    """Return which half-day stays as it is, and the duty that makes it stay."""
    return f"{row_title(kept.row, wording)} – {duty_place(kept.duty, wording)}"


def duty_place(duty: Duty, wording: Wording) -> str:
    """Return where somebody's duty is; of another municipality's slot only that it is one."""
    return wording.say("ett pass i en annan kommun") if duty.place is None else duty.place


def when_text(day: date, half: Half, wording: Wording) -> str:
    """Return a half-day in running text: `tis 16 mars förmiddag`."""
    return f"{format_short_day(day, wording.language)} {word(half, wording.language).lower()}"
