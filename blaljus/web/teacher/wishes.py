"""`/klass/<id>/onskemal`: up to five half-days that a class would like."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.errors import BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.wishes import MOST, WishProblem, wish_problems
from blaljus.domain.words import Half
from blaljus.i18n import msgid, translations
from blaljus.usecases.bookings.wishes import WishPage, get_wishes, save_wishes
from blaljus.usecases.context import Context
from blaljus.web.coordinator.coordinating import done_flash
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

PATH = "/klass/{class_id:str}/onskemal"

DONE = {"sparat": msgid("Önskemålen är sparade. Samordnaren ser dem när tiderna planeras.")}

PROBLEMS: Mapping[WishProblem, str] = {
    WishProblem.NO_SCHOOL: msgid(
        "Den dagen går inte att önska: skolan är ledig, eller så är det för nära."
    ),
    WishProblem.TWICE: msgid("Den halvdagen står redan i listan."),
}

RANKS = range(1, MOST + 1)

WishForm = cast(
    "type[Form]",
    msgspec.defstruct(
        "WishForm",
        [(f"day_{rank}", date | None, None) for rank in RANKS]
        + [(f"half_{rank}", Half, Half.FM) for rank in RANKS],
        bases=(Form,),
        forbid_unknown_fields=True,
        kw_only=True,
    ),
)
"""Fields of `templates/teacher/onskemal.html`: `day_1`, `half_1`, … An empty day is no wish."""


@get(PATH, name="wishes", policy=Policy.SIGNED_IN)
async def show_wishes(
    request: AnyRequest,
    class_id: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what a class wishes for, to change."""
    shown = await get_wishes(context, person, row_id(class_id))
    return _page(request, shown, done=klart)


@post(PATH, name="save-wishes", policy=Policy.SIGNED_IN)
async def save(
    request: AnyRequest,
    class_id: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Store the wishes; what stands in the way is shown with what was typed."""
    shown = await get_wishes(context, person, row_id(class_id))
    language = page_of(request).language
    try:
        form, key = await read_form(request, WishForm), await form_key(request)
    except FormError as error:
        return _page(request, shown, typed=error.typed, errors=error.texts(language))
    typed = msgspec.to_builtins(form)
    wanted = _wanted(form)
    if problems := wish_problems(wanted, shown.is_open):
        say = translations(language).gettext
        errors = {f"day_{rank}": say(PROBLEMS[problem]) for rank, problem in problems.items()}
        return _page(request, shown, typed=typed, errors=errors)
    try:
        await save_wishes(
            context,
            person,
            key,
            class_id=shown.school_class.id,
            wanted=wanted,
            version=form.version or 0,
        )
    except (StaleError, BusyError) as trouble:
        shown = await get_wishes(context, person, shown.school_class.id)
        return _page(request, shown, typed=typed, trouble=trouble)
    return go(f"/klass/{shown.school_class.id}/onskemal?klart=sparat")


def _wanted(form: Form) -> dict[int, tuple[date, Half]]:
    """Return the wishes by rank; an empty line leaves a gap."""
    days = [(getattr(form, f"day_{rank}"), getattr(form, f"half_{rank}")) for rank in RANKS]
    return {rank: (day, half) for rank, (day, half) in zip(RANKS, days, strict=True) if day}


def _page(
    request: AnyRequest,
    shown: WishPage,
    *,
    done: str | None = None,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    trouble: StaleError | BusyError | None = None,
) -> Response[str]:
    stands = {f"day_{rank}": str(day) for rank, (day, _) in shown.wishes.items()}
    stands |= {f"half_{rank}": half.value for rank, (_, half) in shown.wishes.items()}
    days = sorted(day for day, _ in shown.is_open)
    return form_page(
        request,
        "teacher/onskemal.html",
        errors or {},
        trouble,
        flash=done_flash(DONE, done, page_of(request).language),
        shown=shown,
        ranks=RANKS,
        halves=list(Half),
        days=(days[0], days[-1]) if days else None,
        typed=stands if typed is None else typed,
    )


HANDLERS = [show_wishes, save]
