"""`/samordnare/verksamheter`: who serves the municipality, and the times they gave."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from blaljus.clock import Clock
from blaljus.domain.people import Person
from blaljus.usecases.agencies import get_agencies
from blaljus.web.coordinating import at_municipality
from blaljus.web.policy import Policy
from blaljus.web.render import render_page

HOME = "/samordnare/verksamheter"


@get(HOME, name="agencies", policy=Policy.COORDINATOR)
async def show_agencies(
    request: Request[Any, Any, Any],
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
) -> Response[str]:
    """Show agencies, people by function, half-days given and duties."""
    at = await at_municipality(person, kommun, HOME)
    shown = await get_agencies(person, at.id, clock=clock)
    return render_page(request, "coordinator/verksamheter.html", at=at, shown=shown)


HANDLERS = [show_agencies]
