"""The pages of one's duties: which they are, answering them, taking them to a calendar."""

from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.people import Person
from blaljus.domain.staffing import DutyClosedError
from blaljus.i18n import msgid, translations
from blaljus.usecases.context import Context
from blaljus.usecases.days.carousel import get_station_rounds
from blaljus.usecases.municipalities import list_contacts
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.crew import Deed, last_of_crew, note_own_crew
from blaljus.usecases.people.duties import Duty, get_duty, get_duty_file, list_own_duties
from blaljus.web.calendars.event_file import FILE_ENDING, event_file
from blaljus.web.forms.reading import Form, form_key, read_form
from blaljus.web.page import Flash, Tone, page_of
from blaljus.web.policy import Policy
from blaljus.web.proposing import WITHDRAWN
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

SAID_YES = msgid("Tack! Vi räknar med dig.")
SAID_NO = msgid("Tack för att du sa till. Samordnaren söker en ersättare.")
"""What is said after an answer."""

DONE = {
    "foreslagen": msgid(
        "Förslaget är skickat till samordnaren. Tiden gäller om du inte får veta något annat."
    ),
    **WITHDRAWN,
    "leave": msgid("Utryckningen är noterad. Varven som är kvar är ändrade."),
    "back": msgid("Välkomna tillbaka! Varven som är kvar är ändrade."),
    "undo": msgid("Ångrat. Körschemat följer det som gäller nu."),
}
"""What is said after something of the day was noted."""


class AnswerForm(Form):
    """Kan or Kan inte."""

    answer: Literal["yes", "no"]


class CrewForm(Form):
    """Fields of `templates/staff/_crew.html`; undoing needs the call-out's `version`."""

    deed: Deed


@get("/personal/uppdrag", name="duties", policy=Policy.STAFF)
async def show_duties(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Show what waits for an answer, what is coming, and what has been."""
    duties = await list_own_duties(context, person)
    return render_page(request, "staff/uppdragen.html", duties=duties)


@get("/personal/uppdrag/{number:str}", name="duty", policy=Policy.STAFF)
async def show_duty(
    request: AnyRequest,
    number: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[Any]:
    """Show a duty; `<number>.ics` is its calendar file."""
    if number.endswith(FILE_ENDING):
        wanted = row_id(number.removesuffix(FILE_ENDING))
        return event_file(await get_duty_file(context, person, wanted), wanted)
    duty = await get_duty(context, person, row_id(number))
    rounds = await get_station_rounds(person, duty.assignment.id)
    undo = last_of_crew(rounds, now=context.clock()) if duty.is_today and rounds else None
    return render_page(
        request,
        "staff/uppdrag.html",
        flash=_said(request, duty, klart),
        duty=duty,
        contacts=await list_contacts({duty.slot.municipality}),
        rounds=rounds,
        undo=undo,
        account=person.account,
    )


def _said(request: AnyRequest, duty: Duty, done: str | None) -> Flash | None:
    said = DONE.get(done or "", SAID_YES if duty.is_open else SAID_NO)
    text = translations(page_of(request).language).gettext(said)
    return Flash(tone=Tone.OK, text=text) if done else None


@get("/personal/uppdrag/{number:str}/kan-inte", name="cannot", policy=Policy.STAFF)
async def ask_whether(
    request: AnyRequest,
    number: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Ask once more before a duty is declined: others begin to look for somebody."""
    duty = await get_duty(context, person, row_id(number))
    if not duty.is_open:
        raise DutyClosedError
    return render_page(request, "staff/kan-inte.html", duty=duty)


@post("/personal/uppdrag/{number:str}/svar", name="answer-duty", policy=Policy.STAFF)
async def answer(
    request: AnyRequest,
    number: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Take the answer."""
    duty = row_id(number)
    form, key = await read_form(request, AnswerForm), await form_key(request)
    can = form.answer == "yes"
    await answer_duty(context, person, key, assignment_id=duty, can=can)
    return go(f"/personal/uppdrag/{duty}?klart=1")


@post("/personal/uppdrag/{number:str}/utryckning", name="note-crew", policy=Policy.STAFF)
async def note_crew(
    request: AnyRequest,
    number: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Note that one's own crew leaves or is back, or take that back."""
    duty = row_id(number)
    form, key = await read_form(request, CrewForm), await form_key(request)
    await note_own_crew(
        context, person, key, assignment_id=duty, deed=form.deed, version=form.version
    )
    return go(f"/personal/uppdrag/{duty}?klart={form.deed}")


HANDLERS = [show_duties, show_duty, ask_whether, answer, note_crew]
