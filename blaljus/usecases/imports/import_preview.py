"""What an import would do: files and database side by side, and nothing written."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

import msgspec

from blaljus.domain.consequences import Consequences, consequences, unfit_duties
from blaljus.domain.differences import Difference
from blaljus.domain.errors import BlaljusError
from blaljus.domain.importing import (
    Current,
    compare,
    school_year_of,
    unanswered_after,
)
from blaljus.domain.imports import Import, ImportProblem, ProblemCode, SchoolUnitRow
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.schools import Municipality
from blaljus.intake.duties import check_duties
from blaljus.intake.elsewhere import check_elsewhere
from blaljus.intake.files import read_import
from blaljus.intake.organisers import municipality_name
from blaljus.intake.references import check_references
from blaljus.store import schools
from blaljus.store.imports.people_saving import PLACEHOLDER_NAME
from blaljus.store.imports.reading import Question, load_current
from blaljus.usecases.context import Context
from blaljus.usecases.municipalities import list_municipalities


class NoMunicipalityError(BlaljusError):
    """Nothing tells whose the files are: no school units, no code, and not just one that has."""

    code = "no-municipality"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What an import would do. With problems there is no difference, and it cannot be applied.

    `municipality_name` is what it will be called; `follows` what it means for bookings and duties
    to come; `unanswered` are the active schools with year 4
    that have no class afterwards; `schools` are names by code; `fingerprint` is that of the files,
    the difference and what follows.
    """

    municipality_code: str
    municipality_name: str
    school_year: SchoolYear
    problems: tuple[ImportProblem, ...] = ()
    difference: Difference = Difference()  # noqa: RUF009 -- frozen, all the way down
    is_new: bool = False
    is_renamed: bool = False
    follows: Consequences = Consequences()  # noqa: RUF009 -- frozen, all the way down
    unanswered: tuple[SchoolUnitRow, ...] = ()
    schools: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def changes_nothing(self) -> bool:
        """Return whether the database says what the files say already."""
        return self.difference.is_empty and not (self.is_new or self.is_renamed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Files that were read, and whose they are: `scope` is a coordinator's municipality.

    With `scope` None, the operator's way, `code` tells; None when nothing does. `name` is what the
    files call the municipality, `given_name` what the operator does.
    """

    import_: Import
    problems: tuple[ImportProblem, ...]
    scope: int | None
    code: str | None
    name: str | None
    given_name: str | None
    school_year: SchoolYear


async def read_order(
    context: Context,
    files: Mapping[str, bytes],
    *,
    scope: int | None = None,
    school_year: SchoolYear | None = None,
    code: str | None = None,
    name: str | None = None,
) -> Order:
    """Return the files (name to content) as rows, with everything that follows from them alone."""
    # A megabyte takes a second to read: the server answers others meanwhile.
    import_, problems = await asyncio.to_thread(read_import, files)
    year = school_year or school_year_of(import_)
    return Order(
        import_=import_,
        problems=problems,
        scope=scope,
        code=code or _main_code(import_),
        name=next(filter(None, map(municipality_name, files.values())), None),
        given_name=name,
        school_year=year or SchoolYear.of(local_day(context.clock())),
    )


def _main_code(import_: Import) -> str | None:
    """Return the municipality of most units: the others are told as strays."""
    codes = Counter(sorted(row.municipality_code for row in import_.school_units))
    return codes.most_common(1)[0][0] if codes else None


async def municipality_of(order: Order) -> Municipality | None:
    """Return whose the files are, None for a municipality that is not stored yet.

    Where nothing tells, it is the only one that has school units, if it is the only one.
    """
    if order.scope is not None:
        return await schools.get_municipality(order.scope)
    if order.code is not None:
        return await schools.find_municipality(order.code)
    known = await list_municipalities(with_schools=True)
    return known[0] if len(known) == 1 else None


def name_of(order: Order, code: str, stored: str | None) -> str:
    """Return what the municipality will be called: as it was, unless that was a stopgap.

    We know municipalities by an agency's area alone before their own import names them.
    """
    stopgap = PLACEHOLDER_NAME.format(code=code)
    kept = stored if stored != stopgap else None
    return order.given_name or kept or order.name or stopgap


async def look(
    order: Order, municipality: Municipality | None, *, now: datetime, is_new: bool | None = None
) -> ImportPreview:
    """Compare in the caller's transaction. Raises `NoMunicipalityError`, if nothing else is wrong.

    `is_new` says that the municipality was stored for this import only.
    """
    code = municipality.code if municipality else order.code
    if code is None:
        if not order.problems:
            raise NoMunicipalityError
        return _problem_preview(order, "", "", order.problems)
    stored_name = municipality.name if municipality else None
    name = name_of(order, code, stored_name)
    current = await load_current(_question(order, municipality, now))
    only = None if order.scope is None else code
    problems = _all_problems(order, current, code, only)
    if problems:
        return _problem_preview(order, code, name, problems)
    difference = compare(order.import_, current, only=only)
    follows = consequences(current, difference)
    return ImportPreview(
        municipality_code=code,
        municipality_name=name,
        school_year=order.school_year,
        difference=difference,
        is_new=municipality is None if is_new is None else is_new,
        is_renamed=stored_name not in (None, name),
        follows=follows,
        unanswered=unanswered_after(current, difference),
        schools={u.code: u.name for u in (*current.school_units, *order.import_.school_units)},
        ignored=order.import_.ignored,
        fingerprint=_fingerprint(order, code, name, (difference, follows)),
    )


def _question(order: Order, municipality: Municipality | None, now: datetime) -> Question:
    return Question(
        municipality=municipality.id if municipality else None,
        school_year=order.school_year,
        import_=order.import_,
        day=local_day(now),
        now=now,
        whole=order.scope is None,
    )


def _problem_preview(
    order: Order, code: str, name: str, problems: Iterable[ImportProblem]
) -> ImportPreview:
    return ImportPreview(
        municipality_code=code,
        municipality_name=name,
        school_year=order.school_year,
        problems=tuple(problems),
        ignored=order.import_.ignored,
    )


def _all_problems(
    order: Order, current: Current, code: str, only: str | None
) -> list[ImportProblem]:
    known = replace(current.known, municipality_codes=frozenset({code}))
    found = [
        *order.problems,
        *check_references(order.import_, known=known),
        *check_elsewhere(order.import_, elsewhere=current.elsewhere),
        *check_duties(order.import_, unfit=unfit_duties(order.import_, current, only=only)),
    ]
    return sorted(found, key=lambda p: (p.file, p.code is ProblemCode.MORE_PROBLEMS, p.row or 0))


def _fingerprint(order: Order, code: str, name: str, shown: tuple[Difference, Consequences]) -> str:
    seen = (code, name, str(order.school_year), order.import_.files, *shown)
    return sha256(msgspec.json.encode(seen)).hexdigest()
