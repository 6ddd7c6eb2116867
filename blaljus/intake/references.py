"""Checks what rows of an import refer to: other rows, or what was imported earlier."""

from collections.abc import Iterable, Iterator
from typing import Any

from blaljus.domain.imports import (
    AvailabilityRow,
    FileKind,
    Import,
    ImportProblem,
    KnownCodes,
    NightRow,
    ProblemCode,
)
from blaljus.intake.layouts import (
    AGENCIES,
    AVAILABILITY,
    BLOCKS,
    CLASSES,
    NIGHTS,
    SCHOOL_UNITS,
    STAFF,
    Layout,
)
from blaljus.intake.problems import FileProblems

Finding = tuple[int, str, ProblemCode, str]
"""Line, attribute, code, value."""


def check_references(import_: Import, *, known: KnownCodes) -> tuple[ImportProblem, ...]:
    """Return a problem for every reference to nothing, in the order of files and rows.

    `known` holds what is stored already. Where a file was sent that could not be read at all,
    references to what it should hold are not judged. Without any known municipality code,
    municipalities are not judged. Of each file at most 200 problems are listed.
    """
    findings: list[tuple[Layout[Any], Iterator[Finding]]] = [
        (SCHOOL_UNITS, _of_school_units(import_, known)),
        (CLASSES, _of_classes(import_, known)),
        (BLOCKS, _of_blocks(import_, known)),
        (AGENCIES, _of_agencies(import_, known)),
        (STAFF, _of_staff(import_, known)),
        (AVAILABILITY, _of_people(import_.availability, import_, known)),
        (NIGHTS, _of_people(import_.nights, import_, known)),
    ]
    names = {source.kind: source.name for source in import_.sources}
    listed: list[ImportProblem] = []
    for layout, found in findings:
        problems = FileProblems(names.get(layout.kind, layout.kind))
        for line, attribute, code, value in found:
            problems.add(code, row=line, column=layout.column_of(attribute), value=value)
        listed += problems.listed()
    return tuple(listed)


def _of_school_units(import_: Import, known: KnownCodes) -> Iterator[Finding]:
    for row in import_.school_units:
        code = row.municipality_code
        if known.municipality_codes and code not in known.municipality_codes:
            yield row.line, "municipality_code", ProblemCode.FOREIGN_MUNICIPALITY, code


def _of_classes(import_: Import, known: KnownCodes) -> Iterator[Finding]:
    for row in import_.classes:
        if not _is_school(row.school_code, import_, known):
            yield row.line, "school_code", ProblemCode.UNKNOWN_SCHOOL, row.school_code


def _of_blocks(import_: Import, known: KnownCodes) -> Iterator[Finding]:
    for row in import_.blocks:
        if row.school_code is not None and not _is_school(row.school_code, import_, known):
            yield row.line, "school_code", ProblemCode.UNKNOWN_SCHOOL, row.school_code


def _is_school(code: str, import_: Import, known: KnownCodes) -> bool:
    unread = FileKind.SCHOOL_UNITS in import_.unreadable
    return unread or code in known.school_codes or code in import_.named.school_codes


def _of_agencies(import_: Import, known: KnownCodes) -> Iterator[Finding]:
    # An agency may serve municipalities that are not here, but not only such.
    for row in import_.agencies:
        if known.municipality_codes and known.municipality_codes.isdisjoint(row.municipality_codes):
            value = ",".join(row.municipality_codes)
            yield row.line, "municipality_codes", ProblemCode.FOREIGN_MUNICIPALITY, value


def _of_staff(import_: Import, known: KnownCodes) -> Iterator[Finding]:
    names = known.agency_names | import_.named.agency_names
    for row in import_.staff:
        if row.agency not in names and FileKind.AGENCIES not in import_.unreadable:
            yield row.line, "agency", ProblemCode.UNKNOWN_AGENCY, row.agency


def _of_people(
    rows: Iterable[AvailabilityRow | NightRow], import_: Import, known: KnownCodes
) -> Iterator[Finding]:
    refs = known.staff_refs | import_.named.staff_refs
    for row in rows:
        if row.staff_ref not in refs and FileKind.STAFF not in import_.unreadable:
            yield row.line, "staff_ref", ProblemCode.UNKNOWN_STAFF, row.staff_ref
