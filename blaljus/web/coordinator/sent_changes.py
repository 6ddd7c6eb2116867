"""`/samordnare/utskick/andringar`: what every change sent."""

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from blaljus.domain.outbox import SentChange
from blaljus.domain.people import Person
from blaljus.usecases.letters.sent_changes import get_changes
from blaljus.web.coordinator.coordinating import at_municipality, page_number
from blaljus.web.coordinator.words import ACTIONS, METHODS, worded
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import render_page

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/utskick/andringar"

Worded = tuple[SentChange, str, list[tuple[str, int]]]
"""A change, what it was, and its letters by kind."""


def worded_changes(changes: Iterable[SentChange], language: str) -> list[Worded]:
    """Return changes with what pages call them and the kinds of their letters."""
    return [
        (
            change,
            worded(ACTIONS, change.action, language),
            [(worded(METHODS, kind, language), number) for kind, number in change.kinds.items()],
        )
        for change in changes
    ]


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


HANDLERS = [show_changes]
