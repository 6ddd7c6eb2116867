"""A class's place in a slot: what is asked, and every reason against it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blaljus.domain.errors import BlaljusError
from blaljus.domain.groups import groups_made, takes_class
from blaljus.domain.localtime import local_day
from blaljus.domain.schools import Block, SchoolClass, block_on
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import AccessNeed, BookingState, CancelCause, SlotState, Transport

MAX_PUPILS = 120
"""Two joint classes; more is a slip of the finger."""

MAX_ADULTS = 40
"""Same."""

PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,24}")
"""A phone number as people write it, 6-26 characters."""


class Refusal(StrEnum):
    """Why a booking is turned down. Values are stable: templates and logs use them."""

    NOT_PUBLISHED = "not-published"
    PAST = "past"
    TOO_LATE = "too-late"
    FULL = "full"
    OTHER_SCHOOL = "other-school"
    SCHOOL_OUT = "school-out"
    TOO_MANY_PUPILS = "too-many-pupils"
    ALREADY_BOOKED = "already-booked"
    SAME_SLOT = "same-slot"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDetails:
    """What a teacher says of the class. Counts only."""

    pupils: int
    adults: int
    phone: str
    access_needs: Mapping[AccessNeed, int]
    transport: Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A class's place in a slot. `number` is six digits, said in two groups of three."""

    id: int
    municipality: int
    plan: int
    slot: int
    school_class: int
    number: int
    state: BookingState
    pupils: int
    adults: int
    phone: str
    access_needs: Mapping[AccessNeed, int]
    transport: Transport
    catch_up: bool
    cancel_cause: CancelCause | None
    uid: str
    sequence: int
    revised_at: datetime
    version: int
    arrives_at: datetime | None = None
    """When its bus or walk comes; None: when the slot begins. See `domain/stays.py`."""
    leaves_at: datetime | None = None
    """When it must leave; None: when the slot ends."""

    @property
    def details(self) -> BookingDetails:
        """Return what the teacher said of the class."""
        return BookingDetails(
            pupils=self.pupils,
            adults=self.adults,
            phone=self.phone,
            access_needs=self.access_needs,
            transport=self.transport,
        )


class BookingRefusedError(BlaljusError):
    """A booking was turned down; carries every reason. Nothing was changed."""

    code = "booking-refused"

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(map(Refusal, refusals))
        super().__init__(refusals=[refusal.value for refusal in self.refusals])


class BookingClosedError(BlaljusError):
    """The slot has begun: the booking can no longer be changed."""

    code = "booking-closed"


def spoken_number(number: int) -> str:
    """Return a booking number as it is read aloud: `417 302`."""
    return f"{number // 1000:03} {number % 1000:03}"


def refusals(
    slot: Slot,
    stations: Collection[Station],
    school_class: SchoolClass,
    details: BookingDetails,
    blocks: Iterable[Block],
    *,
    notice: timedelta,
    now: datetime,
    current: Booking | None = None,
    others: Collection[int] = (),
) -> tuple[Refusal, ...]:
    """Return every reason against a place in a slot, in a fixed order; empty means go.

    `current` is the active booking that a move would replace. `others` are the pupils of each
    class that comes already; a slot without `group_pupils` does not ask for them.
    """
    day = local_day(slot.starts_at)
    already_here = current is not None and current.slot == slot.id
    reasons = {
        Refusal.NOT_PUBLISHED: slot.state is not SlotState.PUBLISHED,
        Refusal.PAST: slot.starts_at <= now,
        Refusal.TOO_LATE: now < slot.starts_at < now + notice,
        Refusal.FULL: _is_full(slot, stations, details.pupils, others) and not already_here,
        Refusal.OTHER_SCHOOL: not slot.open_to(school_class.school_unit),
        Refusal.SCHOOL_OUT: block_on(blocks, school_class.school_unit, day) is not None,
        Refusal.TOO_MANY_PUPILS: not takes_class(slot, stations, details.pupils),
        Refusal.SAME_SLOT: already_here,
    }
    return tuple(reason for reason, applies in reasons.items() if applies)


def _is_full(
    slot: Slot, stations: Collection[Station], pupils: int, others: Collection[int]
) -> bool:
    """Tell whether a class that the slot takes has no room beside the others."""
    if slot.group_pupils is None:
        return slot.taken >= slot.places
    together = groups_made(slot, stations, [*others, pupils])
    return together > slot.places and takes_class(slot, stations, pupils)


def may_change(slot: Slot, *, now: datetime) -> bool:
    """Return whether a booking may still be changed or cancelled: until the slot starts."""
    return now < slot.starts_at


def detail_problems(details: BookingDetails) -> dict[str, str]:
    """Return a stable code per field of what a teacher typed that cannot be right."""
    problems = {
        "pupils": None if 1 <= details.pupils <= MAX_PUPILS else "pupils-range",
        "adults": None if 0 <= details.adults <= MAX_ADULTS else "adults-range",
        "phone": None if not details.phone or PHONE.fullmatch(details.phone) else "phone-shape",
        "access_needs": _need_problem(details),
    }
    return {field: problem for field, problem in problems.items() if problem}


def _need_problem(details: BookingDetails) -> str | None:
    counts = details.access_needs.values()
    if any(count < 0 for count in counts):
        return "need-negative"
    return "need-above-pupils" if max(counts, default=0) > details.pupils else None


def nearest(slots: Iterable[Slot], wanted: datetime, count: int) -> tuple[Slot, ...]:
    """Return the `count` slots nearest in time to a wanted moment, earlier first on a tie."""
    ordered = sorted(slots, key=lambda s: (abs(s.starts_at - wanted), s.starts_at, s.id))
    return tuple(ordered[:count])
