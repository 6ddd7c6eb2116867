"""`blaljus import`: files of schools, classes, agencies, staff and availability."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from blaljus.cli.running import SchoolYearType, run
from blaljus.cli.stopping import stopped
from blaljus.domain.imports import ImportProblem
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import OPERATOR
from blaljus.i18n import translations
from blaljus.intake.consequence_words import warnings
from blaljus.intake.decoding import MAX_BYTES
from blaljus.intake.difference_views import FileView, Section, file_views
from blaljus.intake.difference_words import Wording
from blaljus.intake.files import MAX_FILES
from blaljus.intake.words import problem_text
from blaljus.usecases.context import Context
from blaljus.usecases.imports.importing import (
    ImportChangedError,
    ImportPreview,
    ImportProblemsError,
    NoMunicipalityError,
    apply_import,
    preview,
)
from blaljus.usecases.operation.lifetime import migrate_store

LANGUAGE = "sv"
"""The files come from Swedish schools, and so do their readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the operator asked for."""

    files: Mapping[str, bytes]
    code: str | None
    name: str | None
    school_year: SchoolYear | None
    yes: bool
    dry_run: bool


@click.command(name="import")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--yes", is_flag=True, help="Apply the difference without asking.")
@click.option("--dry-run", is_flag=True, help="Show the difference and change nothing.")
@click.option(
    "--school-year", type=SchoolYearType(), help="Default: that of the term in lasar.csv."
)
@click.option(
    "--municipality", "code", metavar="CODE", help="Four digits. Default: that of most schools."
)
@click.option("--name", help="What to call the municipality. Default: what its schools say.")
def import_command(
    folder: Path,
    yes: bool,
    dry_run: bool,
    school_year: SchoolYear | None,
    code: str | None,
    name: str | None,
) -> None:
    """Import the files of FOLDER (or one file): all of it, or nothing.

    Prints every problem by file, row, column and reason, and ends with status 2; else the
    difference to what is stored, which is applied after a yes. A first import is not asked about.
    """
    wish = Wish(
        files=read_folder(folder),
        code=code,
        name=name,
        school_year=school_year,
        yes=yes,
        dry_run=dry_run,
    )
    run(lambda context: import_files(context, wish), migrated=False)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, or one file, by name; not more of each than can be used."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    files = [path for path in paths if path.is_file()][: MAX_FILES + 1]
    found = {}
    for path in files:
        with path.open("rb") as file:
            found[path.name] = file.read(MAX_BYTES + 1)
    return found


async def import_files(context: Context, wish: Wish) -> None:
    """Show what the files change and take it over, or end the command in words."""
    await migrate_store()
    seen = await _seen(context, wish)
    if seen.problems:
        raise stopped(*problem_lines(seen.problems), "Inget har lästs in.")
    click.echo("\n".join(preview_lines(seen)))
    if wish.dry_run or seen.changes_nothing or not _agreed(wish, seen):
        return
    await _apply(context, wish, seen)
    click.echo("Inläst.")


async def _apply(context: Context, wish: Wish, seen: ImportPreview) -> None:
    try:
        await apply_import(
            context,
            OPERATOR,
            wish.files,
            fingerprint=seen.fingerprint,
            school_year=wish.school_year,
            code=seen.municipality_code,
            name=wish.name,
        )
    except (ImportChangedError, ImportProblemsError):
        raise stopped(
            "Något har ändrats sedan skillnaden visades. Inget har lästs in: kör kommandot igen."
        ) from None


async def _seen(context: Context, wish: Wish) -> ImportPreview:
    try:
        return await preview(
            context, wish.files, school_year=wish.school_year, code=wish.code, name=wish.name
        )
    except NoMunicipalityError:
        raise stopped(
            "Filerna säger inte vilken kommun de gäller. Ange --municipality KOD."
        ) from None


def _agreed(wish: Wish, seen: ImportPreview) -> bool:
    if wish.yes or _is_first(seen):
        return True
    if not _is_terminal():
        raise stopped("Inget har lästs in. Ange --yes för att läsa in skillnaden.")
    return click.confirm("Läsa in?")


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _is_first(seen: ImportPreview) -> bool:
    """Return whether the files meet nothing that is stored."""
    met = [
        found.unchanged + len(found.changed) + len(found.removed) + len(found.missing)
        for found in seen.difference.files
    ]
    return not any(met) and not seen.is_renamed


def problem_lines(problems: Iterable[ImportProblem]) -> list[str]:
    """Return one line per problem: file, row, column, reason, and the value that was found."""
    say = translations(LANGUAGE).gettext
    lines = []
    for problem in problems:
        row = f"rad {problem.row}" if problem.row else ""
        where = ", ".join(filter(None, (problem.file, row, problem.column)))
        text = problem_text(problem, say)
        value = f" ({problem.value})" if problem.value not in text else ""
        lines.append(f"{where}: {text}{value}".removeprefix(": "))
    return lines


def preview_lines(seen: ImportPreview) -> list[str]:
    """Return the difference, warnings and silent schools as lines of text."""
    lines = [f"{seen.municipality_name} ({seen.municipality_code}), läsåret {seen.school_year}"]
    for view in file_views(seen.difference, LANGUAGE, seen.schools):
        lines += _file_lines(view)
    if seen.changes_nothing:
        lines.append("Filerna ändrar ingenting.")
    wording = Wording(language=LANGUAGE, schools=seen.schools)
    lines += [f"Varning: {warned.text}" for warned in warnings(seen.follows, wording)]
    if seen.ignored:
        lines.append(f"Lästes inte: {', '.join(seen.ignored)}")
    lines += [f"Har inte svarat: {unit.name} ({unit.code})" for unit in seen.unanswered]
    return lines


def _file_lines(view: FileView) -> list[str]:
    counts = f"{view.added} nya, {view.changed} ändrade, {view.removed} bort, {view.unchanged} lika"
    lines = [f"{view.file}: {counts}"]
    all_new = view.added and not (view.changed or view.removed or view.unchanged)
    for section in (*(() if all_new else view.changes), *view.stays):
        lines += _section_lines(section)
    return lines


def _section_lines(section: Section) -> list[str]:
    more = [f"    … och {section.more} till"] if section.more else []
    return [f"  {section.title}:", *(f"    {item}" for item in section.items), *more]
