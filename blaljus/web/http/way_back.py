"""Where an error leads: the page that a form stood on, or the nearest above it.

Browsers tell us no address that they come from (`Referrer-Policy`); the request's own says enough.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.routes import HTTPRoute

PLACE = "kommun"
"""What of an address's query goes along: which municipality a page is about."""


def way_back(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the address of the nearest page of ours, or None where it is the start page."""
    if "litestar_app" not in connection.scope:
        return None
    path, pages = str(connection.scope["path"]), _pages(connection.app)
    sent = connection.scope.get("method") != "GET"
    tried = [*([path] if sent else []), *_above(path)]
    found = next((page for page in tried if pages.fullmatch(page)), None)
    if found is None:
        return None
    place = connection.query_params.get(PLACE)
    return quote(found) + (f"?{urlencode({PLACE: place})}" if place else "")


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


@lru_cache(maxsize=8)
def _pages(app: Litestar) -> re.Pattern[str]:
    """Return what the addresses of all pages look like, without the start page."""
    routes = [r for r in app.routes if isinstance(r, HTTPRoute) and "GET" in r.methods]
    formats = [re.split(r"\{[^}]*\}", route.path_format) for route in routes if route.path != "/"]
    return re.compile("|".join("[^/]+".join(map(re.escape, parts)) for parts in formats))
