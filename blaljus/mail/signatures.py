"""DKIM (RFC 6376): which domains stand behind a letter as it is."""

import re
from collections.abc import Callable

import dkim
import structlog

log = structlog.get_logger()

SIGNATURES = 5
"""Signatures of one letter that are looked at; each costs a question to DNS."""

Lookup = Callable[..., bytes | None]
"""Returns the TXT record of a name, or None: `lookup(name, timeout=seconds)`."""


def signed_by(message: bytes, *, lookup: Lookup | None = None) -> tuple[str, ...]:
    """Return the domains with a valid signature over the whole body, lower case.

    Asks DNS, so call it outside transactions. A signature that cannot be checked counts as none.
    """
    found = []
    count = min(len(re.findall(rb"(?im)^dkim-signature\s*:", _head(message))), SIGNATURES)
    for number in range(count):
        domain = _signer(message, number, lookup)
        if domain:
            found.append(domain)
    return tuple(found)


def _head(message: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0]


def _signer(message: bytes, number: int, lookup: Lookup | None) -> str | None:
    options = {} if lookup is None else {"dnsfunc": lookup}
    checker = dkim.DKIM(message)
    try:
        good = checker.verify(idx=number, **options)
    except Exception as error:  # noqa: BLE001 -- a strange letter or a DNS failure: not signed
        log.info("signature not checked", error=type(error).__name__)
        return None
    # With `l=` anybody may add to the body; the signature then says nothing of what we read.
    if not good or b"l" in checker.signature_fields:
        return None
    return bytes(checker.domain).decode("ascii", "replace").lower()


def stands_behind(domains: tuple[str, ...], address: str) -> bool:
    """Return whether one of the domains is the address's own, or one above it."""
    own = address.rpartition("@")[2].lower()
    return any(own == d or (own.endswith(f".{d}") and "." in d) for d in domains)
