"""What is left of a school year: can every class still have its day, and which service decides."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError
from blaljus.domain.forecast import Forecast, monday_of_week
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan
from blaljus.planner.advice.forecast import forecast
from blaljus.store import plans, schools
from blaljus.store.engine import read_transaction
from blaljus.usecases.runs.problem import World, load_world


class ForecastState(StrEnum):
    """Whether there is anything to foresee. Values are stable: templates and files use them."""

    NO_PLAN = "no-plan"
    SEASON_OVER = "season-over"
    NO_CLASSES = "no-classes"
    ALL_PLACED = "all-placed"
    NO_TIMES = "no-times"
    """No person has told of any time to come."""
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The forecast of a school year; empty where there is none.

    `plan_by` is the last day on which the planning can begin, notice time included; None where
    the promise cannot be kept as it is, or there is nothing to plan.
    """

    year: SchoolYear
    state: ForecastState
    forecast: Forecast
    stranded: Sequence[SchoolClass]
    plan_by: date | None


NOTHING = Forecast(classes=0, stranded=(), weeks=(), services=())


async def get_outlook(municipality: int, year: SchoolYear | None, *, clock: Clock) -> Outlook:
    """Return the outlook of a school year, today's without one.

    Costs the same number of statements for any number of classes. Raises `NotFoundError` for a
    year that has neither a class nor a plan, unless it is today's.
    """
    today = local_day(clock())
    chosen = year or SchoolYear.of(today)
    async with read_transaction():
        plan = await plans.find_plan(municipality, chosen)
        if plan is None:
            known = {*await schools.list_school_years(municipality), SchoolYear.of(today)}
            return _unplanned(chosen, known)
        world = await load_world(plan, clock=clock)
    state = _state(world)
    # A county takes a while: the server answers others meanwhile.
    open_ = state is ForecastState.OPEN
    found = await asyncio.to_thread(forecast, world.problem) if open_ else NOTHING
    return Outlook(
        year=chosen,
        state=state,
        forecast=found,
        stranded=[world.classes[id_] for id_ in found.stranded],
        plan_by=_plan_by(plan, found, today),
    )


def _unplanned(year: SchoolYear, known: set[SchoolYear]) -> Outlook:
    if year not in known:
        raise NotFoundError
    return Outlook(
        year=year, state=ForecastState.NO_PLAN, forecast=NOTHING, stranded=(), plan_by=None
    )


def _state(world: World) -> ForecastState:
    problem = world.problem
    if not problem.half_days:
        return ForecastState.SEASON_OVER
    if not world.classes:
        return ForecastState.NO_CLASSES
    if not problem.classes:
        return ForecastState.ALL_PLACED
    if not any(person.free | person.on_call for person in problem.staff):
        return ForecastState.NO_TIMES
    return ForecastState.OPEN


def _plan_by(plan: SeasonPlan, found: Forecast, today: date) -> date | None:
    """Return the day before the notice time of the last week begins, or today if that is past."""
    if found.last_week is None:
        return None
    return max(today, monday_of_week(found.last_week) - timedelta(days=plan.notice_days + 1))
