"""A series that is another one from a time on (RANGE=THISANDFUTURE; RFC 5545, 3.2.13)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from blaljus.domain.own_calendars import BusyTime
from blaljus.ics.own.happening import Event, clock_in


def replaced(change: Event) -> datetime:
    """Return the moment of the series that a changed time stands for."""
    assert change.instead_of is not None, "a changed time says which"  # noqa: S101 -- of the caller
    return change.instead_of.replace(tzinfo=change.zone)


def turns_of(changes: Iterable[Event]) -> list[Event]:
    """Return the changes that hold for all later times too, in the order of their times."""
    return sorted((change for change in changes if change.onwards), key=replaced)


def in_turn(event: Event, turns: Sequence[Event], start: datetime) -> Iterator[BusyTime]:
    """Yield the time of a series at `start`, by its own clock, as the last change before it says.

    It is moved by as much as the changed time was, by the clock of the change. Nothing where that
    one is not busy.
    """
    moment = start.replace(tzinfo=event.zone)
    for turn in reversed(turns):
        if turn.instead_of is not None and replaced(turn) <= moment:
            moved = clock_in(moment, turn.zone, turn.zone) + (turn.start - turn.instead_of)
            event, start = turn, moved
            break
    if event.busy:
        yield event.on(start)
