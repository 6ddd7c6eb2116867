"""The page where people of the agencies say when they can come."""

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from blaljus.domain.availability import Said, differing, week_days
from blaljus.domain.errors import BusyError, NotFoundError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.words import AvailabilityState, Half
from blaljus.i18n import format_short_day, format_week
from blaljus.usecases.context import Context
from blaljus.usecases.people.availability import (
    copy_week,
    fill_times,
    find_change,
    get_times,
    list_own_members,
    save_times,
    undo_times,
)
from blaljus.usecases.people.times import Times
from blaljus.web.forms.page import form_page
from blaljus.web.forms.reading import FormError, form_key, read_form
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go
from blaljus.web.staff.times_forms import (
    WORDING,
    UndoForm,
    name_of,
    read_copy,
    read_filling,
    read_times,
    staff_of,
    typed_of,
)
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

PATH = "/personal/tider"

NOTHING: Mapping[str, Any] = MappingProxyType({})


@get("/personal/tider", name="times", policy=Policy.STAFF)
async def show_times(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    fran: FromQuery[str | None] = None,
    som: FromQuery[str | None] = None,
    sparat: FromQuery[str | None] = None,
) -> Response[str]:
    """Show some weeks from `fran`; `sparat` is the key of the change that led here."""
    times = await get_times(context, person, _staff(person, som), _day(fran))
    return await _page(request, person, times, done=sparat)


@post("/personal/tider", name="save-times", policy=Policy.STAFF)
async def save(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Save the page's half-days; what stands in the way is shown with what was chosen."""
    form, chosen, rested = await read_times(request)
    key = await form_key(request)
    try:
        await save_times(
            context,
            person,
            key,
            staff=form.staff,
            first=form.first,
            wanted=chosen,
            version=form.version,
            rested=rested,
            repeat=form.repeat,
        )
    except (StaleError, BusyError) as trouble:
        times = await get_times(context, person, form.staff, form.first)
        return await _page(request, person, times, trouble=trouble, chosen=chosen, rested=rested)
    return _done(form.staff, form.first, key.key)


@post("/personal/tider/fyll", name="fill-times", policy=Policy.STAFF)
async def fill(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Say the same of many half-days."""
    times = await get_times(context, person, await staff_of(request), None)
    try:
        form, filling = await read_filling(request, times.weeks)
    except FormError as error:
        return await _page(request, person, times, error=error, fill=error.typed)
    key = await form_key(request)
    try:
        await fill_times(context, person, key, staff=form.staff, filling=filling)
    except BusyError as trouble:
        return await _page(request, person, times, trouble=trouble, fill=typed_of(form))
    return _done(form.staff, filling.first_week, key.key)


@post("/personal/tider/kopiera", name="copy-week", policy=Policy.STAFF)
async def copy(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Say of some weeks what was said of one."""
    times = await get_times(context, person, await staff_of(request), None)
    try:
        form = await read_copy(request, times.weeks)
    except FormError as error:
        return await _page(request, person, times, error=error, copied=error.typed)
    key = await form_key(request)
    try:
        await copy_week(
            context,
            person,
            key,
            staff=form.staff,
            source=form.source,
            first_week=form.copy_first,
            last_week=form.copy_last,
        )
    except BusyError as trouble:
        return await _page(request, person, times, trouble=trouble, copied=typed_of(form))
    return _done(form.staff, form.copy_first, key.key)


@post("/personal/tider/angra", name="undo-times", policy=Policy.STAFF)
async def undo(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Take a change back."""
    form, key = await read_form(request, UndoForm), await form_key(request)
    await undo_times(context, person, key, staff=form.staff, undone=form.undone)
    return _done(form.staff, form.first, key.key)


def _staff(person: Person, asked: str | None) -> int:
    if asked is None:
        return person.staff[0]
    staff = row_id(asked)
    if staff not in person.staff:
        raise NotFoundError
    return staff


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _done(staff: int, first: date, key: str) -> Redirect:
    return go(f"{PATH}?" + urlencode({"fran": first, "som": staff, "sparat": key}))


async def _page(
    request: AnyRequest,
    person: Person,
    times: Times,
    *,
    done: str | None = None,
    trouble: StaleError | BusyError | None = None,
    chosen: Said = NOTHING,  # type: ignore[assignment]  # empty fits every mapping
    rested: Collection[date] | None = None,
    error: FormError | None = None,
    fill: Mapping[str, Any] = NOTHING,
    copied: Mapping[str, Any] = NOTHING,
) -> Response[str]:
    language = page_of(request).language
    change = await find_change(person, done) if done else None
    stands = {(d.day, h.half): h.state for d in times.days for h in d.halves}
    return form_page(
        request,
        "staff/tider.html",
        error.texts(language, wording=WORDING) if error else {},
        trouble,
        times=times,
        members=await list_own_members(person) if len(person.staff) > 1 else [],
        change=change if change and change.staff == times.member.id else None,
        change_key=done,
        typed=differing(stands, {h: s for h, s in chosen.items() if h in times.open_half_days}),
        rested={d.day for d in times.days if d.night} if rested is None else rested,
        name_of=name_of,
        week_range=week_range,
        states=list(AvailabilityState),
        halves=list(Half),
        weekdays=[day.weekday() for day in week_days(times.shown[0])] if times.shown else [],
        weeks=week_options(times.weeks, language),
        fill=fill,
        copied=copied,
    )


def week_options(weeks: tuple[date, ...], language: str) -> list[tuple[str, str]]:
    """Return the weeks as options of a list: `v. 42, 12-16 okt`."""
    return [(str(week), _week_label(week, language)) for week in weeks]


def _week_label(week: date, language: str) -> str:
    return f"{format_week(week, language)}, {week_range(week, language)}"


def week_range(week: date, language: str) -> str:
    """Return Monday and Friday of a week: `29 mars – 2 apr`."""
    days = (week, week_days(week)[-1])
    first, last = (format_short_day(day, language).partition(" ")[2] for day in days)
    return f"{first} – {last}"


HANDLERS = [show_times, save, fill, copy, undo]
