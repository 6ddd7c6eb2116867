"""What replacing or closing the address of a calendar means, before it is done."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Person
from blaljus.usecases.calendars.subscriptions import (
    Subscription,
    list_class_calendar,
    list_coordinated_calendars,
    list_own_calendar,
)
from blaljus.usecases.context import Context
from blaljus.web.calendars.choice import COORDINATED, asked_for, find_shown
from blaljus.web.policy import Policy
from blaljus.web.render import render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

ACTS = {"byt": False, "stang": True}
"""What the address asks for; whether that closes."""


@get("/personal/kalender/granska", name="review-staff-calendar", policy=Policy.STAFF)
async def review_own(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Say what a new address of one's own calendar means, or closing it."""
    return _page(request, await list_own_calendar(context, person), "/personal/kalender")


@get(
    "/klass/{class_id:str}/kalender/granska",
    name="review-class-calendar",
    policy=Policy.SIGNED_IN,
)
async def review_class(
    request: AnyRequest,
    class_id: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Say what a new address of a class's calendar means, or closing it."""
    number = row_id(class_id)
    shown = await list_class_calendar(context, person, number)
    return _page(request, shown, f"/klass/{number}/kalender")


@get(f"{COORDINATED}/granska", name="review-coordinator-calendar", policy=Policy.COORDINATOR)
async def review_coordinated(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Say what a new address of a coordinated calendar means, or closing it."""
    return _page(request, await list_coordinated_calendars(context, person), COORDINATED)


def _page(request: AnyRequest, calendars: list[Subscription], path: str) -> Response[str]:
    query = request.query_params
    closing = ACTS.get(query.get("gor", ""))
    calendar = find_shown(calendars, *asked_for(query))
    if closing is None or not calendar.feeds:
        raise NotFoundError
    return render_page(
        request, "calendars/granska.html", calendar=calendar, path=path, closing=closing
    )


HANDLERS = [review_own, review_class, review_coordinated]
