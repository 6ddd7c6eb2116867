"""A crew has left: what becomes of the rounds, and deciding on it."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.callouts import CalloutRefusedError, open_callout
from blaljus.domain.errors import BlaljusError, StaleError
from blaljus.domain.localtime import local
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot
from blaljus.i18n import msgid, translations
from blaljus.i18n.words import station_name
from blaljus.usecases.context import Context
from blaljus.usecases.days.callouts import (
    Absence,
    CalloutProposal,
    note_callout,
    propose_callout,
)
from blaljus.usecases.days.carousel import get_carousel
from blaljus.usecases.days.rounds import Carousel
from blaljus.web.coordinator.carousel import HOME
from blaljus.web.forms.clock_times import TIME, Clock, moment_of
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import (
    LARGEST,
    Form,
    FormError,
    Typed,
    form_key,
    query_form,
    read_form,
)
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import RowId, row_id

AnyRequest = Request[Any, Any, Any]


class CalloutForm(Form):
    """Fields of `templates/coordinator/utryckning.html`."""

    station: Annotated[RowId, msgspec.Meta(le=LARGEST)]
    left: Clock
    back: Clock | None = None


_WORDING = {
    ("station", Problem.REQUIRED): msgid("Välj vilken besättning det gäller."),
    ("left", Problem.REQUIRED): TIME,
    ("left", Problem.WRONG_FORMAT): TIME,
    ("back", Problem.WRONG_FORMAT): TIME,
}
_PROBLEMS = {
    "left-outside": msgid("Tiden då de åkte ska vara före passets slut."),
    "not-today": msgid("Utryckningar skrivs in på dagen för passet, eller efteråt."),
    "back-before": msgid("Tiden då de är tillbaka ska vara efter att de åkte."),
    "back-missing": msgid("De är redan borta. Skriv när de kom tillbaka."),
}


@get(f"{HOME}/utryckning", name="ask-callout", policy=Policy.COORDINATOR)
async def ask_callout(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Ask which crew and when; with an answer in the address, show what it does to the rounds."""
    shown = await get_carousel(person, row_id(slot_id))
    given = dict(request.query_params)
    if "left" not in given:
        return _page(request, shown, _first_typed(context, shown, given.get("station")))
    try:
        form = query_form(request, CalloutForm)
    except FormError as error:
        return _page(request, shown, error.typed, _texts(request, error))
    typed = msgspec.structs.asdict(form)
    try:
        made = await propose_callout(context, person, shown.slot.id, _absence(form, shown.slot))
    except CalloutRefusedError as refusal:
        return _page(request, shown, typed, _problem_texts(request, refusal))
    return _page(request, shown, typed, made=made)


@post(f"{HOME}/utryckning", name="note-callout", policy=Policy.COORDINATOR)
async def save_callout(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Store the call-out with the rounds that follow from it."""
    shown = await get_carousel(person, row_id(slot_id))
    try:
        form = await read_form(request, CalloutForm)
    except FormError as error:
        return _page(request, shown, error.typed, _texts(request, error))
    absence, key = _absence(form, shown.slot), await form_key(request)
    try:
        await note_callout(
            context, person, key, slot_id=shown.slot.id, absence=absence, version=form.version
        )
    except CalloutRefusedError as refusal:
        return _page(request, shown, msgspec.structs.asdict(form), _problem_texts(request, refusal))
    except StaleError as trouble:
        shown = await get_carousel(person, shown.slot.id)
        return _page(request, shown, msgspec.structs.asdict(form), trouble=trouble)
    return go(f"/samordnare/pass/{slot_id}/korschema?klart=utryckning")


def _absence(form: CalloutForm, slot: Slot) -> Absence:
    return Absence(
        station=form.station,
        left_at=moment_of(form.left, slot),
        back_at=moment_of(form.back, slot) if form.back else None,
    )


def _first_typed(context: Context, shown: Carousel, station: str | None) -> Typed:
    """Return what the form holds at first: that it happens now."""
    now = f"{local(context.clock()):%H:%M}"
    chosen = [s.id for s in shown.stations if str(s.id) == station]
    gone = open_callout(shown.callouts, chosen[0]) if chosen else None
    left = f"{local(gone.left_at):%H:%M}" if gone else now
    return {"station": chosen[0] if chosen else "", "left": left, "back": now if gone else ""}


def _texts(request: AnyRequest, error: FormError) -> dict[str, str]:
    return error.texts(page_of(request).language, wording=_WORDING)


def _problem_texts(request: AnyRequest, refusal: CalloutRefusedError) -> dict[str, str]:
    say = translations(page_of(request).language).gettext
    return {field: say(_PROBLEMS[code]) for field, code in refusal.problems.items()}


def _page(
    request: AnyRequest,
    shown: Carousel,
    typed: Typed,
    errors: Mapping[str, str] | None = None,
    trouble: BlaljusError | None = None,
    made: CalloutProposal | None = None,
) -> Response[str]:
    language = page_of(request).language
    return form_page(
        request,
        "coordinator/utryckning.html",
        errors or {},
        trouble,
        shown=shown,
        typed=typed,
        made=made,
        stations=[(s.id, station_name(s.name, language)) for s in shown.stations],
    )


HANDLERS = [ask_callout, save_callout]
