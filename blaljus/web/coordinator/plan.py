"""`/samordnare/plan`: when the days begin, how long stations take, and how early booking closes."""

import re
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from blaljus.domain.errors import BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import PlanRules, SeasonPlan
from blaljus.i18n import msgid
from blaljus.usecases.context import Context
from blaljus.usecases.runs.plan_rules import find_current_plan, save_plan_rules
from blaljus.web.coordinator.coordinating import At, at_municipality, done_flash
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/plan"

DONE = {"sparat": msgid("Reglerna är sparade. Pass som är publicerade har kvar sina tider.")}

WORDING = {
    ("morning", Problem.WRONG_FORMAT): msgid(
        "Skriv en tid från 7.00 till 11.00, till exempel 8.45."
    ),
    ("afternoon", Problem.WRONG_FORMAT): msgid(
        "Skriv en tid från 12.00 till 15.00, till exempel 12.45."
    ),
}

HOURS = {"morning": (7 * 60, 11 * 60), "afternoon": (12 * 60, 15 * 60)}
"""When a half-day may begin, in minutes from midnight, both included."""

_CLOCK = re.compile(r"([0-9]{1,2})[.:]([0-5][0-9])", re.ASCII)

ClockText = Annotated[str, msgspec.Meta(max_length=20)]


class PlanForm(Form):
    """Fields of `templates/coordinator/plan.html`."""

    plan: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    morning: ClockText
    afternoon: ClockText
    station_minutes: Annotated[int, msgspec.Meta(ge=5, le=60)]
    change_minutes: Annotated[int, msgspec.Meta(ge=0, le=30)]
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=90)]
    lunch_gap_minutes: Annotated[int, msgspec.Meta(ge=0, le=180)]
    bus_seats: Annotated[int, msgspec.Meta(ge=0, le=2000)] | None = None


@get(HOME, name="plan", policy=Policy.COORDINATOR)
async def show_plan(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the rules of the school year's plan, to change."""
    at = await at_municipality(person, kommun, HOME)
    return await _page(request, person, context, at, done=klart)


@post(HOME, name="save-plan", policy=Policy.COORDINATOR)
async def save_plan(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Store the rules; what stands in the way is shown with what was typed."""
    at = await at_municipality(person, kommun, HOME)
    again = partial(_page, request, person, context, at)
    try:
        form, key = await read_form(request, PlanForm), await form_key(request)
        rules = _rules(form)
    except FormError as error:
        errors = error.texts(page_of(request).language, wording=WORDING)
        return await again(typed=error.typed, errors=errors)
    try:
        await save_plan_rules(
            context, person, key, plan_id=form.plan, rules=rules, version=form.version or 0
        )
    except (StaleError, BusyError) as trouble:
        return await again(typed=msgspec.structs.asdict(form), trouble=trouble)
    return go(at(HOME, klart="sparat"))


def _rules(form: PlanForm) -> PlanRules:
    """Return what was typed as a value of the domain, or raise `FormError`."""
    minutes = {name: minutes_of(getattr(form, name), HOURS[name]) for name in HOURS}
    wrong = {name: Problem.WRONG_FORMAT for name, found in minutes.items() if found is None}
    if wrong:
        raise FormError(wrong, msgspec.structs.asdict(form))
    return PlanRules(
        notice_days=form.notice_days,
        morning_start_minute=minutes["morning"] or 0,
        afternoon_start_minute=minutes["afternoon"] or 0,
        station_minutes=form.station_minutes,
        change_minutes=form.change_minutes,
        lunch_gap_minutes=form.lunch_gap_minutes,
        bus_seats=form.bus_seats,
    )


def minutes_of(text: str, bounds: tuple[int, int]) -> int | None:
    """Return a clock time on five minutes as minutes from midnight; None for what is none."""
    match = _CLOCK.fullmatch(text)
    minutes = int(match[1]) * 60 + int(match[2]) if match else 1
    return minutes if bounds[0] <= minutes <= bounds[1] and minutes % 5 == 0 else None


async def _page(
    request: AnyRequest,
    person: Person,
    context: Context,
    at: At,
    *,
    done: str | None = None,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    trouble: StaleError | BusyError | None = None,
) -> Response[str]:
    plan = await find_current_plan(person, at.id, None, clock=context.clock)
    return form_page(
        request,
        "coordinator/plan.html",
        errors or {},
        trouble,
        flash=done_flash(DONE, done, page_of(request).language),
        at=at,
        plan=plan,
        typed=(_stands(plan) if plan else {}) if typed is None else typed,
    )


def _stands(plan: SeasonPlan) -> Typed:
    stands: Typed = {name: getattr(plan, name) for name in PlanRules.__dataclass_fields__}
    stands["morning"] = clock_text(plan.morning_start_minute)
    stands["afternoon"] = clock_text(plan.afternoon_start_minute)
    return stands


def clock_text(minute: int) -> str:
    """Return minutes from midnight as people write them: `8.45`."""
    return f"{minute // 60}.{minute % 60:02}"


HANDLERS = [show_plan, save_plan]
