"""Coverage as JSON, CSV and a table for the terminal: the same facts, the same order."""

from datetime import datetime

import msgspec

from blaljus.domain.booking import spoken_number
from blaljus.domain.coverage import ClassCoverage, Coverage
from blaljus.domain.localtime import SchoolYear, local, local_day
from blaljus.domain.schools import Municipality
from blaljus.domain.words import CoverageState
from blaljus.i18n.words import word
from blaljus.reports.cells import as_csv

MARKS = {
    CoverageState.NONE: "–",
    CoverageState.OFFERED: "○",
    CoverageState.BOOKED: "●",
    CoverageState.AT_RISK: "!",
    CoverageState.MET: "✓",
    CoverageState.MISSED: "✕",
}
"""A mark beside the word, as on screens."""


def coverage_json(
    matrix: Coverage, municipality: Municipality, year: SchoolYear, as_of: datetime
) -> bytes:
    """Return the matrix as indented JSON: classes by school code and label, every state counted."""
    rows = sorted(matrix.rows, key=lambda r: (r.school_class.school_code, r.school_class.label))
    document = {
        "municipality": municipality.code,
        "school_year": str(year),
        "as_of": as_of.isoformat(),
        "classes": [_class_json(row) for row in rows],
        "not_answered": sorted(unit.code for unit in matrix.unanswered),
        "totals": {state.value: count for state, count in matrix.totals.items()},
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _class_json(row: ClassCoverage) -> dict[str, object]:
    return {
        "school_unit_code": row.school_class.school_code,
        "school": row.school_class.school,
        "class": row.school_class.label,
        "year4_pupils": row.school_class.year4_pupils,
        "services": {service.value: state.value for service, state in row.states.items()},
    }


def coverage_csv(matrix: Coverage) -> bytes:
    """Return the matrix for a spreadsheet, gaps first; schools without an answer stand last."""
    head = ["skolenhetskod", "skola", "klass", "elever_ak4"]
    head += [service.value for service in matrix.required]
    rows = [[*head, "dag", "tid", "plats", "bokningsnummer"]]
    rows += [_csv_row(matrix, row) for row in matrix.rows]
    blank = [""] * (len(head) - 4 + 4)
    rows += [[unit.code, unit.name, "har inte svarat", "", *blank] for unit in matrix.unanswered]
    return as_csv(rows)


def _csv_row(matrix: Coverage, row: ClassCoverage) -> list[str]:
    c, slot = row.school_class, row.slot
    when = local(slot.starts_at) if slot else None
    return [
        c.school_code,
        c.school,
        c.label,
        str(c.year4_pupils),
        *(word(row.states[service], "sv") for service in matrix.required),
        local_day(slot.starts_at).isoformat() if slot else "",
        f"{when:%H.%M}" if when else "",
        slot.venue_name if slot else "",
        spoken_number(row.booking.number) if row.booking else "",
    ]


def coverage_table(matrix: Coverage, municipality: Municipality, year: SchoolYear) -> str:
    """Return the matrix for a terminal, in Swedish, gaps first, with the totals in words."""
    names = [row.school_class.name for row in matrix.rows]
    width = max((len(name) for name in names), default=5)
    lines = [f"Täckning i {municipality.name} läsåret {year}", ""]
    head = "".join(f"{word(service, 'sv'):<18}" for service in matrix.required)
    lines.append(f"{'Klass':<{width}}  {head}".rstrip())
    for name, row in zip(names, matrix.rows, strict=True):
        states = (row.states[service] for service in matrix.required)
        cells = "".join(f"{MARKS[state]} {word(state, 'sv'):<16}" for state in states)
        lines.append(f"{name:<{width}}  {cells}".rstrip())
    return "\n".join([*lines, "", *_totals(matrix)]) + "\n"


def _totals(matrix: Coverage) -> list[str]:
    placed = sum(row.placed for row in matrix.rows)
    cells = ", ".join(f"{word(s, 'sv')} {n}" for s, n in matrix.totals.items() if n)
    lines = [f"{len(matrix.rows)} klasser, {placed} med tid. Möten: {cells or 'inga'}."]
    if matrix.rows and placed == len(matrix.rows):
        services = ", ".join(word(service, "sv").lower() for service in matrix.required)
        lines.append(f"Alla klasser har tid med {services}.")
    lines += [
        f"{row.school_class.name} kan inte komma på sin tid: {row.day_off}."
        for row in matrix.rows
        if row.day_off
    ]
    for unit in matrix.unanswered:
        lines.append(f"{unit.name} ({unit.code}) har inte svarat.")
    return lines
