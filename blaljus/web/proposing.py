"""Föreslå en annan tid: for one's own duty, and for a class's booking."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from blaljus.domain.booking import BookingClosedError
from blaljus.domain.errors import BlaljusError, BusyError
from blaljus.domain.localtime import SchoolYear, half_span, local_day
from blaljus.domain.people import Person
from blaljus.domain.personal_number import has_personal_number
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import DutyClosedError
from blaljus.domain.words import Half
from blaljus.i18n import format_day, msgid, translations
from blaljus.usecases.bookings.teaching import get_booking_page
from blaljus.usecases.context import Context
from blaljus.usecases.people.duties import get_duty
from blaljus.usecases.replies.proposing import (
    propose_for_booking,
    propose_for_duty,
    withdraw_for_booking,
    withdraw_for_duty,
)
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import MULTILINE, Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

DUTY = "/personal/uppdrag/{number:int}/foresla"
BOOKING = "/boka/{number:int}/foresla"

_WHICH_DAY = msgid("Välj en dag som kommer.")
_WEEKDAY = msgid("Välj en vardag, måndag till fredag.")
_TOO_LATE = msgid("Välj en dag senast %(day)s.")
_WHICH_HALF = msgid("Välj förmiddag eller eftermiddag.")
_NO_NUMBERS = msgid("Skriv inga personnummer.")

_WEEKEND = (5, 6)
"""Saturday and Sunday as `date.weekday` says them: no class goes then."""

WORDING = {
    ("day", Problem.REQUIRED): _WHICH_DAY,
    ("day", Problem.NOT_A_DATE): _WHICH_DAY,
    ("half", Problem.REQUIRED): _WHICH_HALF,
    ("half", Problem.NOT_A_CHOICE): _WHICH_HALF,
}


WITHDRAWN = {
    "tillbaka": msgid("Förslaget är tillbakataget. Tiden står kvar."),
    "avgjort": msgid("Förslaget väntar inte längre. Här ser du vad som gäller."),
}
"""What is said after somebody took a proposal back."""


class ProposalForm(Form):
    """Fields of `templates/foresla.html`."""

    day: date
    half: Half
    comment: Annotated[str, msgspec.Meta(max_length=300, extra=MULTILINE)] = ""


async def _form(request: AnyRequest, context: Context) -> tuple[ProposalForm, Mapping[str, str]]:
    """Return what was typed, and what is wrong with it beside what its types say."""
    form = await read_form(request, ProposalForm)
    wrong = {}
    say = translations(page_of(request).language).gettext
    if problem := _problem_with(form.day, local_day(context.clock())):
        last = format_day(_last_day(local_day(context.clock())), page_of(request).language)
        wrong["day"] = say(problem) % {"day": last}
    if has_personal_number(form.comment):
        wrong["comment"] = say(_NO_NUMBERS)
    return form, wrong


def _problem_with(day: date, today: date) -> str | None:
    if day <= today:
        return _WHICH_DAY
    if day > _last_day(today):
        return _TOO_LATE
    return _WEEKDAY if day.weekday() in _WEEKEND else None


def _last_day(today: date) -> date:
    """Return the last day that can be proposed: the end of the next school year."""
    return SchoolYear(SchoolYear.of(today).start + 1).last_on


def _page(
    request: AnyRequest,
    slot: Slot,
    back: str,
    typed: Typed | None = None,
    errors: Mapping[str, str] = MappingProxyType({}),
    trouble: BlaljusError | None = None,
) -> Response[str]:
    return form_page(
        request, "foresla.html", errors, trouble, slot=slot, back=back, typed=typed or {}
    )


async def _sent(
    request: AnyRequest,
    context: Context,
    slot: Slot,
    back: str,
    send: Callable[..., Awaitable[None]],
) -> Response[Any]:
    try:
        form, errors = await _form(request, context)
    except FormError as error:
        texts = error.texts(page_of(request).language, None, WORDING)
        return _page(request, slot, back, error.typed, texts)
    typed = {"day": form.day.isoformat(), "half": form.half.value, "comment": form.comment}
    if errors:
        return _page(request, slot, back, typed, errors)
    proposed = half_span(form.day, form.half)
    try:
        await send(await form_key(request), proposed=proposed, comment=form.comment)
    except BusyError as trouble:
        return _page(request, slot, back, typed, trouble=trouble)
    return go(f"{back}?klart=foreslagen")


async def _withdrawn(
    request: AnyRequest, back: str, take: Callable[..., Awaitable[bool]]
) -> Redirect:
    done = "tillbaka" if await take(await form_key(request)) else "avgjort"
    return go(f"{back}?klart={done}")


@get(DUTY, name="propose-duty-time", policy=Policy.STAFF)
async def show_for_duty(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Ask which day and half-day would do for one's own duty."""
    return _page(request, await _duty_slot(context, person, number), f"/personal/uppdrag/{number}")


@post(DUTY, name="duty-time-proposed", policy=Policy.STAFF)
async def send_for_duty(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Let the proposal wait for the coordinator; the duty stays as it is."""
    slot = await _duty_slot(context, person, number)
    send = partial(propose_for_duty, context, person, assignment_id=number)
    return await _sent(request, context, slot, f"/personal/uppdrag/{number}", send)


async def _duty_slot(context: Context, person: Person, number: int) -> Slot:
    duty = await get_duty(context, person, row_id(number))
    if not duty.is_open:
        raise DutyClosedError
    return duty.slot


@get(BOOKING, name="propose-class-time", policy=Policy.SIGNED_IN)
async def show_for_booking(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Ask which day and half-day would do for a class."""
    return _page(request, await _booked_slot(context, person, number), f"/boka/{number}")


@post(BOOKING, name="class-time-proposed", policy=Policy.SIGNED_IN)
async def send_for_booking(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Let the proposal wait for the coordinator; the booking stays as it is."""
    slot = await _booked_slot(context, person, number)
    send = partial(propose_for_booking, context, person, number=number)
    return await _sent(request, context, slot, f"/boka/{number}", send)


async def _booked_slot(context: Context, person: Person, number: int) -> Slot:
    shown = await get_booking_page(context, person, row_id(number))
    if not (shown.active and shown.may_change):
        raise BookingClosedError
    return shown.slot


@post(f"{DUTY}/ta-tillbaka", name="duty-proposal-withdrawn", policy=Policy.STAFF)
async def take_back_for_duty(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Redirect:
    """Let what one proposed for one's own duty wait no more."""
    take = partial(withdraw_for_duty, context, person, assignment_id=row_id(number))
    return await _withdrawn(request, f"/personal/uppdrag/{number}", take)


@post(f"{BOOKING}/ta-tillbaka", name="class-proposal-withdrawn", policy=Policy.SIGNED_IN)
async def take_back_for_booking(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Redirect:
    """Let what one proposed for a class wait no more."""
    take = partial(withdraw_for_booking, context, person, number=row_id(number))
    return await _withdrawn(request, f"/boka/{number}", take)


HANDLERS = [
    show_for_duty,
    send_for_duty,
    take_back_for_duty,
    show_for_booking,
    send_for_booking,
    take_back_for_booking,
]
