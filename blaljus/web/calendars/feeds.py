"""Feeds: what a calendar program gets that knows a secret address."""

import re
from collections.abc import Collection, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

from litestar import Request, get
from litestar.enums import ScopeType
from litestar.params import FromPath
from litestar.types import ASGIApp, Receive, Scope, Send

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError
from blaljus.domain.feeds import program_of
from blaljus.settings import Settings
from blaljus.usecases.calendars.feed_reading import TOKEN, FeedBody, read_feed
from blaljus.usecases.context import Context, context_of
from blaljus.web.policy import Policy

AnyRequest = Request[Any, Any, Any]

ROUTE = "/kalender/{file}"
"""What the log calls every feed: addresses hold secrets."""
_ADDRESS = re.compile(rf"/kalender/({TOKEN.pattern})\.ics")
_REFUSED = "feed_refused"
"""Where the reason waits that there is no feed, in the scope's state."""

KEPT_BY_CLIENTS = 300
"""Seconds a program may show what it fetched without asking: no program polls more often."""

Asked = Mapping[bytes, bytes]
"""The headers of a request, names in small letters."""
Headers = Sequence[tuple[bytes, bytes]]
_KEPT_HOW: Headers = [
    (b"cache-control", f"private, max-age={KEPT_BY_CLIENTS}".encode()),
    (b"vary", b"Accept-Encoding"),
]
_WHAT: Headers = [
    (b"content-type", b"text/calendar; charset=utf-8"),
    (b"content-disposition", b'inline; filename="blaljusdagar.ics"'),
]


class Answer(NamedTuple):
    """Status, headers and body of an answer."""

    status: int
    headers: Headers
    body: bytes = b""


_TAG = re.compile(r'(?:W/)?("[^"]*")')
_GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?P<weight>[0-9.]+))?\s*(?:,|$)")


def feeds_first(app: ASGIApp, settings: Settings, clock: Clock) -> ASGIApp:
    """Return `app` behind the feeds: programs poll, so they are answered before the framework.

    Who gets no feed goes on to `refuse_feed`, which answers as any page does.
    """
    context = context_of(settings, clock)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        token = _token(scope)
        if token is None:
            await app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        try:
            version = await _reading(context, scope, token, asked)
        except Exception as error:  # noqa: BLE001 -- it is raised again where errors get pages
            scope["state"][_REFUSED] = error
            await app(scope, receive, send)
            return
        scope["path_template"] = ROUTE
        await _send(send, _answer(asked, version, clock()))

    return answer


@get("/kalender/{file:str}", name="feed", policy=Policy.TOKEN, uncompressed=True)
async def refuse_feed(request: AnyRequest, file: FromPath[str]) -> None:  # noqa: ARG001 -- the route's
    """Say why there is no feed: unknown and closed addresses are 404."""
    raise request.scope["state"].get(_REFUSED) or NotFoundError


def _token(scope: Scope) -> str | None:
    """Return the token of the feed that is asked for, if any."""
    if scope["type"] != ScopeType.HTTP or scope["method"] != "GET":
        return None
    found = _ADDRESS.fullmatch(scope["path"])
    return found and found[1]


def _reading(
    context: Context, scope: Scope, token: str, asked: Asked
) -> Coroutine[Any, Any, FeedBody]:
    peer = scope["client"][0] if scope["client"] else ""
    agent = _text(asked, b"user-agent")
    program = None if scope["state"].get("head") else program_of(agent)
    return read_feed(context, token, peer=peer, program=program)


async def _send(send: Send, answer: Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def _text(asked: Asked, name: bytes) -> str:
    return asked.get(name, b"").decode("latin-1")


def _answer(asked: Asked, version: FeedBody, now: datetime) -> Answer:
    packed = takes_gzip(_text(asked, b"accept-encoding"))
    tags = (version.etag, packed_tag(version.etag))
    tag = tags[packed]
    if b"if-none-match" in asked:
        known = known_tag(_text(asked, b"if-none-match"), tags, preferred=tag)
        if known:
            return Answer(HTTPStatus.NOT_MODIFIED, _validators(known))
    modified = _sure_moment(version, now)
    if (
        b"if-none-match" not in asked
        and modified
        and not_modified_since(_text(asked, b"if-modified-since"), modified)
    ):
        return Answer(HTTPStatus.NOT_MODIFIED, _validators(tag))
    return _whole(version, tag, modified, packed=packed)


@lru_cache(maxsize=256)
def _validators(tag: str) -> Headers:
    """Return what tells a version from another: all that a program needs that has it."""
    return ((b"etag", tag.encode()), *_KEPT_HOW)


def _whole(version: FeedBody, tag: str, modified: datetime | None, *, packed: bool) -> Answer:
    body = version.gzipped if packed else version.body
    headers = [*_validators(tag), *_WHAT, (b"content-length", str(len(body)).encode())]
    if modified:
        headers.append((b"last-modified", format_datetime(modified, usegmt=True).encode()))
    if packed:
        headers.append((b"content-encoding", b"gzip"))
    return Answer(HTTPStatus.OK, headers, body)


def _sure_moment(version: FeedBody, now: datetime) -> datetime | None:
    # Within the second of a change another may follow: a time cannot tell these apart, a tag can.
    moment = version.modified_at
    return moment.astimezone(UTC) if moment is not None and moment < now else None


def packed_tag(tag: str) -> str:
    """Return the entity tag of the compressed bytes: other bytes, another strong tag."""
    return f'{tag[:-1]}-gzip"'


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str) -> bool:
    """Return whether an `Accept-Encoding` header takes gzip."""
    found = _GZIP.search(accept_encoding.lower())
    return found is not None and (found["weight"] or "1").strip("0.") != ""


def known_tag(if_none_match: str, tags: Collection[str], *, preferred: str) -> str | None:
    """Return which of `tags` the header names; `preferred` for `*`; None where it names none.

    Compared weakly, as RFC 9110 says for reading: proxies that compress make tags weak.
    """
    if if_none_match == preferred or if_none_match.strip() == "*":
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


HANDLERS = [refuse_feed]
