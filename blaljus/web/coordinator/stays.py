"""When the classes of a slot arrive and must leave: one form for all of them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.booking import Booking, BookingClosedError
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.localtime import local
from blaljus.domain.people import Person
from blaljus.domain.slots import Slot
from blaljus.domain.stays import Stay, StaysRefusedError
from blaljus.i18n import msgid, translations
from blaljus.usecases.context import Context
from blaljus.usecases.days.rounds import Carousel
from blaljus.usecases.days.stays import StaysPage, get_stays_page, set_stays
from blaljus.web.coordinator.carousel import HOME
from blaljus.web.forms.clock_times import TIME, Clock, moment_of
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import Form, FormError, Typed, form_key, read_form
from blaljus.web.http.body import read_pairs
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


_FIELD = re.compile(r"(?:arrives|leaves)_([1-9][0-9]{0,9})")


@lru_cache(maxsize=64)
def stays_form(bookings: tuple[int, ...]) -> type[Form]:
    """Return the form of some bookings, by their ids: `arrives_12`, `leaves_12` and so on."""
    fields = [(f"{name}_{number}", Clock | None, None) for number in bookings for name in FIELDS]
    made = msgspec.defstruct(
        "StaysForm", fields, bases=(Form,), forbid_unknown_fields=True, kw_only=True
    )
    return cast("type[Form]", made)


@get(f"{HOME}/tider", name="ask-stays", policy=Policy.COORDINATOR)
async def ask_stays(
    request: AnyRequest, slot_id: FromPath[int], person: NamedDependency[Person]
) -> Response[str]:
    """Ask when the classes arrive and leave."""
    return _page(request, await get_stays_page(person, row_id(slot_id)), {})


@post(f"{HOME}/tider", name="set-stays", policy=Policy.COORDINATOR)
async def save_stays(
    request: AnyRequest,
    slot_id: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Store when the classes arrive and leave; what was typed of one that is gone is said."""
    page = await get_stays_page(person, row_id(slot_id), await _asked(request))
    slot, numbers = page.carousel.slot, (*(b.id for b in page.carousel.booked), *sorted(page.gone))
    try:
        form = await read_form(request, stays_form(numbers))
    except FormError as error:
        return _page(request, page, error.typed, _texts(request, page.carousel, error))
    key, typed = await form_key(request), msgspec.structs.asdict(form)
    stays = {number: _stay(slot, typed, number) for number in numbers}
    try:
        await set_stays(context, person, key, slot_id=slot.id, stays=stays, version=form.version)
    except StaysRefusedError as refusal:
        return _page(request, page, typed, _problem_texts(request, page.carousel, refusal))
    except (StaleError, BusyError, BookingClosedError) as trouble:
        page = await get_stays_page(person, slot.id, numbers)
        return _page(request, page, typed, trouble=trouble)
    return go(f"/samordnare/pass/{slot_id}/korschema?klart=tider")


async def _asked(request: AnyRequest) -> set[int]:
    """Return the bookings whose times a form holds."""
    found = [_FIELD.fullmatch(name) for name, _ in await read_pairs(request)]
    return {row_id(int(match[1])) for match in found if match}


def _stay(slot: Slot, typed: Typed, number: int) -> Stay:
    arrives, leaves = (typed[f"{name}_{number}"] for name in FIELDS)
    return Stay(
        arrives_at=moment_of(arrives, slot) if arrives else None,
        leaves_at=moment_of(leaves, slot) if leaves else None,
    )


def _typed(booked: Sequence[Booking]) -> Typed:
    times = {
        f"{name}_{booking.id}": getattr(booking, f"{name}_at")
        for booking in booked
        for name in FIELDS
    }
    return {name: f"{local(at):%H:%M}" if at else "" for name, at in times.items()}


def _texts(request: AnyRequest, shown: Carousel, error: FormError) -> dict[str, str]:
    labels = _labels(request, shown)
    wording = {(name, Problem.WRONG_FORMAT): TIME for name in labels}
    texts = error.texts(page_of(request).language, labels, wording)
    gone = [name for name in texts if _FIELD.fullmatch(name) and name not in labels]
    return {name: text for name, text in texts.items() if name not in gone}


def _problem_texts(
    request: AnyRequest, shown: Carousel, refusal: StaysRefusedError
) -> dict[str, str]:
    say = translations(page_of(request).language).gettext
    labels = _labels(request, shown)
    return {
        name: f"{label}: {say(_PROBLEMS[refusal.problems[name]])}"
        for name, label in labels.items()
        if name in refusal.problems
    }


def _labels(request: AnyRequest, shown: Carousel) -> dict[str, str]:
    say = translations(page_of(request).language).gettext
    return {
        f"{name}_{booking.id}": f"{shown.class_of(booking).name}, {say(label)}"
        for booking in shown.booked
        for name, label in FIELDS.items()
    }


def _page(
    request: AnyRequest,
    page: StaysPage,
    typed: Typed,
    errors: Mapping[str, str] | None = None,
    trouble: BlaljusError | None = None,
) -> Response[str]:
    shown = page.carousel
    return form_page(
        request,
        "coordinator/klassernas-tider.html",
        errors or {},
        StaleError() if page.gone and not errors and trouble is None else trouble,
        shown=shown,
        typed={**_typed(shown.booked), **typed},
        classes={booking.id: shown.class_of(booking) for booking in shown.booked},
        gone=sorted(school_class.name for school_class in page.gone.values()),
    )


HANDLERS = [ask_stays, save_stays]
