"""When the classes of a slot arrive and must leave: one form for all of them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.booking import Booking, BookingClosedError
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.localtime import local
from blaljus.domain.people import Person
from blaljus.domain.stays import Stay, StaysRefusedError
from blaljus.i18n import msgid, translations
from blaljus.usecases.context import Context
from blaljus.usecases.days.carousel import get_carousel
from blaljus.usecases.days.rounds import Carousel
from blaljus.usecases.days.stays import set_stays
from blaljus.web.coordinator.carousel import HOME
from blaljus.web.forms.clock_times import TIME, Clock, moment_of
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

FIELDS: Mapping[str, str] = {"arrives": msgid("Kommer kl."), "leaves": msgid("Åker kl.")}
"""Fields of each class in `templates/coordinator/klassernas-tider.html`, with labels."""

_PROBLEMS = {
    "arrives-outside": msgid("Tiden ska vara högst två timmar före passet, och före dess slut."),
    "leaves-outside": msgid(
        "Tiden ska vara efter passets början, högst två timmar efter dess slut."
    ),
    "leaves-before": msgid("Klassen kan inte åka innan den kommer."),
}


@cache
def stays_form(classes: int) -> type[Form]:
    """Return the form of a slot: `arrives_1`, `leaves_1`, `arrives_2` and so on."""
    fields = [(f"{name}_{n}", Clock | None, None) for n in range(1, classes + 1) for name in FIELDS]
    made = msgspec.defstruct(
        f"Stays{classes}Form", fields, bases=(Form,), forbid_unknown_fields=True, kw_only=True
    )
    return cast("type[Form]", made)


@get(f"{HOME}/tider", name="ask-stays", policy=Policy.COORDINATOR)
async def ask_stays(
    request: AnyRequest, slot_id: FromPath[int], person: NamedDependency[Person]
) -> Response[str]:
    """Ask when the classes arrive and leave."""
    shown = await get_carousel(person, row_id(slot_id))
    return _page(request, shown, _typed(shown.booked))


@post(f"{HOME}/tider", name="set-stays", policy=Policy.COORDINATOR)
async def save_stays(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Store when the classes arrive and leave."""
    shown = await get_carousel(person, row_id(slot_id))
    try:
        form = await read_form(request, stays_form(len(shown.booked)))
    except FormError as error:
        return _page(request, shown, error.typed, _texts(request, shown, error))
    key, typed = await form_key(request), msgspec.structs.asdict(form)
    stays = {b.id: _stay(shown, typed, n) for n, b in enumerate(shown.booked, start=1)}
    try:
        await set_stays(
            context, person, key, slot_id=shown.slot.id, stays=stays, version=form.version
        )
    except StaysRefusedError as refusal:
        return _page(request, shown, typed, _problem_texts(request, shown, refusal))
    except (StaleError, BusyError, BookingClosedError) as trouble:
        return _page(request, await get_carousel(person, shown.slot.id), typed, trouble=trouble)
    return go(f"/samordnare/pass/{slot_id}/korschema?klart=tider")


def _stay(shown: Carousel, typed: Typed, number: int) -> Stay:
    arrives, leaves = (typed[f"{name}_{number}"] for name in FIELDS)
    return Stay(
        arrives_at=moment_of(arrives, shown.slot) if arrives else None,
        leaves_at=moment_of(leaves, shown.slot) if leaves else None,
    )


def _typed(booked: Sequence[Booking]) -> Typed:
    times = {
        f"{name}_{n}": getattr(booking, f"{name}_at")
        for n, booking in enumerate(booked, start=1)
        for name in FIELDS
    }
    return {name: f"{local(at):%H:%M}" if at else "" for name, at in times.items()}


def _texts(request: AnyRequest, shown: Carousel, error: FormError) -> dict[str, str]:
    labels = _labels(request, shown)
    wording = {(name, Problem.WRONG_FORMAT): TIME for name in labels}
    return error.texts(page_of(request).language, labels, wording)


def _problem_texts(
    request: AnyRequest, shown: Carousel, refusal: StaysRefusedError
) -> dict[str, str]:
    say = translations(page_of(request).language).gettext
    labels = _labels(request, shown)
    return {
        f"{name}_{n}": f"{labels[f'{name}_{n}']}: {say(_PROBLEMS[code])}"
        for n, booking in enumerate(shown.booked, start=1)
        for name in FIELDS
        if (code := refusal.problems.get(f"{name}_{booking.id}"))
    }


def _labels(request: AnyRequest, shown: Carousel) -> dict[str, str]:
    say = translations(page_of(request).language).gettext
    return {
        f"{name}_{n}": f"{shown.class_of(booking).name}, {say(label)}"
        for n, booking in enumerate(shown.booked, start=1)
        for name, label in FIELDS.items()
    }


def _page(
    request: AnyRequest,
    shown: Carousel,
    typed: Typed,
    errors: Mapping[str, str] | None = None,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    return form_page(
        request,
        "coordinator/klassernas-tider.html",
        errors or {},
        trouble,
        shown=shown,
        typed=typed,
        classes=[shown.class_of(booking) for booking in shown.booked],
    )


HANDLERS = [ask_stays, save_stays]
