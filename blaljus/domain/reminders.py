"""Reminders: of what, how many days before or after, and when nobody is disturbed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from blaljus.domain.localtime import at_local, local

DAYTIME = (time(7), time(18))
"""Local time `[from, till)` in which reminders may be sent; outside it nobody is disturbed."""

SATURDAY = 5

MOST_STEPS = 3
"""More reminders of one thing are noise."""

MOST_DAYS = 60


class ReminderKind(StrEnum):
    """Of what somebody is reminded. Values are stable: rows and forms use them."""

    CLASS_SOON = "class-soon"
    DUTY_SOON = "duty-soon"
    NOT_BOOKED = "not-booked"
    NOT_REPORTED = "not-reported"
    NOT_ANSWERED = "not-answered"


AFTERWARDS = frozenset({ReminderKind.NOT_REPORTED, ReminderKind.NOT_ANSWERED})
"""Whose days are counted after the day, the others' before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """What a plan says of one kind: `days` before or after, 0-60, at a minute of the local day."""

    kind: ReminderKind
    enabled: bool = True
    days: tuple[int, ...]
    at_minute: int = 8 * 60


USUAL: Mapping[ReminderKind, ReminderRule] = MappingProxyType(
    {
        kind: ReminderRule(kind=kind, days=days)
        for kind, days in (
            (ReminderKind.CLASS_SOON, (7, 1)),
            (ReminderKind.DUTY_SOON, (7, 1)),
            (ReminderKind.NOT_BOOKED, (14, 3)),
            (ReminderKind.NOT_REPORTED, (1, 7)),
            (ReminderKind.NOT_ANSWERED, (7, 21)),
        )
    }
)
"""What holds while nobody has said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One thing to remind of, while it stands.

    `day` is what the days are counted from; `counted_from` tells occasions of the same subject
    apart: a booking that moves is another occasion. Nobody is reminded after `until`, nor at a
    moment before `since`: then they had just been told.
    """

    kind: ReminderKind
    subject: str
    day: date
    counted_from: date
    until: datetime
    since: datetime | None = None

    @property
    def key(self) -> tuple[str, str, date]:
        """Return what tells it from every other occasion."""
        return self.kind.value, self.subject, self.counted_from


def due_at(rule: ReminderRule, occasion: Occasion, days: int) -> datetime:
    """Return the UTC moment of a step, on a weekday: before a weekend, or after it."""
    after = occasion.kind in AFTERWARDS
    step = timedelta(days=1 if after else -1)
    day = occasion.day + days * step
    while day.weekday() >= SATURDAY:
        day += step
    return at_local(day, time(*divmod(rule.at_minute, 60)))


def steps(rule: ReminderRule, occasion: Occasion) -> list[tuple[datetime, int]]:
    """Return (moment, days) of every step that makes sense, in order of time."""
    if not rule.enabled:
        return []
    every = sorted((due_at(rule, occasion, days), days) for days in rule.days)
    return [
        (at, days)
        for at, days in every
        if at < occasion.until and (occasion.since is None or occasion.since < at)
    ]


def step_now(rule: ReminderRule, occasion: Occasion, now: datetime) -> int | None:
    """Return the days of the newest step that is due; the ones before it have lost their sense."""
    if now >= occasion.until:
        return None
    due = [days for at, days in steps(rule, occasion) if at <= now]
    return due[-1] if due else None


def is_quiet(now: datetime) -> bool:
    """Tell whether nobody is to be reminded at that moment."""
    return not DAYTIME[0] <= local(now).time() < DAYTIME[1]


def rules_of(stored: Iterable[ReminderRule]) -> dict[ReminderKind, ReminderRule]:
    """Return the rule of every kind: the stored one, else the usual."""
    return dict(USUAL) | {rule.kind: rule for rule in stored}
