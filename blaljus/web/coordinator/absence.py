"""`/samordnare/personal/<id>/borta`: somebody is away, and what changes for whom."""

from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import BookingClosedError, BookingRefusedError
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.staffing import StaffingRefusedError
from blaljus.i18n import translations
from blaljus.usecases.context import Context
from blaljus.usecases.repair.absence import AbsencePage, get_absence, get_member
from blaljus.usecases.repair.absence_applying import apply_absence
from blaljus.web.coordinator.coordinating import At, at_municipality
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import Form, FormError, Typed, form_key, query_form, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/personal/{staff_id:int}/borta"

LONGEST = 366
"""Days of one absence: longer than a school year is no absence."""


class AwayForm(Form, kw_only=True):
    """Fields of the question in `templates/coordinator/borta.html`; `kommun` is of the address."""

    fran: date
    till: date
    kommun: str = ""


class ApproveForm(AwayForm, kw_only=True):
    """Fields of its proposal."""

    fingerprint: str


@get(HOME, name="away", policy=Policy.COORDINATOR)
async def show_away(
    request: AnyRequest,
    staff_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[str]:
    """Ask from when till when; then show what changes, and who is told."""
    at = await _at(person, kommun, staff_id)
    member = await get_member(context, person, at.id, row_id(staff_id))
    if not {"fran", "till"} & request.query_params.keys():
        return _page(request, at, member, {})
    try:
        form = query_form(request, AwayForm)
    except FormError as error:
        texts = error.texts(page_of(request).language)
        return _page(request, at, member, error.typed, errors=texts)
    return await _proposed(request, context, person, at, member, form)


async def _proposed(
    request: AnyRequest,
    context: Context,
    person: Person,
    at: At,
    member: StaffMember,
    form: AwayForm,
    *,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    typed = {"fran": str(form.fran), "till": str(form.till)}
    errors = _wrong(form, page_of(request).language)
    shown = None
    if not errors:
        shown = await get_absence(context, person, at.id, member.id, (form.fran, form.till))
    return _page(request, at, member, typed, errors=errors, shown=shown, trouble=trouble)


def _wrong(form: AwayForm, language: str) -> dict[str, str]:
    say = translations(language).gettext
    if form.till < form.fran:
        return {"till": say("Sista dagen kan inte vara före den första.")}
    if (form.till - form.fran).days > LONGEST:
        return {"till": say("Ange högst ett år.")}
    return {}


def _page(
    request: AnyRequest,
    at: At,
    member: StaffMember,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    shown: AbsencePage | None = None,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    return form_page(
        request,
        "coordinator/borta.html",
        errors or {},
        trouble,
        at=at,
        member=member,
        typed=typed,
        shown=shown,
    )


@post(HOME, name="approve-away", policy=Policy.COORDINATOR)
async def approve(
    request: AnyRequest,
    staff_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Carry out the proposal that was shown; where it no longer holds, show the new one."""
    key = await form_key(request)
    at = await _at(person, kommun, staff_id)
    member = await get_member(context, person, at.id, row_id(staff_id))
    try:
        form = await read_form(request, ApproveForm)
    except FormError as error:
        texts = error.texts(page_of(request).language)
        return _page(request, at, member, error.typed, errors=texts)
    try:
        await apply_absence(
            context,
            person,
            key,
            municipality=at.id,
            staff=member.id,
            span=(form.fran, form.till),
            fingerprint=form.fingerprint,
        )
    except (WorldChangedError, StaffingRefusedError, BookingRefusedError, BookingClosedError):
        changed = StaleError()
        return await _proposed(request, context, person, at, member, form, trouble=changed)
    except (StaleError, BusyError) as trouble:
        return await _proposed(request, context, person, at, member, form, trouble=trouble)
    return go(at("/samordnare/verksamheter", klart="borta"))


async def _at(person: Person, kommun: str | None, staff_id: int) -> At:
    page = f"/samordnare/personal/{row_id(staff_id)}/borta"
    return await at_municipality(person, kommun, page)


HANDLERS = [show_away, approve]
