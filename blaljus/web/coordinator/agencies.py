"""`/samordnare/verksamheter`: who serves the municipality, the times they gave, what they ask."""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.clock import Clock
from blaljus.domain.agencies import AgencyRules
from blaljus.domain.errors import BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.i18n import msgid
from blaljus.usecases.context import Context
from blaljus.usecases.people.agencies import get_agencies
from blaljus.usecases.people.agency_rules import get_agency_rules, save_agency_rules
from blaljus.web.coordinator.coordinating import At, at_municipality, done_flash
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/verksamheter"

DONE = {
    "borta": msgid("Ändringarna är gjorda. Alla som berörs får besked med e-post."),
    "regler": msgid("Reglerna är sparade. Nästa planering följer dem."),
}

_DAY = msgid("Skriv 1 eller 2.")
_WEEK = msgid("Skriv ett tal från 1 till 10.")
_SEASON = msgid("Skriv ett tal från 1 till 400, eller lämna tomt.")
_NOTICE = msgid("Skriv ett antal dagar från 0 till 180.")

WORDING = {
    (name, problem): text
    for name, text in {
        "per_day": _DAY,
        "per_week": _WEEK,
        "per_season": _SEASON,
        "notice_days": _NOTICE,
    }.items()
    for problem in (Problem.REQUIRED, Problem.TOO_SMALL, Problem.TOO_BIG, Problem.NOT_A_NUMBER)
}


class RulesForm(Form):
    """Fields of `templates/coordinator/verksamhet.html`."""

    per_day: Annotated[int, msgspec.Meta(ge=1, le=2)]
    per_week: Annotated[int, msgspec.Meta(ge=1, le=10)]
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=180)]
    per_season: Annotated[int, msgspec.Meta(ge=1, le=400)] | None = None
    home: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)] | None = None

    def rules(self) -> AgencyRules:
        """Return what was typed as a value of the domain."""
        return AgencyRules(
            per_day=self.per_day,
            per_week=self.per_week,
            per_season=self.per_season,
            notice_days=self.notice_days,
            home=self.home,
        )


@get(HOME, name="agencies", policy=Policy.COORDINATOR)
async def show_agencies(
    request: AnyRequest,
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show agencies, people by function, half-days given and duties."""
    at = await at_municipality(person, kommun, HOME)
    shown = await get_agencies(person, at.id, clock=clock)
    flash = done_flash(DONE, klart, page_of(request).language)
    return render_page(request, "coordinator/verksamheter.html", flash=flash, at=at, shown=shown)


@get(f"{HOME}/{{agency_id:int}}", name="agency", policy=Policy.COORDINATOR)
async def show_agency(
    request: AnyRequest,
    agency_id: FromPath[int],
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what an agency asks of the planning, to change."""
    at = await at_municipality(person, kommun, HOME)
    return await _rules_page(request, person, clock, at, row_id(agency_id))


async def _rules_page(
    request: AnyRequest,
    person: Person,
    clock: Clock,
    at: At,
    agency_id: int,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    trouble: StaleError | BusyError | None = None,
) -> Response[str]:
    shown = await get_agency_rules(person, at.id, agency_id, clock=clock)
    stands = {name: getattr(shown.agency, name) for name in AgencyRules.__dataclass_fields__}
    return form_page(
        request,
        "coordinator/verksamhet.html",
        errors or {},
        trouble,
        at=at,
        shown=shown,
        typed=stands if typed is None else typed,
    )


@post(f"{HOME}/{{agency_id:int}}", name="save-agency", policy=Policy.COORDINATOR)
async def save_agency(
    request: AnyRequest,
    agency_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Store what an agency asks; what stands in the way is shown with what was typed."""
    at, agency = await at_municipality(person, kommun, HOME), row_id(agency_id)
    again = partial(_rules_page, request, person, context.clock, at, agency)
    try:
        form, key = await read_form(request, RulesForm), await form_key(request)
    except FormError as error:
        errors = error.texts(page_of(request).language, wording=WORDING)
        return await again(typed=error.typed, errors=errors)
    try:
        await save_agency_rules(
            context, person, key, agency=agency, rules=form.rules(), version=form.version or 0
        )
    except (StaleError, BusyError) as trouble:
        return await again(typed=msgspec.structs.asdict(form), trouble=trouble)
    return go(at(HOME, klart="regler"))


HANDLERS = [show_agencies, show_agency, save_agency]
