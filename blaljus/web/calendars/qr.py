"""QR codes as a path of an SVG; `templates/calendars/_qr.html` draws it."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET = 4
"""Empty modules around the code, as ISO/IEC 18004 asks: cameras find its edge by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """A square of `size` modules each way, quiet zone included; `path` draws the dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Return the code of a text: 15 % of it may be dirty or torn."""
    matrix = segno.make(text, error="m", micro=False).matrix
    rows = (_row(row, y) for y, row in enumerate(matrix, start=QUIET))
    return QrCode(size=len(matrix) + 2 * QUIET, path="".join(rows))


def _row(row: bytearray, y: int) -> str:
    """Return the dark runs of a row as lines, each in the middle of its modules."""
    drawn, x = [], QUIET
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            drawn.append(f"M{x} {y}.5h{length}")
        x += length
    return "".join(drawn)
