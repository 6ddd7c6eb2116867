"""How a school year's duties are spread over people and agencies, beside what they offered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from blaljus.clock import Clock
from blaljus.domain.agencies import Agency, StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, halves_of, local_day
from blaljus.domain.people import Person
from blaljus.domain.staffing import Engagement
from blaljus.domain.words import AvailabilityState, Half, Service
from blaljus.planner.load import AgencyLoad, spread
from blaljus.store import agencies, assignments, plans
from blaljus.store.engine import read_transaction

HalfDays = Mapping[tuple[int, AvailabilityState], int]
_ORDER = tuple(Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """One person's half-days of the school year: offered, and with a duty."""

    member: StaffMember
    free: int
    on_call: int
    here: int
    elsewhere: int
    """In other municipalities."""

    @property
    def half_days(self) -> int:
        """Return the half-days with a duty, wherever it is."""
        return self.here + self.elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyShare:
    """An agency's load; its people, who has most to do first."""

    agency: Agency
    load: AgencyLoad
    people: Sequence[PersonLoad]

    @property
    def offered(self) -> int:
        """Return the half-days that its people have offered."""
        return sum(person.free + person.on_call for person in self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPage:
    """The agencies with people, by service and name."""

    year: SchoolYear
    agencies: Sequence[AgencyShare]

    @property
    def half_days(self) -> int:
        """Return the half-days with a duty of everybody."""
        return sum(share.load.half_days for share in self.agencies)


async def get_load(
    person: Person, municipality: int, year: SchoolYear | None, *, clock: Clock
) -> LoadPage:
    """Return the load of who serves a municipality, or has a duty there, in a school year.

    Raises `NotFoundError` for a municipality of others. Costs the same number of statements for
    any number of people.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    today = local_day(clock())
    chosen = year or SchoolYear.of(today)
    async with read_transaction():
        plan = await plans.find_plan(municipality, chosen)
        scope = (municipality,)
        duties = await assignments.list_plan_assignments(plan.id, scope) if plan else []
        serving = {member.id for member in await agencies.list_staff(scope, today)}
        staff = await agencies.get_staff_members(serving | {duty.staff for duty in duties})
        known = await agencies.get_agencies({member.agency for member in staff.values()})
        given = await agencies.count_half_days(list(staff), chosen.first_on, chosen.last_on)
        engaged = await assignments.list_engagements(list(staff))
    halves = _half_days(engaged, municipality, chosen)
    people = [_person_load(member, given, halves) for member in staff.values()]
    return LoadPage(year=chosen, agencies=_shares(known, people))


def _half_days(
    engaged: Iterable[Engagement], municipality: int, year: SchoolYear
) -> dict[tuple[int, bool], set[tuple[date, Half]]]:
    """Return the half-days of a school year by (person, whether it is in the municipality)."""
    found: dict[tuple[int, bool], set[tuple[date, Half]]] = defaultdict(set)
    for row in engaged:
        if year.first_on <= local_day(row.starts_at) <= year.last_on:
            here = row.municipality == municipality
            found[row.staff, here].update(halves_of(row.starts_at, row.ends_at))
    return found


def _person_load(
    member: StaffMember,
    given: HalfDays,
    halves: Mapping[tuple[int, bool], set[tuple[date, Half]]],
) -> PersonLoad:
    return PersonLoad(
        member=member,
        free=given.get((member.id, AvailabilityState.FREE), 0),
        on_call=given.get((member.id, AvailabilityState.ON_CALL), 0),
        here=len(halves.get((member.id, True), ())),
        elsewhere=len(halves.get((member.id, False), ())),
    )


def _shares(known: Mapping[int, Agency], people: Sequence[PersonLoad]) -> list[AgencyShare]:
    loads = spread((p.member.id, p.member.agency, p.half_days) for p in people)
    shares = [
        AgencyShare(
            agency=known[load.agency],
            load=load,
            people=sorted(
                (p for p in people if p.member.agency == load.agency),
                key=lambda p: (-p.half_days, p.member.shown_as, p.member.id),
            ),
        )
        for load in loads.agencies
    ]
    return sorted(shares, key=lambda s: (_ORDER.index(s.agency.provides), s.agency.name))
