"""Draws the README's two pictures from a fresh demo: `make screenshots`.

Chromium is taken from BLALJUS_CHROMIUM, else from PATH, else from Playwright.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent
PICTURES = {"lärare": "teacher.png", "samordnare": "coordinator.png"}
"""The role whose first page is drawn, and the file."""

WIDTH, HEIGHT = 1280, 900
"""CSS pixels; a picture is cut where the page goes on."""

MOST_BYTES = 150_000
"""Pictures travel with every clone."""

START_SECONDS = 60
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """Serve the demo on a fresh database; yields the way in of each role."""
    with TemporaryDirectory() as folder, socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
        found.close()
        environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("BLALJUS_")},
            "BLALJUS_MODE": "demo",
            "BLALJUS_DATABASE_URL": f"sqlite:///{folder}/blaljus.sqlite",
            "BLALJUS_PORT": str(port),
            "BLALJUS_BASE_URL": f"http://127.0.0.1:{port}",
        }
        command = [sys.executable, "-m", "blaljus", "serve", "--demo"]
        with subprocess.Popen(  # noqa: S603 -- our own program
            command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as server:
            try:
                yield _ways_in(server, port)
            finally:
                server.terminate()


def _ways_in(server: subprocess.Popen[str], port: int) -> dict[str, str]:
    """Read a line per role, and wait until the port answers."""
    assert server.stdout is not None
    lines = [server.stdout.readline().rstrip("\n").split("\t") for _ in range(3)]
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return dict(lines)
        time.sleep(0.1)
    raise TimeoutError(port)


def draw(browser: Browser, way_in: str, file: Path) -> None:
    """Sign in and draw the first page."""
    page = browser.new_page(locale="sv-SE", viewport={"width": WIDTH, "height": HEIGHT})
    page.goto(way_in)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_load_state()
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=file)
    page.close()


def main() -> None:
    """Draw both; stops when one is too large to keep."""
    path = os.environ.get("BLALJUS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with demo() as ways_in, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for role, name in PICTURES.items():
            file = FOLDER / name
            draw(browser, ways_in[role], file)
            size = file.stat().st_size
            click.echo(f"{file.name}: {size} bytes")
            if size > MOST_BYTES:
                raise SystemExit(f"{file.name} is larger than {MOST_BYTES} bytes")
        browser.close()


if __name__ == "__main__":
    main()
