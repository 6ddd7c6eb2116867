"""JSON from outside as typed rows; every mistake is said as a place and a reason, in words."""

import json
import os
import re
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

T = TypeVar("T")

MAX_BYTES = 32 * 2**20
"""A season of 6,000 classes is 4 MB; this leaves room for eight countries."""

MAX_LINES = 20
"""More mistakes than this help nobody to mend the first."""

MASK = r"\A0x[0-9a-fA-F]+\Z"
"""How a mask of half-days is written."""

KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "null": "null",
    "object": "an object {…}",
    "array": "a list […]",
    "date": "a date",
}


class SeasonError(ValueError):
    """A file of a season that cannot be used: one line for each mistake, `place: reason`.

    What is wrong with the whole file has no place.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(islice(lines, MAX_LINES))
        super().__init__("\n".join(self.lines))


def read_file(path: Path) -> bytes:
    """Return a file's bytes, or raise `SeasonError`; a larger one than `MAX_BYTES` is not read."""
    try:
        if path.is_dir():
            raise SeasonError(["a folder, not a file"])
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1) if _size(file) <= MAX_BYTES else None
    except OSError as error:
        raise SeasonError([str(error.strerror)]) from None
    if data is None or len(data) > MAX_BYTES:
        raise SeasonError([f"larger than {MAX_BYTES // 2**20} MB"])
    return data


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def parse(data: bytes) -> object:
    """Return the content of a JSON file, or raise `SeasonError`."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SeasonError([f"line {line}: not UTF-8 (byte {error.start})"]) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SeasonError([f"{place}: not JSON ({error.msg})"]) from None
    except RecursionError:
        raise SeasonError(["nested too deeply"]) from None
    except ValueError:
        raise SeasonError(["a number of thousands of digits"]) from None


def typed(content: object, type_: type[T]) -> T:
    """Return parsed JSON as `type_`, or raise `SeasonError` at the first mistake."""
    try:
        return msgspec.convert(content, type_)
    except msgspec.ValidationError as error:
        raise SeasonError([_in_words(str(error))]) from None


def _in_words(message: str) -> str:
    reason, _, path = message.partition(" - at `")
    place = path.removesuffix("`").removeprefix("$").removeprefix(".")
    missing = re.fullmatch(r"Object missing required field `(\w+)`", reason)
    if missing:
        return f"{place}.{missing[1]}: is missing".removeprefix(".")
    return f"{place}: {_reason(reason)}".removeprefix(": ")


def _reason(reason: str) -> str:
    for pattern, words in REASONS:
        found = re.fullmatch(pattern, reason)
        if found:
            return words(found)
    return reason


def _kinds(types: str) -> str:
    return " or ".join(KINDS.get(name, name) for name in types.split(" | "))


REASONS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"Expected `str` matching regex .*", lambda _: "a mask in hexadecimal is wanted, as 0x1f"),
    (r"Expected `array` of length >= (\d+)", lambda m: f"at least {m[1]} is wanted in the list"),
    (r"Expected `array` of length <= (\d+)", lambda m: f"at most {m[1]} are taken in the list"),
    (r"Expected `(\w+)` >= (\S+)", lambda m: f"{_kinds(m[1])} of at least {m[2]} is wanted"),
    (r"Expected `(\w+)` <= (\S+)", lambda m: f"{_kinds(m[1])} of at most {m[2]} is wanted"),
    (
        r"Expected `([^`]*)`, got `([^`]*)`",
        lambda m: f"{_kinds(m[1])} is wanted, not {_kinds(m[2])}",
    ),
    (r"Invalid enum value (.*)", lambda m: f"{m[1]} is not one of the words that are known"),
    (r"Invalid RFC3339 encoded date", lambda _: "a date is wanted, as 2026-09-01"),
)
