"""Checks that an import takes nothing over that belongs to somebody else."""

from collections.abc import Iterator
from typing import Any

from blaljus.domain.imports import Import, ImportProblem, KnownCodes, ProblemCode
from blaljus.intake.layouts import AGENCIES, SCHOOL_UNITS, STAFF, Layout
from blaljus.intake.problems import FileProblems

Finding = tuple[int, str, str]
"""Line, attribute, value."""


def check_elsewhere(import_: Import, *, elsewhere: KnownCodes) -> tuple[ImportProblem, ...]:
    """Return a problem for every school, agency or person that is registered elsewhere already.

    `elsewhere` holds their codes and names, case-folded. Of each file at most 200 are listed.
    """
    findings: list[tuple[Layout[Any], Iterator[Finding]]] = [
        (SCHOOL_UNITS, _school_units(import_, elsewhere)),
        (AGENCIES, _agencies(import_, elsewhere)),
        (STAFF, _staff(import_, elsewhere)),
    ]
    names = {source.kind: source.name for source in import_.sources}
    listed: list[ImportProblem] = []
    for layout, found in findings:
        problems = FileProblems(names.get(layout.kind, layout.kind))
        for line, attribute, value in found:
            column = layout.column_of(attribute)
            problems.add(ProblemCode.TAKEN_ELSEWHERE, row=line, column=column, value=value)
        listed += problems.listed()
    return tuple(listed)


def _school_units(import_: Import, elsewhere: KnownCodes) -> Iterator[Finding]:
    for row in import_.school_units:
        if row.code in elsewhere.school_codes:
            yield row.line, "code", row.code


def _agencies(import_: Import, elsewhere: KnownCodes) -> Iterator[Finding]:
    for row in import_.agencies:
        if row.name.casefold() in elsewhere.agency_names:
            yield row.line, "name", row.name


def _staff(import_: Import, elsewhere: KnownCodes) -> Iterator[Finding]:
    for row in import_.staff:
        if row.ref.casefold() in elsewhere.staff_refs:
            yield row.line, "ref", row.ref
