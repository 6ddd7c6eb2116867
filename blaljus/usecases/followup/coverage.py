"""The coverage matrix of a municipality's school year, from the stored facts."""

from collections.abc import Sequence
from datetime import datetime

from blaljus.clock import Clock
from blaljus.domain.coverage import Coverage, CoverageFacts, coverage
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import SchoolClass, SchoolUnit, unanswered
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import REQUIRED_SERVICES
from blaljus.store import assignments, bookings, plans, schools, slots, visits
from blaljus.store.engine import read_transaction


async def get_coverage(municipality: int, school_year: SchoolYear, *, clock: Clock) -> Coverage:
    """Return the matrix, gaps first; without a plan every class stands at `none`."""
    async with read_transaction():
        units = await schools.list_units((municipality,))
        plan = await plans.find_plan(municipality, school_year)
        return await read_coverage(municipality, school_year, plan, units, now=clock())


async def read_coverage(
    municipality: int,
    school_year: SchoolYear,
    plan: SeasonPlan | None,
    units: Sequence[SchoolUnit],
    *,
    now: datetime,
) -> Coverage:
    """Return the matrix, like `get_coverage`, in the caller's transaction."""
    classes = await schools.list_classes((municipality,), school_year)
    facts = await _facts(classes, plan) if plan else _no_facts(classes)
    required = plan.required if plan else REQUIRED_SERVICES
    return coverage(facts, required, unanswered(units, classes), now=now)


async def _facts(classes: list[SchoolClass], plan: SeasonPlan) -> CoverageFacts:
    scope = (plan.municipality,)
    found = await slots.list_slots(plan.id, scope)
    return CoverageFacts(
        classes=classes,
        slots=found,
        stations=await slots.list_stations([slot.id for slot in found]),
        bookings=await bookings.list_bookings(plan.id, scope),
        assignments=await assignments.list_plan_assignments(plan.id, scope),
        visits=await visits.list_visits(plan.id, scope),
        blocks=await schools.list_blocks(scope),
    )


def _no_facts(classes: list[SchoolClass]) -> CoverageFacts:
    return CoverageFacts(
        classes=classes, slots=(), stations=(), bookings=(), assignments=(), visits=(), blocks=()
    )
