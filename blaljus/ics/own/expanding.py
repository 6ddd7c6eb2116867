"""A calendar's events as busy times: series are written out over a window, changed times replaced.

`dateutil` writes out the rules (docs/decisions/0017, 0028); icalendar reads the text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import icalendar
from dateutil.rrule import (  # type: ignore[import-untyped]  # it has no types
    rrule,
    rrulestr,
)

from blaljus.domain.localtime import LOCAL
from blaljus.domain.own_calendars import (
    TOLD,
    BusyTime,
    CalendarTroubleError,
    LeftOut,
    Reading,
    Skipped,
    Trouble,
    is_of_interest,
    merged,
)
from blaljus.ics.own.happening import (
    Event,
    SkippedError,
    clock_in,
    event_of,
    values_of,
    zone_named,
)
from blaljus.ics.own.turns import in_turn, replaced, turns_of

MOST_TIMES = 20_000
"""Busy times of a calendar before they are merged: every hour of the window."""

_LONGEST_STEP = timedelta(days=2)
"""Zones lie at most a day from UTC, on either side."""

_END_OF_TIME = 9999
"""The year that programs write for "without end": no clock east of UTC reaches its last hour."""

_OUTLOOK_UID = re.compile(r"040000008200E00074C5B7101A82E008([0-9A-F]*)", re.IGNORECASE)

_WRITTEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?")
_LONGEST_ZONE = 60


class Series(NamedTuple):
    """An event, the component it was read of, and its place among the events, from 1."""

    event: Event
    component: icalendar.Event
    number: int


class Leavings:
    """Counts the events that cannot be read, and remembers the first of them."""

    def __init__(self) -> None:
        self.counts: Counter[Skipped] = Counter()
        self.first: list[LeftOut] = []

    @contextmanager
    def of(self, component: icalendar.Event, number: int) -> Iterator[None]:
        """Note the event if it cannot be read within the block, and go on after it."""
        try:
            yield
        except SkippedError as error:
            self._note(error.why, component, number)
        except (ValueError, TypeError, AttributeError, OverflowError):
            self._note(Skipped.UNREADABLE, component, number)

    def _note(self, why: Skipped, component: icalendar.Event, number: int) -> None:
        self.counts[why] += 1
        if len(self.first) < TOLD:
            begins, zone = _said_of(component)
            self.first.append(LeftOut(why=why, number=number, begins=begins, zone=zone))


def _said_of(component: icalendar.Event) -> tuple[str, str]:
    """Return what an event writes of its beginning, and the name of its time zone."""
    try:
        found = next(iter(values_of(component, "DTSTART")))
        written = _WRITTEN.match(found.to_ical().decode())
        zone = "".join(c for c in str(found.params.get("TZID", "")) if c.isprintable())
    except (StopIteration, AttributeError, ValueError, TypeError):
        return "", ""
    if written is None:
        return "", zone[:_LONGEST_ZONE]
    year, month, day, hour, minute = written.groups()
    clock = f" {hour}.{minute}" if hour else ""
    return f"{year}-{month}-{day}{clock}", zone[:_LONGEST_ZONE]


def busy_times(text: str, first: datetime, last: datetime, our_domain: str) -> Reading:
    """Return when a calendar's person is busy within `[first, last)`.

    Our own events, known by their UID, do not count. Raises `CalendarTroubleError`.
    """
    leavings = Leavings()
    found: list[BusyTime] = []
    number = 0
    for calendar in _parsed(text):
        components = list(enumerate(calendar.events, number + 1))
        number += len(components)
        series = _series(calendar, components, leavings)
        theirs = [one for one in series if not is_ours(one.event.uid, our_domain)]
        found += _limited(_written_out(theirs, first, last, leavings))
    if not found and number and leavings.counts.total() == number:
        raise CalendarTroubleError(Trouble.NOTHING_READABLE)
    wanted = (busy for busy in found if is_of_interest(busy.starts_at, busy.ends_at))
    return Reading(
        busy=merged(wanted), skipped=dict(leavings.counts), left_out=tuple(leavings.first)
    )


def is_ours(uid: str, our_domain: str) -> bool:
    """Return whether an event is one of ours that came back; Outlook wraps a foreign UID."""
    wrapped = _OUTLOOK_UID.match(uid)
    if wrapped and len(wrapped[1]) % 2 == 0:
        uid = bytes.fromhex(wrapped[1]).decode("latin-1").rstrip("\0")
    ours = rf"[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}@{re.escape(our_domain)}"
    return re.search(f"{ours}$", uid) is not None


def _parsed(text: str) -> list[icalendar.Calendar]:
    try:
        return list(icalendar.Calendar.from_ical(text, multiple=True))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise CalendarTroubleError(Trouble.NOT_A_CALENDAR) from None
    except OSError:  # a name of a zone that no file can have
        raise CalendarTroubleError(Trouble.NOTHING_READABLE) from None


def _series(
    calendar: icalendar.Calendar,
    components: Iterable[tuple[int, icalendar.Event]],
    leavings: Leavings,
) -> list[Series]:
    floating = zone_named(str(calendar.get("X-WR-TIMEZONE", LOCAL.key)))
    found: list[Series] = []
    for number, component in components:
        with leavings.of(component, number):
            found.append(Series(event_of(component, floating), component, number))
    return found


def _limited(times: Iterable[BusyTime]) -> list[BusyTime]:
    found: list[BusyTime] = []
    for busy in times:
        found.append(busy)
        if len(found) > MOST_TIMES:
            raise CalendarTroubleError(Trouble.TOO_MANY_TIMES)
    return found


def _written_out(
    series: Collection[Series], first: datetime, last: datetime, leavings: Leavings
) -> Iterator[BusyTime]:
    changes: dict[str, list[Event]] = defaultdict(list)
    for event, _, _ in series:
        if event.instead_of is not None:
            changes[event.uid].append(event)
    for event, component, number in series:
        with leavings.of(component, number):
            for busy in _times(event, component, changes[event.uid], first, last):
                if busy.starts_at < last and first < busy.ends_at:
                    yield busy


def _times(
    event: Event,
    component: icalendar.Event,
    changes: Sequence[Event],
    first: datetime,
    last: datetime,
) -> Iterator[BusyTime]:
    """Yield the busy times of an event or a series, all that may lie within the window."""
    if event.instead_of is not None:
        yield from in_turn(event, (), event.start)
        return
    turns = turns_of(changes)
    without = {clock_in(replaced(change), event.zone, event.zone) for change in changes}
    without.update(_dates(event, component, "EXDATE"))
    if event.busy or turns:
        for start in _starts(event, component, turns, first, last):
            if start not in without:
                yield from in_turn(event, turns, start)
    for period in _periods(event, component):
        if period.start not in without:
            yield from in_turn(period, (), period.start)


def _starts(
    event: Event,
    component: icalendar.Event,
    turns: Sequence[Event],
    first: datetime,
    last: datetime,
) -> Iterator[datetime]:
    """Yield when a series begins, by the clock of its zone, as far as that bears on the window."""
    begin, end = _bounds([event, *turns], first, last)
    for starts in _all_starts(event, component):
        for start in starts:
            if start > end:
                break
            if start >= begin:
                yield start


def _bounds(
    events: Collection[Event], first: datetime, last: datetime
) -> tuple[datetime, datetime]:
    """Return between what starts of a series, by any clock, its times reach into the window."""
    moved = [e.start - e.instead_of for e in events if e.instead_of is not None]
    reach = max(map(abs, moved), default=timedelta(0)) + _LONGEST_STEP
    longest = max(event.length for event in events)
    return first.replace(tzinfo=None) - longest - reach, last.replace(tzinfo=None) + reach


def _all_starts(event: Event, component: icalendar.Event) -> Iterator[Iterable[datetime]]:
    rules = [_rule(event, rule) for rule in values_of(component, "RRULE")]
    yield from rules or [[event.start]]
    yield _dates(event, component, "RDATE")


def _dates(event: Event, component: icalendar.Event, name: str) -> list[datetime]:
    found = [value.dt for dates in values_of(component, name) for value in dates.dts]
    starts = [value for value in found if not isinstance(value, tuple)]
    return sorted(clock_in(start, event.zone, event.zone) for start in starts)


def _periods(event: Event, component: icalendar.Event) -> Iterator[Event]:
    """Yield the added times that have a length of their own (RFC 5545, 3.3.9)."""
    for dates in values_of(component, "RDATE"):
        for start, end in (value.dt for value in dates.dts if isinstance(value.dt, tuple)):
            length = end if isinstance(end, timedelta) else end - start
            if length <= timedelta(0):
                raise SkippedError(Skipped.UNREADABLE)
            begins = clock_in(start, event.zone, event.zone)
            yield replace(event, start=begins, length=length, exact=True)


def _rule(event: Event, rule: icalendar.vRecur) -> rrule:
    """Return a rule by the clock of the event's zone: its end may be written in UTC."""
    until = [
        datetime.combine(end, event.start.time())
        if not isinstance(end, datetime)
        else clock_in(end, event.zone, event.zone)
        for end in rule.get("UNTIL", [])
        if end.year < _END_OF_TIME
    ]
    endless = icalendar.vRecur({k: v for k, v in rule.items() if k != "UNTIL"})
    text = str(endless.to_ical(), "ascii")  # type: ignore[no-untyped-call]  # icalendar's own
    written = rrulestr(text, dtstart=event.start)
    assert isinstance(written, rrule), "one rule is no set"  # noqa: S101 -- rrulestr's own promise
    return written.replace(until=until[0]) if until else written
