"""Letters as mail programs write them, filled in, and signed as their servers would."""

import re
from base64 import encodebytes
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import dkim

FOLDER = Path(__file__).parent / "mail" / "replies"
KEY = Path(__file__).parent / "mail" / "dkim.pem"
NUMBERS = count(1)
ANSWERED = datetime(2027, 1, 15, 9, 30, tzinfo=UTC)
"""After the clock of the tests began."""

CHARSETS = {"exchange-declined-windows-1252": "windows-1252"}

STANDING = {
    "PARTSTAT": "ACCEPTED",
    "SEQUENCE": "0",
    "DTSTAMP": f"{ANSWERED:%Y%m%dT%H%M%SZ}",
    "ACTION": "failed",
    "STATUS": "5.1.1",
    "ORIGINAL": "unknown@blaljus.example",
    "UID": "unknown@blaljus.example",
}


def a_letter(shape, *, to, sender, **given):
    """A letter of a shape (a file of tests/mail/replies), as bytes with CRLF, unsigned.

    `given` fills in what stands between @@: UID, PARTSTAT, SEQUENCE, DTSTAMP, ATTENDEE, ...
    """
    text = (FOLDER / f"{shape}.eml").read_text("utf-8")
    known = {
        "TO": to,
        "FROM": sender,
        "FROMDOMAIN": sender.rpartition("@")[2],
        "ATTENDEE": sender,
        "NUMBER": str(next(NUMBERS)),
        **STANDING,
        **given,
    }
    for name, value in known.items():
        text = text.replace(f"@@{name}@@", value)
    text = re.sub(r"@@BASE64<\n(.*?)>@@\n", _in_base64, text, flags=re.DOTALL)
    return text.replace("\n", "\r\n").encode(CHARSETS.get(shape, "utf-8"))


def _in_base64(found):
    return encodebytes(found[1].replace("\n", "\r\n").encode()).decode()


def signed(letter, domain):
    """The letter with a valid DKIM signature of a domain; its key is in `lookup`."""
    lines = KEY.read_bytes()
    key = lines[lines.index(b"-----BEGIN") :]
    return dkim.sign(letter, b"test", domain.encode(), key) + letter


def lookup(name, timeout=5):
    """Answer as DNS would: every domain has the key of the tests."""
    if not name.startswith(b"test._domainkey."):
        return None
    return next(line for line in KEY.read_bytes().splitlines() if line.startswith(b"v=DKIM1"))
