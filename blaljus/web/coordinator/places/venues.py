"""`/samordnare/platser`: places that several schools share."""

from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.clock import Clock
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.schools import VenueNameTakenError
from blaljus.i18n import msgid, translations
from blaljus.usecases.context import Context
from blaljus.usecases.days.station_rules import list_school_venues
from blaljus.usecases.days.venues import (
    get_shared_venue,
    list_shared_venues,
    rename_shared_venue,
)
from blaljus.usecases.followup.promises import add_shared_venue
from blaljus.web.coordinator.coordinating import At, at_municipality, done_flash
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/platser"

TAKEN = msgid("Det finns redan en plats som heter så.")
COORDINATES = msgid("Skriv grader med decimaler, till exempel 55,937. Fyll i båda eller ingen.")

DONE = {
    "ny": msgid("Platsen är tillagd. Nu kan den användas när du planerar."),
    "namn": msgid("Platsen har fått sitt nya namn."),
}

Name = Annotated[str, msgspec.Meta(min_length=2, max_length=200)]


class VenueForm(Form):
    """Fields of `templates/coordinator/platser.html`."""

    name: Name
    latitude: Annotated[str, msgspec.Meta(max_length=20)] = ""
    longitude: Annotated[str, msgspec.Meta(max_length=20)] = ""
    near_rescue_station: Literal["1", "on"] | None = None
    partner_station: Annotated[str, msgspec.Meta(max_length=100)] = ""


class NameForm(Form):
    """Fields of `templates/coordinator/plats.html`."""

    name: Name


@get(HOME, name="venues", policy=Policy.COORDINATOR)
async def show_venues(
    request: AnyRequest,
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """List shared places, with a form for another one."""
    at = await at_municipality(person, kommun, HOME)
    return await _list_page(request, person, clock, at, done=klart)


async def _list_page(
    request: AnyRequest,
    person: Person,
    clock: Clock,
    at: At,
    *,
    done: str | None = None,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    trouble: BusyError | None = None,
) -> Response[str]:
    return form_page(
        request,
        "coordinator/platser.html",
        errors or {},
        trouble,
        flash=done_flash(DONE, done, page_of(request).language),
        at=at,
        rows=await list_shared_venues(person, at.id, clock=clock),
        schools=await list_school_venues(person, at.id),
        typed=typed or {},
    )


@post(HOME, name="add-venue", policy=Policy.COORDINATOR)
async def add_venue(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Add a shared place; a name that is taken keeps what was typed."""
    at = await at_municipality(person, kommun, HOME)
    again = partial(_list_page, request, person, context.clock, at)
    language = page_of(request).language
    try:
        form, key = await read_form(request, VenueForm), await form_key(request)
        position = _position(form)
    except FormError as error:
        return await again(typed=error.typed, errors=error.texts(language, wording=_WORDING))
    typed = msgspec.structs.asdict(form)
    try:
        added = await add_shared_venue(
            context,
            person,
            key,
            municipality=at.id,
            name=form.name,
            position=position,
            near_rescue_station=form.near_rescue_station is not None,
            partner_station=form.partner_station,
        )
    except BusyError as trouble:
        return await again(typed=typed, trouble=trouble)
    if not added:
        return await again(typed=typed, errors={"name": translations(language).gettext(TAKEN)})
    return go(at(HOME, klart="ny"))


_WORDING = {
    ("name", Problem.REQUIRED): msgid("Skriv platsens namn."),
    ("latitude", Problem.NOT_A_NUMBER): COORDINATES,
    ("longitude", Problem.NOT_A_NUMBER): COORDINATES,
}

_BOUNDS = {"latitude": 90.0, "longitude": 180.0}


def _position(form: VenueForm) -> tuple[float, float] | None:
    """Return degrees north and east, None where neither was typed, or raise `FormError`."""
    given = {"latitude": form.latitude, "longitude": form.longitude}
    if not any(given.values()):
        return None
    degrees = {name: _degrees(text, _BOUNDS[name]) for name, text in given.items()}
    wrong = {name: Problem.NOT_A_NUMBER for name, value in degrees.items() if value is None}
    if wrong:
        raise FormError(wrong, msgspec.structs.asdict(form))
    latitude, longitude = degrees["latitude"], degrees["longitude"]
    assert latitude is not None, "both were read"  # noqa: S101 -- see above
    assert longitude is not None, "both were read"  # noqa: S101 -- see above
    return latitude, longitude


def _degrees(text: str, bound: float) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if -bound <= value <= bound else None


@get(f"{HOME}/{{venue_id:int}}", name="venue", policy=Policy.COORDINATOR)
async def show_venue(
    request: AnyRequest,
    venue_id: FromPath[int],
    person: NamedDependency[Person],
    clock: NamedDependency[Clock],
    kommun: FromQuery[str | None] = None,
) -> Response[str]:
    """Show one place, with its name to change."""
    return await _venue_page(request, person, clock, row_id(venue_id), kommun)


async def _venue_page(
    request: AnyRequest,
    person: Person,
    clock: Clock,
    venue_id: int,
    kommun: str | None,
    *,
    name: str | None = None,
    errors: dict[str, str] | None = None,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    at = await at_municipality(person, kommun, HOME)
    shown = await get_shared_venue(person, at.id, venue_id, clock=clock)
    typed = shown.venue.name if name is None else name
    return form_page(
        request, "coordinator/plats.html", errors or {}, trouble, at=at, shown=shown, name=typed
    )


@post(f"{HOME}/{{venue_id:int}}", name="rename-venue", policy=Policy.COORDINATOR)
async def rename(
    request: AnyRequest,
    venue_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Give a place another name; who is to come there is told."""
    again = partial(_venue_page, request, person, context.clock, row_id(venue_id), kommun)
    language = page_of(request).language
    try:
        form, key = await read_form(request, NameForm), await form_key(request)
    except FormError as error:
        return await again(
            name=str(error.typed.get("name", "")), errors=error.texts(language, wording=_WORDING)
        )
    version = form.version or 0
    try:
        await rename_shared_venue(
            context, person, key, venue_id=venue_id, name=form.name, version=version
        )
    except VenueNameTakenError as taken:
        errors = {"name": translations(language).gettext(TAKEN)}
        return await again(name=form.name, errors=errors, trouble=taken)
    except (StaleError, BusyError) as trouble:
        return await again(name=form.name, trouble=trouble)
    at = await at_municipality(person, kommun, HOME)
    return go(at(HOME, klart="namn"))


HANDLERS = [show_venues, add_venue, show_venue, rename]
