"""The forms of the page of times, and the names of its half-days."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request

from blaljus.domain.availability import SCHOOL_WEEK, Filling, HalfDay
from blaljus.domain.words import AvailabilityState, Half
from blaljus.i18n import msgid
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, parse_form, read_form
from blaljus.web.http.body import read_pairs
from blaljus.web.teacher.booking_forms import row_id

Chosen = dict[HalfDay, AvailabilityState]

_NAME = re.compile(r"t-(\d{4}-\d\d-\d\d)-(fm|em)", re.ASCII)

_NIGHT = re.compile(r"n-(\d{4}-\d\d-\d\d)", re.ASCII)

_BACKWARDS = msgid("Välj en vecka som inte ligger före den första.")

WORDING = {
    ("last_week", Problem.TOO_SMALL): _BACKWARDS,
    ("copy_last", Problem.TOO_SMALL): _BACKWARDS,
    ("weekdays", Problem.REQUIRED): msgid("Välj minst en veckodag."),
    ("weekdays", Problem.TOO_FEW): msgid("Välj minst en veckodag."),
    ("halves", Problem.REQUIRED): msgid("Välj förmiddag, eftermiddag eller båda."),
    ("halves", Problem.TOO_FEW): msgid("Välj förmiddag, eftermiddag eller båda."),
    ("state", Problem.REQUIRED): msgid("Välj vad som gäller de dagarna."),
}
"""What the forms that fill many half-days say of their fields."""

StaffId = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class TimesForm(Form):
    """Hidden fields and buttons around the half-days; `first` is where the page begins."""

    version: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    staff: StaffId
    first: date
    repeat: date | None = None
    """The Monday of a week that the next one should be like."""


NIGHTS = {"night": True, "no_night": False}
"""The choices of the form that are about nights, and whether they put them in."""


class FillForm(Form):
    """Many half-days at once."""

    staff: StaffId
    weekdays: Annotated[
        list[Annotated[int, msgspec.Meta(ge=0, lt=SCHOOL_WEEK)]], msgspec.Meta(min_length=1)
    ]
    state: Literal["free", "on_call", "not_available", "night", "no_night"]
    first_week: date
    last_week: date
    halves: tuple[Half, ...] = ()
    """Of nights they say nothing."""

    @property
    def night(self) -> bool | None:
        """Return whether nights are put in (True) or taken back; None for a form about halves."""
        return NIGHTS.get(self.state)


class CopyForm(Form):
    """One week as a pattern for others."""

    staff: StaffId
    source: date
    copy_first: date
    copy_last: date


class UndoForm(Form):
    """Which change is taken back, by the key of its form."""

    staff: StaffId
    undone: Annotated[str, msgspec.Meta(max_length=64)]
    first: date


def name_of(half_day: HalfDay) -> str:
    """Return the field name of a half-day: `t-2027-01-12-fm`."""
    day, half = half_day
    return f"t-{day}-{half}"


async def read_times(request: Request[Any, Any, Any]) -> tuple[TimesForm, Chosen, set[date]]:
    """Return the form, what was chosen for each half-day, and the days after a night.

    Raises `FormError`.
    """
    every = await read_pairs(request)
    rested = {day for name, _ in every if (day := _rested(name)) is not None}
    pairs = [(name, value) for name, value in every if _rested(name) is None]
    chosen: Chosen = {}
    problems = {}
    for name, value in pairs:
        half_day = _half_day(name)
        if half_day is None:
            continue
        if half_day in chosen:
            problems[name] = Problem.REPEATED
        elif value in set(AvailabilityState):
            chosen[half_day] = AvailabilityState(value)
        else:
            problems[name] = Problem.NOT_A_CHOICE
    if problems:
        raise FormError(problems, {})
    others = [(name, value) for name, value in pairs if _half_day(name) is None]
    return parse_form(others, TimesForm), chosen, rested


def _rested(name: str) -> date | None:
    match = _NIGHT.fullmatch(name)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _half_day(name: str) -> HalfDay | None:
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1]), Half(match[2])
    except ValueError:
        return None


async def read_filling(
    request: Request[Any, Any, Any], weeks: tuple[date, ...]
) -> tuple[FillForm, Filling]:
    """Return the form and what it fills; `weeks` are the Mondays to choose from."""
    try:
        form = await read_form(request, FillForm)
    except FormError as error:
        raise FormError({**error.problems, **_no_halves(error.typed)}, error.typed) from None
    if missing := _no_halves(typed_of(form)):
        raise FormError(missing, typed_of(form))
    _check_weeks(form, ("first_week", "last_week"), weeks)
    said = AvailabilityState.NOT_AVAILABLE if form.night is not None else form.state
    return form, Filling(
        weekdays=frozenset(form.weekdays),
        halves=frozenset(form.halves),
        first_week=form.first_week,
        last_week=form.last_week,
        state=AvailabilityState(said),
        night=form.night,
    )


def _no_halves(typed: Mapping[str, Any]) -> dict[str, Problem]:
    """Return what is wrong where no half was ticked, though the form is not about nights."""
    is_fine = typed.get("halves") or typed.get("state") in NIGHTS
    return {} if is_fine else {"halves": Problem.TOO_FEW}


async def read_copy(request: Request[Any, Any, Any], weeks: tuple[date, ...]) -> CopyForm:
    """Return the form; `weeks` are the Mondays to choose from."""
    form = await read_form(request, CopyForm)
    _check_weeks(form, ("copy_first", "copy_last", "source"), weeks)
    return form


def _check_weeks(form: Form, names: tuple[str, ...], weeks: tuple[date, ...]) -> None:
    """Check that the fields are weeks of the season, and the second not before the first."""
    first, last, *_ = chosen = [getattr(form, name) for name in names]
    problems = {
        name: Problem.NOT_A_CHOICE
        for name, week in zip(names, chosen, strict=True)
        if week not in weeks
    }
    if not problems and last < first:
        problems = {names[1]: Problem.TOO_SMALL}
    if problems:
        raise FormError(problems, typed_of(form))


async def staff_of(request: Request[Any, Any, Any]) -> int:
    """Return whose times a form is about, or raise `NotFoundError`."""
    values = [value for name, value in await read_pairs(request) if name == "staff"]
    return row_id(values[0] if values else "")


def typed_of(form: Form) -> dict[str, Any]:
    """Return a form's values as they were typed: text, or lists of texts."""
    built = msgspec.to_builtins(form)
    return {
        name: [str(part) for part in value] if isinstance(value, list | tuple) else str(value)
        for name, value in built.items()
    }
