"""How far a search is, as a stream of server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from time import monotonic
from typing import Any

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent, ServerSentEventMessage

from blaljus.domain.people import Person
from blaljus.domain.runs import PlanRun, RunState
from blaljus.i18n import msgid, translations
from blaljus.usecases.context import Context
from blaljus.usecases.runs.planning import get_run
from blaljus.usecases.runs.progress import read_progress
from blaljus.usecases.runs.searching import interrupt_silent
from blaljus.web.coordinator.coordinating import at_municipality
from blaljus.web.coordinator.runs.pages import HOME
from blaljus.web.coordinator.runs.words import progress_text
from blaljus.web.page import page_of
from blaljus.web.policy import Policy
from blaljus.web.render import UNCOMPRESSED
from blaljus.web.teacher.booking_forms import row_id

LOOK = 0.5
"""Seconds between two looks at the run."""

LONGEST = 8.0
"""Seconds of one stream; the browser asks again at once. Shorter than a stopping server waits."""

ASK_AGAIN = 300
"""Milliseconds until then."""

READY = msgid("Klart. Förslaget finns att granska.")
STOPPED = msgid("Sökningen avbröts. Det bästa som hittades finns att granska.")


@get(
    f"{HOME}/{{number:int}}/framsteg",
    name="run-events",
    policy=Policy.COORDINATOR,
    opt={UNCOMPRESSED: True},
)
async def follow(
    request: Request[Any, Any, Any],
    number: FromPath[int],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> ServerSentEvent:
    """Tell each step of a search as `step`, and its end as `end`."""
    at = await at_municipality(person, kommun, f"{HOME}/{number}")
    found = await get_run(person, at.id, row_id(number))
    language = page_of(request).language
    events = _events(context, person, found.run, language)
    return ServerSentEvent(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def _events(
    context: Context, person: Person, run: PlanRun, language: str
) -> AsyncIterator[ServerSentEventMessage]:
    until, told = monotonic() + LONGEST, None
    while run.state is RunState.RUNNING:
        step = _step(run, context.clock(), language)
        if step != told:
            yield _message("step", step)
            told = step
        if monotonic() > until:
            return
        await asyncio.sleep(LOOK)
        await interrupt_silent(context)
        run = (await get_run(person, run.municipality, run.number)).run
    text = STOPPED if run.state is RunState.INTERRUPTED else READY
    yield _message("end", {"text": translations(language).gettext(text)})


def _step(run: PlanRun, now: datetime, language: str) -> dict[str, object]:
    """Return what a bar shows: seconds of those given, and where the search stands."""
    text = progress_text(read_progress(run), language)
    return {"done": run.elapsed(now), "total": run.seconds, "text": text}


def _message(event: str, data: dict[str, object]) -> ServerSentEventMessage:
    return ServerSentEventMessage(
        data=msgspec.json.encode(data).decode(), event=event, retry=ASK_AGAIN
    )


HANDLERS = [follow]
