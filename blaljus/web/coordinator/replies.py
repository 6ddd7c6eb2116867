"""`/samordnare/svar`: answers that wait for a coordinator, and addresses that take no mail."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.clock import Clock
from blaljus.domain.errors import StaleError
from blaljus.domain.people import Person
from blaljus.domain.replies import ReplyState
from blaljus.i18n import msgid, translations
from blaljus.usecases.context import Context
from blaljus.usecases.replies.deciding import decide
from blaljus.usecases.replies.originals import get_original, get_original_file
from blaljus.usecases.replies.queue import ReplyRow, get_replies
from blaljus.web.coordinator.coordinating import At, at_municipality, done_flash, page_number
from blaljus.web.coordinator.reply_words import (
    ANSWERS,
    DECISIONS,
    DOUBTS,
    STANDS,
    TAKEN_BACK,
    UNREACHED,
)
from blaljus.web.coordinator.words import worded
from blaljus.web.forms.reading import LARGEST, Form, form_key, read_form
from blaljus.web.page import Flash, Tone, page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/svar"

DONE = {
    "yes": msgid("Taget som ja. Vi räknar med personen."),
    "no": msgid("Taget som nej. Personen får en avbokning, och stationen söker en ersättare."),
    "left": msgid("Svaret är lagt åt sidan. Inget annat är ändrat."),
    "stands": msgid("Tiden står kvar. Den som föreslog en annan tid får veta det."),
    "waiting": msgid("Svaret väntar igen."),
}


OVERTAKEN = msgid(
    "Inget är ändrat: svaret är redan avgjort, eller tiden som det gäller har ändrats. "
    "Så här ser det ut nu."
)


class DecisionForm(Form):
    """Fields of `templates/coordinator/_svar.html`."""

    reply: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    decision: Literal["yes", "no", "left", "waiting"]


@get(HOME, name="replies", policy=Policy.COORDINATOR)
async def show_replies(
    request: AnyRequest,
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    sida: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what waits with why it waits, what was decided lately, and whom no letter reaches."""
    at = await at_municipality(person, kommun, HOME)
    flash = done_flash(DONE, klart, page_of(request).language)
    return await _page(request, person, at, clock, page_number(sida), flash=flash)


async def _page(
    request: AnyRequest,
    person: Person,
    at: At,
    clock: Clock,
    number: int,
    *,
    flash: Flash | None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response[str]:
    language = page_of(request).language
    shown = await get_replies(person, at.id, number, clock=clock)
    return render_page(
        request,
        "coordinator/svar.html",
        status,
        flash=flash,
        at=at,
        shown=shown,
        waiting=[(row, _answer(row, language), _reasons(row, language)) for row in shown.waiting],
        decided=[(row, _answer(row, language), _decision(row)) for row in shown.decided],
        unreached=[(who, worded(UNREACHED, who.how, language)) for who in shown.unreached],
    )


def _answer(row: ReplyRow, language: str) -> str:
    return worded(ANSWERS, row.reply.answer, language)


def _decision(row: ReplyRow) -> tuple[str, str]:
    reply = row.reply
    own = reply.state is ReplyState.ENDED and reply.settled_by is not None
    if reply.state is ReplyState.LEFT and row.is_proposal:
        return STANDS
    return TAKEN_BACK if own else DECISIONS[reply.state]


def _reasons(row: ReplyRow, language: str) -> list[str]:
    return [worded(DOUBTS, doubt, language) for doubt in row.reply.waits_for]


@post(HOME, name="decide-reply", policy=Policy.COORDINATOR)
async def decide_reply(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Take a reply as yes or no, leave it, or let it wait again; show what stands if it cannot."""
    at = await at_municipality(person, kommun, HOME)
    form, key = await read_form(request, DecisionForm), await form_key(request)
    try:
        told = await decide(
            context,
            person,
            key,
            reply_id=form.reply,
            decision=ReplyState(form.decision),
            version=form.version,
        )
    except StaleError:
        text = translations(page_of(request).language).gettext(OVERTAKEN)
        flash = Flash(tone=Tone.WARN, text=text)
        conflict = HTTPStatus.CONFLICT
        return await _page(request, person, at, context.clock, 1, flash=flash, status=conflict)
    return go(at(HOME, klart="stands" if told else form.decision))


@get(f"{HOME}/{{reply_id:int}}", name="letter", policy=Policy.COORDINATOR)
async def show_letter(
    request: AnyRequest,
    reply_id: FromPath[int],
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
) -> Response[str]:
    """Show a plain letter that waits: its text as text."""
    shown = await get_original(person, row_id(reply_id), clock=clock)
    language = page_of(request).language
    return render_page(
        request,
        "coordinator/svar-brev.html",
        shown=shown,
        row=shown.row,
        reasons=_reasons(shown.row, language),
    )


@get(f"{HOME}/{{reply_id:int}}/eml", name="letter-file", policy=Policy.COORDINATOR)
async def letter_file(
    reply_id: FromPath[int],
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    """Return a plain letter that waits, as it came, as a file for a mail program."""
    number = row_id(reply_id)
    return Response(
        await get_original_file(person, number, clock=clock),
        media_type="message/rfc822",
        headers={"content-disposition": f'attachment; filename="brev-{number}.eml"'},
    )


HANDLERS = [show_replies, decide_reply, show_letter, letter_file]
"""Reading and deciding."""
