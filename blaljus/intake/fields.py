"""One function per kind of field: tidy text in, a value out, or `FieldError` with the reason."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from blaljus.domain.imports import ProblemCode
from blaljus.intake.texts import fold

T = TypeVar("T")

MAX_PUPILS = 60
"""No class is larger; two classes taught together are two rows."""

MAX_ADDRESS = 254
"""Characters in a mail address (RFC 5321)."""

MAX_LANGUAGES = 5
"""Of one person: as many as the column holds."""

PLANNED_YEARS = range(2000, 2100)
"""The years a `SchoolYear` can name."""

REGISTER_YEARS = range(1800, 2200)
"""The register knows when old schools began."""

COUNTIES = frozenset({"01", *(f"{n:02}" for n in range(3, 26))} - {"11", "15", "16"})
"""County codes of today; a municipality code starts with one."""

SWEDEN = ((55.0, 69.5), (10.5, 24.5))
"""Bounds of latitude and longitude in degrees, with a margin."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MUNICIPALITY = re.compile(r"[0-9]{4}")
_DECIMAL = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,20})?")
_REFERENCE = re.compile(r"[A-Za-zÅÄÖåäö0-9][A-Za-zÅÄÖåäö0-9._-]{0,49}")
_LANGUAGE = re.compile(r"[^\W\d_](?:[^\W\d_]| |-){1,38}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{1,62}"
)


class FieldError(Exception):
    """A text that is no value of its field; `code` says why."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code


def text_up_to(length: int) -> Callable[[str], str]:
    """Return a reader of any text of at most so many characters."""

    def read(text: str) -> str:
        if len(text) > length:
            raise FieldError(ProblemCode.TOO_LONG)
        return text

    return read


def one_of(choices: Mapping[str, T], code: ProblemCode) -> Callable[[str], T]:
    """Return a reader of a closed list; case, spaces, hyphens and accents do not matter."""
    folded = {fold(word): value for word, value in choices.items()}

    def read(text: str) -> T:
        if fold(text) not in folded:
            raise FieldError(code)
        return folded[fold(text)]

    return read


def school_code(text: str) -> str:
    """Return a school unit code, 8 digits. A code that lost its leading zero is told apart."""
    if not (text.isascii() and text.isdecimal()):
        raise FieldError(ProblemCode.NOT_A_SCHOOL_CODE)
    if len(text) != len("56948895"):
        raise FieldError(ProblemCode.SCHOOL_CODE_LENGTH)
    return text


def school_code_or_all(text: str) -> str | None:
    """Return a school unit code, or `None` for `*`: every school."""
    return None if text == "*" else school_code(text)


def pupils(text: str) -> int:
    """Return a whole number of pupils, 0 to 60."""
    if not (text.isascii() and text.isdecimal()):
        raise FieldError(ProblemCode.NOT_A_NUMBER)
    if int(text) > MAX_PUPILS:
        raise FieldError(ProblemCode.TOO_MANY_PUPILS)
    return int(text)


def year4_pupils(text: str) -> int:
    """Return a whole number of pupils, 1 to 60: a class without year 4 is not ours to plan."""
    count = pupils(text)
    if count == 0:
        raise FieldError(ProblemCode.NO_YEAR4_PUPILS)
    return count


def day_within(years: range) -> Callable[[str], date]:
    """Return a reader of ISO dates (`2027-01-31`) in these years."""

    def read(text: str) -> date:
        try:
            day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise FieldError(ProblemCode.NOT_A_DATE)
        if day.year not in years:
            raise FieldError(ProblemCode.DATE_OUT_OF_RANGE)
        return day

    return read


def address(text: str) -> str:
    """Return a mail address as written: ASCII, exactly one @, a domain with a dot."""
    local, _, domain = text.partition("@")
    sound = _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain) and len(local) <= 64  # noqa: PLR2004 -- RFC 5321
    if not sound or len(text) > MAX_ADDRESS:
        raise FieldError(ProblemCode.NOT_AN_ADDRESS)
    return text


def reference(text: str) -> str:
    """Return a staff reference: letters, digits, full stop, hyphen, underscore, at most 50."""
    if not _REFERENCE.fullmatch(text):
        raise FieldError(ProblemCode.NOT_A_REFERENCE)
    return text


def language(text: str) -> str:
    """Return the name of a language in small letters: `arabiska`."""
    if not _LANGUAGE.fullmatch(text):
        raise FieldError(ProblemCode.NOT_A_LANGUAGE)
    return text.casefold()


def languages(text: str) -> tuple[str, ...]:
    """Return up to 5 languages between commas or semicolons, in order of the alphabet."""
    found = sorted({language(part.strip()) for part in re.split(r"[,;]", text.strip(",; "))})
    if len(found) > MAX_LANGUAGES:
        raise FieldError(ProblemCode.NOT_A_LANGUAGE)
    return tuple(found)


def municipality_code(text: str) -> str:
    """Return a municipality code: 4 digits, of which the first two are a county."""
    if not _MUNICIPALITY.fullmatch(text) or text[:2] not in COUNTIES:
        raise FieldError(ProblemCode.NOT_A_MUNICIPALITY_CODE)
    return text


def municipality_codes(text: str) -> tuple[str, ...]:
    """Return at least one municipality code, ascending, without repeats."""
    return tuple(sorted({municipality_code(part) for part in _parts(text)}))


def grades(text: str) -> tuple[int, ...]:
    """Return school years 1 to 10, ascending, without repeats."""
    allowed = {str(grade): grade for grade in range(1, 11)}
    if not allowed.keys() >= set(_parts(text)):
        raise FieldError(ProblemCode.NOT_A_GRADE)
    return tuple(sorted({allowed[part] for part in _parts(text)}))


def degrees_within(bounds: tuple[float, float]) -> Callable[[str], float | None]:
    """Return a reader of degrees (decimal point or comma); `NaN` means unknown."""

    def read(text: str) -> float | None:
        if fold(text) == "nan":
            return None
        value = float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else math.nan
        if not bounds[0] <= value <= bounds[1]:
            raise FieldError(ProblemCode.NOT_A_COORDINATE)
        return value

    return read


def _parts(text: str) -> Iterable[str]:
    """Return what stands between commas, semicolons and spaces; one empty part for nothing."""
    return re.split(r"[,; ]+", text.strip(",; "))
