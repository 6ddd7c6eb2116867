"""Local time, school years and half-days: the edges where clocks and calendars meet."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from blaljus.domain.words import Half

LOCAL = ZoneInfo("Europe/Stockholm")
"""The one time zone of Swedish schools."""

HALF_HOURS = {Half.FM: (time(8), time(12)), Half.EM: (time(12), time(16))}
"""Bounds of a half-day, half-open, local time: how the agencies' rosters are cut."""


def at_local(day: date, clock_time: time) -> datetime:
    """Return the UTC moment of a local wall-clock time, or raise `ValueError` if it is not unique.

    02.00-03.00 on the days the clocks change is refused: it happens never, or twice.
    """
    early, late = (datetime.combine(day, clock_time, LOCAL).replace(fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        raise ValueError(f"{day} {clock_time} is not one moment in {LOCAL.key}")
    return early.astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Return an aware moment as local wall-clock time."""
    return moment.astimezone(LOCAL)


def local_day(moment: datetime) -> date:
    """Return the local date on which an aware moment falls."""
    return local(moment).date()


def half_of(moment: datetime) -> Half:
    """Return the half-day of a moment: before noon local time is `FM`."""
    return Half.FM if local(moment).time() < HALF_HOURS[Half.EM][0] else Half.EM


def halves_of(starts_at: datetime, ends_at: datetime) -> list[tuple[date, Half]]:
    """Return the half-days of one local day that `[starts_at, ends_at)` touches, in order."""
    halves = {half_of(starts_at), half_of(ends_at - timedelta(microseconds=1))}
    return [(local_day(starts_at), half) for half in Half if half in halves]


def half_span(day: date, half: Half) -> tuple[datetime, datetime]:
    """Return a half-day as UTC `[start, end)`."""
    start, end = HALF_HOURS[half]
    return at_local(day, start), at_local(day, end)


def iso_week(day: date) -> tuple[int, int]:
    """Return (ISO year, ISO week 1-53)."""
    return day.isocalendar()[:2]


def monday_of(day: date) -> date:
    """Return the Monday of the ISO week of `day`."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """A school year, 1 July to 30 June, named by the calendar year it starts in (2000-2099)."""

    start: int

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        """Return the school year a day lies in."""
        july = 7
        return cls(day.year if day.month >= july else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> "SchoolYear":
        """Read `2026/27`; raise `ValueError` for anything else."""
        start, _, end = text.partition("/")
        if not (start.isdecimal() and len(start) == len("2026") and str(cls(int(start))) == text):
            raise ValueError(f"{text!r} is not a school year such as 2026/27 ({end!r})")
        return cls(int(start))

    @property
    def first_on(self) -> date:
        """Return 1 July."""
        return date(self.start, 7, 1)

    @property
    def last_on(self) -> date:
        """Return 30 June, inclusive."""
        return date(self.start + 1, 6, 30)

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02}"
