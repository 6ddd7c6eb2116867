"""The forecast as JSON, CSV and a table for the terminal: the same facts, the same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from blaljus.domain.forecast import Forecast, ServiceOutlook, Week, monday_of_week
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import Municipality, SchoolClass
from blaljus.i18n.words import word
from blaljus.reports.cells import as_csv

STATES = {
    "no-plan": "Läsåret är inte planerat än.",
    "season-over": "Inga skoldagar är kvar att planera på.",
    "no-classes": "Inga klasser är inlästa.",
    "all-placed": "Alla klasser har tid.",
    "no-times": "Ingen har angett några tider än.",
}
"""What is said where there is nothing to foresee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastReport:
    """A forecast with whose and when it is. `state` is `open`, or one of `STATES`."""

    municipality: Municipality
    year: SchoolYear
    as_of: datetime
    state: str
    forecast: Forecast
    stranded: Sequence[SchoolClass]
    plan_by: date | None


def forecast_json(report: ForecastReport) -> bytes:
    """Return the forecast as indented JSON; weeks as `2027-W08`."""
    found = report.forecast
    document = {
        "municipality": report.municipality.code,
        "school_year": str(report.year),
        "as_of": report.as_of.isoformat(),
        "state": report.state,
        "classes": found.classes,
        "stranded": [
            {"school_unit_code": c.school_code, "class": c.label} for c in report.stranded
        ],
        "last_week": _week_text(found.last_week),
        "plan_by": report.plan_by,
        "bottlenecks": [service.value for service in found.bottlenecks],
        "services": [_service_json(row) for row in found.services],
        "weeks": [
            {
                "week": _week_text(row.week),
                "service": row.service.value,
                "half_days": row.half_days,
                "left": row.left,
            }
            for row in found.weeks
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _service_json(row: ServiceOutlook) -> dict[str, object]:
    return {
        "service": row.service.value,
        "needed_at_least": row.needed,
        "left_at_most": row.left,
        "classes_at_most": row.classes_at_most,
        "last_week": _week_text(row.last_week),
    }


def _week_text(week: Week | None) -> str | None:
    return f"{week[0]}-W{week[1]:02}" if week else None


def forecast_csv(report: ForecastReport) -> bytes:
    """Return a line per week and service for a spreadsheet: given in the week, left, needed."""
    needed = {row.service: row.needed for row in report.forecast.services}
    rows: list[list[object]] = [
        ["vecka", "mandag", "verksamhet", "halvdagar_i_veckan", "halvdagar_kvar", "behovs_minst"]
    ]
    rows += [
        [
            _week_text(row.week),
            monday_of_week(row.week),
            word(row.service, "sv"),
            row.half_days,
            row.left,
            needed[row.service],
        ]
        for row in report.forecast.weeks
    ]
    return as_csv(rows)


def forecast_table(report: ForecastReport) -> str:
    """Return the forecast for a terminal, in Swedish: what can be kept, then each service."""
    head = f"Prognos för {report.municipality.name} läsåret {report.year}"
    if report.state in STATES:
        return f"{head}\n\n{STATES[report.state]}\n"
    found = report.forecast
    lines = [head, "", f"{found.classes} klasser saknar tid.", *_verdict(report), ""]
    lines.append(f"{'Verksamhet':<20}{'behövs':>8}{'kvar':>8}{'klasser':>9}  senast")
    lines += [
        f"{word(row.service, 'sv'):<20}{row.needed:>8}{row.left:>8}{row.classes_at_most:>9}  "
        f"{_spoken(row.last_week)}"
        for row in found.services
    ]
    return "\n".join(lines) + "\n"


def _verdict(report: ForecastReport) -> list[str]:
    found = report.forecast
    lines = [f"{c.name} har inga egna tider som passar någon plats." for c in report.stranded]
    if report.plan_by is None:
        return ["Löftet kan inte hållas som det är.", *lines]
    return [
        f"Löftet kan ännu hållas, om blåljusdagarna börjar senast {_spoken(found.last_week)}.",
        f"Planera senast {report.plan_by}.",
    ]


def _spoken(week: Week | None) -> str:
    return f"v. {week[1]} {week[0]}" if week else "–"
