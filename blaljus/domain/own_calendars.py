"""Calendars that people of the agencies let us read: when they are busy, and nothing else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from blaljus.domain.availability import HalfDay
from blaljus.domain.errors import BlaljusError
from blaljus.domain.localtime import LOCAL, SchoolYear, half_span, local_day, monday_of
from blaljus.domain.words import Half

EARLIEST, LATEST = time(6), time(18)
"""No Blåljusdag begins before or ends after: what lies outside is never kept."""

SATURDAY = 5

FRESH = timedelta(hours=3)
"""How often an address is read again: rosters change a few times a week."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(days=1)
"""How long a server that fails is left alone: twice as long each time, up to a day."""


_DOUBLINGS = 10

TOLD = 20
"""Of what there can be thousands of, so many are told one by one."""


class SourceKind(StrEnum):
    """Where a calendar comes from. A person has at most one of each. Values are stable."""

    FILE = "file"
    ADDRESS = "address"


class Trouble(StrEnum):
    """Why a calendar was not read. Values are stable: the database holds them."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    WEB_PAGE = "web-page"
    NO_CALENDAR_FILE = "no-calendar-file"
    """Something else altogether: a PDF, a spreadsheet, a letter."""
    NOT_A_CALENDAR = "not-a-calendar"
    NULL_BYTES = "null-bytes"
    LINE_TOO_LONG = "line-too-long"
    TOO_DEEP = "too-deep"
    TOO_MANY_EVENTS = "too-many-events"
    TOO_MANY_RULES = "too-many-rules"
    TOO_OFTEN = "too-often"
    TOO_MANY_DATES = "too-many-dates"
    STRANGE_YEAR = "strange-year"
    TOO_MANY_TIMES = "too-many-times"
    TOO_MUCH_WORK = "too-much-work"
    NOTHING_READABLE = "nothing-readable"
    NOTHING_TO_COME = "nothing-to-come"
    """A file without any time still to come, where the one before has some."""
    EMPTIED = "emptied"
    """The same of an address."""
    BAD_ADDRESS = "bad-address"
    NOT_HTTPS = "not-https"
    UNKNOWN_HOST = "unknown-host"
    PRIVATE_HOST = "private-host"
    NO_CONNECTION = "no-connection"
    NOT_TRUSTED = "not-trusted"
    TOO_SLOW = "too-slow"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    SIGN_IN_NEEDED = "sign-in-needed"
    NOT_FOUND = "not-found"
    SERVER_TROUBLE = "server-trouble"
    KEY_LOST = "key-lost"
    """The address was sealed with a secret that is not among the settings any more."""


class Skipped(StrEnum):
    """Why an event of a calendar that was read does not count. Values are stable."""

    UNKNOWN_ZONE = "unknown-zone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An event that does not count, as far as its owner needs to find it; never its title."""

    why: Skipped
    number: int
    """Its place among the events of the calendar, from 1."""
    begins: str
    """What it says of its beginning: `2027-03-16 09.00`, `2027-03-16`, or nothing."""
    zone: str
    """The name of its time zone, if it gives one; at most 60 characters."""


