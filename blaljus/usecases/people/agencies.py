"""The agencies that serve a municipality: their people, the times they gave, their duties."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from blaljus.clock import Clock
from blaljus.domain.agencies import Agency, StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.words import AssignmentState, AvailabilityState, Service
from blaljus.store import agencies, assignments, plans, undelivered
from blaljus.store.engine import read_transaction

_ORDER = tuple(Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """One person: half-days given from today on, and duties here this school year."""

    member: StaffMember
    free: int
    on_call: int
    duties: int
    accepted: int
    unreached: bool
    """No letter reaches the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    """An agency with its people, by reference."""

    agency: Agency
    staff: Sequence[StaffRow]

    @property
    def silent(self) -> int:
        """Return how many of its people have given no time."""
        return sum(not row.free and not row.on_call for row in self.staff)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPage:
    """The agencies by service and name; half-days are counted in `[first_on, last_on]`."""

    first_on: date
    last_on: date
    agencies: Sequence[AgencyRow]


async def get_agencies(person: Person, municipality: int, *, clock: Clock) -> AgencyPage:
    """Return who serves a municipality that the person coordinates, or raise `NotFoundError`.

    Costs the same number of statements for any number of people.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    scope, today = (municipality,), local_day(clock())
    year = SchoolYear.of(today)
    async with read_transaction():
        serving = await agencies.list_agencies(scope, today)
        staff = await agencies.list_staff(scope, today)
        given = await agencies.count_half_days([s.id for s in staff], today, year.last_on)
        plan = await plans.find_plan(municipality, year)
        duties = await assignments.list_plan_assignments(plan.id, scope) if plan else []
        troubled = {trouble.account for trouble in await undelivered.list_every()}
    every = Counter(duty.staff for duty in duties)
    accepted = Counter(d.staff for d in duties if d.state is AssignmentState.ACCEPTED)
    rows = [_staff_row(member, given, every, accepted, troubled) for member in staff]
    return AgencyPage(
        first_on=today,
        last_on=year.last_on,
        agencies=[
            AgencyRow(agency=agency, staff=[row for row in rows if row.member.agency == agency.id])
            for agency in sorted(serving, key=lambda agency: _ORDER.index(agency.provides))
        ],
    )


def _staff_row(
    member: StaffMember,
    given: Mapping[tuple[int, AvailabilityState], int],
    every: Counter[int],
    accepted: Counter[int],
    troubled: Collection[int],
) -> StaffRow:
    return StaffRow(
        member=member,
        free=given.get((member.id, AvailabilityState.FREE), 0),
        on_call=given.get((member.id, AvailabilityState.ON_CALL), 0),
        duties=every[member.id],
        accepted=accepted[member.id],
        unreached=member.account in troubled,
    )
