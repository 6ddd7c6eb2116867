"""The planner's people: when they can come, where they are engaged, what their agency asks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from blaljus.domain.agencies import Agency, StaffMember
from blaljus.domain.localtime import SchoolYear, half_span, halves_of, local_day
from blaljus.domain.own_calendars import busy_halves
from blaljus.domain.staffing import Engagement
from blaljus.domain.words import AvailabilityState
from blaljus.planner.problem import HalfDay, ProblemStaff
from blaljus.store import agencies, assignments, nights, own_calendars
from blaljus.usecases.runs.problem_places import Region, mask_of


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who may be asked, with all that decides when; `today` is the local day of the planning."""

    today: date
    year: SchoolYear
    members: Sequence[StaffMember]
    serving: frozenset[int]
    """Ids of those who may be asked; the others only have duties already."""
    agencies: Mapping[int, Agency]
    engagements: Sequence[Engagement]

    @property
    def places(self) -> set[int]:
        """Return the ids of the municipalities where they are engaged."""
        return {engagement.municipality for engagement in self.engagements}


async def load_people(
    members: Sequence[StaffMember], *, serving: Collection[int], today: date, year: SchoolYear
) -> People:
    """Return people with what their agencies ask; who is not among `serving` cannot be asked."""
    return People(
        today=today,
        year=year,
        members=members,
        serving=frozenset(serving),
        agencies=await agencies.get_agencies({member.agency for member in members}),
        engagements=await assignments.list_engagements([member.id for member in members]),
    )


async def problem_staff(
    people: People, half_days: Sequence[HalfDay], municipality: int, region: Region
) -> tuple[ProblemStaff, ...]:
    """Return the people as the planner knows them; `region` says where they start from."""
    heard = await _hear(people.serving, half_days)
    engaged: dict[int, list[Engagement]] = defaultdict(list)
    for engagement in people.engagements:
        engaged[engagement.staff].append(engagement)
    return tuple(
        replace(
            _person(member, people, heard, engaged[member.id]),
            municipalities=frozenset({municipality}),
            home=region.home_of(people.agencies[member.agency]),
        )
        for member in people.members
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What people said of the half-days: masks by person, and by person and state."""

    half_days: Sequence[HalfDay]
    said: Mapping[tuple[int, AvailabilityState], int]
    rested: Mapping[int, int]
    taken: Mapping[int, int]
    """Half-days in which people's own calendars say that they are busy, not just perhaps."""
    perhaps: Mapping[int, int]
    """The same, just perhaps."""


async def _hear(staff: Collection[int], half_days: Sequence[HalfDay]) -> _Heard:
    index_of = {half_day: index for index, half_day in enumerate(half_days)}
    span = half_days[0].day, half_days[-1].day
    said: dict[tuple[int, AvailabilityState], int] = defaultdict(int)
    for row in await agencies.list_availability(staff, *span):
        index = index_of.get(HalfDay(row.day, row.half))
        if index is not None:
            said[row.staff, row.state] |= 1 << index
    rested: dict[int, int] = defaultdict(int)
    for person, day in await nights.list_nights(staff, *span):
        rested[person] |= mask_of(i for i, half_day in enumerate(half_days) if half_day.day == day)
    calendars = await _calendars(staff, half_days)
    taken, perhaps = (
        {p: by_kind[soft] for p, by_kind in calendars.items()} for soft in (False, True)
    )
    return _Heard(half_days=half_days, said=said, rested=rested, taken=taken, perhaps=perhaps)


async def _calendars(
    staff: Collection[int], half_days: Sequence[HalfDay]
) -> Mapping[int, Mapping[bool, int]]:
    """Return by person the half-days of busy times: those of firm ones, and those of soft alone."""
    first, last = half_days[0], half_days[-1]
    span = half_span(first.day, first.half)[0], half_span(last.day, last.half)[1]
    index_of = {half_day: index for index, half_day in enumerate(half_days)}
    return {
        person: {
            soft: mask_of(
                index_of[HalfDay(*half_day)]
                for half_day, perhaps in busy_halves(times).items()
                if perhaps is soft and HalfDay(*half_day) in index_of
            )
            for soft in (False, True)
        }
        for person, times in (await own_calendars.list_busy(staff, *span)).items()
    }


def _person(
    member: StaffMember, people: People, heard: _Heard, engaged: Sequence[Engagement]
) -> ProblemStaff:
    agency, half_days = people.agencies[member.agency], heard.half_days
    busy = _busy(engaged, half_days)
    # Whoever has a duty already is counted on, whatever the calendar says: people decide then.
    open_to_us = ~(heard.taken.get(member.id, 0) & ~mask_of(busy))
    settled = people.today + timedelta(days=agency.notice_days)
    return ProblemStaff(
        id=member.id,
        agency=member.agency,
        service=member.provides,
        municipalities=frozenset(),
        free=heard.said.get((member.id, AvailabilityState.FREE), 0) & open_to_us,
        on_call=heard.said.get((member.id, AvailabilityState.ON_CALL), 0) & open_to_us,
        busy=mask_of(busy),
        busy_in=tuple(sorted(busy.items())),
        resting=heard.rested.get(member.id, 0),
        too_late=mask_of(i for i, half_day in enumerate(half_days) if half_day.day < settled),
        perhaps_busy=heard.perhaps.get(member.id, 0) & ~mask_of(busy),
        languages=frozenset(member.languages),
        per_day=agency.per_day,
        per_week=agency.per_week,
        per_season=_left_of_season(agency, people.year, engaged, half_days),
    )


def _busy(engaged: Iterable[Engagement], half_days: Sequence[HalfDay]) -> dict[int, int]:
    """Return the municipality of each half-day in which a person is engaged."""
    index_of = {half_day: index for index, half_day in enumerate(half_days)}
    return {
        index_of[half_day]: engagement.municipality
        for engagement in engaged
        for half_day in _half_days(engagement)
        if half_day in index_of
    }


def _half_days(engagement: Engagement) -> list[HalfDay]:
    return [HalfDay(*found) for found in halves_of(engagement.starts_at, engagement.ends_at)]


def _left_of_season(
    agency: Agency,
    year: SchoolYear,
    engaged: Iterable[Engagement],
    half_days: Sequence[HalfDay],
) -> int | None:
    """Return the cap of the season less the duties of it that lie outside the problem."""
    if agency.per_season is None:
        return None
    known = set(half_days)
    done = {
        half_day
        for engagement in engaged
        if year.first_on <= local_day(engagement.starts_at) <= year.last_on
        for half_day in _half_days(engagement)
    }
    return max(0, agency.per_season - len(done - known))
