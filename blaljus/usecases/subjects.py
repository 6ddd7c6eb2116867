"""Whose calendar an operator means: `staff:polis-1`, `class:90012671/4A`, `school:90012671`."""

from dataclasses import dataclass
from datetime import datetime

from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.words import FeedKind
from blaljus.store import agencies, schools


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a feed shows; `municipality` is None for what stands outside."""

    kind: FeedKind
    subject: int
    municipality: int | None


async def find_subject(text: str, now: datetime) -> Subject | None:
    """Return whom `kind:name` names, in this school year, or None."""
    kind, _, name = text.partition(":")
    if kind not in list(FeedKind) or not name:
        return None
    found = FeedKind(kind)
    if found is FeedKind.STAFF:
        member = await agencies.find_staff_by_reference(name)
        return _subject(found, member.id if member else None, None)
    if found is FeedKind.AGENCY:
        agency = await agencies.find_agency(name)
        return _subject(found, agency.id if agency else None, None)
    return await _owned(found, name, now)


async def _owned(kind: FeedKind, name: str, now: datetime) -> Subject | None:
    if kind is FeedKind.MUNICIPALITY:
        municipality = await schools.find_municipality(name)
        found = municipality.id if municipality else None
        return _subject(kind, found, found)
    scope = tuple(m.id for m in await schools.list_municipalities())
    code, _, label = name.partition("/")
    if kind is FeedKind.SCHOOL:
        units = {unit.code: unit for unit in await schools.list_units(scope)}
        unit = units.get(code)
        return _subject(kind, unit.id, unit.municipality) if unit else None
    year = SchoolYear.of(local_day(now))
    for school_class in await schools.list_classes(scope, year):
        if (school_class.school_code, school_class.label) == (code, label):
            return _subject(kind, school_class.id, school_class.municipality)
    return None


def _subject(kind: FeedKind, subject: int | None, municipality: int | None) -> Subject | None:
    if subject is None:
        return None
    return Subject(kind=kind, subject=subject, municipality=municipality)
