"""The matrix as rows ready to print. Hundreds on a page must cost little: a row is drawn once.

What a row looks like follows from its values alone, so it is kept until something about it changes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup

from blaljus.domain.coverage import ClassCoverage, Coverage
from blaljus.domain.words import CoverageState, Service
from blaljus.i18n import format_short_day, format_span, format_week, msgid, translations
from blaljus.i18n.words import word
from blaljus.templating import render

Cells = tuple[tuple[Service, CoverageState], ...]

GAPS = (
    CoverageState.MISSED,
    CoverageState.NONE,
    CoverageState.OFFERED,
    CoverageState.AT_RISK,
)
"""States that somebody must act on."""

TO_DO, COMING, MET = (msgid("Att göra"), msgid("På gång"), msgid("Klara"))
"""Headings of the list, in its order."""

KEPT = 4096
"""Rows kept drawn in each process: a large county in two languages, a few megabytes."""


@dataclass(frozen=True, slots=True)
class Row:
    """A class as one line, in a language. `slot` is where it has a time; `note` what is wrong.

    `day_off` names what keeps the class away then, or is empty. `clash`: somebody's own calendar
    says busy then.
    """

    id: int
    name: str
    when: str
    place: str
    cells: Cells
    slot: int | None
    lacks_staff: bool
    note: str
    day_off: str
    clash: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, how many rows it has, and these, drawn."""

    title: str
    count: int
    rows: Markup


def sections(
    matrix: Coverage, language: str, titles: Sequence[str], clashing: Collection[int]
) -> list[Section]:
    """Return the classes under some of the three headings; one without classes is left out.

    `clashing` are the ids of the slots where somebody's own calendar says busy.
    """
    found: dict[str, list[Markup]] = {title: [] for title in titles}
    for row in matrix.rows:
        seen = _row(row, language, clashing)
        heading = TO_DO if seen.clash else _heading(row)
        if heading in found:
            found[heading].append(_drawn("coordinator/_row.html", seen, language))
    say = translations(language).gettext
    return [
        Section(say(title), len(rows), Markup().join(rows)) for title, rows in found.items() if rows
    ]


def _heading(row: ClassCoverage) -> str:
    states = set(row.states.values())
    if row.day_off or not states.isdisjoint(GAPS):
        return TO_DO
    return COMING if CoverageState.BOOKED in states else MET


def table_rows(matrix: Coverage, language: str, clashing: Collection[int]) -> Markup:
    """Return the classes as rows of a table, one cell per service, gaps first; as `sections`."""
    return Markup().join(
        _drawn("coordinator/_table-row.html", _row(row, language, clashing), language)
        for row in matrix.rows
    )


def _row(row: ClassCoverage, language: str, clashing: Collection[int]) -> Row:
    slot = row.slot
    cells = tuple(row.states.items())
    return Row(
        row.school_class.id,
        row.school_class.name,
        _when(slot.starts_at, slot.ends_at, language) if slot else "",
        slot.venue_name if slot else "",
        cells,
        slot.id if slot else None,
        CoverageState.AT_RISK in row.states.values(),
        _note(cells, language) if row.placed else translations(language).gettext("Saknar tid"),
        row.day_off,
        slot is not None and slot.id in clashing,
    )


@lru_cache(maxsize=KEPT)
def _note(cells: Cells, language: str) -> str:
    there = {state for _, state in cells}
    return "; ".join(_lacking(state, cells, language) for state in GAPS if state in there)


def _lacking(state: CoverageState, cells: Iterable[tuple[Service, CoverageState]], to: str) -> str:
    named = [word(service, to).lower() for service, there in cells if there is state]
    return f"{word(state, to)}: {', '.join(named)}"


@lru_cache(maxsize=KEPT)
def _when(starts_at: datetime, ends_at: datetime, language: str) -> str:
    day, week = format_short_day(starts_at, language), format_week(starts_at, language)
    return f"{day}, {format_span(starts_at, ends_at, language)}, {week}"


@lru_cache(maxsize=KEPT)
def _drawn(template: str, row: Row, language: str) -> Markup:
    html = " ".join(render(template, language, row=row).split())
    return Markup(html)  # noqa: S704 -- the template has escaped it
