"""Real servers and a real browser. Servers live as long as a test file; each test has its windows.

The browser is opened per file: Playwright keeps an event loop running, which async tests of
other files would stumble over.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from journeys.steps import click
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    sync_playwright,
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
SERVED = Path(__file__).parent / "served.py"
TERM_BEGINS = "2026-12-01T08:00:00+00:00"
"""Six weeks before the first slot of Höör's plan."""
START_SECONDS = 60
STOP_SECONDS = 20
WAIT_MS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server process: where it answers, its database file, and a way in per address.

    `sessions` holds the cookies of those who have come in.
    """

    url: str
    file: Path
    ways_in: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, StorageState] = field(default_factory=dict)

    def select(self, sql: str, **values: object) -> list[tuple]:
        """Read the database file beside the server; `:name` stands for a value."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def one(self, sql: str, **values: object) -> object:
        """Return the first column of the first row."""
        return self.select(sql, **values)[0][0]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the write lock, as a backup that hangs would."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Call with a world of served.py and addresses to get a running `Server`; ends them all."""
    with ExitStack() as stack:

        def started(
            world: str, *addresses: str, now: str = TERM_BEGINS, **variables: str
        ) -> Server:
            folder = tmp_path_factory.mktemp(world)
            command = [sys.executable, str(SERVED), world, *addresses]
            variables = {"JOURNEY_NOW": now, **variables}
            return stack.enter_context(running_server(command, folder, **variables))

        yield started


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo as `make run` serves it, today; ways in by role."""
    command = [sys.executable, "-m", "blaljus", "serve", "--demo"]
    with running_server(command, tmp_path_factory.mktemp("demo")) as server:
        yield server


@contextmanager
def running_server(command: list[str], folder: Path, **variables: str) -> Iterator[Server]:
    """Run a server on a fresh database until the block ends; it is ended by its number."""
    port, out, err = free_port(), folder / "out.txt", folder / "err.txt"
    url, file = f"http://127.0.0.1:{port}", folder / "blaljus.sqlite"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BLALJUS_")},
        "BLALJUS_MODE": "demo",
        "BLALJUS_DATABASE_URL": f"sqlite:///{file}",
        "BLALJUS_PORT": str(port),
        "BLALJUS_BASE_URL": url,
        "BLALJUS_PLANNING_SECONDS": "0",
        **variables,
    }
    with (
        out.open("w") as stdout,
        err.open("w") as stderr,
        subprocess.Popen(command, env=environment, stdout=stdout, stderr=stderr) as process,
    ):
        try:
            wait_until_ready(url, process, err)
            lines = (line.split("\t") for line in out.read_text(encoding="utf-8").splitlines())
            yield Server(url=url, file=file, ways_in=dict(lines))
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_until_ready(url: str, process: subprocess.Popen, err: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, err.read_text(encoding="utf-8")
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz").status_code == HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise AssertionError(err.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the tests fail, they are never skipped."""
    path = os.environ.get("BLALJUS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


@dataclass(slots=True)
class Windows:
    """Opens pages, each in a profile of its own, and signs people in."""

    browser: Browser
    stack: ExitStack

    def context(self, **options: object) -> BrowserContext:
        """Return a profile: Swedish, a desktop, unless said otherwise."""
        known = {"locale": "sv-SE", "viewport": {"width": 1280, "height": 900}}
        context = self.browser.new_context(**{**known, **options})
        context.set_default_timeout(WAIT_MS)
        self.stack.callback(context.close)
        return context

    def page(self, **options: object) -> Page:
        """Return a blank page."""
        return self.context(**options).new_page()

    def sign_in(self, server: Server, who: str, **options: object) -> Page:
        """Return the page that somebody comes to by their way in."""
        page = self.page(**options)
        page.goto(server.ways_in[who])
        click(page, page.get_by_role("main").get_by_role("button"))
        return page

    def signed_in(self, server: Server, who: str, **options: object) -> Page:
        """Return somebody's first page, who signs in once and has the session in every window."""
        if who not in server.sessions:
            page = self.sign_in(server, who)
            server.sessions[who] = page.context.storage_state()
        page = self.page(storage_state=server.sessions[who], **options)
        page.goto(server.url)
        return page


@pytest.fixture
def windows(browser) -> Iterator[Windows]:
    with ExitStack() as stack:
        yield Windows(browser, stack)


@pytest.fixture(scope="module")
def lasting_windows(browser) -> Iterator[Windows]:
    """Windows that stay open for the whole file."""
    with ExitStack() as stack:
        yield Windows(browser, stack)
