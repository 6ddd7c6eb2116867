"""Pages where people open, replace and close the addresses of their calendars."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.people import Person
from blaljus.i18n import msgid, translations
from blaljus.usecases.calendars.feeds import close_feeds, open_feed
from blaljus.usecases.calendars.subscriptions import (
    Subscription,
    list_class_calendar,
    list_coordinated_calendars,
    list_own_calendar,
)
from blaljus.usecases.context import Context
from blaljus.web.calendars.choice import COORDINATED, WATCHED, SubjectForm, find_shown
from blaljus.web.calendars.qr import qr_code
from blaljus.web.forms.reading import form_key, read_form
from blaljus.web.http.visitor import look_up
from blaljus.web.page import Flash, Tone, page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

CLOSED = msgid("Kalendern är stängd. Ingen adress till den svarar längre.")


@get("/personal/kalender", name="staff-calendar", policy=Policy.STAFF)
async def own_calendar(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the addresses of one's own calendar."""
    return _page(request, await list_own_calendar(context, person), done=klart)


@get("/klass/{class_id:str}/kalender", name="class-calendar", policy=Policy.SIGNED_IN)
async def class_calendar(
    request: AnyRequest,
    class_id: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the addresses of a class's calendar."""
    return _page(request, await list_class_calendar(context, person, row_id(class_id)), done=klart)


@get(COORDINATED, name="coordinator-calendar", policy=Policy.COORDINATOR)
async def coordinated_calendars(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the addresses of the calendars of a municipality, its schools and agencies."""
    return _page(request, await list_coordinated_calendars(context, person), done=klart)


@post("/personal/kalender", name="open-staff-calendar", policy=Policy.STAFF)
async def open_own(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Open a new address of one's own calendar and show it, this once."""
    return await _opened(request, context, person, partial(list_own_calendar, context, person))


@post("/klass/{class_id:str}/kalender", name="open-class-calendar", policy=Policy.SIGNED_IN)
async def open_class(
    request: AnyRequest,
    class_id: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Open a new address of a class's calendar and show it, this once."""
    load = partial(list_class_calendar, context, person, row_id(class_id))
    return await _opened(request, context, person, load)


@post(COORDINATED, name="open-coordinator-calendar", policy=Policy.COORDINATOR)
async def open_coordinated(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Open a new address of a coordinated calendar and show it, this once."""
    load = partial(list_coordinated_calendars, context, person)
    return await _opened(request, context, person, load)


@post("/personal/kalender/stang", name="close-staff-calendar", policy=Policy.STAFF)
async def close_own(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Close every address of one's own calendar at once."""
    return await _closed(request, context, person, "/personal/kalender")


@post("/klass/{class_id:str}/kalender/stang", name="close-class-calendar", policy=Policy.SIGNED_IN)
async def close_class(
    request: AnyRequest,
    class_id: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Close every address of a class's calendar at once."""
    return await _closed(request, context, person, f"/klass/{row_id(class_id)}/kalender")


@post(f"{COORDINATED}/stang", name="close-coordinator-calendar", policy=Policy.COORDINATOR)
async def close_coordinated(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Close every address of a coordinated calendar at once."""
    return await _closed(request, context, person, COORDINATED)


Load = Callable[[], Awaitable[list[Subscription]]]


async def _opened(
    request: AnyRequest, context: Context, person: Person, load: Load
) -> Response[str]:
    form, key = await read_form(request, SubjectForm), await form_key(request)
    find_shown(await load(), form.kind, form.subject, form.municipality)
    secret = (await look_up(request)).secret
    address = await open_feed(
        context,
        person,
        key,
        form.kind,
        form.subject,
        municipality=form.municipality,
        secret=secret,
    )
    return _page(request, await load(), address=address)


async def _closed(
    request: AnyRequest, context: Context, person: Person, path: str
) -> Response[Any]:
    form, key = await read_form(request, SubjectForm), await form_key(request)
    await close_feeds(context, person, key, form.kind, form.subject, municipality=form.municipality)
    return go(f"{path}?klart=1")


def _page(
    request: AnyRequest,
    calendars: list[Subscription],
    *,
    done: str | None = None,
    address: str = "",
) -> Response[str]:
    say = translations(page_of(request).language).gettext
    webcal = f"webcal:{address.partition(':')[2]}"
    coordinating = request.url.path == COORDINATED
    return render_page(
        request,
        "calendars/subscribe.html",
        flash=Flash(tone=Tone.OK, text=say(CLOSED)) if done else None,
        calendars=calendars,
        path=request.url.path,
        address=address,
        webcal=webcal,
        qr=qr_code(webcal) if address else None,
        files=coordinating,
        watched=WATCHED if coordinating else None,
    )


HANDLERS = [
    own_calendar,
    class_calendar,
    coordinated_calendars,
    open_own,
    open_class,
    open_coordinated,
    close_own,
    close_class,
    close_coordinated,
]
