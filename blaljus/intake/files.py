"""Reads the files of one import, as they lie in a folder or come from a form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from blaljus.domain.imports import (
    FileKind,
    Import,
    ImportProblem,
    KnownCodes,
    ProblemCode,
    SourceFile,
)
from blaljus.intake.decoding import DecodingError, decode
from blaljus.intake.layouts import TABLES
from blaljus.intake.problems import FileProblems, shown
from blaljus.intake.rows import RowReader
from blaljus.intake.school_units import read_school_units
from blaljus.intake.tables import layout_by_header, read_table
from blaljus.intake.texts import fold

MAX_FILES = 50
"""Files in one import: the six we read, calendars and what else lies in the folder."""

LAYOUTS = {layout.kind: layout for layout in TABLES}

_IGNORED = re.compile(r"readme(\.\w+)?|.*\.ics|\..*|thumbs\.db|desktop\.ini", re.IGNORECASE)
"""Calendars are read elsewhere; the others come along with any folder."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    sources: list[SourceFile] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    readers: dict[FileKind, RowReader[Any]] = field(default_factory=dict)
    problems: list[ImportProblem] = field(default_factory=list)


def read_import(files: Mapping[str, bytes]) -> tuple[Import, tuple[ImportProblem, ...]]:
    """Return the sound rows of all files (name to content) and every problem, by file name.

    A file is known by its name, else by its header. References between rows are not looked at:
    that is `check_references`. Of each file at most 200 problems are listed, the rest counted.
    """
    reading = _Reading()
    for count, name in enumerate(sorted(files)):
        if count == MAX_FILES:
            reading.problems.append(_of_all(ProblemCode.TOO_MANY_FILES, str(MAX_FILES)))
            break
        _read_file(reading, name, files[name])
    if not reading.sources and not reading.problems:
        reading.problems.append(_of_all(ProblemCode.NO_FILES))
    return _import(reading), tuple(reading.problems)


def _read_file(reading: _Reading, path: str, content: bytes) -> None:
    """Read one file into what has been read so far."""
    name = PurePosixPath(path.replace("\\", "/")).name
    if _IGNORED.fullmatch(name):
        reading.ignored.append(shown(name))
        return
    problems = FileProblems(name)
    _read_content(reading, _kind_by_name(name), content, problems)
    reading.problems += problems.listed()


def _read_content(
    reading: _Reading, kind: FileKind | None, content: bytes, problems: FileProblems
) -> None:
    """Decode a file, find out its kind if its name did not say, and read its rows."""
    text = ""
    try:
        text = decode(content)
    except DecodingError as error:
        problems.add(error.code, row=error.row)
    kind = kind or _kind_by_content(text)
    if kind is None:
        if text:
            problems.add(ProblemCode.UNKNOWN_FILE)
        return
    if any(source.kind is kind for source in reading.sources):
        problems.add(ProblemCode.SAME_KIND_TWICE)
        return
    reading.sources.append(SourceFile(kind=kind, name=problems.file))
    if text and (reader := _read_rows(kind, text, problems)):
        reading.readers[kind] = reader


def _read_rows(kind: FileKind, text: str, problems: FileProblems) -> RowReader[Any] | None:
    """Read the rows of a known kind; `None` if the file is not understood."""
    if kind is FileKind.SCHOOL_UNITS:
        return read_school_units(text, problems)
    if _is_json(text):
        problems.add(ProblemCode.LOOKS_LIKE_JSON)
        return None
    return read_table(LAYOUTS[kind], text, problems)


def _kind_by_name(name: str) -> FileKind | None:
    """Return the kind a file name tells, whatever its ending, case and accents."""
    stems = {fold(kind): kind for kind in FileKind}
    return stems.get(fold(PurePosixPath(name).stem))


def _kind_by_content(text: str) -> FileKind | None:
    """Return the kind that the first characters or the header tell."""
    if _is_json(text):
        return FileKind.SCHOOL_UNITS
    layout = layout_by_header(text)
    return layout.kind if layout else None


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("[", "{"))


def _of_all(code: ProblemCode, value: str = "") -> ImportProblem:
    """Return a problem that is no single file's."""
    return ImportProblem(file="", row=None, column=None, code=code, value=value)


def _import(reading: _Reading) -> Import:
    """Gather what the readers hold."""

    def rows(kind: FileKind) -> tuple[Any, ...]:
        return tuple(reading.readers[kind].rows) if kind in reading.readers else ()

    def keys(kind: FileKind) -> frozenset[str]:
        return frozenset(reading.readers[kind].keys if kind in reading.readers else ())

    return Import(
        school_units=rows(FileKind.SCHOOL_UNITS),
        classes=rows(FileKind.CLASSES),
        blocks=rows(FileKind.BLOCKS),
        agencies=rows(FileKind.AGENCIES),
        staff=rows(FileKind.STAFF),
        availability=rows(FileKind.AVAILABILITY),
        nights=rows(FileKind.NIGHTS),
        sources=tuple(reading.sources),
        ignored=tuple(reading.ignored),
        named=KnownCodes(
            school_codes=keys(FileKind.SCHOOL_UNITS),
            agency_names=keys(FileKind.AGENCIES),
            staff_refs=keys(FileKind.STAFF),
        ),
        unreadable=frozenset(
            source.kind for source in reading.sources if source.kind not in reading.readers
        ),
    )
