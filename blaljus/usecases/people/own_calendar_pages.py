"""What people see of their own calendars: times by week, and duties that they clash with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day, monday_of
from blaljus.domain.own_calendars import (
    BusyTime,
    OwnCalendar,
    SourceKind,
    merged,
    overlapping,
    window_of,
)
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT
from blaljus.store import agencies, assignments, own_calendars, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context

LONG = timedelta(days=800)
"""Beyond every window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A duty still to come at a time when a calendar says that its person is busy."""

    duty: Assignment
    slot: Slot
    soft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendarPage:
    """A person's calendars, and what is read of them: busy times that are not over, by week.

    `weeks` counts them by the Monday of the week in which they begin, in order.
    """

    member: StaffMember
    calendars: Mapping[SourceKind, OwnCalendar]
    weeks: Sequence[tuple[date, int]]
    until: date
    clashes: Sequence[Clash]

    @property
    def times(self) -> int:
        """Return how many busy times are still to come."""
        return sum(count for _, count in self.weeks)


async def get_own_calendar_page(context: Context, person: Person, staff: int) -> OwnCalendarPage:
    """Return a person's own calendars; costs the same number of statements for any of them."""
    if staff not in person.staff:
        raise NotFoundError
    now = context.clock()
    today = local_day(now)
    async with read_transaction():
        member = await agencies.get_staff(staff)
        calendars = await own_calendars.list_own_calendars(staff)
        # A file and an address may say the same.
        busy = merged((await own_calendars.list_busy([staff], now, now + LONG)).get(staff, []))
        clashes = await list_clashes(context, staff, busy)
    weeks = Counter(monday_of(local_day(max(time.starts_at, now))) for time in busy)
    return OwnCalendarPage(
        member=member,
        calendars={calendar.kind: calendar for calendar in calendars},
        weeks=sorted(weeks.items()),
        until=window_of(today)[1],
        clashes=clashes,
    )


async def list_clashes(context: Context, staff: int, busy: Sequence[BusyTime]) -> list[Clash]:
    """Return the coming duties of a person that overlap busy times, by start.

    Within the caller's transaction.
    """
    every = await assignments.list_duties([staff])
    active = [duty for duty in every if duty.state in ACTIVE_ASSIGNMENT]
    scope = tuple(sorted({duty.municipality for duty in active}))
    found = await slots.get_slots({duty.slot for duty in active}, scope)
    where = {slot.id: slot for slot in found if slot.starts_at > context.clock()}
    coming = [(duty, where[duty.slot]) for duty in active if duty.slot in where]
    judged = [(d, slot, overlapping(busy, slot.starts_at, slot.ends_at)) for d, slot in coming]
    return [Clash(duty=d, slot=slot, soft=soft) for d, slot, soft in judged if soft is not None]
