"""The promise and its yearly plan: made with the usual rules, so that planning can begin."""

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.words import REQUIRED_SERVICES
from blaljus.store import plans, schools
from blaljus.store.engine import transactional
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once

TITLE = "Blåljusdagar för årskurs 4"
WORDING = "Varje klass i årskurs 4 möter polis, räddningstjänst och ambulans en gång varje läsår."


@transactional
async def ensure_plan(
    context: Context, actor: str, municipality: int, school_year: SchoolYear
) -> None:
    """Make the promise and the school year's plan where they are missing."""
    await _ensure(context, actor, municipality, school_year)


async def begin_season(
    context: Context, person: Person, key: FormKey, *, municipality: int, school_year: SchoolYear
) -> None:
    """Make the promise and the plan of a school year that has classes, or is today's."""
    if municipality not in person.municipalities:
        raise NotFoundError
    today = SchoolYear.of(local_day(context.clock()))
    if school_year not in (today, *await schools.list_school_years(municipality)):
        raise NotFoundError

    async def change() -> Outcome:
        await _ensure(context, person.actor, municipality, school_year)
        return {}

    await once(person, key, change, clock=context.clock)


async def _ensure(context: Context, actor: str, municipality: int, school_year: SchoolYear) -> None:
    if await plans.find_plan(municipality, school_year):
        return
    name = (await schools.get_municipality(municipality)).name
    promise = await plans.add_promise(
        municipality,
        title=TITLE,
        wording=WORDING,
        parties=f"{name} och polisen",
        required=REQUIRED_SERVICES,
        first_on=school_year.first_on,
    )
    await plans.add_plan(municipality, promise, school_year)
    facts = {"school_year": str(school_year)}
    await record(context, actor, municipality, "plan-made", ("promise", promise), 1, **facts)


async def add_shared_venue(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    municipality: int,
    name: str,
    position: tuple[float, float] | None,
    near_rescue_station: bool,
    partner_station: str,
) -> bool:
    """Store a place that several schools share; False where one has the name already."""
    if municipality not in person.municipalities:
        raise NotFoundError

    async def change() -> Outcome:
        added = await add_venue_for(
            context,
            person.actor,
            municipality,
            name=name,
            position=position,
            near_rescue_station=near_rescue_station,
            partner_station=partner_station,
        )
        return {"added": added}

    return bool((await once(person, key, change, clock=context.clock))["added"])


async def add_venue_for(
    context: Context,
    actor: str,
    municipality: int,
    *,
    name: str,
    position: tuple[float, float] | None,
    near_rescue_station: bool,
    partner_station: str,
) -> bool:
    """Store a shared venue in the caller's write transaction; False where the name is taken."""
    added = await schools.add_venue(
        municipality,
        name=name,
        position=position,
        near_rescue_station=near_rescue_station,
        partner_station=partner_station,
    )
    if added:
        await record(context, actor, municipality, "venue-added", ("municipality", municipality), 1)
    return added
