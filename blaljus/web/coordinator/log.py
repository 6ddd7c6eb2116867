"""`/samordnare/logg`: who did what, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from blaljus.domain.people import Person
from blaljus.domain.words import Role
from blaljus.i18n import format_moment, translations
from blaljus.i18n.words import word
from blaljus.usecases.operation.log import Actor, LogLine, get_log
from blaljus.web.coordinator.coordinating import at_municipality, page_number
from blaljus.web.coordinator.words import ACTIONS, worded
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import render_page

HOME = "/samordnare/logg"


@dataclass(frozen=True, slots=True)
class LineView:
    """One change in words; `address` is the page of what it was about, or empty."""

    at: datetime
    action: str
    about: str
    address: str
    who: str


def line_views(
    lines: Sequence[LogLine], language: str, *, of_class: bool = False
) -> list[LineView]:
    """Return changes in words, in their order; `of_class` for the page of one class."""
    return [
        LineView(
            line.at,
            worded(ACTIONS, line.action, language),
            "; ".join(_about(line, language, of_class=of_class)),
            _address(line, of_class=of_class),
            _who(line.actor, language),
        )
        for line in lines
    ]


def _about(line: LogLine, language: str, *, of_class: bool) -> list[str]:
    parts = []
    if line.school_class and not of_class:
        parts.append(line.school_class.name)
    if line.member:
        parts.append(line.member.shown_as)
    if line.slot:
        when = format_moment(line.slot.starts_at, line.slot.ends_at, language)
        parts.append(f"{when}, {line.slot.venue_name}")
    return parts


def _address(line: LogLine, *, of_class: bool) -> str:
    if line.booking and not of_class:
        return f"/samordnare/klass/{line.booking.school_class}"
    if line.slot:
        return f"/samordnare/pass/{line.slot.id}"
    kind, number = line.subject
    pages = {"run": "/samordnare/korning/{}", "message": "/samordnare/utskick/{}"}
    return pages[kind].format(number) if kind in pages else ""


def _who(actor: Actor, language: str) -> str:
    say = translations(language).gettext
    if actor.own:
        return say("Du")
    if actor.school_class:
        return say("Lärare i %(name)s") % {"name": actor.school_class.name}
    if actor.member:
        return actor.member.shown_as
    if actor.role is Role.COORDINATOR:
        return word(Role.COORDINATOR, language)
    return say("Driften") if actor.operator else say("Blåljus")


@get(HOME, name="log", policy=Policy.COORDINATOR)
async def show_log(
    request: Request[Any, Any, Any],
    person: NamedDependency[Person],
    kommun: FromQuery[str | None] = None,
    sida: FromQuery[str | None] = None,
) -> Response[str]:
    """Show a page of the audit log."""
    at = await at_municipality(person, kommun, HOME)
    shown = await get_log(person, at.id, page_number(sida))
    lines = line_views(shown.lines, page_of(request).language)
    return render_page(request, "coordinator/logg.html", at=at, shown=shown, lines=lines)


HANDLERS = [show_log]
