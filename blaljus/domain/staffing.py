"""Who stands at which station, and every reason against it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import BlaljusError
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import AssignmentState, AvailabilityState, SlotState

BUCKET = timedelta(minutes=15)
"""A person is claimed by the quarter of an hour: slots start and end on five minutes."""


class StaffingRefusal(StrEnum):
    """Why a person cannot take a station. Values are stable."""

    NOT_PUBLISHED = "not-published"
    NOT_ACTIVE = "not-active"
    WRONG_SERVICE = "wrong-service"
    NOT_SERVING = "not-serving"
    NOT_AVAILABLE = "not-available"
    ON_CALL = "on-call"
    RESTING = "resting"
    """A night at work ends that morning. The law gives the rest: nobody sets it aside."""
    CALENDAR = "calendar"
    """The person's own calendar says busy."""
    ELSEWHERE = "elsewhere"
    PAST = "past"


OVERRIDABLE = (
    StaffingRefusal.NOT_AVAILABLE,
    StaffingRefusal.ON_CALL,
    StaffingRefusal.CALENDAR,
)
"""What a coordinator may set aside, with a reason that is logged (invariant 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One person at one station of a slot."""

    id: int
    municipality: int
    slot: int
    station: int
    staff: int
    state: AssignmentState
    override_reason: str | None
    uid: str
    sequence: int
    revised_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """When a person is engaged in which municipality, `[starts_at, ends_at)`; and nothing else.

    It is all that one municipality may know of another's slots.
    """

    staff: int
    municipality: int
    starts_at: datetime
    ends_at: datetime


class StaffingRefusedError(BlaljusError):
    """A person was not assigned; carries every reason. Nothing was changed."""

    code = "staffing-refused"

    def __init__(self, refusals: Collection[StaffingRefusal]) -> None:
        self.refusals = tuple(map(StaffingRefusal, refusals))
        super().__init__(refusals=[refusal.value for refusal in self.refusals])


class DutyClosedError(BlaljusError):
    """The duty has ended or begun: it can no longer be answered."""

    code = "duty-closed"


def staffing_refusals(
    person: StaffMember,
    station: Station,
    slot: Slot,
    availability: AvailabilityState,
    *,
    serves: bool,
    busy: bool,
    resting: bool,
    now: datetime,
    calendar_busy: bool = False,
) -> tuple[StaffingRefusal, ...]:
    """Return every reason against a person at a station, in a fixed order.

    `availability` is what the person said of the slot's half-day; `serves` whether the agency
    covers the slot's municipality that day; `busy` whether another assignment overlaps;
    `resting` whether a night at work ends that morning; `calendar_busy` whether the person's own
    calendar says so of any of the slot's time.
    """
    on_call = availability is AvailabilityState.ON_CALL
    reasons = {
        StaffingRefusal.NOT_PUBLISHED: slot.state is not SlotState.PUBLISHED,
        StaffingRefusal.PAST: slot.starts_at <= now,
        StaffingRefusal.NOT_ACTIVE: not person.active,
        StaffingRefusal.WRONG_SERVICE: person.provides is not station.provides,
        StaffingRefusal.NOT_SERVING: not serves,
        StaffingRefusal.NOT_AVAILABLE: availability is AvailabilityState.NOT_AVAILABLE,
        StaffingRefusal.ON_CALL: on_call and not station.on_call_allowed,
        StaffingRefusal.RESTING: resting,
        StaffingRefusal.CALENDAR: calendar_busy,
        StaffingRefusal.ELSEWHERE: busy,
    }
    return tuple(reason for reason, applies in reasons.items() if applies)


def buckets(starts_at: datetime, ends_at: datetime) -> range:
    """Return the quarters of an hour since 1970 that `[starts_at, ends_at)` touches."""
    seconds = int(BUCKET.total_seconds())
    return range(int(starts_at.timestamp()) // seconds, -(-int(ends_at.timestamp()) // seconds))
