"""How often strangers may ask: token buckets in the database, by what they ask and from where."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from blaljus.domain.errors import BlaljusError
from blaljus.store.sign_in import Limit, take_token
from blaljus.usecases.access.sessions import hashed

__all__ = ["Limit", "TooManyError", "network_of", "site_of", "take_one_of_each"]

_SUBNET, _SITE = 64, 48
"""Bits of an IPv6 address that one network has, and that one customer of a provider may have."""


class TooManyError(BlaljusError):
    """Somebody asked too often; it works again after so many `minutes` at the latest."""

    code = "too-many"

    def __init__(self, minutes: int = 1) -> None:
        self.minutes = minutes
        super().__init__(minutes=minutes)


async def take_one_of_each(limits: Mapping[str, Limit], now: datetime) -> None:
    """Take a token of each bucket, or raise `TooManyError`; then the transaction takes none."""
    # In the order of their hashes: two askers never wait for each other.
    for key, limit in sorted((hashed(what), limit) for what, limit in limits.items()):
        if not await take_token(key, limit, now=now):
            raise TooManyError(ceil(limit.every / timedelta(minutes=1)))


def network_of(peer: str) -> str:
    """Return what counts as one asker: an IPv4 address, or the /64 that an IPv6 one lies in."""
    return _masked(peer, _SUBNET)


def site_of(peer: str) -> str:
    """Return like `network_of`, but the /48: who has one has 65,536 networks to ask from."""
    return _masked(peer, _SITE)


def _masked(peer: str, bits: int) -> str:
    try:
        address = ip_address(peer)
    except ValueError:
        return "unknown"
    return str(ip_network((int(address), bits), strict=False) if address.version > 4 else address)  # noqa: PLR2004 -- the protocol's own number
