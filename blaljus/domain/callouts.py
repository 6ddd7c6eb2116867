"""A crew leaves in the middle of a day (utryckning), and perhaps comes back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.errors import BlaljusError
from blaljus.domain.localtime import local_day
from blaljus.domain.slots import Slot
from blaljus.domain.words import SlotState


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """The crew of a station is gone `[left_at, back_at)`; `back_at` None: nobody knows.

    `rotation` is the carousel as it was decided then, as JSON.
    """

    id: int
    municipality: int
    slot: int
    station: int
    left_at: datetime
    back_at: datetime | None
    rotation: str
    noted_at: datetime
    """When it was decided: when the crew left, or came back, as far as the product knows."""
    version: int


class CalloutRefusedError(BlaljusError):
    """A call-out was not noted; carries a code per field. Nothing was changed."""

    code = "callout-refused"

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(problems=problems)


def may_note(slot: Slot, *, now: datetime) -> bool:
    """Return whether call-outs are noted: of a published slot, from its local day on."""
    return slot.state is SlotState.PUBLISHED and local_day(slot.starts_at) <= local_day(now)


def open_callout(noted: Collection[Callout], station: int) -> Callout | None:
    """Return the call-out of a station whose crew nobody knows the return of."""
    return next((c for c in noted if c.station == station and c.back_at is None), None)


def undoable(
    noted: Sequence[Callout], station: int, rounds: Collection[datetime], *, now: datetime
) -> Callout | None:
    """Return what a crew may take back: the last decision, if its own and no round has begun since.

    `noted` is of a whole slot, the last decision last; `rounds` are when its rounds begin.
    """
    last = noted[-1] if noted else None
    if last is None or last.station != station:
        return None
    return None if any(last.noted_at < start <= now for start in rounds) else last


def callout_problems(slot: Slot, left_at: datetime, back_at: datetime | None) -> dict[str, str]:
    """Return a stable code per field that cannot be right."""
    problems = {}
    if local_day(left_at) != local_day(slot.starts_at) or left_at >= slot.ends_at:
        problems["left"] = "left-outside"
    if back_at is not None and back_at <= left_at:
        problems["back"] = "back-before"
    return problems
