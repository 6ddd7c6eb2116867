"""A class gets a time, or another one: who is told is shown before it is done."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from blaljus.domain.booking import BookingClosedError, BookingRefusedError
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.staffing import StaffingRefusedError
from blaljus.i18n import msgid
from blaljus.usecases.bookings.class_pages import get_class_page
from blaljus.usecases.context import Context
from blaljus.usecases.repair.moving import move_class
from blaljus.usecases.repair.ways import Target, get_ways
from blaljus.web.coordinator.school_class import HOME, class_page
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import Form, FormError, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

TARGET = r"^([1-9]\d{0,8}|[1-9]\d{0,8}\.\d{4}-\d\d-\d\d\.(fm|em))$"
"""What `Target.code` writes."""

CREW = r"^(\d{1,3}:\d{1,10}( \d{1,3}:\d{1,10}){0,30})?$"
"""What `Way.crew_code` writes."""

CHECK = f"{HOME}/{{class_id:int}}/granska"

_CHOOSE = msgid("Välj en tid.")
_WORDING = {("slot", Problem.REQUIRED): _CHOOSE, ("slot", Problem.WRONG_FORMAT): _CHOOSE}


class TimeForm(Form):
    """Fields of `templates/coordinator/klass.html` and `klass-flytta.html`."""

    slot: Annotated[str, msgspec.Meta(pattern=TARGET)]
    crew: Annotated[str, msgspec.Meta(pattern=CREW)] = ""


@get(CHECK, name="choose-time-again", policy=Policy.COORDINATOR)
async def choose_again(class_id: FromPath[int]) -> Redirect:
    """Lead back to the class: the language switch of a checked form asks for this."""
    return go(f"{HOME}/{row_id(class_id)}")


@post(CHECK, name="check-time", policy=Policy.COORDINATOR)
async def check(
    request: AnyRequest,
    class_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show what happens, and who is told, before a class gets a time."""
    class_id = row_id(class_id)
    try:
        form = await read_form(request, TimeForm)
    except FormError as error:
        return await _choose(request, context, person, class_id, error)
    return await _checked(request, context, person, class_id, form)


async def _checked(
    request: AnyRequest,
    context: Context,
    person: Person,
    class_id: int,
    form: TimeForm,
    *,
    trouble: BusyError | None = None,
) -> Response[str]:
    shown = await get_class_page(context, person, class_id)
    ways = await get_ways(context, shown)
    way = next((way for way in ways if way.target.code == form.slot), None)
    if way is None or (form.version or 0) != shown.version:
        return await _refused(request, context, person, class_id, form, StaleError())
    return form_page(
        request, "coordinator/klass-flytta.html", trouble=trouble, shown=shown, way=way
    )


async def _choose(
    request: AnyRequest, context: Context, person: Person, class_id: int, error: FormError
) -> Response[str]:
    errors = error.texts(page_of(request).language, wording=_WORDING)
    return await class_page(request, context, person, class_id, errors=errors)


@post(f"{HOME}/{{class_id:int}}", name="give-time", policy=Policy.COORDINATOR)
async def give(
    request: AnyRequest,
    class_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Give the class the time that was checked; or show why not."""
    key = await form_key(request)
    class_id = row_id(class_id)
    try:
        form = await read_form(request, TimeForm)
    except FormError as error:
        return await _choose(request, context, person, class_id, error)
    try:
        await move_class(
            context,
            person,
            key,
            class_id=class_id,
            target=Target.parse(form.slot),
            crew=form.crew,
            version=form.version or 0,
        )
    except BusyError as busy:
        return await _checked(request, context, person, class_id, form, trouble=busy)
    except (WorldChangedError, StaffingRefusedError):
        return await _refused(request, context, person, class_id, form, StaleError())
    except (BookingRefusedError, StaleError, BookingClosedError) as trouble:
        return await _refused(request, context, person, class_id, form, trouble)
    return go(f"{HOME}/{class_id}?klart=tid")


async def _refused(
    request: AnyRequest,
    context: Context,
    person: Person,
    class_id: int,
    form: TimeForm,
    trouble: BlaljusError,
) -> Response[str]:
    return await class_page(request, context, person, class_id, wanted=form.slot, trouble=trouble)


HANDLERS = [choose_again, check, give]
