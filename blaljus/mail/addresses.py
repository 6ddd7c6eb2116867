"""Mail addresses and header texts, checked before anything is written with them."""

import re

from blaljus.domain.text import clean_line

_ADDRESS = re.compile(r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@([^\s@\[\]<>(),:;\"\\]{1,253})")
"""What real addresses look like: no quoted local part, no address of a machine by number."""

_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class UnmailableError(ValueError):
    """A header cannot be written; `field` names it. The value stays out: it may be private."""

    code = "unmailable"

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} cannot stand in a mail header")
        self.field = field


def header_text(field: str, value: str) -> str:
    """Return a text fit for a header; raise `UnmailableError` where it holds line breaks."""
    if _UNWRITABLE.search(value):
        raise UnmailableError(field)
    return clean_line(value)


def ascii_address(field: str, address: str) -> tuple[str, str]:
    """Return (local part, domain in its ASCII form), or raise `UnmailableError`."""
    found = _ADDRESS.fullmatch(header_text(field, address))
    if found is None:
        raise UnmailableError(field)
    try:
        return found[1], found[2].encode("idna").decode()
    except UnicodeError:
        raise UnmailableError(field) from None
