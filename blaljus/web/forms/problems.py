"""What can be wrong with a field, and the sentence for it."""

import re
from collections.abc import Mapping
from enum import StrEnum

from blaljus.i18n import msgid


class Problem(StrEnum):
    """Why a field's value is refused. Values are stable."""

    REQUIRED = "required"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"
    TOO_SMALL = "too-small"
    TOO_BIG = "too-big"
    TOO_MANY = "too-many"
    TOO_FEW = "too-few"
    NOT_A_NUMBER = "not-a-number"
    NOT_A_DATE = "not-a-date"
    NOT_A_CHOICE = "not-a-choice"
    CONTROL_CHARACTERS = "control-characters"
    WRONG_FORMAT = "wrong-format"


WORDING: Mapping[Problem, str] = {
    Problem.REQUIRED: msgid("Fyll i fältet."),
    Problem.REPEATED: msgid("Fältet kom flera gånger. Ladda om sidan och försök igen."),
    Problem.UNKNOWN: msgid("Sidan skickade ett okänt fält. Ladda om sidan och försök igen."),
    Problem.TOO_LONG: msgid("Texten är för lång."),
    Problem.TOO_SHORT: msgid("Texten är för kort."),
    Problem.TOO_SMALL: msgid("Talet är för litet."),
    Problem.TOO_BIG: msgid("Talet är för stort."),
    Problem.TOO_MANY: msgid("Du har valt för många."),
    Problem.TOO_FEW: msgid("Välj minst en."),
    Problem.NOT_A_NUMBER: msgid("Skriv ett heltal med siffror."),
    Problem.NOT_A_DATE: msgid("Skriv ett datum som 2026-10-13."),
    Problem.NOT_A_CHOICE: msgid("Välj något av alternativen."),
    Problem.CONTROL_CHARACTERS: msgid("Texten innehåller tecken som inte går att spara."),
    Problem.WRONG_FORMAT: msgid("Skriv på det sätt som visas vid fältet."),
}
"""Sentences (msgids) for problems whose page has no better one."""

_SIGNS: tuple[tuple[str, Problem], ...] = (
    (r"`str` of length <=", Problem.TOO_LONG),
    (r"`str` of length >=", Problem.TOO_SHORT),
    (r"`array` of length <=", Problem.TOO_MANY),
    (r"`array` of length >=", Problem.TOO_FEW),
    (r"`(int|float)(?: \| null)?` >=?", Problem.TOO_SMALL),
    (r"`(int|float)(?: \| null)?` <=?", Problem.TOO_BIG),
    (r"^Expected `(int|float)", Problem.NOT_A_NUMBER),
    (r"^Invalid enum value|^Expected `bool", Problem.NOT_A_CHOICE),
    (r"encoded date", Problem.NOT_A_DATE),
)


def problem_of(message: str) -> Problem:
    """Return what msgspec's message about one value means; unforeseen ones are a wrong format."""
    found = (problem for sign, problem in _SIGNS if re.search(sign, message))
    return next(found, Problem.WRONG_FORMAT)
