"""What became of a booking: who came, and which stations the class met."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.booking import MAX_ADULTS, MAX_PUPILS
from blaljus.domain.slots import Slot
from blaljus.domain.words import MissCause, VisitState

REPORTABLE = (VisitState.HELD, VisitState.SHORTENED, VisitState.MISSED)
"""What a report may say of a station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationReport:
    """What became of one station; `cause` unless it was held."""

    state: VisitState
    cause: MissCause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceReport:
    """Counts of those present, and a report per station id."""

    pupils: int
    adults: int
    stations: Mapping[int, StationReport]


def may_report(slot: Slot, *, now: datetime) -> bool:
    """Return whether attendance may be reported: from the start of the slot."""
    return slot.starts_at <= now


def report_problems(report: AttendanceReport, stations: Collection[int]) -> dict[str, str]:
    """Return a stable code per field that cannot be right; every station needs an answer."""
    problems: dict[str, str] = {}
    if not 0 <= report.pupils <= MAX_PUPILS:
        problems["pupils"] = "pupils-range"
    if not 0 <= report.adults <= MAX_ADULTS:
        problems["adults"] = "adults-range"
    for station in stations:
        told = report.stations.get(station)
        if told is None or told.state not in REPORTABLE:
            problems[f"station-{station}"] = "station-missing"
        elif told.state is not VisitState.HELD and told.cause is None:
            problems[f"cause-{station}"] = "cause-missing"
    return problems
