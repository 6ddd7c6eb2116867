"""Imports: show what files would change, and take it over whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from blaljus.domain.errors import BlaljusError, NotFoundError
from blaljus.domain.imports import Import
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.schools import Municipality, SchoolUnit, unanswered
from blaljus.store import schools
from blaljus.store.engine import read_transaction, transactional
from blaljus.store.failpoints import failpoint
from blaljus.store.imports import saving as store
from blaljus.store.imports.locking import lock_for_import
from blaljus.usecases.changing import as_change
from blaljus.usecases.context import Context, record
from blaljus.usecases.days.venue_pins import drop_pins_of_leavers
from blaljus.usecases.imports.assumed_pupils import details_now
from blaljus.usecases.imports.handing_over import hand_over, teachers_now
from blaljus.usecases.imports.import_preview import (
    ImportPreview,
    NoMunicipalityError,
    Order,
    look,
    municipality_of,
    name_of,
    read_order,
)
from blaljus.usecases.letters.retelling import remember, retell
from blaljus.usecases.once import FormKey, Outcome, once

__all__ = [
    "Applied",
    "ImportChangedError",
    "ImportPreview",
    "ImportProblemsError",
    "LatestImport",
    "NoMunicipalityError",
    "apply_import",
    "apply_own",
    "latest_import",
    "preview",
    "preview_own",
]

Counts = Mapping[str, Mapping[str, int]]
"""Per kind of file how many rows were `added`, `changed` and `removed`."""


class ImportProblemsError(BlaljusError):
    """The files have problems; nothing was changed."""

    code = "import-problems"


class ImportChangedError(BlaljusError):
    """The difference is no longer the one that was shown; nothing was changed."""

    code = "import-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What an import did."""

    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestImport:
    """What the latest import did, None before the first, and which schools have not answered."""

    counts: Counts | None
    unanswered: tuple[SchoolUnit, ...]


async def preview(
    context: Context,
    files: Mapping[str, bytes],
    *,
    scope: int | None = None,
    school_year: SchoolYear | None = None,
    code: str | None = None,
    name: str | None = None,
) -> ImportPreview:
    """Return what the files (name to content) would change; nothing is written.

    `scope` is the municipality of a coordinator; with None, the operator's way, `code` or most
    school units tell whose the files are, else it is the only one with schools. The school year
    is the one given, else that of the terms in the files, else today's. Raises
    `NoMunicipalityError`.
    """
    order = await read_order(
        context, files, scope=scope, school_year=school_year, code=code, name=name
    )
    async with read_transaction():
        return await look(order, await municipality_of(order), now=context.clock())


async def apply_import(
    context: Context,
    actor: str,
    files: Mapping[str, bytes],
    *,
    fingerprint: str,
    scope: int | None = None,
    school_year: SchoolYear | None = None,
    code: str | None = None,
    name: str | None = None,
) -> Applied:
    """Take over what the files say, in one transaction, if it is still what was shown.

    Raises `ImportProblemsError`, `ImportChangedError` or `NoMunicipalityError`; then nothing
    is written. Files that change nothing write nothing.
    """
    order = await read_order(
        context, files, scope=scope, school_year=school_year, code=code, name=name
    )
    apply = partial(_apply, context, actor, order, fingerprint)
    return await transactional(as_change)(apply)


async def preview_own(
    context: Context,
    person: Person,
    files: Mapping[str, bytes],
    *,
    municipality: int,
    school_year: SchoolYear | None,
) -> ImportPreview:
    """Return what the files would change in a municipality that the person coordinates."""
    _check_own(person, municipality)
    return await preview(context, files, scope=municipality, school_year=school_year)


async def apply_own(
    context: Context,
    person: Person,
    key: FormKey,
    files: Mapping[str, bytes],
    *,
    municipality: int,
    school_year: SchoolYear | None,
    fingerprint: str,
) -> Applied:
    """Like `apply_import`, in a municipality that the person coordinates; once per form."""
    _check_own(person, municipality)
    order = await read_order(context, files, scope=municipality, school_year=school_year)

    async def change() -> Outcome:
        return {"counts": (await _apply(context, person.actor, order, fingerprint)).counts}

    return Applied(**await once(person, key, change, clock=context.clock))


async def latest_import(context: Context, person: Person, municipality: int) -> LatestImport:
    """Return what came of the latest import into a municipality that the person coordinates."""
    _check_own(person, municipality)
    async with read_transaction():
        _, data = await store.last_import(municipality)
        facts = msgspec.json.decode(data) if data else {}
        today = SchoolYear.of(local_day(context.clock()))
        year = SchoolYear.parse(facts["school_year"]) if facts else today
        units = await schools.list_units((municipality,))
        classes = await schools.list_classes((municipality,), year)
    return LatestImport(counts=facts.get("counts"), unanswered=unanswered(units, classes))


def _check_own(person: Person, municipality: int) -> None:
    if municipality not in person.municipalities:
        raise NotFoundError


async def _apply(context: Context, actor: str, order: Order, fingerprint: str) -> Applied:
    found = await municipality_of(order)
    municipality = found or await _new_municipality(order)
    now = context.clock()
    await _lock(order.import_, municipality, now)
    seen = await look(order, municipality, now=now, is_new=found is None)
    if seen.problems:
        raise ImportProblemsError
    if seen.fingerprint != fingerprint:
        raise ImportChangedError
    if not seen.changes_nothing:
        await _save(context, actor, order, municipality, seen)
    return Applied(counts=seen.difference.counts)


async def _lock(import_: Import, municipality: Municipality, now: datetime) -> None:
    people = {row.ref for row in import_.staff}
    people |= {row.staff_ref for row in import_.availability}
    people |= {row.staff_ref for row in import_.nights}
    agencies = {row.name for row in import_.agencies}
    await lock_for_import(municipality.id, people=people, agencies=agencies, now=now)


async def _new_municipality(order: Order) -> Municipality:
    if order.problems:
        raise ImportProblemsError
    if order.code is None:
        raise NoMunicipalityError
    return await schools.add_municipality(order.code, name_of(order, order.code, None))


async def _save(
    context: Context, actor: str, order: Order, municipality: Municipality, seen: ImportPreview
) -> None:
    """Store what was seen, and tell the audit log how much that was."""
    if seen.is_renamed:
        await store.rename_municipality(municipality.id, seen.municipality_name)
    taking = store.Taking(
        municipality=municipality.id,
        school_year=order.school_year,
        day=local_day(context.clock()),
        whole=order.scope is None,
    )
    teachers = await teachers_now(municipality.id, order.school_year)
    planned = await remember(seen.follows.retold)
    await store.save_import(seen.difference, taking)
    details = await details_now(planned)
    told = await hand_over(context, actor, municipality.id, order.school_year, teachers, details)
    await retell(context, actor, planned, handed_over=told, details=details)
    await drop_pins_of_leavers(municipality.id, taking.day)
    await failpoint("after_import_saved")
    earlier, _ = await store.last_import(municipality.id)
    await record(
        context,
        actor,
        municipality.id,
        store.IMPORT_APPLIED,
        ("import", earlier + 1),
        1,
        counts=seen.difference.counts,
        school_year=str(seen.school_year),
        fingerprint=seen.fingerprint,
    )