class CalendarTroubleError(BlaljusError):
    """A calendar was not read; nothing of it is kept."""

    code = "calendar-trouble"

    def __init__(self, trouble: Trouble | str) -> None:
        self.trouble = Trouble(trouble)
        super().__init__(trouble=self.trouble.value)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class BusyTime:
    """A person is busy during `[starts_at, ends_at)`; `soft`: perhaps (TENTATIVE)."""

    starts_at: datetime
    ends_at: datetime
    soft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a calendar: times that do not touch each other, and events left out.

    `skipped` counts them all, `left_out` tells of the first `TOLD`.
    """

    busy: tuple[BusyTime, ...]
    skipped: Mapping[Skipped, int]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """What the latest reading that differed changed for its person, and when it was read.

    `new` and `gone` are the first `TOLD` busy times to come that are so, of `new_count` and
    `gone_count`. `begun` and `ended` are duties (ids) that clash since, or no more.
    """

    at: datetime
    new: tuple[BusyTime, ...]
    gone: tuple[BusyTime, ...]
    new_count: int
    gone_count: int
    begun: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendar:
    """A calendar of a person; the address itself lies sealed in the store.

    `trouble` is why the latest attempt failed: what was read at `read_at` stands meanwhile.
    """

    id: int
    staff: int
    kind: SourceKind
    host: str
    """Of an address, for its owner: `kalender.exempel.se`; empty for a file."""
    read_at: datetime
    tried_at: datetime
    due_at: datetime | None
    """When it is read next; None for a file, which is never read again."""
    failures: int
    trouble: Trouble | None
    unknown_zones: int
    unreadable: int
    left_out: tuple[LeftOut, ...] = ()
    change: RosterChange | None = None
    """None before anything has changed since the first reading."""


def window_of(today: date) -> tuple[date, date]:
    """Return the days `[first, last]` that are read: from this week to the next school year's end.

    A term that is announced next spring is known then too.
    """
    return monday_of(today), SchoolYear(SchoolYear.of(today).start + 1).last_on


def is_of_interest(starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether a time touches a weekday between `EARLIEST` and `LATEST`, local time."""
    day = local_day(starts_at)
    while datetime.combine(day, EARLIEST, LOCAL) < ends_at:
        if day.weekday() < SATURDAY and starts_at < datetime.combine(day, LATEST, LOCAL):
            return True
        day += timedelta(days=1)
    return False


def merged(times: Iterable[BusyTime]) -> tuple[BusyTime, ...]:
    """Return the same times without overlaps between firm ones, or between soft ones; in order."""
    every, found = sorted(times), list[BusyTime]()
    for soft in (False, True):
        kind: list[BusyTime] = []
        for busy in (t for t in every if t.soft is soft):
            if kind and busy.starts_at <= kind[-1].ends_at:
                longer = max(kind[-1].ends_at, busy.ends_at)
                kind[-1] = BusyTime(starts_at=kind[-1].starts_at, ends_at=longer, soft=soft)
            else:
                kind.append(busy)
        found += kind
    return tuple(sorted(found))


def differing(
    before: Iterable[BusyTime], after: Iterable[BusyTime], now: datetime
) -> tuple[list[BusyTime], list[BusyTime]]:
    """Return the busy times to come that are new, and those that are gone; each in order."""
    old, new = (merged(t for t in times if t.ends_at > now) for times in (before, after))
    return sorted(set(new) - set(old)), sorted(set(old) - set(new))


def busy_halves(times: Iterable[BusyTime]) -> dict[HalfDay, bool]:
    """Return the half-days that busy times overlap; True: only perhaps busy (soft)."""
    found: dict[HalfDay, bool] = {}
    for busy in times:
        for half_day in _halves(busy):
            found[half_day] = found.get(half_day, True) and busy.soft
    return found


def _halves(busy: BusyTime) -> Iterable[HalfDay]:
    day = local_day(busy.starts_at)
    while day <= local_day(busy.ends_at):
        for half in Half:
            start, end = half_span(day, half)
            if busy.starts_at < end and start < busy.ends_at:
                yield day, half
        day += timedelta(days=1)


def overlapping(times: Collection[BusyTime], starts_at: datetime, ends_at: datetime) -> bool | None:
    """Return None when nothing overlaps `[starts_at, ends_at)`, else whether all of it is soft."""
    here = [busy for busy in times if busy.starts_at < ends_at and starts_at < busy.ends_at]
    return all(busy.soft for busy in here) if here else None


def pause_after(failures: int) -> timedelta:
    """Return how long a server is left alone after so many failures in a row, at least one."""
    pause: timedelta = FIRST_PAUSE * 2 ** min(failures - 1, _DOUBLINGS)
    return min(LONGEST_PAUSE, pause)
