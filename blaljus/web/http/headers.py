"""What is true of every answer: security headers, HEAD, a request id, no foreign forms."""

from collections.abc import Awaitable, Iterable, Mapping
from random import getrandbits
from typing import Any, cast

import structlog
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from blaljus.web.http.errors import STATUS, error_page

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)

ALWAYS: Mapping[str, str] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""On every answer, whatever the handler says."""

UNLESS_SAID: Mapping[str, str] = {"cache-control": "no-store"}
"""Pages show what one person may see: nothing between us and the browser keeps them."""

NOT_MODIFIED = 304
"""Says nothing anew: who asks keeps what came with the whole answer, our headers too."""
SENT = "status sent"
"""Where the status of the answer stands in the scope's state, once it has begun."""

RawHeaders = list[tuple[bytes, bytes]]

_ALWAYS: RawHeaders = [(name.encode(), value.encode()) for name, value in ALWAYS.items()]
_UNLESS_SAID: RawHeaders = [(name.encode(), value.encode()) for name, value in UNLESS_SAID.items()]

ONE_YEAR_OF_HTTPS = "max-age=31536000"

PUBLIC = ("/oppet", "/rapport/", "/tillganglighet", "/personuppgifter", "/kakor", "/static/")
"""What search engines may list."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OWN_FORMS = ("same-origin", "none")
"""`Sec-Fetch-Site` of our own pages, and of what a person typed; old browsers send nothing."""


def is_head(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Return whether only the headers were asked for: nothing is delivered."""
    return bool(connection.scope["state"].get("head"))


def guarded(app: ASGIApp, *, https: bool) -> ASGIApp:
    """Return `app` with our headers on every answer, errors, 304 and static files too.

    HEAD is answered as GET without its body. An unsafe request from another site gets 403.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = f"{getrandbits(64):016x}"  # shown, no secret
        structlog.contextvars.bind_contextvars(request_id=state["request_id"])
        await _route(app, scope, receive, _with_headers(send, scope, https=https))

    return answer


def _route(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
    if _is_foreign(scope):
        return _refuse(scope, send)
    if scope["method"] == "HEAD":
        return _head(app, scope, receive, send)
    return app(scope, receive, send)


def _is_foreign(scope: HTTPScope) -> bool:
    if scope["method"] in SAFE_METHODS:
        return False
    return Headers.from_scope(scope).get("sec-fetch-site", OWN_FORMS[0]) not in OWN_FORMS


async def _refuse(scope: HTTPScope, send: Send) -> None:
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    body = error_page(connection, "csrf").encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": STATUS["csrf"], "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _head(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    started = False

    async def send_head(message: Message) -> None:
        nonlocal started
        if message["type"] == "http.response.start" and not started:
            started = True
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def receive_until_started() -> Any:  # noqa: ANN401 -- ASGI names no common type
        # A stream would go on for ever: tell it that nobody listens.
        return {"type": "http.disconnect"} if started else await receive()

    scope["state"]["head"] = True
    as_get = cast("HTTPScope", {**scope, "method": "GET"})
    await app(as_get, receive_until_started, send_head)


def _headers(scope: HTTPScope, *, https: bool) -> RawHeaders:
    headers = [*_ALWAYS, (b"x-request-id", scope["state"]["request_id"].encode())]
    if https:
        headers.append((b"strict-transport-security", ONE_YEAR_OF_HTTPS.encode()))
    if not scope["path"].startswith(PUBLIC):
        headers.append((b"x-robots-tag", b"noindex"))
    return headers


def _with_headers(send: Send, scope: HTTPScope, *, https: bool) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            scope["state"][SENT] = int(message["status"])
            if message["status"] != NOT_MODIFIED:
                message["headers"] = _completed(message["headers"], _headers(scope, https=https))
        await send(message)

    return send_with_headers


def _completed(headers: Iterable[tuple[bytes, bytes]], ours: RawHeaders) -> RawHeaders:
    over = {name for name, _ in ours}
    said = [(name.lower(), value) for name, value in headers]
    names = {name for name, _ in said}
    return [
        *(header for header in said if header[0] not in over),
        *ours,
        *(header for header in _UNLESS_SAID if header[0] not in names),
    ]
