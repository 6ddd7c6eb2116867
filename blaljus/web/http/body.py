"""Bodies of forms and uploads as text and bytes: nothing but what browsers send is let in."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, InternalServerException
from multipart import (  # type: ignore[import-untyped]  # the parser Litestar itself uses
    MultipartError,
    MultipartParser,
    MultipartPart,
)

MAX_FIELDS = 3000
"""More than the largest page has (a term's half-days), far fewer than what costs time."""

UPLOAD_BYTES = 2_500_000
"""Cap of an upload's body; what is over is refused with 413. Each file has its own limit."""

Pairs = list[tuple[str, str]]
Files = dict[str, bytes]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_KEPT = "form_pairs"


def has_control_characters(text: str) -> bool:
    """Return whether a text holds what no keyboard types; tabs and line ends are allowed."""
    return _CONTROL.search(text) is not None


async def read_pairs(request: Request[Any, Any, Any]) -> Pairs:
    """Return names and values of an urlencoded or multipart form, in order; read once.

    Files of a multipart form are left out. Raises `ClientException` (400) for anything else.
    """
    return (await _read_all(request))[0]


async def read_upload(request: Request[Any, Any, Any]) -> tuple[Pairs, Files]:
    """Return the fields of a multipart form, and each file's bytes by its bare file name.

    Of two files with one name the last counts. Unchosen file fields are left out.
    """
    return await _read_all(request)


def sent_again(request: ASGIConnection[Any, Any, Any, Any]) -> Pairs:
    """Return what a button needs to send the same form once more; nothing where it had files."""
    pairs, files = request.scope["state"].get(_KEPT) or ([], {})
    return [] if files else pairs


async def _read_all(request: Request[Any, Any, Any]) -> tuple[Pairs, Files]:
    kept = request.state.get(_KEPT)
    if kept is None:
        kind, options = request.content_type
        body = await _received(request)
        kept = (
            _multipart(body, options.get("boundary", ""))
            if kind == _MULTIPART
            else _urlencoded(body)
        )
        request.state[_KEPT] = kept
    found: tuple[Pairs, Files] = kept
    return found


async def _received(request: Request[Any, Any, Any]) -> bytes:
    try:
        return await request.body()
    except InternalServerException as error:
        # Litestar's only reason for it here: the sender left, and it is no fault of ours.
        raise ClientException("the sender hung up before all of the form had come") from error


_MULTIPART = "multipart/form-data"


def _urlencoded(body: bytes) -> tuple[Pairs, Files]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError as error:
        raise ClientException("the form is not urlencoded UTF-8") from error
    return pairs, {}


def _multipart(body: bytes, boundary: str) -> tuple[Pairs, Files]:
    try:
        parts = list(
            MultipartParser(
                BytesIO(body),
                boundary,
                content_length=len(body),
                part_limit=MAX_FIELDS,
                memfile_limit=UPLOAD_BYTES,
                mem_limit=UPLOAD_BYTES,
                disk_limit=0,
                strict=True,
            )
        )
        return _fields(parts), _files(parts)
    except (MultipartError, ValueError, LookupError) as error:
        raise ClientException("the form is not multipart UTF-8") from error


def _fields(parts: list[MultipartPart]) -> Pairs:
    return [(part.name, part.raw.decode("utf-8")) for part in parts if part.filename is None]


def _files(parts: list[MultipartPart]) -> Files:
    return {_bare(part.filename): part.raw for part in parts if part.filename}


def _bare(filename: str) -> str:
    # Some browsers send the whole path, in either system's manner.
    return re.split(r"[/\\]", filename)[-1]
