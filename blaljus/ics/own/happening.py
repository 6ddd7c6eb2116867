"""One event of a stranger's calendar: when it happens, told in the clock of its own zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import icalendar
from icalendar.timezone import tzp

from blaljus.domain.localtime import LOCAL
from blaljus.domain.own_calendars import BusyTime, Skipped

_FREE = {"X-MICROSOFT-CDO-BUSYSTATUS": "FREE", "STATUS": "CANCELLED", "TRANSP": "TRANSPARENT"}
_PERHAPS = {"X-MICROSOFT-CDO-BUSYSTATUS": "TENTATIVE", "STATUS": "TENTATIVE"}


class SkippedError(Exception):
    """The event does not count; says why."""

    def __init__(self, why: Skipped) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event, or one changed time of a series (`instead_of`), with all after it (`onwards`).

    `start` is what the clock shows in `zone`. `exact` tells whether `length` is time that passes
    (DTEND), or days of the calendar (RFC 5545, 3.8.5.3 and 3.3.6). `free`: it keeps nobody busy,
    however long it is.
    """

    uid: str
    start: datetime
    zone: tzinfo
    length: timedelta
    exact: bool
    free: bool
    soft: bool
    instead_of: datetime | None
    onwards: bool

    @property
    def busy(self) -> bool:
        """Return whether it takes time of its person."""
        return not self.free and self.length > timedelta(0)

    def on(self, start: datetime) -> BusyTime:
        """Return the time that the event takes when it begins at `start`, by its own clock."""
        begins = start.replace(tzinfo=self.zone).astimezone(UTC)
        ends = (
            begins + self.length
            if self.exact
            else (start + self.length).replace(tzinfo=self.zone).astimezone(UTC)
        )
        return BusyTime(starts_at=begins, ends_at=ends, soft=self.soft)


def event_of(component: icalendar.Event, floating: tzinfo) -> Event:
    """Return what an event says; times without a zone are in `floating`. Raises `SkippedError`."""
    found = component.get("DTSTART")
    if found is None or isinstance(found, list):
        raise SkippedError(Skipped.UNREADABLE)
    start, zone = clock_of(found, floating)
    length, exact = _length(component, found.dt, start.replace(tzinfo=zone), floating)
    free = _says(component, _FREE)
    if length < timedelta(0) and not free:
        raise SkippedError(Skipped.UNREADABLE)
    return Event(
        uid=str(component.get("UID", "")),
        start=start,
        zone=zone,
        length=length,
        exact=exact,
        free=free,
        soft=_says(component, _PERHAPS),
        instead_of=_instead_of(component, zone, floating),
        onwards=_is_onwards(component),
    )


def clock_of(found: Any, floating: tzinfo) -> tuple[datetime, tzinfo]:  # noqa: ANN401 -- icalendar's property
    """Return what the clock shows at a property's time, and the zone of that clock.

    A day begins at midnight here. Raises `SkippedError` for a zone that nobody knows.
    """
    moment = found.dt
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time()), LOCAL
    if moment.tzinfo is not None:
        return moment.replace(tzinfo=None), moment.tzinfo
    if found.params.get("TZID"):
        raise SkippedError(Skipped.UNKNOWN_ZONE)
    return moment, floating


def clock_in(moment: date | datetime, zone: tzinfo, floating: tzinfo) -> datetime:
    """Return what the clock of `zone` shows at a moment; a day begins at midnight."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=floating)
    return aware.astimezone(zone).replace(tzinfo=None)


def zone_named(name: str) -> tzinfo:
    """Return a calendar's own zone (X-WR-TIMEZONE), or ours where it names none that is known."""
    try:
        return tzp.timezone(name) or LOCAL
    except OSError:  # a name that no file can have
        return LOCAL


def values_of(component: icalendar.Event, name: str) -> Iterable[Any]:
    """Yield the values of a property that may stand more than once."""
    found = component.get(name, [])
    yield from found if isinstance(found, list) else [found]


def _length(
    component: icalendar.Event, first: date, begins: datetime, floating: tzinfo
) -> tuple[timedelta, bool]:
    end, span = component.get("DTEND"), component.get("DURATION")
    if end is not None and not isinstance(end, list):
        ends, zone = clock_of(end, floating)
        if not isinstance(end.dt, datetime):
            # Some programs end a whole day on the day itself, against RFC 5545, 3.6.1.
            day = timedelta(days=0 if isinstance(first, datetime) else 1)
            return (ends - begins.replace(tzinfo=None)) or day, False
        return ends.replace(tzinfo=zone).astimezone(UTC) - begins.astimezone(UTC), True
    if span is not None and not isinstance(span, list):
        length: timedelta = span.dt
        return length, length % timedelta(days=1) != timedelta(0)
    return timedelta(days=0 if isinstance(first, datetime) else 1), False


def _says(component: icalendar.Event, words: dict[str, str]) -> bool:
    return any(str(component.get(name, "")).strip().upper() == word for name, word in words.items())


def _instead_of(component: icalendar.Event, zone: tzinfo, floating: tzinfo) -> datetime | None:
    found = component.get("RECURRENCE-ID")
    if found is None:
        return None
    if isinstance(found, list):
        raise SkippedError(Skipped.UNREADABLE)
    clock_of(found, floating)
    return clock_in(found.dt, zone, floating)


def _is_onwards(component: icalendar.Event) -> bool:
    """Return whether a changed time changes all after it too (RFC 5545, 3.2.13)."""
    found = component.get("RECURRENCE-ID")
    said = str(found.params.get("RANGE", "")).upper() if found is not None else ""
    if said not in ("", "THISANDFUTURE"):
        raise SkippedError(Skipped.UNREADABLE)
    return bool(said)
