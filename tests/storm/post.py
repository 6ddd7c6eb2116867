"""A real mail server that can be told how to behave."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope

WELL, DROP = "250 OK", "drop"


class PostOffice:
    """Takes mail unless told to answer otherwise; keeps what it took, by Message-ID.

    `before_answer` is called when a message is taken and nobody has been told yet.
    """

    def __init__(self, answer: str = WELL) -> None:
        self.answer = answer
        self.taken: list[tuple[str, bytes]] = []
        self.before_answer: Callable[[], None] = lambda: None

    async def handle_DATA(self, server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        if self.answer == DROP:
            server.transport.close()
        if self.answer == WELL:
            self.taken.append((message_from_bytes(content)["Message-ID"].strip("<>"), content))
            self.before_answer()
        return self.answer

    @property
    def times(self) -> Counter[str]:
        """Return how often each message came."""
        return Counter(message_id for message_id, _ in self.taken)


@asynccontextmanager
async def open_office(office: PostOffice) -> AsyncIterator[str]:
    """Yield the BLALJUS_SMTP_URL of a mail server."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, hostname="localhost"), "127.0.0.1", 0)
    async with server:
        yield _address(server)


class SilentOffice:
    """Listens and never says a word."""

    def __init__(self) -> None:
        self.tried = asyncio.Event()
        self.lines: list[asyncio.StreamWriter] = []

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines.append(writer)
        self.tried.set()
        await reader.read()
        writer.close()

    def hang_up(self) -> None:
        for line in self.lines:
            line.close()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[str]:
        """Yield the BLALJUS_SMTP_URL of the server."""
        server = await asyncio.start_server(self._listen, "127.0.0.1", 0)
        async with server:
            yield _address(server)


def _address(server: asyncio.Server) -> str:
    return f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
