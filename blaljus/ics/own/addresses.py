"""Addresses that a stranger's calendar may be fetched from: judged before any byte is sent."""

import asyncio
import socket
from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, unquote, urlsplit

from blaljus.domain.own_calendars import CalendarTroubleError, Trouble

LONGEST_ADDRESS = 2000
"""Characters; Outlook's published calendars take 300."""

_PORTS = {"https": 443, "http": 80}

_NOT_GLOBAL = tuple(
    map(
        ip_network,
        (
            *("100.64.0.0/10", "192.88.99.0/24", "198.18.0.0/15"),
            *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fc00::/7"),
        ),
    )
)
"""Beside what Python calls not global: shared by providers, translated, tunnelled (RFC 6890)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a calendar lies. What opens it is in `target` and `authorization`: both are secrets."""

    secure: bool
    host: str
    port: int
    target: str = field(repr=False)
    authorization: str | None = field(repr=False)

    @property
    def origin(self) -> tuple[bool, str, int]:
        """Return what a redirect must share to be told the password."""
        return self.secure, self.host, self.port

    @property
    def host_header(self) -> str:
        """Return what the server is told that it is called (RFC 9110, 7.2)."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == _PORTS["https" if self.secure else "http"]
        return named if usual else f"{named}:{self.port}"


def read_address(text: str, *, loopback: bool) -> Address:
    """Return an address that somebody typed: https, or webcal, which means https here.

    `user:password@` becomes Basic authentication (RFC 7617). With `loopback` http to this machine
    will do. Raises `CalendarTroubleError`.
    """
    parts = _split(text.strip())
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme)
    if scheme not in _PORTS or not parts.hostname:
        raise CalendarTroubleError(Trouble.BAD_ADDRESS)
    if scheme == "http" and not (loopback and is_loopback_name(parts.hostname)):
        raise CalendarTroubleError(Trouble.NOT_HTTPS)
    return Address(
        secure=scheme == "https",
        host=_ascii(parts.hostname),
        port=parts.port or _PORTS[scheme],
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        authorization=_basic(parts),
    )


def with_password(text: str, user: str, password: str) -> str:
    """Return an address with who asks in it, in place of whoever stood there."""
    parts = _split(text.strip())
    where = parts.netloc.rpartition("@")[2]
    who = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return parts._replace(netloc=f"{who}@{where}").geturl()


def is_loopback_name(host: str) -> bool:
    """Return whether a host's name can only mean this machine."""
    return host in ("localhost", "127.0.0.1", "::1")


async def checked_peer(address: Address, *, loopback: bool) -> str:
    """Return the one IP address to connect to; it was resolved once, and may be reached.

    Raises `CalendarTroubleError` when any of the host's addresses is not on the open internet:
    a name that leads to both is a trap.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise CalendarTroubleError(Trouble.UNKNOWN_HOST) from None
    peers = [ip_address(str(peer[4][0]).partition("%")[0]) for peer in found]
    if not peers:
        raise CalendarTroubleError(Trouble.UNKNOWN_HOST)
    allowed = is_loopback_name(address.host) and loopback
    if not all(is_open(peer) or (allowed and peer.is_loopback) for peer in peers):
        raise CalendarTroubleError(Trouble.PRIVATE_HOST)
    return str(peers[0])


def is_open(peer: IPv4Address | IPv6Address) -> bool:
    """Return whether an IP address lies on the open internet, also written as another one."""
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped is not None:
        peer = peer.ipv4_mapped
    hidden = peer.is_multicast or any(
        peer in network for network in _NOT_GLOBAL if network.version == peer.version
    )
    return peer.is_global and not hidden


def _split(text: str) -> SplitResult:
    fits = text.isascii() and text.isprintable() and " " not in text
    if not fits or len(text) > LONGEST_ADDRESS:
        raise CalendarTroubleError(Trouble.BAD_ADDRESS)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise CalendarTroubleError(Trouble.BAD_ADDRESS) from None
    return parts


def _ascii(host: str) -> str:
    return host.rstrip(".").lower()


def _basic(parts: SplitResult) -> str | None:
    if parts.username is None:
        return None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {b64encode(pair.encode()).decode()}"
