"""Finds Swedish personal identity numbers (personnummer) in text, so that none is ever kept."""

import re
from collections.abc import Iterator
from unicodedata import normalize

MASK = "••••••-••••"

_SHAPE = re.compile(
    r"(?<![0-9])(?:[0-9]{2})?(?P<date>[0-9]{6})\s?[-+‐‑–−]?\s?(?P<tail>[0-9]{4})(?![0-9])"
)


def has_personal_number(text: str) -> bool:
    """Return whether some part of the text has the form, a possible date and the check digit.

    Written with or without century and hyphen; coordination numbers (day + 60) too.
    """
    return any(_checks_out(match["date"] + match["tail"]) for match in _dated(text))


def mask_personal_numbers(text: str) -> str:
    """Return the text with everything of a personnummer's form hidden, mistyped ones too."""
    if not any(_dated(text)):
        return text
    return _SHAPE.sub(MASK, normalize("NFKC", text))


def _dated(text: str) -> Iterator[re.Match[str]]:
    """Yield the parts of the form whose digits may be a date."""
    for match in _SHAPE.finditer(normalize("NFKC", text)):
        month, day = int(match["date"][2:4]), int(match["date"][4:])
        if 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91):  # noqa: PLR2004 -- a calendar
            yield match


def _checks_out(digits: str) -> bool:
    """Return whether the last of ten digits is the Luhn check digit of the others."""
    doubled = "".join(str(int(digit) * (2 - i % 2)) for i, digit in enumerate(digits))
    return sum(map(int, doubled)) % 10 == 0
