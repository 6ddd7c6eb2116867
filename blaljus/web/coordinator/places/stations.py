"""`/samordnare/platser/<id>/stationer`: what the stations at a place ask for."""

from functools import partial
from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.errors import BusyError, StaleError
from blaljus.domain.groups import FEWEST_IN_GROUP
from blaljus.domain.people import Person
from blaljus.domain.schools import StationRules
from blaljus.domain.words import Service
from blaljus.i18n import msgid, translations
from blaljus.i18n.words import word
from blaljus.usecases.context import Context
from blaljus.usecases.days.station_rules import StationsPage, get_stations, save_stations
from blaljus.web.coordinator.coordinating import done_flash
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import LARGEST, Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

PATH = "/samordnare/platser/{venue_id:int}/stationer"

DONE = {
    "sparat": msgid("Stationerna är sparade. Nästa planering följer dem."),
    "med": msgid("Personen är alltid med här, från nästa planering."),
    "bort": msgid("Personen planeras hit som alla andra."),
}

_People = Annotated[int, msgspec.Meta(ge=1, le=9)]
_Pupils = Annotated[int, msgspec.Meta(ge=1, le=60)]
_Group = Annotated[int, msgspec.Meta(ge=FEWEST_IN_GROUP, le=60)] | None
_Agency = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)] | None

LABELS = {
    "staff": msgid("Personer"),
    "pupils": msgid("Största grupp"),
    "agency": msgid("Verksamhet"),
}

GROUP = msgid("Elever i en grupp")

StationsForm = cast(
    "type[Form]",
    msgspec.defstruct(
        "StationsForm",
        [("group_pupils", _Group, None)]
        + [(f"staff_{service.value}", _People, 1) for service in Service]
        + [(f"pupils_{service.value}", _Pupils, 60) for service in Service]
        + [(f"agency_{service.value}", _Agency, None) for service in Service]
        + [(f"on_call_{service.value}", bool, False) for service in Service]
        + [(f"outdoors_{service.value}", bool, False) for service in Service],
        bases=(Form,),
        forbid_unknown_fields=True,
        kw_only=True,
    ),
)
"""Fields of `templates/coordinator/plats-stationer.html`: `staff_police`, `agency_police`, …"""


@get(PATH, name="venue-stations", policy=Policy.COORDINATOR)
async def show_stations(
    request: AnyRequest,
    venue_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show what the stations at a place ask for, to change."""
    done = request.query_params.get("klart")
    return await stations_page(request, person, context, row_id(venue_id), done=done)


@post(PATH, name="save-venue-stations", policy=Policy.COORDINATOR)
async def save(
    request: AnyRequest,
    venue_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Store it; what stands in the way is shown with what was typed."""
    again = partial(stations_page, request, person, context, row_id(venue_id))
    language = page_of(request).language
    shown = await get_stations(context, person, row_id(venue_id))
    try:
        form, key = await read_form(request, StationsForm), await form_key(request)
    except FormError as error:
        return await again(typed=error.typed, errors=error.texts(language, _labels(language)))
    wanted = [_rules(form, rules.provides) for rules in shown.stations]
    try:
        await save_stations(
            context,
            person,
            key,
            venue_id=row_id(venue_id),
            wanted=wanted,
            version=form.version or 0,
            group_pupils=msgspec.structs.asdict(form)["group_pupils"],
        )
    except (StaleError, BusyError) as trouble:
        return await again(typed=msgspec.to_builtins(form), trouble=trouble)
    return go(f"/samordnare/platser/{row_id(venue_id)}/stationer?klart=sparat")


def _labels(language: str) -> dict[str, str]:
    say = translations(language).gettext
    return {"group_pupils": say(GROUP)} | {
        f"{name}_{service.value}": f"{word(service, language)}, {say(label).lower()}"
        for name, label in LABELS.items()
        for service in Service
    }


def _rules(form: Form, service: Service) -> StationRules:
    typed = msgspec.structs.asdict(form)
    return StationRules(
        provides=service,
        agency=typed[f"agency_{service.value}"],
        staff_needed=typed[f"staff_{service.value}"],
        max_pupils=typed[f"pupils_{service.value}"],
        on_call_allowed=typed[f"on_call_{service.value}"],
        outdoors=typed[f"outdoors_{service.value}"],
    )


async def stations_page(
    request: AnyRequest,
    person: Person,
    context: Context,
    venue_id: int,
    *,
    done: str | None = None,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    trouble: StaleError | BusyError | None = None,
    chosen: int | None = None,
) -> Response[str]:
    """Return the page of a venue's stations, with what was typed or chosen and what was wrong."""
    shown = await get_stations(context, person, venue_id)
    return form_page(
        request,
        "coordinator/plats-stationer.html",
        errors or {},
        trouble,
        flash=done_flash(DONE, done, page_of(request).language),
        shown=shown,
        chosen=chosen,
        typed=_stands(shown) if typed is None else typed,
    )


def _stands(shown: StationsPage) -> Typed:
    stands: Typed = {"group_pupils": shown.venue.group_pupils}
    for rules in shown.stations:
        name = rules.provides.value
        stands |= {
            f"staff_{name}": rules.staff_needed,
            f"pupils_{name}": rules.max_pupils,
            f"agency_{name}": rules.agency,
            f"on_call_{name}": rules.on_call_allowed,
            f"outdoors_{name}": rules.outdoors,
        }
    return stands


HANDLERS = [show_stations, save]
