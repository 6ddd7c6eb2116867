"""Composes the web app. How to add pages.

1. Write `blaljus/web/<role>/<topic>.py` with handlers or a `Controller`; every route says
   `policy=Policy.…` (see policy.py) and `name=…`.
2. Ask for what you need by name: `person` (Person), `clock` (Clock), `settings` (Settings),
   `page` (Page), each as `NamedDependency[…]`; and `request: Request[Any, Any, Any]`.
3. A form: `class XForm(Form)`, `form = await read_form(request, XForm)`; catch `FormError as
   error` and show the page again with `error.typed`, `errors=error.texts(page.language)`, 422.
4. A change: `await once(person, await form_key(request), change, clock=clock)`, then `go(path)`.
5. A page: `return render_page(request, "<role>/<name>.html", …)`; forms begin with
   `{{ hidden(page.csrf, key) }}`, `key` is given to every template.
6. Add your list or controller to `CONTROLLERS` below, and a line per route to
   `tests/access_table.py`.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from blaljus.clock import Clock, system_clock
from blaljus.domain.people import Person
from blaljus.settings import Mode, Settings
from blaljus.usecases.access.demo_links import DemoLinks
from blaljus.usecases.context import Context, context_of
from blaljus.usecases.operation.lifetime import running
from blaljus.usecases.runs.searching import Searches
from blaljus.web.calendars import addresses as calendars
from blaljus.web.calendars import feeds
from blaljus.web.calendars import files as calendar_files
from blaljus.web.calendars import review as calendar_review
from blaljus.web.coordinator import coverage as coordinator
from blaljus.web.coordinator.imports import pages as importing
from blaljus.web.http.errors import exception_handlers
from blaljus.web.http.headers import guarded
from blaljus.web.http.request_log import logged
from blaljus.web.http.static import serve_static
from blaljus.web.http.visitor import visitor_of
from blaljus.web.page import Page, page_of
from blaljus.web.policy import NotSignedInError, check_policies, guard
from blaljus.web.public import account, home, sign_in
from blaljus.web.render import UNCOMPRESSED
from blaljus.web.staff import handlers as staff
from blaljus.web.teacher import attendance
from blaljus.web.teacher import classes as teacher

CONTROLLERS: list[ControllerRouterHandler] = [
    *home.HANDLERS,
    *sign_in.HANDLERS,
    *account.HANDLERS,
    *teacher.HANDLERS,
    *attendance.HANDLERS,
    *coordinator.HANDLERS,
    *importing.HANDLERS,
    *staff.HANDLERS,
    *calendars.HANDLERS,
    *calendar_review.HANDLERS,
    *calendar_files.HANDLERS,
    *feeds.HANDLERS,
    serve_static,
]
"""Every route of the app."""

BODY_BYTES = 2**20
"""Cap of a request's body; a route that takes files names its own `request_max_body_size`."""

SEARCHES_AT_ONCE = 2
"""Searches of one server process; each keeps a processor busy."""

PACKING = 6
"""How hard pages are packed, 1-9: 9 takes twice the time of 6 and saves 4 % of the bytes."""


def create_app(
    settings: Settings, *, clock: Clock = system_clock, demo_links: DemoLinks | None = None
) -> Litestar:
    """Return the app, closed: its lifespan opens the store. Raises for a route without policy."""
    if demo_links is not None and settings.mode is not Mode.DEMO:
        raise ValueError("links that work more than once are for a demo only")
    app = Litestar(
        route_handlers=CONTROLLERS,
        guards=[guard],
        dependencies=_dependencies(),
        exception_handlers={**exception_handlers(), NotSignedInError: sign_in.to_sign_in},
        lifespan=[_store_open],
        state=State(
            {
                "settings": settings,
                "clock": clock,
                "demo_links": demo_links,
                "searches": Searches(SEARCHES_AT_ONCE),
            }
        ),
        compression_config=CompressionConfig(
            backend="gzip",
            gzip_compress_level=PACKING,
            minimum_size=1000,
            exclude="^/static/",
            exclude_opt_key=UNCOMPRESSED,
        ),
        request_max_body_size=BODY_BYTES,
        openapi_config=None,
        logging_config=None,
    )
    check_policies(app)
    answering = feeds.feeds_first(app.asgi_handler, settings, clock)
    app.asgi_handler = guarded(logged(answering), https=settings.secure_cookies)
    return app


@asynccontextmanager
async def _store_open(app: Litestar) -> AsyncGenerator[None, None]:
    async with running(app.state.settings):
        try:
            yield
        finally:
            await app.state.searches.close()


def _dependencies() -> Mapping[str, Provide]:
    return {
        "person": Provide(provide_person, sync_to_thread=False),
        "page": Provide(provide_page, sync_to_thread=False),
        "clock": Provide(provide_clock, sync_to_thread=False),
        "settings": Provide(provide_settings, sync_to_thread=False),
        "context": Provide(provide_context, sync_to_thread=False),
        "searches": Provide(provide_searches, sync_to_thread=False),
    }


def provide_person(request: Request[Any, Any, Any]) -> Person:
    """Return who is signed in; routes whose policy asks for nobody raise `NotSignedInError`."""
    visitor = visitor_of(request)
    if visitor is None or visitor.signed_in is None:
        raise NotSignedInError
    return visitor.signed_in.person


def provide_page(request: Request[Any, Any, Any]) -> Page:
    """Return the frame of the page: language, menu, who is signed in."""
    return page_of(request)


def provide_clock(state: State) -> Clock:
    """Return the app's clock."""
    clock: Clock = state.clock
    return clock


def provide_settings(state: State) -> Settings:
    """Return the app's settings."""
    settings: Settings = state.settings
    return settings


def provide_context(state: State) -> Context:
    """Return what use cases that tell people something need."""
    return context_of(state.settings, state.clock)


def provide_searches(state: State) -> Searches:
    """Return the searches that go on in this process."""
    searches: Searches = state.searches
    return searches
