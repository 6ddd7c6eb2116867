"""Reply addresses: each recipient's own, with a secret that nobody else can make."""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field
from hashlib import sha256

MARK = "*"
"""Stands for account and secret in the pattern: `blaljus+*@kommunen.se`."""

_DIGITS = 16
"""Characters of the secret, 5 bits each: 80 bits."""

_PURPOSE = b"reply-address:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAddresses:
    """Makes and reads reply addresses; nothing is stored.

    The first of `keys` makes addresses, each of them checks. Mail servers may change the case.
    """

    pattern: str
    keys: tuple[str, ...] = field(repr=False)

    def of(self, account: int) -> str:
        """Return the address that an account's replies come to."""
        return self.pattern.replace(MARK, f"{account}x{_secret(self.keys[0], account)}")

    def account_in(self, address: str) -> int | None:
        """Return whose address it is; None where it is none of ours or the secret is wrong."""
        found = self._parts(address)
        if found is None:
            return None
        account, secret = found
        good = (hmac.compare_digest(_secret(key, account), secret) for key in self.keys)
        return account if any(list(good)) else None

    def is_like_ours(self, address: str) -> bool:
        """Return whether it is made as ours are, whatever the secret."""
        return self._parts(address) is not None

    def _parts(self, address: str) -> tuple[int, str] | None:
        before, _, after = (re.escape(part) for part in self.pattern.lower().partition(MARK))
        shape = rf"{before}([1-9][0-9]{{0,9}})x([a-z2-7]{{{_DIGITS}}}){after}"
        found = re.fullmatch(shape, address.strip().lower(), re.ASCII)
        return (int(found[1]), found[2]) if found else None


def _secret(key: str, account: int) -> str:
    digest = hmac.digest(key.encode(), _PURPOSE + str(account).encode(), sha256)
    return b32encode(digest).decode().lower()[:_DIGITS]
