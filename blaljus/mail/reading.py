"""Reads letters that we wrote: the calendar one carries, and all that a person can read of it."""

import re
from base64 import b64decode
from binascii import a2b_qp
from email.header import decode_header, make_header

_CALENDAR = re.compile(
    r"\r?\nContent-Type: text/calendar;.*?\r?\n\r?\n([A-Za-z0-9+/=\r\n]+)", re.DOTALL
)
_HEADERS_END = re.compile(r"\r?\n\r?\n")


def calendar_of(mime: str) -> str | None:
    """Return the calendar that a letter carries, or None."""
    found = _CALENDAR.search(mime)
    return b64decode(found[1]).decode() if found else None


def readable_text(mime: str) -> str:
    """Return a letter's headers, texts and calendar in plain words."""
    headers, _, rest = _HEADERS_END.sub("\0", mime, count=1).partition("\0")
    texts = a2b_qp(rest.encode("ascii")).decode(errors="replace")
    return "\n".join((str(make_header(decode_header(headers))), texts, calendar_of(mime) or ""))
