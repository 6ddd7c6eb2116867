"""What the pages of imports show: files, problems and counts in the visitor's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from blaljus.domain.imports import FileKind, ImportProblem
from blaljus.domain.localtime import SchoolYear
from blaljus.i18n import translations
from blaljus.intake.difference_words import FILE_NAMES, kind_title
from blaljus.intake.examples import EXAMPLES, columns_of
from blaljus.intake.words import problem_text


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHelp:
    """One kind of file that can be sent. Without `rows` it comes from the national register."""

    title: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """One problem; `where` is empty for one of the whole file."""

    where: str
    text: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCounts:
    """What an import did with one kind of file."""

    title: str
    added: int
    changed: int
    removed: int


def file_helps(language: str) -> list[FileHelp]:
    """Return the kinds of files, in the order they are read."""
    return [_help(kind, language) for kind in FILE_NAMES]


def _help(kind: FileKind, language: str) -> FileHelp:
    is_table = kind in EXAMPLES
    columns = columns_of(kind) if is_table else ()
    rows = (";".join(columns), *(";".join(row) for row in EXAMPLES.get(kind, ())))
    return FileHelp(
        title=kind_title(kind, language),
        name=FILE_NAMES[kind],
        columns=columns,
        rows=rows if is_table else (),
    )


def problem_groups(
    problems: Iterable[ImportProblem], language: str
) -> list[tuple[str, list[ProblemLine]]]:
    """Return the problems of each file, in their order; the file of some is an empty text."""
    grouped = groupby(problems, key=lambda problem: problem.file)
    return [(file, [_line(problem, language) for problem in found]) for file, found in grouped]


def _line(problem: ImportProblem, language: str) -> ProblemLine:
    say = translations(language).gettext
    row = say("rad %(row)s") % {"row": problem.row} if problem.row else ""
    where = ", ".join(filter(None, (row, problem.column)))
    text = problem_text(problem, say)
    return ProblemLine(
        where=where[:1].upper() + where[1:],
        text=text,
        value="" if problem.value in text else problem.value,
    )


def counted(counts: Mapping[str, Mapping[str, int]], language: str) -> list[FileCounts]:
    """Return what an import did, in the order files are read."""
    return [
        FileCounts(title=kind_title(kind, language), **counts[kind.value])
        for kind in FILE_NAMES
        if kind.value in counts
    ]


def year_options(year: SchoolYear, language: str) -> list[tuple[str, str]]:
    """Return the choices of a school year: what the files say, this one, or the next."""
    say = translations(language).gettext
    following = SchoolYear(year.start + 1)
    by_file = say("Som i filen lasar.csv, annars %(year)s") % {"year": year}
    return [("", by_file), (str(year), str(year)), (str(following), str(following))]
