"""A client as light as possible: what is measured is the server."""

import asyncio
import re
from collections.abc import Iterator, Sequence

PATIENCE = 60.0
"""Seconds for all requests of a round."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"


def get(path: str, **headers: str) -> bytes:
    """Return a GET as bytes; `_` in a header's name stands for `-`."""
    return _request("GET", path, headers)


def post(path: str, form: bytes, **headers: str) -> bytes:
    """Return a POST of an urlencoded form as bytes."""
    what = {"content_type": "application/x-www-form-urlencoded", "content_length": str(len(form))}
    return _request("POST", path, headers | what) + form


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + _HEAD_END


class Line(asyncio.Protocol):
    """One connection that is kept: sends a request when the answer to the last one is whole."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.statuses: list[int] = []
        self.last = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._parts: list[bytes] = []
        self._missing = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- create_connection gives one
        self.transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; after its last byte ask for the next."""
        self._parts.append(data)
        if self._missing < 0:
            head, end, body = b"".join(self._parts).partition(_HEAD_END)
            if not end:
                return
            self._missing = _length(head) - len(body)
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self.last, self._parts, self._missing = b"".join(self._parts), [], -1
            self.statuses.append(int(self.last[9:12]))
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """Fail a round whose server hung up."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionResetError("the server hung up"))

    def _next(self) -> None:
        following = next(self.requests, None)
        if following is not None:
            self.transport.write(following)
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()


def _length(head: bytes) -> int:
    if _CHUNKED.search(head):
        raise ValueError("the client of the bench reads no chunked answers")
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0


async def send_all(port: int, requests: Sequence[bytes], connections: int) -> list[int]:
    """Send requests over some connections at once and return the statuses of the answers."""
    waiting = iter(requests)
    lines = await asyncio.gather(*(_line(port, waiting) for _ in range(connections)))
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(line.done for line in lines))
    return [status for line in lines for status in line.statuses]


async def ask(port: int, asked: bytes) -> tuple[int, bytes, bytes]:
    """Return status, head and body of one answer."""
    line = await _line(port, iter([asked]))
    async with asyncio.timeout(PATIENCE):
        await line.done
    head, _, body = line.last.partition(_HEAD_END)
    return line.statuses[0], head, body


async def _line(port: int, requests: Iterator[bytes]) -> Line:
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(lambda: Line(requests), "127.0.0.1", port)
    return line
