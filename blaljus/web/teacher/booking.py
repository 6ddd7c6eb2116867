"""Booking a time: choose, check, done; and what the loser of a race is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.domain.booking import Booking, BookingRefusedError, Refusal
from blaljus.domain.errors import BusyError, NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.words import Transport
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.choosing import Choice, SlotChoices, Taker, get_choices, list_takers
from blaljus.usecases.bookings.teaching import get_booking_page, list_bookable_classes
from blaljus.usecases.context import Context
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import Typed, form_key
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.slot_lists import by_week
from blaljus.web.teacher.booking_forms import (
    DEFAULT_ADULTS,
    BookForm,
    details_of,
    has_more,
    need_fields,
    read_details,
    row_id,
    transports,
    typed_of,
)

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why the wanted time was not booked, who has it, and what is near."""

    choice: Choice
    reasons: Sequence[Refusal]
    takers: Sequence[Taker]
    nearest: Sequence[Choice]


@get("/boka", name="choose-slot", policy=Policy.SIGNED_IN)
async def choose(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klass: FromQuery[str | None] = None,
    tid: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the times a class can choose among, or the classes to choose for."""
    if klass is None:
        classes = await list_bookable_classes(context, person)
        if len(classes) > 1:
            return render_page(request, "teacher/valj-klass.html", classes=classes)
        klass = str(classes[0].id)
    choices = await get_choices(context, person, row_id(klass))
    return choose_page(
        request, choices, {**first_typed(choices.school_class, choices.current), "slot": tid or ""}
    )


def first_typed(school_class: SchoolClass, booking: Booking | None) -> Typed:
    """Return what the form holds before anybody typed: the booking's, else what is usual."""
    if booking:
        return typed_of(booking.details)
    return {
        "pupils": school_class.pupils,
        "adults": DEFAULT_ADULTS,
        "phone": "",
        "transport": Transport.NONE.value,
    }


@get("/boka/granska", name="check-again", policy=Policy.SIGNED_IN)
async def start_over() -> Redirect:
    """Lead back to the times: what was to be checked came with a form."""
    return go("/boka")


@post("/boka/granska", name="check-booking", policy=Policy.SIGNED_IN, status_code=200)
async def check(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Show everything once more before it is booked; nothing is changed yet."""
    filled = await read_details(request, BookForm)
    if filled.form is None:
        return await _again(request, context, person, filled.typed, filled.errors)
    form = filled.form
    choices = await get_choices(context, person, form.klass, pupils=form.pupils)
    choice = choices.get(form.slot)
    if choice.reasons:
        return await refused_page(request, choices, choice, filled.typed, choice.reasons)
    return _check_page(request, choices, choice, filled.typed)


@get("/boka/andra", name="change-typed-again", policy=Policy.SIGNED_IN)
async def start_over_changing() -> Redirect:
    """Lead back to the times, like `start_over`."""
    return go("/boka")


@post("/boka/andra", name="change-typed", policy=Policy.SIGNED_IN, status_code=200)
async def change_typed(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Show the times again with everything that was typed."""
    filled = await read_details(request, BookForm)
    choices = await get_choices(context, person, row_id(filled.typed["klass"]))
    return choose_page(request, choices, filled.typed)


@post("/boka", name="book-slot", policy=Policy.SIGNED_IN)
async def book(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Book, or show why not, with everything that was typed and the nearest other times."""
    filled = await read_details(request, BookForm)
    if filled.form is None:
        return await _again(request, context, person, filled.typed, filled.errors)
    form = filled.form
    try:
        number = await book_slot(
            context,
            person,
            await form_key(request),
            class_id=form.klass,
            slot_id=form.slot,
            details=details_of(form),
            version=form.version,
        )
    except (BookingRefusedError, StaleError, BusyError) as error:
        choices = await get_choices(context, person, form.klass, pupils=form.pupils)
        return await _not_booked(request, choices, form, filled.typed, error)
    return go(f"/boka/klart/{number}")


async def _not_booked(
    request: AnyRequest,
    choices: SlotChoices,
    form: BookForm,
    typed: Typed,
    error: BookingRefusedError | StaleError | BusyError,
) -> Response[str]:
    choice = choices.get(form.slot)
    if isinstance(error, BookingRefusedError):
        return await refused_page(request, choices, choice, typed, error.refusals)
    if choice.reasons:
        return await refused_page(request, choices, choice, typed, choice.reasons)
    return _check_page(request, choices, choice, typed, error)


@get("/boka/klart/{number:int}", name="booked", policy=Policy.SIGNED_IN)
async def booked(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Say that the time is booked, and what happens now."""
    shown = await get_booking_page(context, person, row_id(number))
    if not shown.active:
        raise NotFoundError
    return render_page(request, "teacher/klart.html", shown=shown)


async def _again(
    request: AnyRequest,
    context: Context,
    person: Person,
    typed: Typed,
    errors: Mapping[str, str],
) -> Response[str]:
    choices = await get_choices(context, person, row_id(typed["klass"]))
    return choose_page(request, choices, typed, errors)


def choose_page(
    request: AnyRequest,
    choices: SlotChoices,
    typed: Typed,
    errors: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> Response[str]:
    """Return the page of times with what was typed: 422 with errors, 409 with a refusal."""
    language = page_of(request).language
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render_page(
        request,
        "teacher/boka.html",
        HTTPStatus.CONFLICT if refused else status,
        choices=choices,
        weeks=by_week(choices.fit),
        typed=typed,
        errors=errors or {},
        refused=refused,
        needs=need_fields(language),
        transports=transports(language),
        more=has_more(typed, errors or {}),
    )


async def refused_page(
    request: AnyRequest,
    choices: SlotChoices,
    choice: Choice,
    typed: Typed,
    reasons: Sequence[Refusal],
) -> Response[str]:
    """Return the page of times for who came too late, with the nearest others first."""
    refused = Refused(
        choice=choice,
        reasons=reasons,
        takers=await list_takers(choice.slot) if Refusal.FULL in reasons else (),
        nearest=choices.nearest(choice.slot.starts_at),
    )
    return choose_page(request, choices, typed, refused=refused)


def _check_page(
    request: AnyRequest,
    choices: SlotChoices,
    choice: Choice,
    typed: Typed,
    trouble: StaleError | BusyError | None = None,
) -> Response[str]:
    language = page_of(request).language
    return form_page(
        request,
        "teacher/granska.html",
        trouble=trouble,
        choices=choices,
        choice=choice,
        typed=typed,
        needs=need_fields(language),
        transport=dict(transports(language))[str(typed["transport"])],
    )


HANDLERS = [choose, start_over, check, start_over_changing, change_typed, book, booked]
