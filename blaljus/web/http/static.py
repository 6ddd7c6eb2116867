"""Static files: read once, compressed once, kept by browsers for as long as their version lives."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from blaljus.templating import STATIC, asset_version
from blaljus.web.policy import Policy

TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
"""Only files of these types are served."""

KEEP = "public, max-age=31536000, immutable"
"""For an address with the file's version in it: the content behind it never changes."""

ASK = "public, no-cache"
"""For any other address: keep it, but ask each time whether it is still so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """A file as it is sent: its bytes and, where that is shorter, its bytes by gzip."""

    body: bytes
    compressed: bytes
    content_type: str
    version: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Return all static files by name; read at first use."""
    return {path.name: _read(path.name) for path in STATIC.iterdir() if path.suffix in TYPES}


def _read(name: str) -> StaticFile:
    path = STATIC / name
    body = path.read_bytes()
    return StaticFile(
        body=body,
        compressed=gzip.compress(body, mtime=0),
        content_type=TYPES[path.suffix],
        version=asset_version(name),
    )


@get("/static/{name:str}", name="static", policy=Policy.SYSTEM, sync_to_thread=False)
def serve_static(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Answer with a static file, or 304 when the browser has it, or 404."""
    file = static_files().get(name)
    if file is None:
        raise NotFoundException
    compressed = "gzip" in request.headers.get("accept-encoding", "")
    headers = _headers(file, compressed=compressed, asked=request.query_params.get("v"))
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    if compressed:
        headers["content-encoding"] = "gzip"
    body = file.compressed if compressed else file.body
    return Response(body, headers=headers, media_type=file.content_type)


def _headers(file: StaticFile, *, compressed: bool, asked: str | None) -> dict[str, str]:
    return {
        "cache-control": KEEP if asked == file.version else ASK,
        "etag": f'"{file.version}{"-gzip" if compressed else ""}"',
        "vary": "accept-encoding",
    }
