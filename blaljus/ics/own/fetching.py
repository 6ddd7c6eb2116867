"""The guarded fetch: one GET of a stranger's calendar, within bounds of time, size and place."""

import asyncio
import ssl
import zlib
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import h11

from blaljus.domain.own_calendars import CalendarTroubleError, Trouble
from blaljus.ics.own.addresses import Address, checked_peer, read_address
from blaljus.ics.own.gate import MOST_BYTES

SECONDS = 10.0
"""For everything: names, connections, redirects, bytes."""

MOST_REDIRECTS = 3

MOST_HEADERS = 32_768
"""Bytes of an answer's head."""

_CHUNK = 2**14
_REDIRECTS = (301, 302, 303, 307, 308)
_OK, _NOT_MODIFIED = 200, 304
_TROUBLES = {
    401: Trouble.SIGN_IN_NEEDED,
    403: Trouble.SIGN_IN_NEEDED,
    404: Trouble.NOT_FOUND,
    410: Trouble.NOT_FOUND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a server said to tell its versions apart (RFC 9110, 8.8); empty: nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A calendar as a server gave it; `data` is None when it is the one we have (304)."""

    data: bytes | None
    marks: Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What a fetch may do. `trusted` replaces the system's certificates, for tests."""

    loopback: bool = False
    seconds: float = SECONDS
    trusted: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


async def fetch_calendar(text: str, marks: Marks, guard: Guard) -> Fetched:
    """Return what lies at an address, or raise `CalendarTroubleError` with the reason.

    Nothing of the address, which is a secret, reaches a log or an error.
    """
    try:
        async with asyncio.timeout(guard.seconds):
            return await _follow(read_address(text, loopback=guard.loopback), text, marks, guard)
    except TimeoutError:
        raise CalendarTroubleError(Trouble.TOO_SLOW) from None


async def _follow(address: Address, text: str, marks: Marks, guard: Guard) -> Fetched:
    for _ in range(MOST_REDIRECTS + 1):
        answer = await _get(address, marks, guard)
        if answer.status not in _REDIRECTS:
            return _fetched(answer, marks)
        before, text = address, urljoin(text, _text(answer.headers, b"location"))
        address = read_address(text, loopback=guard.loopback)
        if address.authorization is None and address.origin == before.origin:
            address = replace(address, authorization=before.authorization)
    raise CalendarTroubleError(Trouble.TOO_MANY_REDIRECTS)


def _fetched(answer: _Answer, marks: Marks) -> Fetched:
    if answer.status == _NOT_MODIFIED and marks != Marks():
        return Fetched(data=None, marks=marks)
    if answer.status != _OK:
        raise CalendarTroubleError(_TROUBLES.get(answer.status, Trouble.SERVER_TROUBLE))
    found = Marks(
        etag=_text(answer.headers, b"etag"), last_modified=_text(answer.headers, b"last-modified")
    )
    return Fetched(data=answer.body, marks=found)


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    """Return a header that we send back or follow; one that is overlong is none of ours to keep."""
    value = headers.get(name, b"").decode("latin-1")
    return value if value.isascii() and len(value) <= (2000 if name == b"location" else 200) else ""


async def _get(address: Address, marks: Marks, guard: Guard) -> _Answer:
    peer = await checked_peer(address, loopback=guard.loopback)
    reader, writer = await _connected(address, peer, guard)
    try:
        return await _asked(reader, writer, address, marks)
    except (h11.RemoteProtocolError, OSError, EOFError, zlib.error):
        raise CalendarTroubleError(Trouble.SERVER_TROUBLE) from None
    finally:
        writer.transport.abort()


async def _connected(
    address: Address, peer: str, guard: Guard
) -> tuple[StreamReader, StreamWriter]:
    """Connect to the address that was checked; the certificate must be the named host's."""
    trusted = (guard.trusted or ssl.create_default_context()) if address.secure else None
    named = address.host if address.secure else None
    try:
        return await asyncio.open_connection(peer, address.port, ssl=trusted, server_hostname=named)
    except ssl.SSLError:
        raise CalendarTroubleError(Trouble.NOT_TRUSTED) from None
    except OSError:
        raise CalendarTroubleError(Trouble.NO_CONNECTION) from None


async def _asked(
    reader: StreamReader, writer: StreamWriter, address: Address, marks: Marks
) -> _Answer:
    talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADERS)
    request = h11.Request(method="GET", target=address.target, headers=_headers(address, marks))
    writer.write((talk.send(request) or b"") + (talk.send(h11.EndOfMessage()) or b""))
    await writer.drain()
    head = await _next(talk, reader)
    while isinstance(head, h11.InformationalResponse):
        head = await _next(talk, reader)
    if not isinstance(head, h11.Response):
        raise CalendarTroubleError(Trouble.SERVER_TROUBLE)
    headers = dict(head.headers)
    body = b""
    if head.status_code == _OK:
        body = await _body(talk, reader, headers.get(b"content-encoding", b"identity"))
    return _Answer(status=head.status_code, headers=headers, body=body)


def _headers(address: Address, marks: Marks) -> list[tuple[str, str]]:
    given = {
        "Host": address.host_header,
        "User-Agent": "Blaljus",
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "Authorization": address.authorization or "",
        "If-None-Match": marks.etag,
        "If-Modified-Since": marks.last_modified,
    }
    return [(name, value) for name, value in given.items() if value]


async def _next(talk: h11.Connection, reader: StreamReader) -> object:
    event = talk.next_event()
    while event is h11.NEED_DATA:
        talk.receive_data(await reader.read(_CHUNK))
        event = talk.next_event()
    return event


async def _body(talk: h11.Connection, reader: StreamReader, encoding: bytes) -> bytes:
    """Return the body, unpacked as it comes: a bomb is left when it has become too large."""
    if encoding.lower() not in (b"gzip", b"x-gzip", b"identity"):
        raise CalendarTroubleError(Trouble.SERVER_TROUBLE)
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if b"gzip" in encoding.lower() else None
    body = bytearray()
    while isinstance(event := await _next(talk, reader), h11.Data):
        room = MOST_BYTES + 1 - len(body)
        data = bytes(event.data)
        body += unpack.decompress(data, room) if unpack else data[:room]
        if len(body) > MOST_BYTES:
            raise CalendarTroubleError(Trouble.TOO_LARGE)
    if unpack and not unpack.eof:
        raise EOFError("half a packed calendar")
    return bytes(body)
