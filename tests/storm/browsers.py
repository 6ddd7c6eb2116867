"""Browsers that come over the network, many at once."""

import httpx
from visiting import Visiting

WAIT = 90.0
"""Seconds for an answer; more than any server may take."""


class Browser(Visiting):
    """Somebody's browser at one of the servers."""

    def __init__(self, roads: httpx.AsyncHTTPTransport, address: str, session: str) -> None:
        httpx.AsyncClient.__init__(
            self,
            transport=roads,
            base_url=address,
            cookies={"blaljus": session},
            headers={"accept-language": "sv"},
            timeout=WAIT,
        )


IDLE = 1.0
"""Seconds a connection waits to be used again: the servers hang up after five."""


def open_roads() -> httpx.AsyncHTTPTransport:
    """Return connections for any number of browsers."""
    limits = httpx.Limits(
        max_connections=None, max_keepalive_connections=None, keepalive_expiry=IDLE
    )
    return httpx.AsyncHTTPTransport(limits=limits, verify=False)
