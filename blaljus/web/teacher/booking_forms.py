"""What a teacher types of a booking: fields, bounds, and sentences for what cannot be right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar import Request

from blaljus.domain.booking import (
    MAX_ADULTS,
    MAX_PUPILS,
    PHONE,
    BookingDetails,
    detail_problems,
)
from blaljus.domain.errors import NotFoundError
from blaljus.domain.personal_number import has_personal_number
from blaljus.domain.words import AccessNeed, CancelCause, Transport
from blaljus.i18n import msgid, translations
from blaljus.i18n.words import word
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, Typed, read_form
from blaljus.web.page import page_of

DEFAULT_ADULTS = 2
"""The teacher and one more: what most classes come with."""

RowId = Annotated[int, msgspec.Meta(ge=1)]
Pupils = Annotated[int, msgspec.Meta(ge=1, le=MAX_PUPILS)]
Adults = Annotated[int, msgspec.Meta(ge=0, le=MAX_ADULTS)]
Need = Annotated[int, msgspec.Meta(ge=0, le=MAX_PUPILS)]


class DetailsForm(Form, kw_only=True):
    """Fields of `templates/teacher/_details.html`."""

    pupils: Pupils
    adults: Adults
    phone: Annotated[str, msgspec.Meta(pattern=f"^{PHONE.pattern}$")] = ""
    transport: Transport = Transport.NONE
    need_mobility: Need = 0
    need_hearing: Need = 0
    need_sight: Need = 0
    need_calm: Need = 0
    need_language: Need = 0
    need_allergy: Need = 0


class BookForm(DetailsForm, kw_only=True):
    """Fields of `templates/teacher/boka.html`, carried through `granska.html`."""

    klass: RowId
    slot: RowId


class CancelForm(Form):
    """Fields of `templates/teacher/avboka.html`."""

    cause: CancelCause


D = TypeVar("D", bound=DetailsForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled(Generic[D]):
    """A form as it came: what was typed, and the struct, or else a sentence per field."""

    form: D | None
    typed: Typed
    errors: Mapping[str, str]


async def read_details(request: Request[Any, Any, Any], kind: type[D]) -> Filled[D]:
    """Return the request's form with every problem of every field at once."""
    language = page_of(request).language
    try:
        form = await read_form(request, kind)
    except FormError as error:
        texts = error.texts(language, _labels(language), WORDING)
        return Filled(form=None, typed=error.typed, errors=_in_order(texts))
    errors = detail_errors(form, language)
    return Filled(form=None if errors else form, typed=msgspec.structs.asdict(form), errors=errors)


def _in_order(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the sentences in the order in which their fields stand on the page."""
    ranks = {name: rank for rank, name in enumerate(PAGE_ORDER)}
    return dict(sorted(texts.items(), key=lambda text: ranks.get(text[0], len(ranks))))


def details_of(form: DetailsForm) -> BookingDetails:
    """Return what a form says of the class; needs nobody has are left out."""
    counts = {need: getattr(form, need_field(need)) for need in AccessNeed}
    return BookingDetails(
        pupils=form.pupils,
        adults=form.adults,
        phone=form.phone,
        access_needs={need: count for need, count in counts.items() if count},
        transport=form.transport,
    )


def typed_of(details: BookingDetails) -> Typed:
    """Return details as the fields of the form."""
    needs = {need_field(need): details.access_needs.get(need, 0) for need in AccessNeed}
    return {
        "pupils": details.pupils,
        "adults": details.adults,
        "phone": details.phone,
        "transport": details.transport.value,
        **needs,
    }


def detail_errors(form: DetailsForm, language: str) -> dict[str, str]:
    """Return a sentence per field of what cannot be right though each value is in bounds."""
    details = details_of(form)
    found = detail_problems(details)
    if has_personal_number(details.phone):
        found["phone"] = "phone-personal-number"
    if code := found.pop("access_needs", None):
        found[_largest_need(details)] = code
    say = translations(language).gettext
    return {field: say(DETAIL_WORDING[code]) for field, code in found.items()}


def _largest_need(details: BookingDetails) -> str:
    counts = details.access_needs
    return need_field(max(counts, key=lambda need: counts[need]))


def need_field(need: AccessNeed) -> str:
    """Return the name of the field that counts a need."""
    return f"need_{need.value}"


def need_fields(language: str) -> list[tuple[str, str]]:
    """Return (field, label) of every need, in the order of the enum."""
    return [(need_field(need), word(need, language)) for need in AccessNeed]


def transports(language: str) -> list[tuple[str, str]]:
    """Return (value, label) of every way to travel."""
    return [(transport.value, word(transport, language)) for transport in Transport]


def has_more(typed: Typed, errors: Mapping[str, str]) -> bool:
    """Return whether the part with needs and travel holds something: then it stands open."""
    said = (typed.get(need_field(need)) for need in AccessNeed)
    travels = typed.get("transport") not in (None, "", Transport.NONE.value)
    wrong = any(name.startswith(("need_", "transport")) for name in errors)
    return travels or wrong or any(value not in (None, "", 0, "0") for value in said)


def row_id(text: object) -> int:
    """Return what an address or a form names as a row's id, or raise `NotFoundError`."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST))):
        raise NotFoundError
    number = int(digits)
    if not 1 <= number <= LARGEST:
        raise NotFoundError
    return number


PAGE_ORDER = ("slot", "pupils", "adults", "phone", *map(need_field, AccessNeed), "transport")

FIELD_LABELS = {
    "slot": msgid("Tid"),
    "pupils": msgid("Elever"),
    "adults": msgid("Vuxna"),
    "phone": msgid("Telefon"),
    "transport": msgid("Resa"),
}


def _labels(language: str) -> dict[str, str]:
    say = translations(language).gettext
    return {name: say(label) for name, label in FIELD_LABELS.items()} | dict(need_fields(language))


_PUPILS_RANGE = msgid("Skriv ett antal mellan 1 och 120.")
_ADULTS_RANGE = msgid("Skriv ett antal mellan 0 och 40.")
_PHONE_SHAPE = msgid("Skriv ett telefonnummer som 070-123 45 67.")

WORDING = {
    ("slot", Problem.REQUIRED): msgid("Välj en tid."),
    ("pupils", Problem.REQUIRED): _PUPILS_RANGE,
    ("pupils", Problem.TOO_SMALL): _PUPILS_RANGE,
    ("pupils", Problem.TOO_BIG): _PUPILS_RANGE,
    ("adults", Problem.REQUIRED): _ADULTS_RANGE,
    ("adults", Problem.TOO_SMALL): _ADULTS_RANGE,
    ("adults", Problem.TOO_BIG): _ADULTS_RANGE,
    ("phone", Problem.TOO_LONG): _PHONE_SHAPE,
    ("phone", Problem.WRONG_FORMAT): _PHONE_SHAPE,
}
"""Better sentences than the general ones, for problems of single fields."""

DETAIL_WORDING = {
    "pupils-range": _PUPILS_RANGE,
    "adults-range": _ADULTS_RANGE,
    "phone-shape": _PHONE_SHAPE,
    "phone-personal-number": msgid(
        "Det ser ut som ett personnummer. Skriv telefonnumret i grupper, som 070-123 45 67."
    ),
    "need-negative": msgid("Skriv ett antal, 0 eller mer."),
    "need-above-pupils": msgid("Behovet kan inte gälla fler elever än som kommer."),
}
"""Sentences (msgids) for the codes of `detail_problems`."""
