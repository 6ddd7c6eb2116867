"""The matrix as rows ready to print. Hundreds on a page must cost little: looks are drawn once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup

from blaljus.domain.coverage import ClassCoverage, Coverage
from blaljus.domain.words import CoverageState, Service
from blaljus.i18n import format_short_day, format_span, format_week, msgid, translations
from blaljus.i18n.words import word
from blaljus.templating import render

GAPS = (
    CoverageState.MISSED,
    CoverageState.NONE,
    CoverageState.OFFERED,
    CoverageState.AT_RISK,
)
"""States that somebody must act on."""

TO_DO, COMING, DONE = (msgid("Att göra"), msgid("På gång"), msgid("Klara"))
"""Headings of the list, in its order."""


@dataclass(frozen=True, slots=True)
class Row:
    """A class as one line. `slot` is where it has a time; `note` says what is wrong."""

    id: int
    name: str
    when: str
    place: str
    cells: Sequence[Markup]
    slot: int | None
    lacks_staff: bool
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its rows."""

    title: str
    rows: Sequence[Row]


def sections(
    matrix: Coverage, language: str, titles: Sequence[str] = (TO_DO, COMING, DONE)
) -> list[Section]:
    """Return the classes under these headings, each with its pips in one cell; gaps first."""
    found: dict[str, list[Row]] = {title: [] for title in titles}
    for row in matrix.rows:
        heading = _heading(row)
        if heading in found:
            pips = _pips(tuple(row.states.items()), language)
            found[heading].append(_row(row, (pips,), language))
    say = translations(language).gettext
    return [Section(say(title), rows) for title, rows in found.items() if rows]


def _heading(row: ClassCoverage) -> str:
    states = set(row.states.values())
    if not states.isdisjoint(GAPS):
        return TO_DO
    return COMING if CoverageState.BOOKED in states else DONE


def table_rows(matrix: Coverage, language: str) -> list[Row]:
    """Return the classes with one cell per service, in the order of `matrix.required`."""
    return [
        _row(row, [state_tag(row.states[s], language) for s in matrix.required], language)
        for row in matrix.rows
    ]


def _row(row: ClassCoverage, cells: Sequence[Markup], language: str) -> Row:
    slot = row.slot
    return Row(
        row.school_class.id,
        row.school_class.name,
        _when(slot.starts_at, slot.ends_at, language) if slot else "",
        slot.venue_name if slot else "",
        cells,
        slot.id if slot else None,
        CoverageState.AT_RISK in row.states.values(),
        _note(row, language),
    )


def _note(row: ClassCoverage, language: str) -> str:
    if not row.placed:
        return translations(language).gettext("Saknar tid")
    wrong = [state for state in GAPS if state in row.states.values()]
    return "; ".join(_lacking(state, row.states.items(), language) for state in wrong)


def _lacking(
    state: CoverageState, cells: Iterable[tuple[Service, CoverageState]], language: str
) -> str:
    named = [word(service, language).lower() for service, there in cells if there is state]
    return f"{word(state, language)}: {', '.join(named)}"


@lru_cache(maxsize=4096)
def _when(starts_at: datetime, ends_at: datetime, language: str) -> str:
    day, week = format_short_day(starts_at, language), format_week(starts_at, language)
    return f"{day}, {format_span(starts_at, ends_at, language)}, {week}"


@lru_cache(maxsize=1024)
def _pips(cells: tuple[tuple[Service, CoverageState], ...], language: str) -> Markup:
    return _drawn("coordinator/_pips.html", language, cells=cells)


@lru_cache(maxsize=64)
def state_tag(state: CoverageState, language: str) -> Markup:
    """Return a cell of the table: symbol, word and colour."""
    return _drawn("coordinator/_state.html", language, state=state)


def _drawn(template: str, language: str, **context: object) -> Markup:
    html = " ".join(render(template, language, **context).split())
    return Markup(html)  # noqa: S704 -- the template has escaped it
