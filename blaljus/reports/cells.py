"""Cells of files that spreadsheets open: none of them may act as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

ACTING = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet takes for a formula."""


def cell(value: object) -> str:
    """Return a value as text that a spreadsheet shows and never runs."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(ACTING) else text


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as Swedish Excel reads them: semicolons, CRLF, UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
