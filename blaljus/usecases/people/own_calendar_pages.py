"""What people see of their own calendars: times by week, and duties that they clash with."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day, monday_of
from blaljus.domain.own_calendars import (
    BusyTime,
    OwnCalendar,
    RosterChange,
    SourceKind,
    merged,
    window_of,
)
from blaljus.domain.people import Person
from blaljus.store import agencies, own_calendars
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context
from blaljus.usecases.people.roster_clashes import Clash, Coming, clashes_of, list_coming

LONG = timedelta(days=800)
"""Beyond every window."""

LISTED = 200
"""Busy times that are told one by one; a roster may have thousands, and later weeks are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterWeek:
    """How many busy times begin in a week, and which; none beyond the first `LISTED` of all."""

    monday: date
    count: int
    times: Sequence[BusyTime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """What a calendar changed last, and duties still to come that clash since, or no longer."""

    kind: SourceKind
    change: RosterChange
    begun: Sequence[Coming]
    ended: Sequence[Coming]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendarPage:
    """A person's calendars, and what is read of them: busy times that are not over, by week.

    `weeks` has them by the week in which they begin, in order. `changes` are the latest of each
    calendar, newest first.
    """

    member: StaffMember
    calendars: Mapping[SourceKind, OwnCalendar]
    weeks: Sequence[RosterWeek]
    until: date
    clashes: Sequence[Clash]
    changes: Sequence[ShownChange]

    @property
    def times(self) -> int:
        """Return how many busy times are still to come."""
        return sum(week.count for week in self.weeks)


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
        coming = await list_coming(context, staff)
    return OwnCalendarPage(
        member=member,
        calendars={calendar.kind: calendar for calendar in calendars},
        weeks=_by_week(busy, now),
        until=window_of(today)[1],
        clashes=clashes_of(coming, busy),
        changes=_shown(calendars, coming),
    )


def _by_week(busy: Sequence[BusyTime], now: datetime) -> list[RosterWeek]:
    weeks: dict[date, list[BusyTime]] = defaultdict(list)
    for time in busy:
        weeks[monday_of(local_day(max(time.starts_at, now)))].append(time)
    found, left = list[RosterWeek](), LISTED
    for monday, times in sorted(weeks.items()):
        found.append(RosterWeek(monday=monday, count=len(times), times=times[:left]))
        left = max(0, left - len(times))
    return found


def _shown(calendars: Sequence[OwnCalendar], coming: Sequence[Coming]) -> list[ShownChange]:
    duties = {one.duty.id: one for one in coming}
    found = [
        ShownChange(
            kind=calendar.kind,
            change=change,
            begun=[duties[duty] for duty in change.begun if duty in duties],
            ended=[duties[duty] for duty in change.ended if duty in duties],
        )
        for calendar in calendars
        if (change := calendar.change) is not None
    ]
    return sorted(found, key=lambda shown: shown.change.at, reverse=True)
