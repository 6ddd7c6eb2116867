"""The demo's printed ways in: they work as often as one likes, while their server runs."""

from collections.abc import Mapping
from secrets import token_urlsafe

import msgspec

from blaljus.usecases.access.sessions import ID_BYTES, hashed

HANDED_ON = "_BLALJUS_DEMO_LINKS"
"""Variable by which a server's first process tells the others; no setting of anybody's."""


class DemoLinks:
    """Tokens and accounts of one server; nothing is stored. The app takes them in a demo only."""

    def __init__(self, accounts: Mapping[str, int] | None = None) -> None:
        self._accounts = dict(accounts or {})

    def add(self, account: int) -> str:
        """Return a new token that signs in as an account."""
        token = token_urlsafe(ID_BYTES)
        self._accounts[hashed(token)] = account
        return token

    def account_of(self, token: str) -> int | None:
        """Return the account a token was made for, or `None`."""
        return self._accounts.get(hashed(token))

    def packed(self) -> str:
        """Return a text for the server's other processes; it holds hashes, no way in."""
        return msgspec.json.encode(self._accounts).decode()

    @classmethod
    def unpacked(cls, text: str) -> "DemoLinks":
        """Return the links that another process packed; none for an empty text."""
        return cls(msgspec.json.decode(text, type=dict[str, int]) if text else None)
