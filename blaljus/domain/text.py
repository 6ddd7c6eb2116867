"""Text from people, made safe where it enters: pages, calendars, mails and files agree on it."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
"""Control characters, lone surrogates, byte order marks, and marks that turn text around them."""


def clean_text(text: str) -> str:
    r"""Return the text in NFC, without control characters, lines ended by `\n`; tabs stay.

    Cleaning twice changes nothing more. Every format this program writes can carry the result.
    """
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)))


def clean_line(text: str) -> str:
    """Return the cleaned text on one line: runs of white space become one space."""
    return " ".join(clean_text(text).split())
