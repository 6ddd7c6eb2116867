"""Proof that a form came from our own page: derived from the browser's secret cookie."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_digest
from secrets import token_bytes

_SIZE = 32


def csrf_token(cookie: str) -> str:
    """Return a proof for the holder of `cookie`, masked anew each time.

    The mask keeps compression from leaking it (BREACH). Only who knows the cookie can make one.
    """
    mask = token_bytes(_SIZE)
    return urlsafe_b64encode(mask + _xor(mask, _proof(cookie))).decode()


def csrf_matches(token: str, cookie: str) -> bool:
    """Return whether `token` was made for `cookie`; any other text is a no, never an error."""
    try:
        packed = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return False
    if len(packed) != 2 * _SIZE:
        return False
    return compare_digest(_xor(packed[:_SIZE], packed[_SIZE:]), _proof(cookie))


def _proof(cookie: str) -> bytes:
    return hmac_digest(cookie.encode(), b"blaljus csrf", sha256)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
