"""`/samordnare/fordelning`: how duties are spread, and which school chooses first this year."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from blaljus.clock import Clock
from blaljus.domain.people import Person
from blaljus.usecases.followup.load import get_load
from blaljus.usecases.followup.turns import get_turns
from blaljus.web.coordinator.coordinating import at_municipality, school_year_of
from blaljus.web.policy import Policy
from blaljus.web.render import render_page

HOME = "/samordnare/fordelning"


@get(HOME, name="load", policy=Policy.COORDINATOR)
async def show_load(
    request: Request[Any, Any, Any],
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    lasar: FromQuery[str | None] = None,
) -> Response[str]:
    """Show each agency's and person's half-days, and the schools' turns with the reason."""
    at, year = await at_municipality(person, kommun, HOME), school_year_of(lasar)
    return render_page(
        request,
        "coordinator/fordelning.html",
        at=at,
        load=await get_load(person, at.id, year, clock=clock),
        turns=await get_turns(person, at.id, year, clock=clock),
    )


HANDLERS = [show_load]
