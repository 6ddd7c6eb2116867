"""A booking's page: how it stands, confirming it, taking it to a calendar."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.domain.errors import StaleError
from blaljus.domain.people import Person
from blaljus.i18n import msgid, translations
from blaljus.usecases.bookings.booking_changes import change_details
from blaljus.usecases.bookings.teaching import BookingPage, get_booking_page
from blaljus.usecases.calendars.booking_file import get_booking_file
from blaljus.usecases.context import Context
from blaljus.usecases.days.carousel import get_class_rounds
from blaljus.web.calendars.event_file import FILE_ENDING, event_file
from blaljus.web.forms.reading import Form, form_key, read_form
from blaljus.web.page import Flash, Tone, page_of
from blaljus.web.policy import Policy
from blaljus.web.proposing import WITHDRAWN
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import need_fields, row_id, typed_of

AnyRequest = Request[Any, Any, Any]

DONE = {
    "bekraftad": msgid("Tiden är bekräftad."),
    "andrad": msgid("Ändringen är sparad."),
    "avbokad": msgid("Tiden är avbokad. Platsen är ledig för andra klasser."),
    "foreslagen": msgid(
        "Förslaget är skickat till samordnaren. Tiden gäller om du inte får veta något annat."
    ),
    **WITHDRAWN,
    "narvaro": msgid("Närvaron är sparad. Tack!"),
}
"""What was just done, by the word in the address that a change leads to."""


@get("/boka/{number:str}", name="booking", policy=Policy.SIGNED_IN)
async def show_booking(
    request: AnyRequest,
    number: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[Any]:
    """Show a booking with what can be done about it; `<number>.ics` is its calendar file."""
    if number.endswith(FILE_ENDING):
        wanted = row_id(number.removesuffix(FILE_ENDING))
        return event_file(await get_booking_file(context, person, wanted), wanted)
    shown = await get_booking_page(context, person, row_id(number))
    return await _booking_page(request, person, shown, done=klart)


async def _booking_page(
    request: AnyRequest,
    person: Person,
    shown: BookingPage,
    *,
    done: str | None = None,
    stale: bool = False,
) -> Response[str]:
    language = page_of(request).language
    text = DONE.get(done or "")
    return render_page(
        request,
        "teacher/bokning.html",
        HTTPStatus.CONFLICT if stale else HTTPStatus.OK,
        flash=Flash(tone=Tone.OK, text=translations(language).gettext(text)) if text else None,
        shown=shown,
        rounds=await get_class_rounds(person, shown.booking.number),
        typed=typed_of(shown.booking.details),
        needs=need_fields(language),
        stale=stale,
        account=person.account,
    )


@post("/boka/{number:int}/bekrafta", name="confirm-booking", policy=Policy.SIGNED_IN)
async def confirm(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Confirm a tentative booking as it is; when it changed meanwhile, show it anew."""
    form, key = await read_form(request, Form), await form_key(request)
    shown = await get_booking_page(context, person, row_id(number))
    try:
        await change_details(
            context,
            person,
            key,
            number=number,
            details=shown.booking.details,
            version=form.version,
        )
    except StaleError:
        return await _booking_page(request, person, shown, stale=True)
    return go(f"/boka/{number}?klart=bekraftad")


@get("/boka/{number:int}/bekrafta", name="confirm-again", policy=Policy.SIGNED_IN)
async def to_booking(number: FromPath[int]) -> Redirect:
    """Lead to the booking: the language switch of an answered form asks for this."""
    return go(f"/boka/{row_id(number)}")


HANDLERS = [show_booking, confirm, to_booking]
