"""A letter that came in, read with suspicion: who it is from and to, and what it carries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import SMTP
from hashlib import sha256

from blaljus.domain.text import clean_text

LARGEST = 2**20
"""Bytes of a letter that are kept; answers of calendar programs are a hundredth of it."""

LARGEST_CALENDAR = 100_000
"""Bytes of a calendar in a letter."""

TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
"""Where a mail server or program says whom a letter came to."""

_AUTOMATIC = ("auto-replied", "auto-generated", "auto-notified")
_PART = r"[^\s<>(),:;\"\\@\x00-\x1f\x7f-\x9f\ud800-\udfff]"
"""What an address may hold: no marks of control, and nothing that no text can hold."""

_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,253}}")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a letter says of itself. Everything may be made up by whoever sent it."""

    message_id: str
    sender: str
    """The one address of From; empty where there is none or several."""
    recipients: tuple[str, ...]
    subject: str
    text: str
    calendar: bytes | None
    charset: str
    automatic: bool
    """An answer that a program gave by itself: vacation, receipt."""
    report: tuple["Delivery", ...]
    """What a mail server says became of a letter of ours (RFC 3464)."""
    reported_id: str
    """Message-ID of the letter that a report is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One recipient in a delivery report; `status` as `5.1.1`."""

    action: str
    status: str


def digest_of(raw: bytes) -> str:
    """Return what makes two copies one letter: Message-ID and body, whatever way they came."""
    head, body = _parted(raw)
    found = re.search(rb"(?im)^message-id[ \t]*:[ \t\r\n]*(\S+)", head)
    lines = body.replace(b"\r\n", b"\n").rstrip(b"\n")
    return sha256((found[1] if found else head) + b"\0" + lines).hexdigest()


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    head, *rest = _HEAD_END.split(raw, maxsplit=1)
    return head, rest[0] if rest else b""


def read_incoming(raw: bytes) -> Incoming:
    """Return what can be read of a letter; whatever cannot is empty."""
    message = message_from_bytes(raw, EmailMessage, policy=SMTP)
    parts = list(_parts(message))
    calendar = next(filter(_is_calendar, parts), None)
    return Incoming(
        message_id=_header(message, "Message-ID").strip("<> ")[:200],
        sender=_sender(message),
        recipients=_recipients(message),
        subject=_header(message, "Subject")[:300],
        text=_text(parts),
        calendar=_payload(calendar) if calendar is not None else None,
        charset=str(calendar.get_content_charset("utf-8")) if calendar is not None else "utf-8",
        automatic=_is_automatic(message) and calendar is None,
        report=_report(parts),
        reported_id=_reported_id(parts),
    )


def subject_of(head: bytes) -> str:
    """Return the subject of a letter of which the beginning is there, 300 characters at most."""
    return _header(BytesHeaderParser(EmailMessage, policy=SMTP).parsebytes(head), "Subject")[:300]


def _parts(part: Message) -> Iterator[Message]:
    """Yield the leaves, without what stands in a letter that was forwarded."""
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _parts(inner)
    else:
        yield part


def _texts(message: Message, name: str) -> list[str]:
    try:
        return [str(value) for value in message.get_all(name, [])]
    except Exception:  # noqa: BLE001 -- parsers of headers break in many ways; the letter is kept
        return []


def _header(message: Message, name: str) -> str:
    return clean_text(" ".join(_texts(message, name)[:1])).replace("\n", " ").strip()


def _sender(message: EmailMessage) -> str:
    """Return the address of From where there is no doubt which one it is."""
    headers = message.get_all("From", [])
    found = [a.addr_spec for h in headers for a in getattr(h, "addresses", ())]
    sure = len(headers) == len(found) == 1 and _ADDRESS.fullmatch(found[0])
    return str(found[0]) if sure else ""


def _recipients(message: Message) -> tuple[str, ...]:
    texts = " ".join(text for name in TO for text in _texts(message, name))
    return tuple(dict.fromkeys(_ADDRESS.findall(texts)))


def _is_automatic(message: Message) -> bool:
    said = _header(message, "Auto-Submitted").lower()
    bulk = _header(message, "Precedence").lower() in ("bulk", "auto_reply", "junk")
    return said.startswith(_AUTOMATIC) or bulk or bool(_header(message, "X-Autoreply"))


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in ("text/calendar", "application/ics")


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() == "text/plain" and part.get_filename() is None:
            return clean_text(decoded(_payload(part), str(part.get_content_charset("utf-8"))))
    return ""


def decoded(content: bytes, charset: str) -> str:
    """Return bytes as text by the character set they are said to be in, or by a likely one."""
    for name in (charset, "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("windows-1252", "replace")


def _report(parts: list[Message]) -> tuple[Delivery, ...]:
    found = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and "Action" in block:
                action, status = _header(block, "Action").lower(), _header(block, "Status")
                found.append(Delivery(action=action, status=status.split(" ")[0]))
    return tuple(found)


def _reported_id(parts: list[Message]) -> str:
    """Return the Message-ID that stands last in a report: the letter that came back."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) else inner
            text = first.as_string() if isinstance(first, Message) else str(first)
            found = re.search(r"(?im)^message-id:\s*<([^>\s]{1,200})>", text)
            if found:
                return found[1]
    return ""
