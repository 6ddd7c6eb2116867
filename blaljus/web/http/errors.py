"""Errors as answers: one table from code to status, one page per code."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
import structlog
from litestar import MediaType, Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException

from blaljus.domain.errors import BlaljusError
from blaljus.logs import where
from blaljus.templating import render
from blaljus.web.http.body import sent_again
from blaljus.web.http.way_back import way_back
from blaljus.web.page import page_of

log = structlog.get_logger(__name__)

BAD_REQUEST = "bad-request"
INTERNAL = "internal"

STATUS: Mapping[str, int] = MappingProxyType(
    {
        BAD_REQUEST: 400,
        "not-signed-in": 401,
        "csrf": 403,
        "not-allowed": 403,
        "not-found": 404,
        "method-not-allowed": 405,
        "booking-closed": 409,
        "booking-refused": 409,
        "callout-refused": 409,
        "duty-closed": 409,
        "import-changed": 409,
        "key-reused": 409,
        "name-taken": 409,
        "no-coordinator": 409,
        "no-plan": 409,
        "not-yet-held": 409,
        "run-decided": 409,
        "staffing-refused": 409,
        "stays-refused": 422,
        "stale": 409,
        "world-changed": 409,
        "link-used": 410,
        "too-large": 413,
        "calendar-trouble": 422,
        "import-problems": 422,
        "invalid": 422,
        "no-municipality": 422,
        "report-problems": 422,
        "too-many": 429,
        INTERNAL: 500,
        "busy": 503,
    }
)
"""The HTTP status of every error code; `templates/errors/<code>.html` words it."""

RETRY_SECONDS = {"busy": "2", "too-many": "60"}
"""When a program that asked may ask again, where the error does not say: a lock is short."""

NO_WAY_BACK = ("not-found", "not-signed-in", "not-allowed", "method-not-allowed")
"""Whoever gets these may not see the page above either."""

_CODE_OF_STATUS = {
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    422: "invalid",
    429: "too-many",
    503: "busy",
}
_FIRST_SERVER_ERROR = 500

Handler = Callable[[Request[Any, Any, Any], Any], Response[str]]


def exception_handlers() -> dict[type[Exception] | int, Handler]:
    """Return Litestar's `exception_handlers`: no exception reaches a visitor as anything else."""
    return {
        BlaljusError: _answer_own,
        HTTPException: _answer_http,
        msgspec.ValidationError: _answer_invalid,
        Exception: _answer_unforeseen,
    }


def error_page(
    connection: ASGIConnection[Any, Any, Any, Any], code: str, error: BlaljusError | None = None
) -> str:
    """Return the page of an error code in the visitor's language, with the visitor's own menu."""
    page = page_of(connection)
    request_id = connection.scope["state"].get("request_id", "")
    return render(
        f"errors/{code}.html",
        page.language,
        page=page,
        error=error,
        request_id=request_id,
        again=sent_again(connection),
        back=None if code in NO_WAY_BACK else way_back(connection),
    )


def error_headers(code: str, error: BlaljusError | None = None) -> dict[str, str]:
    """Return the headers that go with an error code; an error with `minutes` says how long."""
    minutes = error.data.get("minutes") if error else None
    retry = str(60 * minutes) if isinstance(minutes, int) else RETRY_SECONDS.get(code)
    return {"retry-after": retry} if retry else {}


def _answer_own(request: Request[Any, Any, Any], error: BlaljusError) -> Response[str]:
    return _answer(request, error.code, error=error)


def _answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    status = error.status_code
    if status >= _FIRST_SERVER_ERROR and status not in _CODE_OF_STATUS:
        return _answer_unforeseen(request, error)
    code = _CODE_OF_STATUS.get(status, BAD_REQUEST)
    return _answer(request, code, status=status, headers=_with_head(error.headers or {}))


def _with_head(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an error; what may be got may be asked for by HEAD (RFC 9110, 9.1)."""
    return {
        name: value.replace("GET", "GET, HEAD") if name.lower() == "allow" else value
        for name, value in headers.items()
    }


def _answer_invalid(request: Request[Any, Any, Any], _: msgspec.ValidationError) -> Response[str]:
    return _answer(request, "invalid")


def _answer_unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    # The message and the address may hold names, numbers and tokens: only where it broke is logged.
    log.error(
        "unforeseen_error",
        error=type(error).__name__,
        route=request.scope.get("path_template", ""),
        at=where(error),
    )
    return _answer(request, INTERNAL)


def _answer(
    request: Request[Any, Any, Any],
    code: str,
    *,
    error: BlaljusError | None = None,
    status: int | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Response[str]:
    return Response(
        error_page(request, code, error),
        status_code=status or STATUS[code],
        headers={**error_headers(code, error), **headers},
        media_type=MediaType.HTML,
    )
