"""Filling a station: who can come, fairest first; and taking somebody off it."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.domain.errors import BlaljusError, BusyError, NotFoundError
from blaljus.domain.people import Person
from blaljus.domain.staffing import DutyClosedError, StaffingRefusedError
from blaljus.i18n import msgid
from blaljus.usecases.context import Context
from blaljus.usecases.days.slot_pages import get_slot_page
from blaljus.usecases.once import FormKey
from blaljus.usecases.people.staffing import assign_person, replace_person, withdraw_person
from blaljus.usecases.people.staffing_pages import StaffingPage, get_staffing_page
from blaljus.web.coordinator.advice_words import about
from blaljus.web.coordinator.slots import HOME, slot_page
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]

_WORDING = {("staff", Problem.REQUIRED): msgid("Välj en person.")}

REASON_LENGTH = 300
"""What the column of the reason holds."""

STATION = f"{HOME}/{{slot_id:int}}/bemanna/{{station_id:int}}"
CHECK = f"{STATION}/granska"
OFF = f"{HOME}/{{slot_id:int}}/ta-bort/{{assignment_id:int}}"


class StaffForm(Form):
    """Fields of `templates/coordinator/bemanna.html`."""

    staff: RowId
    replaces: RowId | None = None
    reason: Annotated[str, msgspec.Meta(max_length=REASON_LENGTH)] = ""


@get(STATION, name="choose-staff", policy=Policy.COORDINATOR)
async def choose_staff(
    request: AnyRequest,
    slot_id: FromPath[int],
    station_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    byt: FromQuery[str | None] = None,
) -> Response[str]:
    """Show who could take a station, and why the others cannot."""
    replaced = row_id(byt) if byt else None
    shown = await get_staffing_page(context, person, row_id(slot_id), row_id(station_id), replaced)
    return _page(request, shown, {})


def _page(
    request: AnyRequest,
    shown: StaffingPage,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    language = page_of(request).language
    return form_page(
        request,
        "coordinator/bemanna.html",
        errors or {},
        trouble,
        shown=shown,
        about={row.member.id: about(row, language) for row in shown.candidates},
        able=[row for row in shown.candidates if row.can],
        asked=[row for row in shown.candidates if row.may_ask],
        others=[row for row in shown.candidates if not row.can and not row.may_ask],
        typed=typed,
        refusals=trouble.refusals if isinstance(trouble, StaffingRefusedError) else (),
    )


@get(CHECK, name="choose-again", policy=Policy.COORDINATOR)
async def check_again(slot_id: FromPath[int], station_id: FromPath[int]) -> Redirect:
    """Lead back to the choice: the language switch of a checked form asks for this."""
    return go(f"{HOME}/{row_id(slot_id)}/bemanna/{row_id(station_id)}")


@post(CHECK, name="check-replacement", policy=Policy.COORDINATOR)
async def check(
    request: AnyRequest,
    slot_id: FromPath[int],
    station_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show who would be told of a replacement, before it is made; or why it cannot be."""
    place = (row_id(slot_id), row_id(station_id))
    try:
        form = await read_form(request, StaffForm)
    except FormError as error:
        shown = await get_staffing_page(context, person, *place, _replaces(error.typed))
        texts = error.texts(page_of(request).language, wording=_WORDING)
        return _page(request, shown, error.typed, errors=texts)
    shown = await get_staffing_page(context, person, *place, form.replaces)
    row, typed = shown.candidate(form.staff), {"staff": form.staff, "reason": form.reason}
    if shown.replaced is None or row is None:
        raise NotFoundError
    if row.reasons and not (row.may_ask and form.reason):
        return _page(request, shown, typed, trouble=StaffingRefusedError(row.reasons))
    return render_page(request, "coordinator/byt.html", shown=shown, row=row, reason=form.reason)


@post(STATION, name="assign-staff", policy=Policy.COORDINATOR)
async def assign(
    request: AnyRequest,
    slot_id: FromPath[int],
    station_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Ask a person to take the station, in place of another if one was named."""
    key = await form_key(request)
    place = (row_id(slot_id), row_id(station_id))
    form: StaffForm | None = None
    try:
        form = await read_form(request, StaffForm)
        await _assign(context, person, key, place, form)
    except FormError as error:
        shown = await get_staffing_page(context, person, *place, _replaces(error.typed))
        texts = error.texts(page_of(request).language, wording=_WORDING)
        return _page(request, shown, error.typed, errors=texts)
    except (StaffingRefusedError, BusyError) as trouble:
        replaced = form.replaces if form else None
        shown = await get_staffing_page(context, person, *place, replaced)
        typed = {"staff": form.staff, "reason": form.reason} if form else {}
        return _page(request, shown, typed, trouble=trouble)
    return go(f"{HOME}/{place[0]}?klart={'bytt' if form.replaces else 'bemannad'}")


def _replaces(typed: Typed) -> int | None:
    return row_id(typed["replaces"]) if typed.get("replaces") else None


async def _assign(
    context: Context, person: Person, key: FormKey, place: tuple[int, int], form: StaffForm
) -> None:
    slot, station = place
    reason = form.reason or None
    if form.replaces is None:
        await assign_person(
            context,
            person,
            key,
            station_id=station,
            slot_id=slot,
            staff_id=form.staff,
            override_reason=reason,
        )
        return
    shown = await get_slot_page(context, person, slot)
    here = [post for post in shown.posts if post.station.id == station]
    known = {duty.id for post in here for duty, _ in [*post.duties, *post.ended]}
    if form.replaces not in known:
        raise NotFoundError
    await replace_person(
        context,
        person,
        key,
        assignment_id=form.replaces,
        staff_id=form.staff,
        override_reason=reason,
    )


@get(OFF, name="ask-withdraw", policy=Policy.COORDINATOR)
async def ask_withdraw(slot_id: FromPath[int]) -> Redirect:
    """Lead to the slot: the language switch of an answered form asks for this."""
    return go(f"{HOME}/{row_id(slot_id)}")


@post(OFF, name="withdraw", policy=Policy.COORDINATOR)
async def withdraw(
    request: AnyRequest,
    slot_id: FromPath[int],
    assignment_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Take a person off a station; they get a cancellation."""
    await read_form(request, Form)
    key = await form_key(request)
    shown = await get_slot_page(context, person, row_id(slot_id))
    duties = {d.id for post in shown.posts for d, _ in [*post.duties, *post.ended]}
    if row_id(assignment_id) not in duties:
        raise NotFoundError
    try:
        await withdraw_person(context, person, key, assignment_id=assignment_id)
    except DutyClosedError as closed:
        return slot_page(request, shown, trouble=closed)
    return go(f"{HOME}/{slot_id}?klart=borttagen")


HANDLERS = [choose_staff, check_again, check, assign, ask_withdraw, withdraw]
