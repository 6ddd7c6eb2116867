"""Promises, their yearly plans, and runs of the planner."""

from datetime import date, datetime

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.runs import PlanRun, RunState
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import Service
from blaljus.store import tables as t
from blaljus.store.rows import Changes, Row, Scope, locked, one, together, value, within, words

_PLAN = together(*t.Plan.all_columns(), t.Plan.promise.required.as_alias("required"))


async def find_plan(municipality: int, school_year: SchoolYear) -> SeasonPlan | None:
    """Return the plan of a municipality's school year, or None."""
    p = t.Plan
    rows = (
        await p.select(_PLAN)
        .where(p.municipality == municipality)
        .where(p.school_year == school_year.start)
        .order_by(p.id)
    )
    return _plan(rows[0]) if rows else None


async def get_plan(plan: int, scope: Scope) -> SeasonPlan:
    """Return a plan of the scope, or raise `NotFoundError`."""
    p = t.Plan
    rows = await p.select(_PLAN).where(p.id == plan).where(within(p.municipality, scope))
    return _plan(one(rows))


def _plan(row: Row) -> SeasonPlan:
    return value(row | {"required": words(row["required"])}, SeasonPlan)


async def add_promise(
    municipality: int,
    *,
    title: str,
    wording: str,
    parties: str,
    required: tuple[Service, ...],
    first_on: date,
) -> int:
    """Store a promise and return its id; one with the same title stays as it is."""
    p = t.Promise
    row = p(
        municipality=municipality,
        title=title,
        wording=wording,
        parties=parties,
        diary_number="",
        grade=4,
        required=",".join(required),
        first_on=first_on,
        last_on=None,
    )
    await p.insert(row).on_conflict(action="DO NOTHING")
    rows = await p.select(p.id).where(p.municipality == municipality).where(p.title == title)
    return int(one(rows)["id"])


async def add_plan(municipality: int, promise: int, school_year: SchoolYear) -> None:
    """Store the plan of a school year with the usual rules; one that stands stays as it is."""
    row = t.Plan(
        municipality=municipality,
        promise=promise,
        school_year=school_year.start,
        notice_days=7,
        morning_start_minute=9 * 60,
        afternoon_start_minute=12 * 60 + 45,
        station_minutes=25,
        change_minutes=5,
        version=1,
    )
    await t.Plan.insert(row).on_conflict(action="DO NOTHING")


async def add_run(municipality: int, plan: int, *, proposal: str, world: str, now: datetime) -> int:
    """Store a proposed run and return its number: 1, 2, … within the municipality."""
    r, m = t.PlanRun, t.Municipality
    # Two who plan at once would count to the same number.
    await locked(m.select(m.id).where(m.id == municipality))
    last = (
        await r.select(r.number)
        .where(r.municipality == municipality)
        .order_by(r.number, ascending=False)
        .limit(1)
    )
    number = (last[0]["number"] if last else 0) + 1
    await r.insert(
        r(
            municipality=municipality,
            plan=plan,
            number=number,
            state=RunState.PROPOSED.value,
            proposal=proposal,
            world=world,
            created_at=now,
            decided_at=None,
            version=1,
        )
    )
    return number


async def get_run(number: int, municipality: int, *, lock: bool = False) -> PlanRun:
    """Return a run by its number, or raise `NotFoundError`; `lock` within a write transaction."""
    r = t.PlanRun
    query = r.select().where(r.municipality == municipality).where(r.number == number)
    return value(one(await (locked(query) if lock else query)), PlanRun)


async def list_runs(municipality: int) -> list[PlanRun]:
    """Return the runs of a municipality, newest first, at most 50."""
    r = t.PlanRun
    rows = (
        await r.select()
        .where(r.municipality == municipality)
        .order_by(r.number, ascending=False)
        .limit(50)
    )
    return [value(row, PlanRun) for row in rows]


async def decide_run(run: PlanRun, state: RunState, now: datetime) -> None:
    """Set what became of a proposed run."""
    r = t.PlanRun
    changes: Changes = {r.state: state.value, r.decided_at: now, r.version: run.version + 1}
    await r.update(changes).where((r.id == run.id) & within(r.municipality, (run.municipality,)))


async def find_waiting_run(plan: SeasonPlan) -> int | None:
    """Return the number of the newest run of a plan that nobody has decided, or None."""
    r = t.PlanRun
    rows = (
        await r.select(r.number)
        .where((r.plan == plan.id) & within(r.municipality, (plan.municipality,)))
        .where(r.state == RunState.PROPOSED.value)
        .order_by(r.number, ascending=False)
        .limit(1)
    )
    return int(rows[0]["number"]) if rows else None
