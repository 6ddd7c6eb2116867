"""`/samordnare/klass/<id>/varfor`: why a class has no time, and what would help."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.people import Person
from blaljus.usecases.context import Context
from blaljus.usecases.runs.why import WhyPage, get_why
from blaljus.usecases.runs.why_words import (
    STEPS,
    help_text,
    reason_text,
    rules_text,
    then_text,
)
from blaljus.web.coordinator.school_class import HOME
from blaljus.web.coordinator.words import worded
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]


@get(f"{HOME}/{{class_id:int}}/varfor", name="why", policy=Policy.COORDINATOR)
async def show_why(
    request: AnyRequest,
    class_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    korning: FromQuery[str | None] = None,
) -> Response[Any]:
    """Show where the half-days of a class went; of one with a time, its own page."""
    run = row_id(korning) if korning else None
    found = await get_why(context, person, row_id(class_id), run=run)
    if found is None:
        return go(f"{HOME}/{row_id(class_id)}")
    return _page(request, found)


def _page(request: AnyRequest, found: WhyPage) -> Response[str]:
    language, why = page_of(request).language, found.why
    return render_page(
        request,
        "coordinator/klass-varfor.html",
        found=found,
        reason=reason_text(why, language),
        steps=[(left, worded(STEPS, code, language)) for code, left in why.steps],
        rules=rules_text(why, language),
        helps=[(help_text(row, language), then_text(row, language)) for row in why.helps],
    )


HANDLERS = [show_why]
