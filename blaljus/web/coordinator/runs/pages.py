"""Runs of the planner: start one, follow it, read its proposal, approve it or throw it away."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.runs import UNDECIDED, Effort, Ending, RunState, WorldChangedError
from blaljus.i18n import msgid
from blaljus.settings import Settings
from blaljus.usecases.context import Context
from blaljus.usecases.once import FormKey
from blaljus.usecases.runs.deciding import approve_run, discard_run, stop_run, wait_for_end
from blaljus.usecases.runs.planning import start_run
from blaljus.usecases.runs.run_pages import RunView, WaitingClass, get_run_view, list_run_rows
from blaljus.usecases.runs.searching import Searches, interrupt_silent
from blaljus.usecases.runs.why_words import REASONS, STEPS
from blaljus.usecases.runs.world_changes import from_data
from blaljus.web.coordinator.coordinating import At, at_municipality, done_flash
from blaljus.web.coordinator.runs.words import Obstacle, obstacle, progress_text, proof_texts
from blaljus.web.coordinator.words import RUN_STATES, RUN_TONES, worded
from blaljus.web.forms.reading import Form, form_key, read_form
from blaljus.web.http.errors import STATUS
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page
from blaljus.web.teacher.booking_forms import row_id

AnyRequest = Request[Any, Any, Any]

HOME = "/samordnare/korning"

STOPPED = "stoppad"

DONE = {
    "godkand": msgid("Förslaget är godkänt. Passen är publicerade och inbjudningarna på väg."),
    "kastad": msgid("Förslaget är kastat. Inget annat har ändrats."),
    STOPPED: msgid("Sökningen är stoppad. Det bästa som hittades är förslaget nedan."),
}

STOPPING_SECONDS = 3.0
"""So long the answer to *Stoppa* waits for the search to end, so that it can show the proposal."""


class StartForm(Form):
    """Fields of the forms that plan; without a school year today's, without more the usual."""

    lasar: Annotated[str, msgspec.Meta(max_length=7)] = ""
    leta: Literal["", "0", "10", "60", "300"] = ""
    """Seconds to search."""
    onskemal: Literal["", "0", "5", "10", "20"] = ""
    """Per cent more staff time for wishes."""


class DecideForm(Form):
    """Fields of the forms of `templates/coordinator/korning.html`."""

    beslut: Literal["godkann", "kasta", "stoppa"]


@get(HOME, name="runs", policy=Policy.COORDINATOR)
async def show_runs(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    settings: NamedDependency[Settings],
    kommun: FromQuery[str | None] = None,
) -> Response[str]:
    """List the runs, newest first."""
    at = await at_municipality(person, kommun, HOME)
    await interrupt_silent(context)
    return render_page(
        request,
        "coordinator/korningar.html",
        at=at,
        rows=await list_run_rows(person, at.id),
        states=RUN_STATES,
        tones=RUN_TONES,
        usual=settings.planning_seconds,
    )


@post(HOME, name="start-run", policy=Policy.COORDINATOR)
async def start(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    settings: NamedDependency[Settings],
    searches: NamedDependency[Searches],
    kommun: FromQuery[str | None] = None,
) -> Redirect:
    """Plan every class without a time, and lead to the run."""
    form, key = await read_form(request, StartForm), await form_key(request)
    at = await at_municipality(person, kommun, HOME)
    number = await start_run(
        context,
        person,
        key,
        municipality=at.id,
        school_year=_year(form.lasar, context),
        effort=Effort(
            seconds=int(form.leta or settings.planning_seconds),
            wish_tolerance=int(form.onskemal or 0),
        ),
        searches=searches,
    )
    return go(at(f"{HOME}/{number}"))


def _year(text: str, context: Context) -> SchoolYear:
    try:
        return SchoolYear.parse(text) if text else SchoolYear.of(local_day(context.clock()))
    except ValueError:
        raise NotFoundError from None


@get(f"{HOME}/{{number:int}}", name="run", policy=Policy.COORDINATOR)
async def show_run(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
    klart: FromQuery[str | None] = None,
) -> Response[str]:
    """Show a search, a proposal, or what became of it."""
    at = await at_municipality(person, kommun, f"{HOME}/{number}")
    await interrupt_silent(context)
    view = await get_run_view(person, at.id, row_id(number))
    return _run_page(request, at, view, done=klart, elapsed=view.run.elapsed(context.clock()))


@post(f"{HOME}/{{number:int}}", name="decide-run", policy=Policy.COORDINATOR)
async def decide(
    request: AnyRequest,
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[Any]:
    """Stop a search, approve a proposal or throw it away; where the world changed, say what."""
    form, key = await read_form(request, DecideForm), await form_key(request)
    at = await at_municipality(person, kommun, f"{HOME}/{number}")
    number = row_id(number)
    try:
        done = await _decide(context, person, key, at, number, form.beslut)
    except WorldChangedError as changed:
        view = await get_run_view(person, at.id, number)
        return _run_page(request, at, view, changed=changed)
    return go(at(f"{HOME}/{number}", klart=done))


async def _decide(
    context: Context, person: Person, key: FormKey, at: At, number: int, decision: str
) -> str:
    if decision == "godkann":
        await approve_run(context, person, key, municipality=at.id, number=number)
        return "godkand"
    if decision == "kasta":
        await discard_run(context, person, key, municipality=at.id, number=number)
        return "kastad"
    await stop_run(context, person, key, municipality=at.id, number=number)
    await wait_for_end(at.id, number, STOPPING_SECONDS)
    return STOPPED


def _run_page(
    request: AnyRequest,
    at: At,
    view: RunView,
    *,
    done: str | None = None,
    elapsed: int = 0,
    changed: WorldChangedError | None = None,
) -> Response[str]:
    language = page_of(request).language
    running = view.run.state is RunState.RUNNING
    return render_page(
        request,
        "coordinator/korning.html",
        STATUS[changed.code] if changed else 200,
        flash=done_flash(DONE, done if _is_so(done, view) else None, language),
        at=at,
        view=view,
        running=running,
        elapsed=elapsed,
        open=view.run.state in UNDECIDED,
        progress_text=progress_text(view.progress, language),
        proof=[] if running else list(proof_texts(view.progress, language)),
        state=worded(RUN_STATES, view.run.state, language),
        tone=RUN_TONES[view.run.state],
        waiting=[(row, _reason(row, language), _steps(row, language)) for row in view.waiting],
        changed=_obstacles(changed, view, language) if changed else None,
    )


def _is_so(done: str | None, view: RunView) -> bool:
    """Tell whether a search was stopped where the address says so: it may have ended before."""
    if done != STOPPED:
        return True
    return view.run.state in UNDECIDED and view.progress.ending is Ending.STOPPED


def _reason(row: WaitingClass, language: str) -> str:
    return worded(REASONS, row.reason, language)


def _steps(row: WaitingClass, language: str) -> list[tuple[int, str]]:
    return [(left, worded(STEPS, code, language)) for code, left in row.steps]


def _obstacles(changed: WorldChangedError, view: RunView, language: str) -> list[Obstacle]:
    changes = from_data(changed.data.get("changes", []))
    return [obstacle(change, view.names, language) for change in changes]


HANDLERS = [show_runs, start, show_run, decide]
