"""When people can come: the weeks of a season, filling many half-days at once, copying weeks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from blaljus.domain.localtime import monday_of
from blaljus.domain.schools import Block, school_days
from blaljus.domain.words import AvailabilityState, BlockKind, Half

SCHOOL_WEEK = 5
"""Monday to Friday."""

_VERSION_BYTES = 4

HalfDay = tuple[date, Half]

Said = Mapping[HalfDay, AvailabilityState]
"""What a person said; a half-day that is missing is `NOT_AVAILABLE`."""

Nights = Mapping[date, bool]
"""Whether a night at work ends in the morning of a day; one that is missing is no night.

The day is rest: the half-days lie within the 11 hours that arbetstidslagen 13 § asks for.
"""

Season = Mapping[date, str]
"""The weekdays of all terms; the text names what keeps every school away, empty on a school day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """`tisdagar fm v. 38-44`: weekdays 0-4, halves, and the Mondays of first and last week.

    With `night` it says whether nights end on the mornings of those days, and nothing of halves.
    """

    weekdays: frozenset[int]
    halves: frozenset[Half]
    first_week: date
    last_week: date
    state: AvailabilityState
    night: bool | None = None


def season_of(calendars: Collection[Collection[Block]]) -> Season:
    """Return the weekdays in a term of any of some municipalities' calendars, in order.

    A day is off only where every municipality that has a term then is off.
    """
    days: dict[date, list[str]] = {}
    for blocks in calendars:
        for day in school_days(blocks):
            days.setdefault(day, []).append(_off(blocks, day))
    return {day: "" if "" in names else names[0] for day, names in sorted(days.items())}


def _off(blocks: Iterable[Block], day: date) -> str:
    common = (b for b in blocks if b.school_unit is None and b.kind is not BlockKind.TERM)
    return next((b.name for b in common if b.first_on <= day <= b.last_on), "")


def weeks_of(season: Season, today: date) -> tuple[date, ...]:
    """Return the Mondays of the season's weeks that are not over, in order."""
    return tuple(sorted({monday_of(day) for day in season if day >= today}))


def week_days(monday: date) -> tuple[date, ...]:
    """Return Monday to Friday of a week."""
    return tuple(monday + timedelta(days=n) for n in range(SCHOOL_WEEK))


def is_open(season: Season, day: date, today: date) -> bool:
    """Return whether a day can be filled in: a school day that has not passed."""
    return day >= today and season.get(day) == ""


def said_of(said: Said, half_day: HalfDay) -> AvailabilityState:
    """Return what was said of a half-day; silence is `NOT_AVAILABLE`."""
    return said.get(half_day, AvailabilityState.NOT_AVAILABLE)


def filled(filling: Filling) -> dict[HalfDay, AvailabilityState]:
    """Return what filling many half-days at once says, closed days too; the caller sorts out."""
    if filling.night is not None:
        return {}
    halves = sorted(filling.halves)
    return {(day, half): filling.state for day in _days(filling) for half in halves}


def nights_filled(filling: Filling) -> dict[date, bool]:
    """Return what filling many days at once says of nights, closed days too."""
    if filling.night is None:
        return {}
    return dict.fromkeys(_days(filling), filling.night)


def _days(filling: Filling) -> list[date]:
    weeks = weeks_between(filling.first_week, filling.last_week)
    days = (day for week in weeks for day in week_days(week))
    return [day for day in days if day.weekday() in filling.weekdays]


def weeks_between(first: date, last: date) -> tuple[date, ...]:
    """Return the Mondays from `first` to `last`, both included."""
    week = timedelta(weeks=1)
    return tuple(first + n * week for n in range((last - first) // week + 1))


def copied(said: Said, source: date, targets: Iterable[date]) -> dict[HalfDay, AvailabilityState]:
    """Return what saying the same of other weeks as of `source` says; weeks by their Mondays."""
    return {
        (day + (target - source), half): said_of(said, (day, half))
        for target in targets
        for day in week_days(source)
        for half in Half
    }


def nights_copied(nights: Nights, source: date, targets: Iterable[date]) -> dict[date, bool]:
    """Return what other weeks say of nights when they are as `source`; weeks by their Mondays."""
    return {
        day + (target - source): nights.get(day, False)
        for target in targets
        for day in week_days(source)
    }


def nights_differing(nights: Nights, wanted: Nights) -> dict[date, bool]:
    """Return the part of `wanted` that is not so already, in order of time."""
    return {
        day: night for day, night in sorted(wanted.items()) if nights.get(day, False) is not night
    }


def differing(said: Said, wanted: Said) -> dict[HalfDay, AvailabilityState]:
    """Return the part of `wanted` that is not said already, in order of time."""
    new = ((half_day, state) for half_day, state in wanted.items())
    return dict(
        sorted(
            ((half_day, state) for half_day, state in new if said_of(said, half_day) is not state),
            key=lambda change: (change[0][0], list(Half).index(change[0][1])),
        )
    )


def shown_version(
    weeks: Iterable[date], said: Said, locked: Collection[HalfDay], nights: Nights
) -> int:
    """Return a number that tells what a page of weeks shows from what it showed before."""
    shown = [
        f"{day} {half} {said_of(said, (day, half))} {(day, half) in locked} {nights.get(day)}"
        for week in weeks
        for day in week_days(week)
        for half in Half
    ]
    digest = sha256("\n".join(shown).encode()).digest()
    return int.from_bytes(digest[:_VERSION_BYTES], "big") >> 1
