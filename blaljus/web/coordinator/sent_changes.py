"""`/samordnare/utskick/andringar`: what every change sent."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.people import Person
from blaljus.usecases.letters.sent_changes import get_change, get_changes
from blaljus.web.coordinator.coordinating import at_municipality, page_number
from blaljus.web.coordinator.letter_words import worded_changes, worded_messages
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/utskick/andringar"


@get(HOME, name="sent-changes", policy=Policy.COORDINATOR)
async def show_changes(
    request: AnyRequest,
    person: NamedDependency[Person],
    kommun: FromQuery[str | None] = None,
    sida: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what each change sent, to how many of whom, and what became of it."""
    at = await at_municipality(person, kommun, HOME)
    shown = await get_changes(person, at.id, page_number(sida))
    return render_page(
        request,
        "coordinator/utskick-andringar.html",
        at=at,
        shown=shown,
        changes=worded_changes(shown.rows, page_of(request).language),
    )


@get(f"{HOME}/{{letter:int}}", name="sent-change", policy=Policy.COORDINATOR)
async def show_change(
    request: AnyRequest,
    letter: FromPath[int],
    person: NamedDependency[Person],
    kommun: FromQuery[str | None] = None,
    sida: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the letters of the change that a letter is of."""
    at = await at_municipality(person, kommun, HOME)
    language = page_of(request).language
    shown = await get_change(person, at.id, row_id(letter), page_number(sida))
    (change,) = worded_changes([shown.change], language)
    return render_page(
        request,
        "coordinator/utskick-andring.html",
        at=at,
        shown=shown,
        change=change,
        rows=worded_messages(shown.rows, language),
    )


HANDLERS = [show_changes, show_change]
