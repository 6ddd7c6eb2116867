"""The page where people let us read a calendar of their own: a file, or an address."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from blaljus.domain.errors import BlaljusError, BusyError
from blaljus.domain.own_calendars import CalendarTroubleError, SourceKind
from blaljus.domain.people import Person
from blaljus.i18n import msgid, translations
from blaljus.i18n.words import word
from blaljus.usecases.access.limits import TooManyError
from blaljus.usecases.context import Context
from blaljus.usecases.people.availability import list_own_members
from blaljus.usecases.people.own_calendar_pages import get_own_calendar_page
from blaljus.usecases.people.own_calendars import (
    read_again,
    remove_calendar,
    subscribe_calendar,
    upload_calendar,
)
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, form_key, parse_form, read_form
from blaljus.web.http.body import UPLOAD_BYTES, read_upload
from blaljus.web.page import Flash, Tone, page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.staff.times_forms import staff_of
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/personal/tider/egen-kalender"

NOTHING: Mapping[str, str] = MappingProxyType({})

_DONE = {
    "fil": msgid("Filen är inläst. Så här blev det."),
    "adress": msgid("Kalendern är inläst, och läses om var tredje timme."),
    "last": msgid("Kalendern är läst på nytt."),
    "borta": msgid("Kalendern och alla tider från den är borttagna."),
}

_WORDING = {("address", Problem.REQUIRED): msgid("Skriv kalenderns adress.")}

StaffId = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class StaffForm(Form):
    """Whose calendar a form is about; the file comes beside it."""

    staff: StaffId


class AddressForm(StaffForm):
    """Fields of an address. Name and password are for servers that ask for them."""

    address: Annotated[str, msgspec.Meta(max_length=2000)]
    user: Annotated[str, msgspec.Meta(max_length=200)] = ""
    password: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ReadForm(StaffForm):
    """Read the address again; it may be `empty` though it was not."""

    empty: Literal["", "yes"] = ""


class RemoveForm(StaffForm):
    """Which calendar goes."""

    kind: SourceKind


@get(HOME, name="own-calendar", policy=Policy.STAFF)
async def show(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    som: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
    nya: FromQuery[int] = 0,
    borta: FromQuery[int] = 0,
) -> Response[str]:
    """Show what is read of one's own calendars; `klart` says what was just done, and changed."""
    staff = person.staff[0] if som is None else row_id(som)
    flash = _said(request, klart, nya, borta) if klart in _DONE else None
    return await _page(request, context, person, staff, flash=flash)


