"""When a class really arrives at a slot's place, and when it must leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from blaljus.domain.booking import Booking
from blaljus.domain.errors import BlaljusError
from blaljus.domain.slots import Slot
from blaljus.domain.words import SlotState

MARGIN = timedelta(hours=2)
"""A class that comes earlier, or stays longer, is a slip of the finger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What a coordinator says of one class: aware UTC; None is the slot's own time."""

    arrives_at: datetime | None
    leaves_at: datetime | None


class StaysRefusedError(BlaljusError):
    """Times were not stored; carries a code per field and booking. Nothing was changed.

    `arrives_12` is when the class of booking 12 comes.
    """

    code = "stays-refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = problems
        super().__init__(problems=problems)


def stay_of(booking: Booking) -> Stay:
    """Return what is said of a booking's class."""
    return Stay(arrives_at=booking.arrives_at, leaves_at=booking.leaves_at)


def here(slot: Slot, booking: Booking) -> tuple[datetime, datetime]:
    """Return the span in which the class is there, `[from, till)`."""
    return booking.arrives_at or slot.starts_at, booking.leaves_at or slot.ends_at


def may_set_stays(slot: Slot, *, now: datetime) -> bool:
    """Return whether times may be said: of a published slot, until it has ended."""
    return slot.state is SlotState.PUBLISHED and now < slot.ends_at


def stay_problems(slot: Slot, stay: Stay) -> dict[str, str]:
    """Return a stable code per field that cannot be right, each told from the other.

    Arriving: from `MARGIN` before the slot till it ends; leaving: after that, and after the slot
    begins, till `MARGIN` after it.
    """
    arrives, leaves = stay.arrives_at, stay.leaves_at
    problems = {}
    if arrives is not None and not slot.starts_at - MARGIN <= arrives < slot.ends_at:
        problems["arrives"] = "arrives-outside"
    if leaves is not None and not slot.starts_at < leaves <= slot.ends_at + MARGIN:
        problems["leaves"] = "leaves-outside"
    elif leaves is not None and arrives is not None and leaves <= arrives:
        problems["leaves"] = "leaves-before"
    return problems
