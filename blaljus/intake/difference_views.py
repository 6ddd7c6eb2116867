"""A difference as lists of texts, for a page or a terminal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from blaljus.domain.differences import Changed, Difference, RowsDifference
from blaljus.domain.imports import FileKind
from blaljus.intake.difference_words import (
    FILE_NAMES,
    Wording,
    change_texts,
    kept_text,
    kind_title,
    row_title,
)

T = TypeVar("T")

MAX_ITEMS = 50
"""Rows shown of a list: what somebody still reads. The others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Some rows with one fate. `more` counts those that are not shown."""

    title: str
    items: tuple[str, ...]
    more: int

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.items) + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """What one file would change, in words. `stays` are rows that are kept as they are."""

    title: str
    file: str
    added: int
    changed: int
    removed: int
    unchanged: int
    changes: tuple[Section, ...]
    stays: tuple[Section, ...]


def file_views(
    difference: Difference, language: str, schools: Mapping[str, str]
) -> tuple[FileView, ...]:
    """Return the files that were sent, in the order they are read; `schools` are names by code."""
    wording = Wording(language=language, schools=schools)
    return tuple(_view(found, wording) for found in difference.files)


def _view(found: RowsDifference[Any], wording: Wording) -> FileView:
    say = wording.say
    title = _titled(wording)
    ends = say("Avslutas") if found.kind is FileKind.CLASSES else say("Tas bort")
    changes = (
        _section(say("Ändras"), found.changed, lambda row: _changed_text(row, wording)),
        _section(ends, found.removed, title),
        _section(say("Läggs till"), found.added, title),
    )
    stays = (
        _section(
            say(
                "Står kvar: personen har uppdrag då. Kan den inte komma, byt ut den på passets sida"
            ),
            found.kept,
            lambda kept: kept_text(kept, wording),
        ),
        _section(say("Saknas i filen men är bokade: avgör själv"), found.undecided, title),
        _section(say("Finns i systemet men inte i filen"), found.missing, title),
    )
    return FileView(
        title=kind_title(found.kind, wording.language),
        file=FILE_NAMES[found.kind],
        added=len(found.added),
        changed=len(found.changed),
        removed=len(found.removed),
        unchanged=found.unchanged,
        changes=tuple(section for section in changes if section.count),
        stays=tuple(section for section in stays if section.count),
    )


def _titled(wording: Wording) -> Callable[[Any], str]:
    return lambda row: row_title(row, wording)


def _changed_text(changed: Changed[Any], wording: Wording) -> str:
    changes = change_texts(changed, wording.language)
    return f"{row_title(changed.row, wording)}: {'; '.join(changes)}"


def _section(title: str, rows: Sequence[T], text: Callable[[T], str]) -> Section:
    shown = tuple(text(row) for row in rows[:MAX_ITEMS])
    return Section(title=title, items=shown, more=len(rows) - len(shown))
