"""Seals what the database must hold and not know: addresses of people's calendars."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
"""Bytes, drawn anew each time (NIST SP 800-38D, 8.2)."""


def seal(text: str, secrets: Sequence[str], owner: str) -> str:
    """Return a text that the newest of some secrets opens again, for the same owner only."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(secrets[0]).encrypt(nonce, text.encode(), owner.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, secrets: Sequence[str], owner: str) -> str | None:
    """Return what was sealed with any of the secrets, or None when none of them opens it."""
    data = urlsafe_b64decode(sealed)
    for secret in secrets:
        try:
            text = _cipher(secret).decrypt(data[:_NONCE], data[_NONCE:], owner.encode())
        except InvalidTag:
            continue
        return text.decode()
    return None


def _cipher(secret: str) -> AESGCM:
    return AESGCM(hmac.digest(secret.encode(), b"blaljus own calendars", sha256))
