"""Changing what a booking says of its class, and cancelling it."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.booking import BookingClosedError, BookingRefusedError
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.i18n import msgid
from blaljus.i18n.words import word
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details
from blaljus.usecases.bookings.teaching import BookingPage, get_booking_page
from blaljus.usecases.context import Context
from blaljus.web.cancelling import cause_page
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import (
    CancelForm,
    DetailsForm,
    details_of,
    need_fields,
    read_details,
    row_id,
    transports,
    typed_of,
)

AnyRequest = Request[Any, Any, Any]

CANCEL = "teacher/avboka.html"


@get("/boka/{number:int}/andra", name="change-details", policy=Policy.SIGNED_IN)
async def show_change(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show what the booking says of the class, to change it."""
    shown = await _open(context, person, number)
    return _change_page(request, shown, typed_of(shown.booking.details), {})


@post("/boka/{number:int}/andra", name="save-details", policy=Policy.SIGNED_IN)
async def change(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Save what the booking says of the class."""
    filled = await read_details(request, DetailsForm)
    if filled.form is None:
        shown = await _open(context, person, number)
        return _change_page(request, shown, filled.typed, filled.errors)
    try:
        await change_details(
            context,
            person,
            await form_key(request),
            number=row_id(number),
            details=details_of(filled.form),
            version=filled.form.version,
        )
    except (BookingRefusedError, StaleError, BusyError) as error:
        shown = await _open(context, person, number)
        errors = _refusal_texts(error, page_of(request).language)
        return _change_page(request, shown, filled.typed, errors, None if errors else error)
    return go(f"/boka/{number}?klart=andrad")


def _refusal_texts(error: BlaljusError, language: str) -> dict[str, str]:
    if not isinstance(error, BookingRefusedError):
        return {}
    return {"pupils": " ".join(word(refusal, language) for refusal in error.refusals)}


async def _open(context: Context, person: Person, number: int) -> BookingPage:
    """Return a booking that may still change, or raise `BookingClosedError`."""
    shown = await get_booking_page(context, person, row_id(number))
    if not (shown.active and shown.may_change):
        raise BookingClosedError
    return shown


def _change_page(
    request: AnyRequest,
    shown: BookingPage,
    typed: Typed,
    errors: Mapping[str, str],
    trouble: BlaljusError | None = None,
) -> Response[str]:
    language = page_of(request).language
    return form_page(
        request,
        "teacher/andra.html",
        errors,
        trouble,
        shown=shown,
        typed=typed,
        saved=typed_of(shown.booking.details),
        needs=need_fields(language),
        transports=transports(language),
    )


@get("/boka/{number:int}/avboka", name="cancel-booking", policy=Policy.SIGNED_IN)
async def show_cancel(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Ask why, and whether."""
    return cause_page(request, CANCEL, await _open(context, person, number))


@post("/boka/{number:int}/avboka", name="booking-cancelled", policy=Policy.SIGNED_IN)
async def cancel(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Cancel with a cause; the booking's page then offers to book again."""
    try:
        form = await read_form(request, CancelForm)
    except FormError as error:
        texts = error.texts(page_of(request).language, None, _CANCEL_WORDING)
        shown = await _open(context, person, number)
        return cause_page(request, CANCEL, shown, cause=str(error.typed["cause"]), errors=texts)
    try:
        await cancel_booking(
            context,
            person,
            await form_key(request),
            number=row_id(number),
            cause=form.cause,
            version=form.version,
        )
    except (StaleError, BusyError) as error:
        shown = await _open(context, person, number)
        return cause_page(request, CANCEL, shown, cause=form.cause.value, trouble=error)
    return go(f"/boka/{number}?klart=avbokad")


_WHY = msgid("Välj varför ni avbokar.")
_CANCEL_WORDING = {("cause", Problem.REQUIRED): _WHY, ("cause", Problem.NOT_A_CHOICE): _WHY}


HANDLERS = [show_change, change, show_cancel, cancel]
