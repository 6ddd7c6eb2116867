"""The coordinator's first page: how far the promise has come, gaps first; and as files."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Person
from blaljus.domain.words import CoverageState
from blaljus.i18n import msgid
from blaljus.reports.coverage import coverage_csv, coverage_json
from blaljus.usecases.context import Context
from blaljus.usecases.followup.overview import Overview, get_overview
from blaljus.usecases.followup.promises import begin_season
from blaljus.web.coordinator import (
    absence,
    agencies,
    callouts,
    carousel,
    forecast,
    load,
    log,
    moving,
    outbox,
    plan,
    reminders,
    replies,
    school_class,
    sent_changes,
    slots,
    staffing,
    stays,
    why,
)
from blaljus.web.coordinator.coordinating import (
    At,
    at_municipality,
    done_flash,
    school_year_of,
    year_file,
)
from blaljus.web.coordinator.coverage_rows import COMING, MET, TO_DO, sections, table_rows
from blaljus.web.coordinator.places import pins as venue_pins
from blaljus.web.coordinator.places import stations as venue_stations
from blaljus.web.coordinator.places import venues
from blaljus.web.coordinator.runs import events as run_events
from blaljus.web.coordinator.runs import pages as runs
from blaljus.web.forms.reading import Form, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare"

VIEWS = {"lista": msgid("Lista"), "tabell": msgid("Tabell"), "skolor": msgid("Per skola")}
"""Ways to look at the matrix; the first is what phones and keyboards read best."""

DONE = {"plan": msgid("Läsårsplanen är skapad. Nu kan du planera.")}


class BeginForm(Form):
    """Fields of `templates/coordinator/_begin.html`."""

    lasar: Annotated[str, msgspec.Meta(max_length=7)]


@get(HOME, name="coverage", policy=Policy.COORDINATOR)
async def show_coverage(
    request: AnyRequest,
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    lasar: FromQuery[str | None] = None,
    vy: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show one line of figures, then what to do, then every class as list, table or per school."""
    at = await at_municipality(person, kommun, HOME)
    overview = await get_overview(at.id, school_year_of(lasar), clock=clock)
    language = page_of(request).language
    view = vy if vy in VIEWS else "lista"
    matrix, clashing = overview.matrix, {row.slot.id for row in overview.clashing}
    return render_page(
        request,
        "coordinator/tackning.html",
        flash=done_flash(DONE, klart, language),
        at=at,
        overview=overview,
        view=view,
        views=VIEWS,
        gaps=sections(matrix, language, [TO_DO], clashing) if view == "lista" else (),
        rest=sections(matrix, language, [COMING, MET], clashing) if view == "lista" else (),
        rows=table_rows(matrix, language, clashing) if view == "tabell" else "",
        legend=CoverageState,
    )


@post(HOME, name="begin-season", policy=Policy.COORDINATOR)
async def begin(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Redirect:
    """Make the promise and the plan of a school year."""
    form, key = await read_form(request, BeginForm), await form_key(request)
    at = await at_municipality(person, kommun, HOME)
    year = school_year_of(form.lasar)
    if year is None:
        raise NotFoundError
    await begin_season(context, person, key, municipality=at.id, school_year=year)
    return go(at(HOME, lasar=year, klart="plan"))


async def _matrix(
    person: Person, clock: Clock, kommun: str | None, lasar: str | None
) -> tuple[At, Overview]:
    at = await at_municipality(person, kommun, HOME)
    return at, await get_overview(at.id, school_year_of(lasar), clock=clock)


@get(f"{HOME}/tackning.csv", name="coverage-csv", policy=Policy.COORDINATOR)
async def coverage_as_csv(
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    lasar: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the matrix for a spreadsheet."""
    at, overview = await _matrix(person, clock, kommun, lasar)
    return year_file(at, coverage_csv(overview.matrix), "tackning", overview.year, "csv")


@get(f"{HOME}/tackning.json", name="coverage-json", policy=Policy.COORDINATOR)
async def coverage_as_json(
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    lasar: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the matrix for programs."""
    at, overview = await _matrix(person, clock, kommun, lasar)
    body = coverage_json(overview.matrix, at.municipality, overview.year, clock())
    return year_file(at, body, "tackning", overview.year, "json")


HANDLERS = [
    show_coverage,
    begin,
    coverage_as_csv,
    coverage_as_json,
    *forecast.HANDLERS,
    *load.HANDLERS,
    *plan.HANDLERS,
    *runs.HANDLERS,
    *run_events.HANDLERS,
    *school_class.HANDLERS,
    *moving.HANDLERS,
    *why.HANDLERS,
    *slots.HANDLERS,
    *carousel.HANDLERS,
    *callouts.HANDLERS,
    *stays.HANDLERS,
    *staffing.HANDLERS,
    *agencies.HANDLERS,
    *absence.HANDLERS,
    *venues.HANDLERS,
    *venue_stations.HANDLERS,
    *venue_pins.HANDLERS,
    *outbox.HANDLERS,
    *sent_changes.HANDLERS,
    *reminders.HANDLERS,
    *replies.HANDLERS,
    *log.HANDLERS,
]
