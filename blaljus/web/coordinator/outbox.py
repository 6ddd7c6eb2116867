"""`/samordnare/utskick`: mail that was sent or is owed."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.domain.people import Person
from blaljus.i18n import msgid
from blaljus.settings import Settings
from blaljus.usecases.context import Context
from blaljus.usecases.letters.outbox import (
    get_message_file,
    get_message_page,
    get_outbox,
    retry_message,
)
from blaljus.web.coordinator.coordinating import at_municipality, done_flash, page_number
from blaljus.web.coordinator.letter_words import STATES, state_of, worded_changes, worded_messages
from blaljus.web.coordinator.words import MAIL_ERRORS, worded
from blaljus.web.forms.reading import Form, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/utskick"

DONE = {"igen": msgid("Meddelandet skickas igen så snart det går.")}

HEADERS = {  # the moment stands above in words; the rest is in the file
    "From": msgid("Från"),
    "To": msgid("Till"),
    "Subject": msgid("Ämne"),
}


@get(HOME, name="outbox", policy=Policy.COORDINATOR)
async def show_outbox(
    request: AnyRequest,
    person: NamedDependency[Person],
    settings: NamedDependency[Settings],
    kommun: FromQuery[str | None] = None,
    sida: FromQuery[str | None] = None,
) -> Response[str]:
    """Show how many messages wait, were sent and failed, and the newest of them."""
    at = await at_municipality(person, kommun, HOME)
    language = page_of(request).language
    shown = await get_outbox(person, at.id, page_number(sida))
    return render_page(
        request,
        "coordinator/utskick.html",
        at=at,
        shown=shown,
        rows=worded_messages(shown.rows, language),
        changes=worded_changes(shown.changes, language),
        no_server=settings.smtp_url is None,
    )


@get(f"{HOME}/{{message_id:int}}", name="message", policy=Policy.COORDINATOR)
async def show_message(
    request: AnyRequest,
    message_id: FromPath[int],
    person: NamedDependency[Person],
    settings: NamedDependency[Settings],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show one message: headers and text."""
    language = page_of(request).language
    shown = await get_message_page(person, row_id(message_id))
    message = shown.row.message
    return render_page(
        request,
        "coordinator/utskick-ett.html",
        flash=done_flash(DONE, klart, language),
        shown=shown,
        lines=[(worded(HEADERS, n, language), value) for n, value in shown.headers if n in HEADERS],
        state=STATES[state_of(message)],
        error=worded(MAIL_ERRORS, message.last_error or "", language),
        no_server=settings.smtp_url is None,
    )


@post(f"{HOME}/{{message_id:int}}", name="retry-message", policy=Policy.COORDINATOR)
async def retry(
    request: AnyRequest,
    message_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Redirect:
    """Make a message due at once."""
    await read_form(request, Form)
    number = row_id(message_id)
    await retry_message(context, person, await form_key(request), number)
    return go(f"{HOME}/{number}?klart=igen")


@get(f"{HOME}/{{message_id:int}}/eml", name="message-file", policy=Policy.COORDINATOR)
async def message_file(
    message_id: FromPath[int], person: NamedDependency[Person]
) -> Response[bytes]:
    """Return a message as a file for a mail program."""
    number = row_id(message_id)
    return Response(
        await get_message_file(person, number),
        media_type="message/rfc822",
        headers={"content-disposition": f'attachment; filename="utskick-{number}.eml"'},
    )


HANDLERS = [show_outbox, show_message, retry, message_file]
