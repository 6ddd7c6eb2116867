"""Server processes on free loopback ports; each test ends exactly the ones it started."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
IDLE = 600
"""Seconds a connection may wait to be used again: longer than a test."""
START = 60.0
"""Seconds; it takes one on an idle machine."""
RUNNING = re.compile(r"running on (http://127\.0\.0\.1:\d+)")
CRIES = ("Traceback", "unforeseen_error", "Task exception", "was never awaited")
"""What no server may write, whatever it is put through."""


@dataclass(slots=True, kw_only=True)
class Program:
    """A process of ours and all that it writes."""

    process: subprocess.Popen[bytes]
    log: Path
    address: str = ""

    @property
    def said(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.process.kill()
        self.process.wait(timeout=START)

    def end(self) -> None:
        """Ask it to stop, and insist."""
        self.process.terminate()
        try:
            self.process.wait(timeout=START)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


@contextmanager
def running(log: Path, *command: str, **environ: str) -> Iterator[Program]:
    """Run a Python module for a block; fail where it wrote that something broke."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BLALJUS_", "STORM_"))}
    # tests/ lies behind the root: the servers find `storm` as the tests do.
    paths = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=log.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**inherited, "PYTHONPATH": paths, **environ},
        )
    program = Program(process=process, log=log)
    try:
        yield program
    finally:
        program.end()
    for cry in CRIES:
        assert cry not in program.said, program.said[-5000:]


def settings_of(url: str, **more: str) -> dict[str, str]:
    """Return the environment of a process that uses a database."""
    return {
        "BLALJUS_MODE": "demo",
        "BLALJUS_DATABASE_URL": url,
        "BLALJUS_BASE_URL": "http://127.0.0.1",
        "BLALJUS_PLANNING_SECONDS": "0",
        "BLALJUS_SECRET": "kQ7fX2mZ9bV4cN8aL1sD6gH3jP5wR0tY",
        "BLALJUS_LOG_FORMAT": "json",
        **more,
    }


@contextmanager
def serving(
    url: str, folder: Path, *, count: int = 2, app: str = "storm.served:make_app", **environ: str
) -> Iterator[list[Program]]:
    """Yield servers of one database that are ready to answer."""
    command = ["uvicorn", app, "--factory", "--port", "0", "--no-access-log"]
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                running(
                    folder / f"server-{number}.log",
                    *command,
                    "--timeout-keep-alive",
                    str(IDLE),
                    **settings_of(url, **environ),
                )
            )
            for number in range(count)
        ]
        for server in servers:
            await_ready(server)
        yield servers


def await_ready(server: Program) -> None:
    """Return when the server answers at /readyz."""
    until = time.monotonic() + START
    while time.monotonic() < until and server.process.poll() is None:
        if found := RUNNING.search(server.said):
            server.address = found[1]
            assert httpx.get(f"{server.address}/readyz", timeout=START).text == "ok\n"
            return
        time.sleep(0.05)
    raise AssertionError(f"the server does not start: {server.said}")
