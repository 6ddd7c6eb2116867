"""Attendance: who came, and what became of each station. In under a minute on a phone."""

from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.attendance import REPORTABLE, AttendanceReport, StationReport
from blaljus.domain.booking import MAX_PUPILS
from blaljus.domain.errors import BlaljusError, BusyError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.slots import Station
from blaljus.domain.words import MissCause, VisitState
from blaljus.i18n import msgid, translations
from blaljus.i18n.words import station_name, word
from blaljus.usecases.bookings.attendance import (
    AttendancePage,
    NotYetHeldError,
    ReportProblemsError,
    get_attendance,
    report_attendance,
)
from blaljus.usecases.bookings.teaching import get_booking_page
from blaljus.usecases.context import Context
from blaljus.web.forms.page import form_page
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import Form, FormError, Typed, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import Adults, row_id

AnyRequest = Request[Any, Any, Any]

Present = Annotated[int, msgspec.Meta(ge=0, le=MAX_PUPILS)]


class CountsForm(Form):
    """The counts of `templates/teacher/narvaro.html`; the stations' fields join by number."""

    pupils: Present
    adults: Adults


@cache
def report_form(stations: int) -> type[CountsForm]:
    """Return the form of a carousel: `station_1`, `cause_1`, `station_2` and so on."""
    answers = [(f"station_{n}", _Answer | None, None) for n in range(1, stations + 1)]
    causes = [(f"cause_{n}", MissCause | None, None) for n in range(1, stations + 1)]
    made = msgspec.defstruct(
        f"Report{stations}Form",
        [*answers, *causes],
        bases=(CountsForm,),
        forbid_unknown_fields=True,
        kw_only=True,
    )
    return cast("type[CountsForm]", made)


_Answer = Literal["held", "shortened", "missed"]


@get("/narvaro/{number:int}", name="attendance", policy=Policy.SIGNED_IN)
async def show_attendance(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show the form, with the earlier report in it; before the slot, say when it opens."""
    try:
        shown = await get_attendance(context, person, row_id(number))
    except NotYetHeldError:
        return await _later_page(request, context, person, number, HTTPStatus.OK)
    return _page(request, shown, _first_typed(shown), {})


@post("/narvaro/{number:int}", name="report-attendance", policy=Policy.SIGNED_IN)
async def report(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Save the report, in place of an earlier one."""
    try:
        shown = await get_attendance(context, person, row_id(number))
    except NotYetHeldError:
        return await _later_page(request, context, person, number, HTTPStatus.CONFLICT)
    try:
        form = await read_form(request, report_form(len(shown.stations)))
    except FormError as error:
        return _page(request, shown, error.typed, _texts(request, error, shown.stations))
    try:
        await report_attendance(
            context,
            person,
            await form_key(request),
            number=number,
            report=_report(form, shown.stations),
            version=form.version,
        )
    except ReportProblemsError as error:
        errors = _problem_texts(error, shown.stations, page_of(request).language)
        return _page(request, shown, msgspec.structs.asdict(form), errors)
    except (StaleError, BusyError) as error:
        now = await get_attendance(context, person, number)
        return _page(request, now, msgspec.structs.asdict(form), {}, error)
    return go(f"/boka/{number}?klart=narvaro")


def _report(form: CountsForm, stations: Sequence[Station]) -> AttendanceReport:
    return AttendanceReport(
        pupils=form.pupils,
        adults=form.adults,
        stations={
            station.id: StationReport(state=VisitState(answer), cause=_cause(form, n, answer))
            for n, station in enumerate(stations, start=1)
            if (answer := getattr(form, f"station_{n}"))
        },
    )


def _cause(form: CountsForm, number: int, answer: str) -> MissCause | None:
    """Return the cause given for a station; one that was held needs none."""
    cause: MissCause | None = getattr(form, f"cause_{number}")
    return None if answer == VisitState.HELD else cause


def _first_typed(shown: AttendancePage) -> Typed:
    """Return what the form holds at first: the report, else the booked counts and call-outs."""
    told = shown.report
    typed: Typed = {
        "pupils": told.pupils if told else shown.booking.pupils,
        "adults": told.adults if told else shown.booking.adults,
    }
    for n, station in enumerate(shown.stations, start=1):
        said = (told.stations if told else shown.noted).get(station.id)
        typed[f"station_{n}"] = said.state.value if said else ""
        typed[f"cause_{n}"] = said.cause.value if said and said.cause else ""
    return typed


_COUNT = msgid("Skriv ett antal, 0 eller mer.")
_COUNT_PROBLEMS = (Problem.REQUIRED, Problem.TOO_SMALL, Problem.NOT_A_NUMBER)
_WORDING = {
    (field, problem): _COUNT for field in ("pupils", "adults") for problem in _COUNT_PROBLEMS
}
_LABELS = {"pupils": msgid("Elever"), "adults": msgid("Vuxna")}
_PROBLEMS = {
    "pupils-range": _COUNT,
    "adults-range": _COUNT,
    "station-missing": msgid("Välj hur det gick."),
    "cause-missing": msgid("Välj en orsak."),
}


def _texts(request: AnyRequest, error: FormError, stations: Sequence[Station]) -> dict[str, str]:
    language = page_of(request).language
    say = translations(language).gettext
    labels = {field: say(label) for field, label in _LABELS.items()}
    for n, station in enumerate(stations, start=1):
        labels[f"station_{n}"] = labels[f"cause_{n}"] = station_name(station.name, language)
    return error.texts(language, labels, _WORDING)


def _problem_texts(
    error: ReportProblemsError, stations: Sequence[Station], language: str
) -> dict[str, str]:
    say = translations(language).gettext
    texts = {
        field: f"{say(_LABELS[field])}: {say(_PROBLEMS[code])}"
        for field, code in error.problems.items()
        if field in _LABELS
    }
    for n, station in enumerate(stations, start=1):
        for field in ("station", "cause"):
            if code := error.problems.get(f"{field}-{station.id}"):
                texts[f"{field}_{n}"] = (
                    f"{station_name(station.name, language)}: {say(_PROBLEMS[code])}"
                )
    return texts


def _page(
    request: AnyRequest,
    shown: AttendancePage,
    typed: Typed,
    errors: Mapping[str, str],
    trouble: BlaljusError | None = None,
) -> Response[str]:
    language = page_of(request).language
    return form_page(
        request,
        "teacher/narvaro.html",
        errors,
        trouble,
        shown=shown,
        typed=typed,
        answers=[(state.value, word(state, language)) for state in REPORTABLE],
        causes=[("", ""), *((cause.value, word(cause, language)) for cause in MissCause)],
    )


async def _later_page(
    request: AnyRequest, context: Context, person: Person, number: int, status: HTTPStatus
) -> Response[str]:
    shown = await get_booking_page(context, person, row_id(number))
    return render_page(request, "teacher/narvaro-senare.html", status, shown=shown)


HANDLERS = [show_attendance, report]
