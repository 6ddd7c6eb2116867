"""A real subscription: vdirsyncer fetches from a running server, khal shows what it fetched."""

import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from journeys.steps import click, follow, press

from blaljus.domain.localtime import LOCAL
from blaljus.i18n import format_moment

pytestmark = pytest.mark.journey

OFFICER = "polis-1@blaljus.example"
PROGRAMS = Path(__file__).parents[2] / ".venv" / "calendars" / "bin"
"""tests/prepare.sh puts them there."""
FORMAT = "{start-date}T{start-time}|{end-date}T{end-time}|{title}"

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair duties]
a = "remote"
b = "local"
collections = null
[storage remote]
type = "http"
url = "{url}"
[storage local]
type = "filesystem"
path = "{folder}/duties/"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[duties]]
path = {folder}/duties/
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
default_timezone = Europe/Stockholm
local_timezone = Europe/Stockholm
[sqlite]
path = {folder}/khal.db
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person's computer with both programs set up."""

    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        config = self.folder / f"{program}.conf"
        environment = {"HOME": str(self.folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        ran = subprocess.run(
            [PROGRAMS / program, "--config", config, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def sync(self) -> dict[str, tuple[bytes, int]]:
        """Fetch; return every file with its content and when it was written."""
        self.run("vdirsyncer", "sync")
        files = sorted((self.folder / "duties").iterdir())
        return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}

    def shown(self) -> list[tuple[str, str]]:
        """Return what khal shows of the school year, (when, what) in the pages' words, sorted.

        vdirsyncer gives events of a subscription names of its own: there are no UIDs to tell.
        """
        listed = self.run(
            "khal", "list", "--day-format", "", "--format", FORMAT, "2026-12-01", "2027-07-01"
        )
        rows = [line.split("|") for line in listed.splitlines() if "|" in line]
        return sorted((_when(start, end), title) for start, end, title in rows)


def _when(start: str, end: str) -> str:
    moments = [datetime.fromisoformat(text).replace(tzinfo=LOCAL) for text in (start, end)]
    return format_moment(*moments, "sv")


@pytest.fixture
def server(start):
    return start("planned", OFFICER)


@pytest.fixture
def officer(windows, server):
    return windows.signed_in(server, OFFICER)


@pytest.fixture
def subscriber(officer, server, tmp_path):
    """Subscribe as a person does: open an address and give it to the program."""
    officer.goto(f"{server.url}/personal/kalender")
    press(officer, "Skapa adress")
    url = officer.get_by_label("Kalenderns adress").input_value()
    for name, text in (("vdirsyncer", VDIRSYNCER), ("khal", KHAL)):
        (tmp_path / f"{name}.conf").write_text(text.format(folder=tmp_path, url=url))
    found = Subscriber(folder=tmp_path)
    (tmp_path / "duties").mkdir()
    found.run("vdirsyncer", "discover")
    return found


def on_pages(page, server):
    """Return (when, what) of each duty, as its own page says it, sorted."""
    page.goto(f"{server.url}/personal/uppdrag")
    links = page.get_by_role("main").locator("a[href^='/personal/uppdrag/']")
    addresses = {link.get_attribute("href") for link in links.all()}
    said = []
    for address in sorted(a for a in addresses if a.rpartition("/")[2].isdigit()):
        page.goto(server.url + address)
        when = page.locator("main .lead").first.inner_text()
        said.append((when, f"Blåljusdag: {page.locator('main h1').inner_text()}"))
    return sorted(said)


def test_a_subscriber_sees_what_the_pages_say_and_a_change_once(officer, server, subscriber):
    first = subscriber.sync()
    shown = subscriber.shown()
    assert len(shown) == len(first) >= 2
    assert shown == on_pages(officer, server)

    assert subscriber.sync() == first
    assert subscriber.shown() == shown

    officer.goto(f"{server.url}/personal/uppdrag")
    click(officer, officer.locator("main a[href^='/personal/uppdrag/']").first)
    when, what = (
        officer.locator("main .lead").first.inner_text(),
        f"Blåljusdag: {officer.locator('main h1').inner_text()}",
    )
    follow(officer, "Jag kan inte")
    press(officer, "Nej, jag kan inte")
    changed = subscriber.sync()
    after = subscriber.shown()

    others = [event for event in shown if event != (when, what)]
    assert after == sorted([*others, (when, f"INSTÄLLT: {what}")])
    assert len(set(changed.items()) - set(first.items())) == 1
    assert subscriber.sync() == changed


def test_the_program_is_known_by_its_kind_on_the_page(officer, server, subscriber):
    subscriber.sync()

    officer.goto(f"{server.url}/personal/kalender")
    said = officer.get_by_role("main").inner_text()
    assert "med allt nytt" in said
    assert "Program: DAVx⁵, ICSx⁵ eller vdirsyncer." in said
