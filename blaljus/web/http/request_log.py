"""One log line per request: what kind of page and how it went, never whose or with which secret."""

from time import perf_counter

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("blaljus.web")


def logged(app: ASGIApp) -> ASGIApp:
    """Return `app` with a log line after each answer.

    The line holds the route's template: addresses hold tokens of feeds and sign-in links. An
    address that is no route of ours is not logged at all.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started = perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            log.info(
                "request",
                method=scope["method"],
                route=scope.get("path_template", ""),
                status=status,
                milliseconds=round((perf_counter() - started) * 1000, 1),
            )

    return answer
