"""Feeds: what a calendar program gets that knows a secret address."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from blaljus.domain.errors import NotFoundError
from blaljus.domain.feeds import program_of
from blaljus.usecases.calendars.feed_reading import FeedBody, read_feed
from blaljus.usecases.context import Context
from blaljus.web.http.headers import is_head
from blaljus.web.policy import Policy

AnyRequest = Request[Any, Any, Any]

FILE_ENDING = ".ics"

KEPT_BY_CLIENTS = 300
"""Seconds a program may show what it fetched without asking: no program polls more often."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?P<weight>[0-9.]+))?\s*(?:,|$)")


@get("/kalender/{file:str}", name="feed", policy=Policy.TOKEN, uncompressed=True)
async def serve_feed(
    request: AnyRequest, file: FromPath[str], context: NamedDependency[Context]
) -> Response[bytes]:
    """Serve a feed, or 304 to a program that has it. Unknown and closed addresses are 404."""
    if not file.endswith(FILE_ENDING):
        raise NotFoundError
    peer = request.client.host if request.client else ""
    program = None if is_head(request) else program_of(request.headers.get("user-agent", ""))
    token = file.removesuffix(FILE_ENDING)
    version = await read_feed(context, token, peer=peer, program=program)
    return _answer(request, version, context.clock())


def _answer(request: AnyRequest, version: FeedBody, now: datetime) -> Response[bytes]:
    asked = request.headers
    packed = takes_gzip(asked.get("accept-encoding", ""))
    tags = (version.etag, packed_tag(version.etag))
    headers = {
        "etag": tags[packed],
        "cache-control": f"private, max-age={KEPT_BY_CLIENTS}",
        "vary": "Accept-Encoding",
    }
    modified = _sure_moment(version, now)
    if modified:
        headers["last-modified"] = format_datetime(modified, usegmt=True)
    if_none_match = asked.get("if-none-match")
    if if_none_match is not None:
        known = known_tag(if_none_match, tags, preferred=tags[packed])
        if known:
            return _not_modified(headers | {"etag": known})
    elif modified and not_modified_since(asked.get("if-modified-since", ""), modified):
        return _not_modified(headers)
    return _whole(version, headers, packed=packed)


def _not_modified(headers: dict[str, str]) -> Response[bytes]:
    return Response(
        b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers, media_type="text/calendar"
    )


def _whole(version: FeedBody, headers: dict[str, str], *, packed: bool) -> Response[bytes]:
    headers["content-disposition"] = 'inline; filename="blaljusdagar.ics"'
    if packed:
        headers["content-encoding"] = "gzip"
    body = version.gzipped if packed else version.body
    return Response(body, headers=headers, media_type="text/calendar")


def _sure_moment(version: FeedBody, now: datetime) -> datetime | None:
    # Within the second of a change another may follow: a time cannot tell these apart, a tag can.
    moment = version.modified_at
    return moment.astimezone(UTC) if moment is not None and moment < now else None


def packed_tag(tag: str) -> str:
    """Return the entity tag of the compressed bytes: other bytes, another strong tag."""
    return f'{tag[:-1]}-gzip"'


def takes_gzip(accept_encoding: str) -> bool:
    """Return whether an `Accept-Encoding` header takes gzip."""
    found = _GZIP.search(accept_encoding.lower())
    return found is not None and (found["weight"] or "1").strip("0.") != ""


def known_tag(if_none_match: str, tags: Collection[str], *, preferred: str) -> str | None:
    """Return which of `tags` the header names; `preferred` for `*`; None where it names none.

    Compared weakly, as RFC 9110 says for reading: proxies that compress make tags weak.
    """
    if if_none_match.strip() == "*":
        return preferred
    named = set(_TAG.findall(if_none_match))
    return next((tag for tag in (preferred, *tags) if tag in named), None)


def not_modified_since(header: str, modified: datetime) -> bool:
    """Return whether an `If-Modified-Since` header is at or after a moment; broken ones are not."""
    try:
        since = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return False
    return since.tzinfo is not None and modified <= since


HANDLERS = [serve_feed]
