"""What a coordinator begins the day with: how far the promise has come, and what is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.clock import Clock
from blaljus.domain.coverage import ClassCoverage, Coverage
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.replies import ReplyState
from blaljus.domain.schools import Municipality
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import CoverageState
from blaljus.store import own_calendars, plans, replies, runs, schools, slots
from blaljus.store.engine import read_transaction
from blaljus.usecases.followup.coverage import read_coverage
from blaljus.usecases.replies.undelivered import list_unreached


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """The municipality a page is about, and all that the person coordinates, by code."""

    municipality: Municipality
    every: Sequence[Municipality]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCoverage:
    """One school's share: classes, those that met every service, those without a time."""

    code: str
    name: str
    classes: int
    met: int
    without_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashingSlot:
    """A slot to come with duties that clash with their people's own calendars, and how many."""

    slot: Slot
    duties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The matrix of a school year with what decides the next step."""

    year: SchoolYear
    years: Sequence[SchoolYear]
    """Years one can look at, newest first; `year` is one of them."""
    plan: SeasonPlan | None
    matrix: Coverage
    waiting_run: int | None
    """Number of the newest proposal that nobody has decided."""
    has_schools: bool
    has_shared_venue: bool
    replies: int
    """How many wait for a coordinator."""
    unreached: int
    """How many people no letter reaches."""
    clashing: Sequence[ClashingSlot]
    """By start. Who is perhaps busy is not counted; with what, nobody knows."""

    @property
    def clashes(self) -> int:
        """Return how many duties clash with the own calendar of who has them."""
        return sum(row.duties for row in self.clashing)

    @property
    def met(self) -> int:
        """Return how many classes have met every service."""
        return sum(_met(row) for row in self.matrix.rows)

    @property
    def without_time(self) -> int:
        """Return how many classes have no time."""
        return sum(not row.placed for row in self.matrix.rows)

    @property
    def on_day_off(self) -> int:
        """Return how many classes have a time on a day that keeps them away."""
        return sum(bool(row.day_off) for row in self.matrix.rows)

    @property
    def schools(self) -> list[SchoolCoverage]:
        """Return each school's share, by name and code."""
        groups: dict[tuple[str, str], list[ClassCoverage]] = {}
        for row in self.matrix.rows:
            key = (row.school_class.school, row.school_class.school_code)
            groups.setdefault(key, []).append(row)
        return [
            SchoolCoverage(
                code=code,
                name=name,
                classes=len(rows),
                met=sum(map(_met, rows)),
                without_time=sum(not row.placed for row in rows),
            )
            for (name, code), rows in sorted(groups.items())
        ]


def _met(row: ClassCoverage) -> bool:
    return all(state is CoverageState.MET for state in row.states.values())


async def get_tenant(person: Person, code: str | None) -> Tenant:
    """Return the municipality with a code that the person coordinates; the first without a code.

    Raises `NotFoundError` for any other code.
    """
    every = await schools.list_municipalities_in(person.municipalities)
    for municipality in every:
        if code in (None, municipality.code):
            return Tenant(municipality=municipality, every=every)
    raise NotFoundError


async def get_overview(municipality: int, year: SchoolYear | None, *, clock: Clock) -> Overview:
    """Return the overview of a school year, today's without one.

    Costs the same number of statements for any number of classes. Raises `NotFoundError` for a
    year that has neither a class nor a plan, unless it is today's.
    """
    now = clock()
    today = SchoolYear.of(local_day(now))
    async with read_transaction():
        known = await schools.list_school_years(municipality)
        years = sorted({*known, today}, reverse=True)
        chosen = year or today
        if chosen not in years:
            raise NotFoundError
        units = await schools.list_units((municipality,))
        shared = await schools.has_shared_venue(municipality)
        plan = await plans.find_plan(municipality, chosen)
        waiting = await runs.find_waiting_run(plan) if plan else None
        matrix = await read_coverage(municipality, chosen, plan, units, now=now)
        waiting_replies = await replies.count_replies((municipality,), [ReplyState.WAITING])
        unreached = await list_unreached((municipality,), clock=clock)
        clashing = await _list_clashing(plan, now) if plan else ()
    return Overview(
        year=chosen,
        years=years,
        plan=plan,
        matrix=matrix,
        waiting_run=waiting,
        has_schools=bool(units),
        has_shared_venue=shared,
        replies=waiting_replies,
        unreached=len(unreached),
        clashing=clashing,
    )


async def _list_clashing(plan: SeasonPlan, now: datetime) -> Sequence[ClashingSlot]:
    duties = await own_calendars.count_clashes(plan.id, plan.municipality, now)
    found = await slots.get_slots(duties, (plan.municipality,))
    return [ClashingSlot(slot=slot, duties=duties[slot.id]) for slot in found]
