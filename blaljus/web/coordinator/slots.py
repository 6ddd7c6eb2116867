"""A slot for its coordinator: who and what takes part, its printed list, calling it off."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.booking import BookingClosedError
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.words import CancelCause
from blaljus.i18n import msgid
from blaljus.usecases.context import Context
from blaljus.usecases.days.slot_pages import SlotPage, get_slot_page
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.repair.desk import Reserve, get_reserves
from blaljus.web.cancelling import cause_page, cause_texts
from blaljus.web.coordinator.coordinating import done_flash
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import Form, FormError, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/pass"

CANCEL = "coordinator/stall-in.html"

DONE = {
    "bemannad": msgid("Personen är tillfrågad och får en inbjudan med e-post."),
    "bytt": msgid("Bytet är gjort. Båda får besked med e-post."),
    "borttagen": msgid("Personen är borttagen och får en avbokning med e-post."),
    "installt": msgid("Passet är inställt. Alla får besked med e-post."),
}


class CancelSlotForm(Form):
    """Fields of `templates/coordinator/stall-in.html`."""

    cause: CancelCause


@get(f"{HOME}/{{slot_id:int}}", name="slot", policy=Policy.COORDINATOR)
async def show_slot(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show a slot with its stations, people and classes."""
    shown = await get_slot_page(context, person, row_id(slot_id))
    reserves = await get_reserves(context, shown)
    return slot_page(request, shown, done=klart, reserves=reserves)


def slot_page(
    request: AnyRequest,
    shown: SlotPage,
    *,
    done: str | None = None,
    trouble: BlaljusError | None = None,
    reserves: Mapping[int, Sequence[Reserve]] = MappingProxyType({}),
) -> Response[str]:
    """Return a slot's page, with what was just done, or what stood in the way of it."""
    return form_page(
        request,
        "coordinator/pass.html",
        trouble=trouble,
        flash=done_flash(DONE, done, page_of(request).language),
        shown=shown,
        reserves=reserves,
    )


@get(f"{HOME}/{{slot_id:int}}/utskrift", name="slot-sheet", policy=Policy.COORDINATOR)
async def print_slot(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show the list for the day, made for A4."""
    shown = await get_slot_page(context, person, row_id(slot_id))
    return render_page(request, "coordinator/pass-utskrift.html", shown=shown)


@get(f"{HOME}/{{slot_id:int}}/stall-in", name="ask-cancel-slot", policy=Policy.COORDINATOR)
async def ask_cancel_slot(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Ask why, and say who is told, before a slot is called off."""
    shown = await get_slot_page(context, person, row_id(slot_id))
    return cause_page(request, CANCEL, shown) if shown.may_change else go(f"{HOME}/{slot_id}")


@post(f"{HOME}/{{slot_id:int}}/stall-in", name="cancel-slot", policy=Policy.COORDINATOR)
async def call_off(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Call the slot off, with everything in it."""
    key, cause = await form_key(request), ""
    slot_id = row_id(slot_id)
    try:
        form = await read_form(request, CancelSlotForm)
        cause = form.cause.value
        await cancel_slot(
            context, person, key, slot_id=slot_id, cause=form.cause, version=form.version
        )
    except FormError as error:
        shown = await get_slot_page(context, person, slot_id)
        return cause_page(request, CANCEL, shown, errors=cause_texts(request, error))
    except (StaleError, BusyError) as trouble:
        shown = await get_slot_page(context, person, slot_id)
        return cause_page(request, CANCEL, shown, cause=cause, trouble=trouble)
    except BookingClosedError as closed:
        shown = await get_slot_page(context, person, slot_id)
        return slot_page(request, shown, trouble=closed)
    return go(f"{HOME}/{slot_id}?klart=installt")


HANDLERS = [show_slot, print_slot, ask_cancel_slot, call_off]
