"""Calendars as files, how subscriptions are doing, and help with calendar programs."""

import re
from collections import Counter
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from blaljus.domain.errors import NotFoundError
from blaljus.domain.people import Person
from blaljus.domain.words import FeedHealth
from blaljus.usecases.calendars.files import get_calendar_file
from blaljus.usecases.calendars.subscriptions import list_watched
from blaljus.usecases.context import Context
from blaljus.web.calendars.choice import COORDINATED, WATCHED, asked_for
from blaljus.web.calendars.event_file import FILE_ENDING
from blaljus.web.coordinator.coordinating import at_municipality
from blaljus.web.http.attachment import attachment
from blaljus.web.page import Tone
from blaljus.web.policy import Policy
from blaljus.web.render import render_page

AnyRequest = Request[Any, Any, Any]

TONES = {
    FeedHealth.FRESH: Tone.OK,
    FeedHealth.WAITING: Tone.INFO,
    FeedHealth.BEHIND: Tone.WARN,
    FeedHealth.SILENT: Tone.WARN,
    FeedHealth.NEVER: Tone.NONE,
}

_NAME = re.compile(r"([a-z]+)-([0-9]+)\.ics", re.ASCII)


@get(f"{COORDINATED}/fil/{{name:str}}", name="calendar-file", policy=Policy.COORDINATOR)
async def calendar_file(
    name: FromPath[str],
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    municipality: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return what a calendar shows, asked for as `staff-7.ics`; nobody needs a secret address."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFoundError
    given = {"kind": found[1], "subject": found[2], "municipality": municipality or ""}
    file = await get_calendar_file(context, person, *asked_for(given))
    headers = attachment(f"Blåljusdagar {file.name}", FILE_ENDING)
    return Response(file.body, media_type="text/calendar", headers=headers)


@get(WATCHED, name="feed-health", policy=Policy.COORDINATOR)
async def feed_health(
    request: AnyRequest,
    person: NamedDependency[Person],
    context: NamedDependency[Context],
    kommun: FromQuery[str | None] = None,
) -> Response[str]:
    """Show which addresses answer, what fetched them and whether it has the newest."""
    at = await at_municipality(person, kommun, WATCHED)
    rows = await list_watched(context, person, at.id)
    counts = Counter(row.health for row in rows)
    return render_page(
        request,
        "coordinator/prenumerationer.html",
        at=at,
        rows=rows,
        counts=[(health, counts[health]) for health in FeedHealth if counts[health]],
        tones=TONES,
    )


@get("/hjalp/kalender", name="calendar-help", policy=Policy.PUBLIC)
async def calendar_help(request: AnyRequest) -> Response[str]:
    """Show how each calendar program subscribes, and how slow it is."""
    return render_page(request, "calendars/hjalp.html")


HANDLERS = [calendar_file, feed_health, calendar_help]
