"""Promises and their yearly plans."""

from dataclasses import asdict
from datetime import date

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.slots import USUAL_MORNING, PlanRules, SeasonPlan
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


async def lock_plan(plan: int, scope: Scope) -> SeasonPlan:
    """Return a plan of the scope with its row locked, or raise `NotFoundError`."""
    p = t.Plan
    one(await locked(p.select(p.id).where(p.id == plan).where(within(p.municipality, scope))))
    return await get_plan(plan, scope)


async def save_plan_rules(plan: SeasonPlan, rules: PlanRules) -> None:
    """Store the rules of a season."""
    p = t.Plan
    changes: Changes = {"version": plan.version + 1}
    changes.update(asdict(rules).items())
    await p.update(changes).where((p.id == plan.id) & within(p.municipality, (plan.municipality,)))


async def touch_plan(plan: SeasonPlan) -> None:
    """Raise the version of a locked plan: something that it decides is stored elsewhere."""
    p = t.Plan
    mine = (p.id == plan.id) & within(p.municipality, (plan.municipality,))
    await p.update({p.version: plan.version + 1}).where(mine)


async def list_plans_of(school_year: SchoolYear) -> list[SeasonPlan]:
    """Return the plans of a school year in every municipality, by id: for the worker alone."""
    p = t.Plan
    rows = await p.select(_PLAN).where(p.school_year == school_year.start).order_by(p.id)
    return [_plan(row) for row in rows]


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


async def add_plan(
    municipality: int,
    promise: int,
    school_year: SchoolYear,
    *,
    morning_start_minute: int = USUAL_MORNING,
) -> None:
    """Store the plan of a school year with the usual rules; one that stands stays as it is."""
    row = t.Plan(
        municipality=municipality,
        promise=promise,
        school_year=school_year.start,
        notice_days=7,
        morning_start_minute=morning_start_minute,
        afternoon_start_minute=12 * 60 + 45,
        station_minutes=25,
        change_minutes=5,
        lunch_gap_minutes=40,
        bus_seats=None,
        version=1,
    )
    await t.Plan.insert(row).on_conflict(action="DO NOTHING")
