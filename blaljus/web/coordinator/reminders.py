"""`/samordnare/paminnelser`: who is reminded of what and when, and what will go out."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from blaljus.domain.errors import BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.reminders import (
    DAYTIME,
    MOST_DAYS,
    MOST_STEPS,
    USUAL,
    ReminderKind,
    ReminderRule,
)
from blaljus.i18n import msgid
from blaljus.usecases.context import Context
from blaljus.usecases.letters.reminder_pages import (
    RemindersPage,
    get_reminder_letter,
    get_reminders,
    save_reminders,
)
from blaljus.web.coordinator.coordinating import At, at_municipality, done_flash
from blaljus.web.coordinator.plan import ClockText, clock_text, minutes_of
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/paminnelser"

DONE = {"sparat": msgid("Påminnelserna är sparade.")}

KINDS: Mapping[ReminderKind, tuple[str, str]] = {
    ReminderKind.CLASS_SOON: (
        msgid("Lärare: klassens tid är snart"),
        msgid("Dagar före passet"),
    ),
    ReminderKind.DUTY_SOON: (
        msgid("Personal: uppdraget är snart"),
        msgid("Dagar före passet"),
    ),
    ReminderKind.NOT_BOOKED: (
        msgid("Lärare: klassen har ingen tid"),
        msgid("Dagar innan bokningen stänger"),
    ),
    ReminderKind.NOT_REPORTED: (
        msgid("Lärare: närvaron är inte rapporterad"),
        msgid("Dagar efter passet"),
    ),
    ReminderKind.NOT_ANSWERED: (
        msgid("Samordnare: skolor har inte lämnat klasser"),
        msgid("Dagar efter att terminen började"),
    ),
}
"""What each kind is called, and what its days are counted from."""

_DAYS = re.compile(r"[0-9]{1,2}( *, *[0-9]{1,2})*", re.ASCII)
_HOURS = (DAYTIME[0].hour * 60, (DAYTIME[1].hour - 1) * 60)

_WRONG_DAYS = msgid("Skriv en till tre dagar från 0 till 60, till exempel 7, 1.")
_WRONG_CLOCK = msgid("Skriv en tid från 7.00 till 17.00, till exempel 8.00.")


def field(name: str, kind: ReminderKind) -> str:
    """Return the name of a kind's form field: `days_class_soon`."""
    return f"{name}_{kind.value.replace('-', '_')}"


_DaysText = Annotated[str, msgspec.Meta(max_length=40)]
_Plan = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]

RemindersForm = cast(
    "type[Form]",
    msgspec.defstruct(
        "RemindersForm",
        [("plan", _Plan)]
        + [(field("on", kind), bool, False) for kind in ReminderKind]
        + [(field("days", kind), _DaysText, "") for kind in ReminderKind]
        + [(field("at", kind), ClockText, "") for kind in ReminderKind],
        bases=(Form,),
        forbid_unknown_fields=True,
        kw_only=True,
    ),
)
"""Fields of `templates/coordinator/paminnelser.html`."""

WORDING = {(field("days", kind), Problem.WRONG_FORMAT): _WRONG_DAYS for kind in ReminderKind} | {
    (field("at", kind), Problem.WRONG_FORMAT): _WRONG_CLOCK for kind in ReminderKind
}


@get(HOME, name="reminders", policy=Policy.COORDINATOR)
async def show_reminders(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the rules, to change, and the reminders of the next days."""
    at = await at_municipality(person, kommun, HOME)
    return await _page(request, person, context, at, done=klart)


@get(f"{HOME}/brev", name="reminder-letter", policy=Policy.COORDINATOR)
async def show_letter(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    slag: FromQuery[str] = "",
    om: FromQuery[str] = "",
    kommun: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what a reminder says before it goes out: `slag` is its kind, `om` its subject."""
    at = await at_municipality(person, kommun, HOME)
    letter = await get_reminder_letter(context, person, at.id, slag, om)
    name, _ = KINDS[letter.kind]
    return render_page(request, "coordinator/paminnelse-brev.html", at=at, letter=letter, name=name)


@post(HOME, name="save-reminders", policy=Policy.COORDINATOR)
async def save(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Store the rules; what stands in the way is shown with what was typed."""
    at = await at_municipality(person, kommun, HOME)
    again = partial(_page, request, person, context, at)
    try:
        form, key = await read_form(request, RemindersForm), await form_key(request)
        typed = msgspec.structs.asdict(form)
        rules = _rules(typed)
    except FormError as error:
        errors = error.texts(page_of(request).language, wording=WORDING)
        return await again(typed=error.typed, errors=errors)
    try:
        await save_reminders(
            context, person, key, plan_id=typed["plan"], rules=rules, version=form.version or 0
        )
    except (StaleError, BusyError) as trouble:
        return await again(typed=typed, trouble=trouble)
    return go(at(HOME, klart="sparat"))


def _rules(typed: Typed) -> list[ReminderRule]:
    """Return what was typed as values of the domain, or raise `FormError`."""
    found, wrong = [], {}
    for kind in ReminderKind:
        days = _days(str(typed[field("days", kind)]))
        minute = minutes_of(str(typed[field("at", kind)]), _HOURS)
        if days is None:
            wrong[field("days", kind)] = Problem.WRONG_FORMAT
        if minute is None:
            wrong[field("at", kind)] = Problem.WRONG_FORMAT
        rule = ReminderRule(
            kind=kind,
            enabled=bool(typed[field("on", kind)]),
            days=days or (),
            at_minute=minute or 0,
        )
        found.append(rule)
    if wrong:
        raise FormError(wrong, typed)
    return found


def _days(text: str) -> tuple[int, ...] | None:
    """Return days, each once, in the order typed; None for what is none."""
    if not _DAYS.fullmatch(text):
        return None
    days = tuple(dict.fromkeys(int(part) for part in text.split(",")))
    return days if len(days) <= MOST_STEPS and max(days) <= MOST_DAYS else None


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
    shown = await get_reminders(context, person, at.id)
    return form_page(
        request,
        "coordinator/paminnelser.html",
        errors or {},
        trouble,
        flash=done_flash(DONE, done, page_of(request).language),
        at=at,
        shown=shown,
        kinds=[(kind, *KINDS[kind], kind.value.replace("-", "_")) for kind in ReminderKind],
        names={kind: text for kind, (text, _) in KINDS.items()},
        typed=(_stands(shown) if shown else {}) if typed is None else typed,
    )


def _stands(shown: RemindersPage) -> Typed:
    stands: Typed = {}
    for kind in USUAL:
        rule = shown.rules[kind]
        stands[field("on", kind)] = rule.enabled
        stands[field("days", kind)] = ", ".join(map(str, rule.days))
        stands[field("at", kind)] = clock_text(rule.at_minute)
    return stands


HANDLERS = [show_reminders, show_letter, save]
