"""Handing a composed message to a mail server, and telling what to retry from what not to."""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from blaljus.mail.addresses import UnmailableError, ascii_address

_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_PERMANENT = range(500, 600)

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "login"),
    (smtplib.SMTPNotSupportedError, "not-offered"),
    (smtplib.SMTPSenderRefused, "sender"),
    (smtplib.SMTPServerDisconnected, "dropped"),
    (smtplib.SMTPException, "server"),
    (ssl.SSLError, "tls"),
    (TimeoutError, "timeout"),
    (OSError, "connection"),
)
"""From the most particular to the most general."""


class MailError(Exception):
    """A message was not handed over. `reason` is a stable word; no address, no server text."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason, status)
        self.reason = reason
        self.status = status


class MailTemporaryError(MailError):
    """Worth another try: the network, the server or our settings may be put right."""


class MailRefusedError(MailError):
    """The server refused this recipient or this message for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAddress:
    """Where the mail server is. `encrypted` from the first byte, or `starttls` before the login."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encrypted: bool = False
    starttls: bool = False

    @classmethod
    def parse(cls, url: str) -> "SmtpAddress":
        """Read `smtp://`, `smtps://` or `smtp+starttls://`, then `user:password@host:port`.

        `smtp://` with a password demands STARTTLS; without one it is plain, for a server on this
        machine or its own network. Raises `ValueError`, which never repeats the address.
        """
        scheme, host, port, user, password = _split(url)
        if (user is None) != (password is None):
            raise ValueError("a mail server needs both a user and a password, or neither")
        return cls(
            host=host,
            port=port or _PORTS[scheme],
            user=user,
            password=password,
            encrypted=scheme == "smtps",
            starttls=scheme == "smtp+starttls" or (scheme == "smtp" and user is not None),
        )


async def send(
    address: SmtpAddress,
    mime: bytes,
    *,
    sender: str,
    recipient: str,
    timeout: float,  # noqa: ASYNC109 -- per answer of the server
) -> None:
    """Hand a message over, or raise `MailTemporaryError` or `MailRefusedError`.

    `timeout` is in seconds, for the connection and each answer of the server. `sender` gets the
    bounces. Once the server has taken the message, nothing is raised any more.
    """
    await asyncio.to_thread(_deliver, address, mime, (sender, recipient), timeout)


def _split(url: str) -> tuple[str, str, int | None, str | None, str | None]:
    wrong = ValueError("a mail server is written smtp://user:password@host:port")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise wrong
    return parts.scheme, parts.hostname, port, _unquoted(parts.username), _unquoted(parts.password)


def _unquoted(part: str | None) -> str | None:
    if not part:
        return None
    text = unquote(part)
    if not text.isascii():
        raise ValueError("a mail server's user and password must be ASCII")
    return text


def _deliver(address: SmtpAddress, mime: bytes, envelope: tuple[str, str], timeout: float) -> None:
    sender, recipient = (_plain(mailbox) for mailbox in envelope)
    try:
        with _connected(address, timeout, sender.rpartition("@")[2]) as server:
            server.sendmail(sender, [recipient], mime)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal("recipient", error.recipients[recipient][0]) from None
    except smtplib.SMTPDataError as error:
        raise _refusal("message", error.smtp_code) from None
    except OSError as error:
        raise _failure(error) from None


def _plain(address: str) -> str:
    try:
        return "@".join(ascii_address("envelope", address))
    except UnmailableError:
        raise MailRefusedError("address") from None


@contextmanager
def _connected(address: SmtpAddress, timeout: float, name: str) -> Iterator[smtplib.SMTP]:
    """Yield a server that has let us in; its goodbye is not waited for with any interest."""
    server = _open(address, timeout, name)
    try:
        if address.starttls:
            server.starttls(context=ssl.create_default_context())
        if address.user is not None and address.password is not None:
            server.login(address.user, address.password)
        yield server
        with suppress(OSError):
            server.quit()
    finally:
        server.close()


def _open(address: SmtpAddress, timeout: float, name: str) -> smtplib.SMTP:
    # The name we greet with is the sender's domain: asking for our own can wait on DNS.
    if not address.encrypted:
        return smtplib.SMTP(address.host, address.port, name, timeout)
    context = ssl.create_default_context()
    return smtplib.SMTP_SSL(address.host, address.port, name, timeout=timeout, context=context)


def _refusal(reason: str, status: int) -> MailError:
    kind = MailRefusedError if status in _PERMANENT else MailTemporaryError
    return kind(reason, status)


def _failure(error: OSError) -> MailTemporaryError:
    reason = next(word for kind, word in _REASONS if isinstance(error, kind))
    return MailTemporaryError(reason, getattr(error, "smtp_code", None))
