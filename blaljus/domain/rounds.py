"""What is kept of a slot's carousel, and who is told what of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRounds:
    """Of one slot; texts are JSON, None while there is nothing.

    `decided` is the carousel as it was when times changed while the slot went on, `told` what was
    last sent to each class and person on duty.
    """

    id: int
    municipality: int
    slot: int
    decided: str | None
    decided_at: datetime | None
    told: str | None
    told_at: datetime | None
    version: int


Row = tuple[datetime, datetime, int]
"""From, till, and whom or what one meets then: a station of a class, a class of a station."""

Rows = Mapping[str, tuple[Row, ...]]
"""By subject: `booking:12` or `assignment:7`."""


def told_by(told: Rows, now: Rows, reached: Collection[str]) -> Rows:
    """Return what is told once the subjects `reached` know theirs: the others know what they did.

    Who comes no more is left out.
    """
    return {
        subject: now[subject] if subject in reached else told[subject]
        for subject in sorted(now)
        if subject in reached or subject in told
    }


def to_tell(told: Rows, now: Rows) -> tuple[str, ...]:
    """Return the subjects whose rows are others than they were told; who has none needs no word."""
    return tuple(subject for subject in sorted(now) if now[subject] != told.get(subject, ()))
