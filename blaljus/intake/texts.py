"""What every text goes through, whatever column it stands in."""

import re
from unicodedata import combining, normalize

from blaljus.domain.imports import ProblemCode
from blaljus.domain.personal_number import has_personal_number
from blaljus.domain.text import clean_line

MAX_CELL = 1000
"""Characters in any cell: five times the longest name we keep."""

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, line and paragraph separators, text direction overrides, lone surrogates."""

INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphen, zero-width space, word joiner, byte order mark: come along when pasting."""

FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
"""What makes a spreadsheet run a cell; East Asian ones read the wide forms too."""

_NEGATIVE = re.compile(r"[-−][0-9]+(?:[.,][0-9]+)?")


def tidy(text: str) -> str:
    """Return the text on one line, composed (NFC), without invisible signs and outer spaces."""
    return clean_line(INVISIBLE.sub("", text))


def fold(text: str) -> str:
    """Return letters and digits only, lower case, without marks: `Elever åk4` is `eleverak4`."""
    letters = normalize("NFKD", text.casefold())
    return "".join(sign for sign in letters if sign.isalnum() and not combining(sign))


def cell_fault(raw: str, *, number: bool) -> ProblemCode | None:
    """Return what is wrong with a cell before anyone asks what it means; the first reason counts.

    In a `number` column a minus sign means a negative number, elsewhere a formula.
    """
    text = tidy(raw[: MAX_CELL + 1])
    faults = {
        ProblemCode.TOO_LONG: len(raw) > MAX_CELL,
        ProblemCode.PERSONAL_NUMBER: has_personal_number(text),
        ProblemCode.NEGATIVE: number and _NEGATIVE.fullmatch(text) is not None,
        ProblemCode.FORMULA_LIKE: raw.startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS),
        ProblemCode.CONTROL_CHARACTER: UNSAFE.search(raw) is not None,
    }
    return next((code for code, applies in faults.items() if applies), None)
