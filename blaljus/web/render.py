"""Answers of pages: a rendered template, or a redirect after a change."""

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from litestar import MediaType, Request, Response
from litestar.response import Redirect

from blaljus.templating import render
from blaljus.web.http.body import has_control_characters
from blaljus.web.http.cookies import browser_cookie
from blaljus.web.http.visitor import visitor_of
from blaljus.web.page import Flash, page_of

UNCOMPRESSED = "uncompressed"
"""`opt` of a route whose answers compress themselves, or must not wait (streams of events)."""

_LONGEST_PATH = 500
_KEY_BYTES = 18


def render_page(
    request: Request[Any, Any, Any],
    template: str,
    status: int = 200,
    *,
    flash: Flash | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
    **context: object,
) -> Response[str]:
    """Return a page. The template gets `page`, `key` (a fresh idempotency key) and the context."""
    page = page_of(request)
    if flash is not None:
        page = replace(page, flash=flash)
    html = render(template, page.language, **{"page": page, "key": new_key(), **context})
    response = Response(
        html, status_code=int(status), media_type=MediaType.HTML, headers=dict(headers)
    )
    visitor = visitor_of(request)
    if visitor is not None and visitor.is_new and page.csrf in html:
        # The first form this browser sees: it needs the cookie that the form is bound to.
        response.set_cookie(browser_cookie(visitor.secret, request.app.state.settings))
    return response


def go(path: str) -> Redirect:
    """Return the redirect after a change (303): a reload repeats nothing."""
    return Redirect(path, status_code=303)


def new_key() -> str:
    """Return a fresh idempotency key for one form."""
    return token_urlsafe(_KEY_BYTES)


def local_path(text: str | None, otherwise: str = "/") -> str:
    """Return `text` if it is a path (and query) of ours, else `otherwise`: never another site."""
    if not text or len(text) > _LONGEST_PATH or has_control_characters(text) or "\\" in text:
        return otherwise
    if not text.startswith("/") or text.startswith("//") or any(map(str.isspace, text)):
        return otherwise
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc else otherwise
