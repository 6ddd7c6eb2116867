"""A server process: `python -m webbench.served bare|real FD`, as `blaljus serve` would run it."""

import os
import socket
import sys
import time

import uvicorn
from litestar import Litestar, MediaType, get

from blaljus.logs import configure_logs
from blaljus.settings import load_settings
from blaljus.web.app import create_app
from blaljus.web.policy import Policy
from webbench.town import NOW

CPU = "/bench/cpu"
TEXT = "x" * 130_000


@get("/", media_type=MediaType.TEXT)
async def hello() -> str:
    """Answer as little as can be."""
    return "Hej!"


@get("/text", media_type=MediaType.TEXT)
async def text() -> str:
    """Answer as much text as a large feed is."""
    return TEXT


@get(CPU, media_type=MediaType.TEXT, policy=Policy.SYSTEM)
async def used() -> str:
    """Answer how many nanoseconds of processor time the process has used, all threads."""
    return str(time.process_time_ns())


def bare() -> Litestar:
    """Return what all is compared with: Litestar and nothing more."""
    return Litestar([hello, text, used], openapi_config=None, logging_config=None)


def real() -> Litestar:
    """Return the product, with a clock that stands still."""
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    app = create_app(settings, clock=lambda: NOW)
    app.register(used)
    return app


def main(which: str, fd: int) -> None:
    """Serve on a listening socket that was inherited, until stopped."""
    app = {"bare": bare, "real": real}[which]()
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=fd)])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
