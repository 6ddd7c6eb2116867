"""Example rows of each CSV: what the import page shows, and what its templates hold."""

from collections.abc import Mapping

from blaljus.domain.imports import FileKind
from blaljus.intake.layouts import TABLES

EXAMPLES: Mapping[FileKind, tuple[tuple[str, ...], ...]] = {
    FileKind.CLASSES: (
        ("12345678", "4A", "22", "0", "ordinarie", "klass4a@skola.example", ""),
        ("12345678", "Mellan 4-6", "9", "17", "blandad", "mellan@skola.example", "arabiska"),
    ),
    FileKind.BLOCKS: (
        ("*", "termin", "VT 2027", "2027-01-11", "2027-06-11"),
        ("*", "lov", "Sportlov", "2027-02-22", "2027-02-26"),
        ("12345678", "studiedag", "Studiedag", "2027-03-08", "2027-03-08"),
    ),
    FileKind.AGENCIES: (
        ("Lokalpolisområde Exempel", "polis", "1267,1266", "polis@example.se"),
        ("Räddningstjänsten Exempel", "raddningstjanst", "1267", "raddning@example.se"),
    ),
    FileKind.STAFF: (
        (
            *("polis-1", "Lokalpolisområde Exempel", "Polis 1", "områdespolis"),
            *("p1@example.se", "nej", "arabiska, somaliska"),
        ),
        (
            *("polis-2", "Lokalpolisområde Exempel", "Polis 2", "områdespolis"),
            *("p2@example.se", "ja", ""),
        ),
    ),
    FileKind.AVAILABILITY: (
        ("polis-1", "2027-01-13", "fm", "ledig"),
        ("polis-1", "2027-01-13", "em", "beredskap"),
    ),
    FileKind.NIGHTS: (("polis-2", "2027-01-14"), ("polis-2", "2027-01-15")),
}
"""Rows that go together, of a school with the code 12345678."""

SIGNATURE = "\ufeff"
"""Excel takes a CSV for UTF-8 only when it begins with this mark."""


def columns_of(kind: FileKind) -> tuple[str, ...]:
    """Return the column names of a CSV, in order."""
    layout = next(layout for layout in TABLES if layout.kind is kind)
    return tuple(column.name for column in layout.columns)


def template_csv(kind: FileKind) -> bytes:
    """Return a CSV with the column names and example rows, as Swedish Excel opens it."""
    rows = (columns_of(kind), *EXAMPLES[kind])
    return (SIGNATURE + "".join(";".join(row) + "\r\n" for row in rows)).encode()
