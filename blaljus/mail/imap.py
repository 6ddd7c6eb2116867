"""A mailbox that replies come to: read without a trace, marked when somebody has stored them."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from blaljus.mail.incoming import LARGEST
from blaljus.mail.smtp import MailTemporaryError

_PORTS = {"imap": 143, "imaps": 993}
_HERE = ("127.0.0.1", "localhost", "::1")
_WRONG = "a mailbox is written imaps://user:password@host:port/folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAddress:
    """Where a mailbox is. `encrypted` from the first byte; plain only on this machine."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    encrypted: bool

    @classmethod
    def parse(cls, url: str) -> "ImapAddress":
        """Read `imaps://user:password@host:port/folder`; without a folder it is INBOX.

        Raises `ValueError`, which never repeats the address; for `imap://` to other machines too.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError(_WRONG) from None
        if parts.scheme not in _PORTS or not (parts.hostname and parts.username and parts.password):
            raise ValueError(_WRONG)
        if parts.scheme == "imap" and parts.hostname not in _HERE:
            raise ValueError("a mailbox on another machine needs imaps://")
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            user=unquote(parts.username),
            password=unquote(parts.password),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            encrypted=parts.scheme == "imaps",
        )


class Mailbox:
    """An open mailbox; every method waits for the server, so call it in a thread.

    Raises `MailTemporaryError` where the server or the network is in the way.
    """

    def __init__(self, address: ImapAddress, timeout: float) -> None:
        """Log in and open the folder; `timeout` is in seconds, for each answer."""
        with _troubles():
            self._server = _connect(address, timeout)
        try:
            with _troubles():
                self._server.login(address.user, address.password)
                self._check(*self._server.select(_quoted(address.folder)))
        except MailTemporaryError:
            self.close()
            raise

    def unread(self) -> list[str]:
        """Return the UIDs of letters that are not marked as read, oldest first."""
        with _troubles():
            (found,) = self._check(*self._server.uid("SEARCH", "UNSEEN"))
        return sorted(found.decode().split(), key=int) if found else []

    def fetch(self, uid: str) -> bytes | None:
        """Return the beginning of a letter, one byte more than is kept; None where it is gone."""
        wanted = f"(BODY.PEEK[]<0.{LARGEST + 1}>)"
        with _troubles():
            parts = self._check(*self._server.uid("FETCH", uid, wanted))
        return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)

    def mark(self, uid: str) -> None:
        """Mark a letter as read."""
        with _troubles():
            self._check(*self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))

    def close(self) -> None:
        """Say goodbye; nobody cares whether it is heard."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._server.logout()

    @staticmethod
    def _check(status: str, data: list[Any]) -> list[Any]:
        if status != "OK":
            raise MailTemporaryError("server")
        return data


def _connect(address: ImapAddress, timeout: float) -> imaplib.IMAP4:
    if not address.encrypted:
        return imaplib.IMAP4(address.host, address.port, timeout)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=timeout)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


@contextmanager
def _troubles() -> Iterator[None]:
    try:
        yield
    except imaplib.IMAP4.error:  # a refused login looks like any other refusal
        raise MailTemporaryError("server") from None
    except TimeoutError:
        raise MailTemporaryError("timeout") from None
    except ssl.SSLError:
        raise MailTemporaryError("tls") from None
    except OSError:
        raise MailTemporaryError("connection") from None
