"""A letter as MIME: its texts, and the calendar twice, for programs and to save."""

import re
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from blaljus.domain.calendar import Letter
from blaljus.domain.text import clean_text
from blaljus.domain.words import Method
from blaljus.mail.addresses import UnmailableError, ascii_address, header_text

ATTACHMENT = "invite.ics"

_MESSAGE_ID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


def compose(letter: Letter, calendar: bytes | None) -> bytes:
    """Return the letter as MIME with CRLF; equal letters give equal bytes, in retries too.

    `calendar` is given exactly when the method is not `MAIL`, and its METHOD is the letter's.
    Raises `UnmailableError` where a name, an address or the subject cannot stand in a header.
    """
    message = EmailMessage(policy=SMTP)
    _add_headers(message, letter)
    message.set_content(clean_text(letter.text), cte="quoted-printable")
    message.add_alternative(clean_text(letter.html), subtype="html", cte="quoted-printable")
    _add_calendar(message, letter.method, calendar)
    message["Content-Language"] = header_text("language", letter.recipient.language)
    _set_boundaries(message, letter.message_id)
    return message.as_bytes()


def _add_headers(message: EmailMessage, letter: Letter) -> None:
    if _MESSAGE_ID.fullmatch(letter.message_id) is None:
        raise UnmailableError("message-id")
    recipient = letter.recipient
    message["From"] = _mailbox("from", letter.sender_name, letter.sender_address)
    message["To"] = _mailbox("to", recipient.name, recipient.address)
    message["Subject"] = header_text("subject", letter.subject)
    message["Date"] = format_datetime(letter.sent_at.astimezone(UTC))
    message["Message-ID"] = f"<{letter.message_id}>"
    message["Auto-Submitted"] = "auto-generated"


def _mailbox(field: str, name: str, address: str) -> Address:
    local_part, domain = ascii_address(field, address)
    return Address(header_text(field, name), local_part, domain)


def _add_calendar(message: EmailMessage, method: Method, calendar: bytes | None) -> None:
    if calendar is None:
        plain = (Method.MAIL, Method.REMINDER)
        assert method in plain, "an invitation needs its calendar"  # noqa: S101 -- see STYLE
        return
    name = method.value.upper()
    assert f"\r\nMETHOD:{name}\r\n".encode() in calendar, "methods differ"  # noqa: S101 -- see STYLE
    part = EmailMessage(policy=SMTP)
    part.set_content(calendar, "text", "calendar", cte="base64")
    part.replace_header("Content-Type", f"text/calendar; method={name}; charset=utf-8")
    message.attach(part)
    message.add_attachment(calendar, "application", "ics", cte="base64", filename=ATTACHMENT)


def _set_boundaries(message: EmailMessage, message_id: str) -> None:
    """Make boundaries that follow from the letter; `=_` stands in no part as we encode them."""
    digest = sha256(message_id.encode()).hexdigest()[:24]
    multiparts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{number}_{digest}")
