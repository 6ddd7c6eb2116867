"""A class for its coordinator: how it stands, the times it could have, no time."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.booking import BookingClosedError, BookingRefusedError
from blaljus.domain.errors import BlaljusError, BusyError, NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.words import CancelCause
from blaljus.i18n import msgid
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.bookings.class_pages import get_class_page
from blaljus.usecases.context import Context
from blaljus.usecases.repair.ways import get_ways
from blaljus.web.cancelling import cause_page, cause_texts
from blaljus.web.coordinator.advice_words import way_hint
from blaljus.web.coordinator.coordinating import done_flash
from blaljus.web.coordinator.log import line_views
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import LARGEST, Form, FormError, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]

HOME = "/samordnare/klass"

CANCEL = "coordinator/klass-avboka.html"

DONE = {
    "tid": msgid("Klassen har fått tiden. Läraren får en inbjudan med e-post."),
    "avbokad": msgid("Tiden är avbokad. Läraren får besked med e-post."),
}


class CancelForm(Form):
    """Fields of `templates/coordinator/klass-avboka.html`."""

    number: RowId
    cause: CancelCause


@get(f"{HOME}/{{class_id:int}}", name="class", policy=Policy.COORDINATOR)
async def show_class(
    request: AnyRequest,
    class_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show a class with its time, the times it could have and what has happened."""
    return await class_page(request, context, person, row_id(class_id), done=klart)


async def class_page(
    request: AnyRequest,
    context: Context,
    person: Person,
    class_id: int,
    *,
    done: str | None = None,
    errors: Mapping[str, str] = MappingProxyType({}),
    wanted: str = "",
    trouble: BlaljusError | None = None,
) -> Response[str]:
    """Return a class's page, with what was just done, or what stood in the way of it."""
    shown = await get_class_page(context, person, class_id)
    ways = await get_ways(context, shown)
    language = page_of(request).language
    return form_page(
        request,
        "coordinator/klass.html",
        errors,
        trouble,
        flash=done_flash(DONE, done, language),
        shown=shown,
        ways=[(way, way_hint(way, language)) for way in ways],
        wanted=wanted,
        refusals=trouble.refusals if isinstance(trouble, BookingRefusedError) else (),
        history=line_views(shown.history, language, of_class=True),
    )


@get(f"{HOME}/{{class_id:int}}/avboka", name="ask-cancel", policy=Policy.COORDINATOR)
async def ask_cancel(
    request: AnyRequest,
    class_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Ask why, and say what happens, before a class loses its time."""
    shown = await get_class_page(context, person, row_id(class_id))
    return cause_page(request, CANCEL, shown) if shown.may_change else go(f"{HOME}/{class_id}")


@post(f"{HOME}/{{class_id:int}}/avboka", name="cancel-time", policy=Policy.COORDINATOR)
async def cancel(
    request: AnyRequest,
    class_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Cancel the class's booking; its place is free at once."""
    key = await form_key(request)
    shown = await get_class_page(context, person, row_id(class_id))
    cause = ""
    try:
        form = await read_form(request, CancelForm)
        cause = form.cause.value
        if form.number not in {booking.number for booking, _ in shown.bookings}:
            raise NotFoundError
        await cancel_booking(
            context, person, key, number=form.number, cause=form.cause, version=form.version
        )
    except FormError as error:
        errors = cause_texts(request, error)
        return cause_page(request, CANCEL, shown, errors=errors, cause=cause)
    except BusyError as trouble:
        return cause_page(request, CANCEL, shown, cause=cause, trouble=trouble)
    except (StaleError, BookingClosedError) as trouble:
        return await class_page(request, context, person, shown.school_class.id, trouble=trouble)
    return go(f"{HOME}/{class_id}?klart=avbokad")


HANDLERS = [show_class, ask_cancel, cancel]
