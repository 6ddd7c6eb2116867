"""The rules of a school year's plan: clock times, notice, breaks and buses."""

from dataclasses import fields

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.slots import PlanRules, SeasonPlan
from blaljus.store import plans
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once


async def find_current_plan(
    person: Person, municipality: int, school_year: SchoolYear | None, *, clock: Clock
) -> SeasonPlan | None:
    """Return the plan of a school year, else of today's; None while there is none.

    Raises `NotFoundError` for a municipality that the person does not coordinate.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    year = school_year or SchoolYear.of(local_day(clock()))
    return await plans.find_plan(municipality, year)


async def save_plan_rules(
    context: Context, person: Person, key: FormKey, *, plan_id: int, rules: PlanRules, version: int
) -> None:
    """Store the rules; slots that are published keep their times.

    Raises `NotFoundError` for a plan of others, and `StaleError` where it is no longer of the
    `version` the person saw.
    """

    async def change() -> Outcome:
        plan = await plans.lock_plan(plan_id, person.municipalities)
        if plan.version != version:
            raise StaleError
        changed = {
            field.name: new
            for field in fields(rules)
            if (new := getattr(rules, field.name)) != getattr(plan, field.name)
        }
        if changed:
            await plans.save_plan_rules(plan, rules)
            subject = ("plan", plan.id)
            await record(
                context,
                person.actor,
                plan.municipality,
                "plan-changed",
                subject,
                version + 1,
                **changed,
            )
        return {}

    await once(person, key, change, clock=context.clock)
