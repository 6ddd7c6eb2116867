"""One log line per request: what kind of page and how it went, never whose or with which secret."""

from time import perf_counter

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from blaljus.web.http.headers import SENT

log = structlog.get_logger("blaljus.web")


def logged(app: ASGIApp) -> ASGIApp:
    """Return `app` with a log line after each answer; `guarded` stands outside of it.

    The line holds the route's template: addresses hold tokens of feeds and sign-in links. An
    address that is no route of ours is not logged at all.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started = perf_counter()
        try:
            await app(scope, receive, send)
        finally:
            log.info(
                "request",
                method=scope["method"],
                route=scope.get("path_template", ""),
                status=scope["state"].get(SENT, 0),
                milliseconds=round((perf_counter() - started) * 1000, 1),
            )

    return answer
