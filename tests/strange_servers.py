"""A server on this machine that answers as a test tells it to, for fetching calendars from."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

KEY = "tests/mail/localhost.pem"


@dataclass(slots=True)
class StrangeServer:
    """`answers` are the bytes sent to each request in turn, the last one again; None: never."""

    port: int
    answers: list
    asked: list[str] = field(default_factory=list)

    def url(self, path: str = "/a.ics", *, scheme: str = "http", host: str = "localhost") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def answer(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def strange_server(*answers, secure: bool = False) -> AsyncIterator[StrangeServer]:
    trusted = None
    if secure:
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trusted.load_cert_chain(KEY)
    known = StrangeServer(port=0, answers=list(answers))
    told = asyncio.Event()

    async def serve(reader, writer):
        try:
            known.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            at = min(len(known.asked), len(known.answers)) - 1
            if known.answers[at] is None:
                await told.wait()
            else:
                writer.write(known.answers[at])
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=trusted)
    known.port = server.sockets[0].getsockname()[1]
    try:
        yield known
    finally:
        told.set()
        server.close()
        await server.wait_closed()
