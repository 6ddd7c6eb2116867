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


def open_roads() -> httpx.AsyncHTTPTransport:
    """Return connections for any number of browsers, which neither side hangs up during a test.

    A pool that lets connections expire may close one that it has just given to a request.
    """
    limits = httpx.Limits(
        max_connections=None, max_keepalive_connections=None, keepalive_expiry=None
    )
    return httpx.AsyncHTTPTransport(limits=limits, verify=False)