@post(
    f"{HOME}/fil",
    name="upload-own-calendar",
    policy=Policy.STAFF,
    request_max_body_size=UPLOAD_BYTES,
)
async def upload(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Read a file; what is wrong with it is said on the page."""
    pairs, files = await read_upload(request)
    form = parse_form(pairs, StaffForm)
    say = translations(page_of(request).language).gettext
    if len(files) != 1:
        errors = {"file": say(msgid("Välj en fil."))}
        return await _page(request, context, person, form.staff, errors=errors)
    (data,) = files.values()
    key = await form_key(request)
    try:
        changed = await upload_calendar(context, person, key, staff=form.staff, data=data)
    except CalendarTroubleError as error:
        return await _refused(request, context, person, form, "file", error)
    except TooManyError as wait:
        return await _waiting(request, context, person, form, "file", wait)
    except BusyError as busy:
        return await _page(request, context, person, form.staff, busy=busy)
    return _done(form, "fil", changed)


@post(f"{HOME}/adress", name="subscribe-own-calendar", policy=Policy.STAFF)
async def subscribe(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Read an address, now and from now on."""
    try:
        form = await read_form(request, AddressForm)
    except FormError as error:
        staff, errors = (
            await staff_of(request),
            error.texts(page_of(request).language, None, _WORDING),
        )
        return await _page(request, context, person, staff, errors=errors, typed=error.typed)
    key, typed = await form_key(request), {"address": form.address, "user": form.user}
    try:
        changed = await subscribe_calendar(
            context,
            person,
            key,
            staff=form.staff,
            address=form.address,
            user=form.user,
            password=form.password,
        )
    except CalendarTroubleError as trouble:
        return await _refused(request, context, person, form, "address", trouble, typed)
    except TooManyError as wait:
        return await _waiting(request, context, person, form, "address", wait, typed)
    except BusyError as busy:
        return await _page(request, context, person, form.staff, busy=busy, typed=typed)
    return _done(form, "adress", changed)


@post(f"{HOME}/las", name="read-own-calendar", policy=Policy.STAFF)
async def refresh(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Read the address again at once."""
    form, key = await read_form(request, ReadForm), await form_key(request)
    try:
        changed = await read_again(
            context, person, key, staff=form.staff, may_be_empty=form.empty == "yes"
        )
    except CalendarTroubleError as error:
        return await _refused(request, context, person, form, "again", error)
    except TooManyError as wait:
        return await _waiting(request, context, person, form, "again", wait)
    return _done(form, "last", changed)


@post(f"{HOME}/ta-bort", name="remove-own-calendar", policy=Policy.STAFF)
async def remove(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Forget a calendar with all that was read of it."""
    form, key = await read_form(request, RemoveForm), await form_key(request)
    await remove_calendar(context, person, key, staff=form.staff, kind=form.kind)
    return _done(form, "borta")


def _done(form: StaffForm, what: str, changed: Mapping[str, Any] = NOTHING) -> Redirect:
    counts = {"nya": changed.get("new"), "borta": changed.get("gone")}
    told = {name: count for name, count in counts.items() if count}
    return go(f"{HOME}?" + urlencode({"som": form.staff, "klart": what, **told}))


def _said(request: AnyRequest, done: str, new: int, gone: int) -> Flash:
    """Return what was done, and how many busy times came and went by it."""
    words = translations(page_of(request).language)
    parts = [
        words.ngettext("%(num)s upptagen tid är ny.", "%(num)s upptagna tider är nya.", new)
        % {"num": new},
        words.ngettext("%(num)s gäller inte längre.", "%(num)s gäller inte längre.", gone)
        % {"num": gone},
    ]
    changed = [part for part, count in zip(parts, (new, gone), strict=True) if count > 0]
    return Flash(tone=Tone.OK, text=" ".join([words.gettext(_DONE[done]), *changed]))


async def _refused(
    request: AnyRequest,
    context: Context,
    person: Person,
    form: StaffForm,
    field: str,
    error: CalendarTroubleError,
    typed: Mapping[str, str] = NOTHING,
) -> Response[str]:
    errors = {field: word(error.trouble, page_of(request).language)}
    return await _page(request, context, person, form.staff, errors=errors, typed=typed)


async def _waiting(
    request: AnyRequest,
    context: Context,
    person: Person,
    form: StaffForm,
    field: str,
    wait: TooManyError,
    typed: Mapping[str, str] = NOTHING,
) -> Response[str]:
    """Return the page with how long to wait; files and addresses are counted apart."""
    text = translations(page_of(request).language).ngettext(
        "För många försök. Vänta en minut och försök igen.",
        "För många försök. Vänta %(num)s minuter och försök igen.",
        wait.minutes,
    )
    errors = {field: text % {"num": wait.minutes}}
    return await _page(request, context, person, form.staff, errors=errors, busy=wait, typed=typed)


async def _page(
    request: AnyRequest,
    context: Context,
    person: Person,
    staff: int,
    *,
    flash: Flash | None = None,
    errors: Mapping[str, str] = NOTHING,
    busy: BlaljusError | None = None,
    typed: Mapping[str, Any] = NOTHING,
) -> Response[str]:
    shown = await get_own_calendar_page(context, person, staff)
    return form_page(
        request,
        "staff/egen-kalender.html",
        errors,
        busy,
        flash=flash,
        shown=shown,
        file=shown.calendars.get(SourceKind.FILE),
        address=shown.calendars.get(SourceKind.ADDRESS),
        members=await list_own_members(person) if len(person.staff) > 1 else [],
        typed=typed,
    )


HANDLERS = [show, upload, subscribe, refresh, remove]
