"""Log lines for machines: whatever an event holds, a line comes of it."""

import json
from contextlib import contextmanager
from datetime import date

import pytest
import structlog

from blaljus.logs import configure_logs


@contextmanager
def lines_for_machines():
    before = structlog.get_config()
    configure_logs("json")
    try:
        yield
    finally:
        structlog.configure(**before)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Höör\nFrostavallen", "Höör\nFrostavallen"),
        (7, 7),
        ([None, True, 0.5], [None, True, 0.5]),
        (date(2027, 3, 16), "2027-03-16"),
        (ValueError("no"), "ValueError('no')"),
        ("half \udcff", "half \udcff"),
        (2**80, 2**80),
    ],
)
def test_every_value_comes_in_a_line_of_json(capsys, value, shown):
    with lines_for_machines():
        structlog.get_logger().info("seen", value=value)

    (line,) = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert event.pop("timestamp")[-1] == "Z"
    assert event == {"event": "seen", "level": "info", "value": shown}
