from pathlib import Path

import pytest

import blaljus.demo

HOOR = Path(blaljus.demo.__path__[0]) / "hoor"


@pytest.fixture(scope="session")
def hoor():
    """The files of Höör by name; tests copy before they change."""
    return {path.name: path.read_bytes() for path in HOOR.iterdir()}


@pytest.fixture
def edited(hoor):
    """Höör's files with one line of one CSV replaced (lines count from 1), or added at the end.

    Availability, by far the largest, is only there when it is what changes.
    """
    small = {name: content for name, content in hoor.items() if name != "tillganglighet.csv"}

    def edit(name, line, text):
        lines = hoor[name].decode().splitlines()
        lines[line - 1 : line] = [text]
        return {**small, name: "\r\n".join(lines).encode()}

    return edit
