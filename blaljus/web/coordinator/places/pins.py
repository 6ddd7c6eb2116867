"""Who is always there at a place: choose people, or take the choice back."""

from enum import StrEnum
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from blaljus.domain.errors import BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.i18n import msgid
from blaljus.usecases.context import Context
from blaljus.usecases.days.station_rules import get_stations
from blaljus.usecases.days.venue_pins import pin_person
from blaljus.web.coordinator.places.stations import stations_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import Form, FormError, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

PATH = "/samordnare/platser/{venue_id:int}/alltid-med"


_CHOOSE = msgid("Välj en person.")
WORDING = {("staff", Problem.REQUIRED): _CHOOSE, ("staff", Problem.NOT_A_NUMBER): _CHOOSE}


class Deed(StrEnum):
    """What is done. Values are stable: forms send them."""

    ADD = "med"
    REMOVE = "bort"


class PinForm(Form):
    """Fields of `templates/coordinator/_pins.html`."""

    staff: int
    deed: Deed


@post(PATH, name="pin-person", policy=Policy.COORDINATOR)
async def pin(
    request: AnyRequest,
    venue_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Let somebody be there in every new slot, or no longer."""
    venue = row_id(venue_id)
    shown = await get_stations(context, person, venue)
    try:
        form, key = await read_form(request, PinForm), await form_key(request)
        await pin_person(
            context,
            person,
            key,
            venue_id=venue,
            rules=shown.stations,
            staff=row_id(form.staff),
            pinned=form.deed is Deed.ADD,
            version=form.version or 0,
        )
    except FormError as error:
        errors = error.texts(page_of(request).language, wording=WORDING)
        return await stations_page(request, person, context, venue, errors=errors)
    except (StaleError, BusyError) as trouble:
        return await stations_page(
            request, person, context, venue, trouble=trouble, chosen=form.staff
        )
    return go(f"/samordnare/platser/{venue}/stationer?klart={form.deed}")


@get(PATH, name="pins", policy=Policy.COORDINATOR)
async def to_stations(
    venue_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Redirect:
    """Lead to the stations: the language switch of an answered form asks for this."""
    shown = await get_stations(context, person, row_id(venue_id))
    return go(f"/samordnare/platser/{shown.venue.id}/stationer")


HANDLERS = [pin, to_stations]
