"""A crew leaves in the middle of a day (utryckning), and perhaps comes back."""

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


def callout_problems(slot: Slot, left_at: datetime, back_at: datetime | None) -> dict[str, str]:
    """Return a stable code per field that cannot be right."""
    problems = {}
    if local_day(left_at) != local_day(slot.starts_at) or left_at >= slot.ends_at:
        problems["left"] = "left-outside"
    if back_at is not None and back_at <= left_at:
        problems["back"] = "back-before"
    return problems
