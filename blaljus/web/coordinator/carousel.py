"""The carousel (körschema) of a slot: on the screen, on paper, and where its stations stand."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.booking import BookingClosedError
from blaljus.domain.callouts import may_note
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import Station
from blaljus.i18n import msgid, translations
from blaljus.i18n.words import station_name
from blaljus.usecases.context import Context
from blaljus.usecases.days.carousel import get_carousel
from blaljus.usecases.days.rounds import Carousel
from blaljus.usecases.days.station_places import LONGEST_WALK, StationPlace, place_stations
from blaljus.usecases.days.telling import CarouselPage, get_carousel_page, tell_rounds
from blaljus.web.coordinator.coordinating import done_flash
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/pass/{slot_id:int}/korschema"

DONE = {
    "platser": msgid("Stationernas platser är sparade. Körschemat följer dem."),
    "skickat": msgid("Körschemat är skickat."),
    "tider": msgid("Klassernas tider är sparade. Körschemat följer dem."),
    "utryckning": msgid("Utryckningen är sparad. Resten av varven är ändrade."),
}

Place = Annotated[str, msgspec.Meta(max_length=100)]
Walk = Annotated[int, msgspec.Meta(ge=0, le=LONGEST_WALK)]

FIELDS: Mapping[str, tuple[Any, Any, str]] = {
    "place": (Place, "", msgid("Var på platsen")),
    "outdoors": (bool, False, msgid("Utomhus")),
    "rain_place": (Place, "", msgid("Var om det regnar")),
    "step_free": (bool, False, msgid("Går att nå utan trappor")),
    "walk_minutes": (Walk, 0, msgid("Gångtid från samlingen, minuter")),
}
"""Fields of each station in `templates/coordinator/stationernas-platser.html`, with labels."""


@cache
def places_form(stations: int) -> type[Form]:
    """Return the form of a carousel: `place_1`, `outdoors_1`, … `place_2` and so on."""
    fields = [
        (f"{name}_{n}", kind, default)
        for n in range(1, stations + 1)
        for name, (kind, default, _) in FIELDS.items()
    ]
    made = msgspec.defstruct(
        f"Places{stations}Form", fields, bases=(Form,), forbid_unknown_fields=True, kw_only=True
    )
    return cast("type[Form]", made)


@get(HOME, name="carousel", policy=Policy.COORDINATOR)
async def show_carousel(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show who is where when, in tables and sentences."""
    view = await get_carousel_page(context, person, row_id(slot_id))
    return _carousel_page(request, context, view, done=klart)


def _carousel_page(
    request: AnyRequest,
    context: Context,
    view: CarouselPage,
    done: str | None = None,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    shown, language = view.carousel, page_of(request).language
    return form_page(
        request,
        "coordinator/korschema.html",
        trouble=trouble,
        flash=done_flash(DONE, done, language),
        view=view,
        shown=shown,
        may_note=may_note(shown.slot, now=context.clock()),
        short=_is_short(shown),
        names={s.id: station_name(s.name, language) for s in shown.stations},
    )


@post(f"{HOME}/skicka", name="tell-rounds", policy=Policy.COORDINATOR)
async def send_rounds(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Tell everybody the rounds that are new to them."""
    form, key = await read_form(request, Form), await form_key(request)
    number = row_id(slot_id)
    try:
        await tell_rounds(context, person, key, slot_id=number, version=form.version)
    except (StaleError, BookingClosedError) as trouble:
        view = await get_carousel_page(context, person, number)
        return _carousel_page(request, context, view, trouble=trouble)
    return go(f"/samordnare/pass/{slot_id}/korschema?klart=skickat")


def _is_short(shown: Carousel) -> bool:
    wished = max((station.minutes for station in shown.stations), default=0)
    return bool(shown.rotation.stops) and shown.rotation.minutes < wished


@get(f"{HOME}/utskrift", name="carousel-sheets", policy=Policy.COORDINATOR)
async def print_carousel(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    regn: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the sheets for A4: all rounds, one for each group, one for each station."""
    shown = await get_carousel(person, row_id(slot_id))
    rain = bool(regn) and shown.rain is not None
    return render_page(
        request,
        "coordinator/korschema-utskrift.html",
        shown=shown,
        rotation=shown.rain if rain else shown.rotation,
        rain=rain,
    )


@get(f"{HOME}/platser", name="ask-station-places", policy=Policy.COORDINATOR)
async def ask_places(
    request: AnyRequest, slot_id: FromPath[int], person: NamedDependency[Person]
) -> Response[str]:
    """Ask where the stations stand."""
    shown = await get_carousel(person, row_id(slot_id))
    return _places_page(request, shown, _typed(shown.stations))


@post(f"{HOME}/platser", name="place-stations", policy=Policy.COORDINATOR)
async def save_places(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Store where the stations stand."""
    shown = await get_carousel(person, row_id(slot_id))
    try:
        form = await read_form(request, places_form(len(shown.stations)))
    except FormError as error:
        return _places_page(request, shown, error.typed, _texts(request, error, shown.stations))
    key, typed = await form_key(request), msgspec.structs.asdict(form)
    places = {s.id: _place(typed, n) for n, s in enumerate(shown.stations, start=1)}
    try:
        await place_stations(
            context, person, key, slot_id=shown.slot.id, places=places, version=form.version
        )
    except (StaleError, BusyError) as trouble:
        shown = await get_carousel(person, shown.slot.id)
        return _places_page(request, shown, typed, trouble=trouble)
    return go(f"/samordnare/pass/{slot_id}/korschema?klart=platser")


def _place(typed: Typed, number: int) -> StationPlace:
    return StationPlace(**{name: typed[f"{name}_{number}"] for name in FIELDS})


def _typed(stations: Sequence[Station]) -> Typed:
    return {
        f"{name}_{n}": getattr(station, name)
        for n, station in enumerate(stations, start=1)
        for name in FIELDS
    }


def _texts(request: AnyRequest, error: FormError, stations: Sequence[Station]) -> dict[str, str]:
    language = page_of(request).language
    say = translations(language).gettext
    labels = {
        f"{name}_{n}": f"{station_name(station.name, language)}, {say(label)}"
        for n, station in enumerate(stations, start=1)
        for name, (_, _, label) in FIELDS.items()
    }
    return error.texts(language, labels)


def _places_page(
    request: AnyRequest,
    shown: Carousel,
    typed: Typed,
    errors: Mapping[str, str] | None = None,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    return form_page(
        request,
        "coordinator/stationernas-platser.html",
        errors or {},
        trouble,
        shown=shown,
        typed=typed,
    )


HANDLERS = [show_carousel, send_rounds, print_carousel, ask_places, save_places]
