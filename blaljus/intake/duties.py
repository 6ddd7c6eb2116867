"""Checks that an import leaves nobody with a duty that is not theirs to do any more."""

from collections.abc import Iterable
from typing import Any

from blaljus.domain.commitments import Duty
from blaljus.domain.consequences import Unfit
from blaljus.domain.imports import AgencyRow, Import, ImportProblem, ProblemCode, StaffRow
from blaljus.intake.layouts import AGENCIES, STAFF, Layout
from blaljus.intake.problems import FileProblems


def check_duties(import_: Import, *, unfit: Iterable[Unfit]) -> tuple[ImportProblem, ...]:
    """Return a problem for every duty to come that would not fit, in the order of files and rows.

    Of each file at most 200 are listed.
    """
    found = sorted(unfit, key=lambda one: (one.row.line, one.duty.starts_at, one.duty.id))
    names = {source.kind: source.name for source in import_.sources}
    layouts: tuple[tuple[type, Layout[Any]], ...] = ((AgencyRow, AGENCIES), (StaffRow, STAFF))
    listed: list[ImportProblem] = []
    for kind, layout in layouts:
        problems = FileProblems(names.get(layout.kind, layout.kind))
        for one in found:
            if isinstance(one.row, kind):
                code, value = _said(one.duty)
                column = layout.column_of(one.attribute)
                problems.add(code, row=one.row.line, column=column, value=value)
        listed += problems.listed()
    return tuple(listed)


def _said(duty: Duty) -> tuple[ProblemCode, str]:
    """Return what is wrong and with what; of another municipality's slot only whose duty it is."""
    if duty.place is None:
        return ProblemCode.DUTY_ELSEWHERE, duty.name
    halves = "/".join(half for _, half in duty.half_days)
    return ProblemCode.DUTY_STANDS, f"{duty.name}, {duty.day} {halves}, {duty.place}"
