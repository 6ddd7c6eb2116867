"""The demo's printed ways in: they work as often as one likes, while this process runs."""

from secrets import token_urlsafe

from blaljus.usecases.sessions import ID_BYTES, hashed


class DemoLinks:
    """Tokens and accounts of one process; nothing is stored. The app takes them in a demo only."""

    def __init__(self) -> None:
        self._accounts: dict[str, int] = {}

    def add(self, account: int) -> str:
        """Return a new token that signs in as an account."""
        token = token_urlsafe(ID_BYTES)
        self._accounts[hashed(token)] = account
        return token

    def account_of(self, token: str) -> int | None:
        """Return the account a token was made for, or `None`."""
        return self._accounts.get(hashed(token))
