"""Starting and stopping the server processes, on a core of their own where there are two."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from webbench.client import ask, get
from webbench.served import CPU

BENCH = Path(__file__).parents[1]
START = 60.0
"""Seconds; it takes one on an idle machine."""

SECRET = "kQ7fX2mZ9bV4cN8aL1sD6gH3jP5wR0tY"  # noqa: S105 -- made up, on loopback
USED = get(CPU)
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [None]
"""The cores we may use; where the system pins no processes, None."""


def settings_of(url: str) -> dict[str, str]:
    """Return the variables of a production server without mail."""
    return {
        "BLALJUS_MODE": "production",
        "BLALJUS_DATABASE_URL": url,
        "BLALJUS_BASE_URL": "http://127.0.0.1",
        "BLALJUS_SECRET": SECRET,
    }


@contextmanager
def serving(which: str, log: Path, url: str) -> Iterator[int]:
    """Run a server for a block and yield its port."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("BLALJUS_")}
    path = f"{BENCH}{os.pathsep}{BENCH.parent}"
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening, log.open("wb") as output:
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "webbench.served", which, str(listening.fileno())],
            pass_fds=[listening.fileno()],
            env={**inherited, "PYTHONPATH": path, **settings_of(url)},
            stdout=output,
            stderr=output,
            cwd=log.parent,
        )
    try:
        _pin(process.pid, CORES[-1])
        yield port
    finally:
        process.terminate()
        process.wait(timeout=START)


def pin_client() -> None:
    """Keep this process on the first core: the servers have the last one."""
    _pin(0, CORES[0])


def _pin(process: int, core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(process, {core})


async def await_ready(port: int) -> None:
    """Return when a server answers."""
    async with asyncio.timeout(START):
        while True:
            with suppress(OSError):
                await ask(port, USED)
                return
            await asyncio.sleep(0.05)


async def cpu_used(port: int) -> float:
    """Return the seconds of processor time that a server has used."""
    _, _, body = await ask(port, USED)
    return int(body) / 1e9
