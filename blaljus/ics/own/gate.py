"""The gate: what a stranger's calendar may be like, judged as text before anything parses it.

RFC 5545 sets no bounds; these are far above what people's calendars hold. One pass over the bytes,
one line in hand at a time.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from io import BytesIO

from blaljus.domain.own_calendars import Trouble

MOST_BYTES = 1_000_000
"""Of a file: ten years of a busy person's calendar."""
MOST_EVENTS = 3000
MOST_RULES = 200
MOST_DATES = 400
"""Of RDATE and EXDATE together."""
MOST_DEPTH = 4
"""VCALENDAR, VEVENT, VALARM, and one more."""
LONGEST_LINE = 100_000
"""Octets of an unfolded line: pictures of some programs stand in a single one."""
MOST_FOLDS = 2000
"""Of one line (RFC 5545, 3.1)."""
OFTEN = 24
"""So many times in a day, at most."""
FIRST_YEAR, LAST_YEAR = 1600, 2199
"""Birthdays of an unknown year stand in 1604."""

_OFTEN = re.compile(rb"FREQ=(SECONDLY|MINUTELY|HOURLY)")
_TIMES = re.compile(rb"BY(?:HOUR|MINUTE|SECOND)=([^;]*)")
_YEARS = re.compile(rb"[:,/](\d{4,})(?=\d{4}(?:\D|$))")
_DATED = (b"DTSTART", b"DTEND", b"RECURRENCE-ID", b"RDATE", b"EXDATE")
_RULES = (b"RRULE", b"EXRULE")
_BEGIN = b"BEGIN:"


def in_utf8(data: bytes) -> bytes:
    """Return a file in UTF-8 where a byte order mark says that it is in UTF-16; else as it is."""
    if not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data
    return data.decode("utf-16", errors="replace").encode()


def trouble_of(data: bytes) -> Trouble | None:
    """Return the first reason not to read a calendar, or None when it may be parsed."""
    begins = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    quick = {
        Trouble.TOO_LARGE: len(data) > MOST_BYTES,
        Trouble.EMPTY: not data.strip(),
        Trouble.WEB_PAGE: begins.startswith(b"<"),
        Trouble.NO_CALENDAR_FILE: begins[: len(_BEGIN)].upper() != _BEGIN,
        Trouble.NULL_BYTES: b"\0" in data,
    }
    for trouble, applies in quick.items():
        if applies:
            return trouble
    return _Gate().trouble_in(data)


class _TroubleFound(Exception):  # noqa: N818 -- a signal within this file
    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble


class _Gate:
    """Counts as lines pass; raises at the first that is one too many."""

    def __init__(self) -> None:
        self.open: list[bytes] = []
        self.events = self.rules = self.dates = 0
        self._checks: dict[bytes, Callable[[bytes], None]] = {
            b"BEGIN": self._begin,
            b"END": self._end,
            **dict.fromkeys(_RULES, self._rule),
            **dict.fromkeys(_DATED, self._dated),
        }

    def trouble_in(self, data: bytes) -> Trouble | None:
        try:
            for line in _unfolded(data):
                self._pass(line)
        except _TroubleFound as found:
            return found.trouble
        return Trouble.NOT_A_CALENDAR if self.open else None

    def _pass(self, line: bytes) -> None:
        name = re.split(rb"[;:]", line, maxsplit=1)[0].strip().upper()
        if not self.open and line.strip() and name != b"BEGIN":
            raise _TroubleFound(Trouble.NOT_A_CALENDAR)
        if check := self._checks.get(name):
            check(line.upper())

    def _begin(self, line: bytes) -> None:
        kind = line.partition(b":")[2].strip()
        if not self.open and kind != b"VCALENDAR":
            raise _TroubleFound(Trouble.NOT_A_CALENDAR)
        self.open.append(kind)
        self.events += kind == b"VEVENT"
        if len(self.open) > MOST_DEPTH:
            raise _TroubleFound(Trouble.TOO_DEEP)
        if self.events > MOST_EVENTS:
            raise _TroubleFound(Trouble.TOO_MANY_EVENTS)

    def _end(self, line: bytes) -> None:
        if not self.open or self.open.pop() != line.partition(b":")[2].strip():
            raise _TroubleFound(Trouble.NOT_A_CALENDAR)

    def _rule(self, line: bytes) -> None:
        self.rules += 1
        if self.rules > MOST_RULES:
            raise _TroubleFound(Trouble.TOO_MANY_RULES)
        times = 1
        for listed in _TIMES.findall(line):
            times *= listed.count(b",") + 1
        if times > OFTEN or _OFTEN.search(line):
            raise _TroubleFound(Trouble.TOO_OFTEN)

    def _dated(self, line: bytes) -> None:
        if line.startswith((b"RDATE", b"EXDATE")):
            self.dates += line.count(b",") + 1
        if self.dates > MOST_DATES:
            raise _TroubleFound(Trouble.TOO_MANY_DATES)
        # Outlook begins its time zones in 1601: only what people wrote is judged.
        if b"VTIMEZONE" not in self.open and not all(map(_is_sane, _YEARS.findall(line))):
            raise _TroubleFound(Trouble.STRANGE_YEAR)


def _is_sane(year: bytes) -> bool:
    return len(year) == len("2027") and FIRST_YEAR <= int(year) <= LAST_YEAR


def _unfolded(data: bytes) -> Iterator[bytes]:
    """Yield the lines of a calendar, folded ones as one (RFC 5545, 3.1)."""
    parts: list[bytes] = []
    length = 0
    for physical in BytesIO(data.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n")):
        part = physical.rstrip(b"\n")
        if not part:
            continue
        folded = bool(parts) and part[:1] in b" \t"
        if not folded:
            yield b"".join(parts)
            parts, length = [], 0
        parts.append(part[1:] if folded else part)
        length += len(part)
        if length > LONGEST_LINE or len(parts) > MOST_FOLDS:
            raise _TroubleFound(Trouble.LINE_TOO_LONG)
    yield b"".join(parts)
