"""What an agency asks of the planning: how often its people come, and how early they know."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from blaljus.clock import Clock
from blaljus.domain.agencies import Agency, AgencyRules
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.localtime import local_day
from blaljus.domain.people import Person
from blaljus.domain.schools import Municipality
from blaljus.store import agencies, schools
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """An agency, and the municipalities it serves today, by code: its people start in one."""

    agency: Agency
    served: Sequence[Municipality]


async def get_agency_rules(
    person: Person, municipality: int, agency: int, *, clock: Clock
) -> RulesPage:
    """Return an agency that serves a municipality the person coordinates, or raise."""
    if municipality not in person.municipalities:
        raise NotFoundError
    today = local_day(clock())
    async with read_transaction():
        if agency not in await agencies.agencies_serving((municipality,), today):
            raise NotFoundError
        found = (await agencies.get_agencies([agency]))[agency]
        served = await agencies.served_by(agency, today)
        towns = await schools.list_municipalities_in(served)
    return RulesPage(agency=found, served=towns)


async def save_agency_rules(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    agency: int,
    rules: AgencyRules,
    version: int,
) -> None:
    """Store what an agency asks; the next planning keeps to it, and duties that stand remain.

    Every coordinator of a municipality that the agency serves today may. Raises `NotFoundError`
    for other agencies and for a home it does not serve, and `StaleError` where it is no longer
    of the `version` the person saw.
    """

    async def change() -> Outcome:
        today = local_day(context.clock())
        if agency not in await agencies.agencies_serving(person.municipalities, today):
            raise NotFoundError
        before = await agencies.lock_agency(agency)
        if before.version != version:
            raise StaleError
        if rules.home not in (None, before.home, *await agencies.served_by(agency, today)):
            raise NotFoundError
        if changed := _changed(before, rules):
            await agencies.save_agency_rules(before, rules)
            subject = ("agency", agency)
            await record(
                context, person.actor, None, "agency-rules", subject, version + 1, **changed
            )
        return {}

    await once(person, key, change, clock=context.clock)


def _changed(before: Agency, rules: AgencyRules) -> dict[str, object]:
    """Return what would be another value, by its name."""
    return {
        field.name: new
        for field in fields(rules)
        if (new := getattr(rules, field.name)) != getattr(before, field.name)
    }
