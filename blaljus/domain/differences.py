"""The difference between two sets of rows: what is added, changed, removed, or only missing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import singledispatch
from typing import Any, Generic, TypeVar

from blaljus.domain.commitments import Duty
from blaljus.domain.imports import (
    AgencyRow,
    AvailabilityRow,
    BlockRow,
    ClassRow,
    FileKind,
    ImportRow,
    NightRow,
    SchoolUnitRow,
    StaffRow,
)

R = TypeVar("R", bound=ImportRow)

Key = tuple[str, ...]
"""What tells two rows of a kind apart; case does not tell two names apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of a row: `attribute` of its class, and the values before and after."""

    attribute: str
    old: object
    new: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Generic[R]):
    """A row that is stored with other values; never without a change."""

    row: R
    was: R

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """Return the fields that differ, in the order of the row."""
        names = [field.name for field in fields(self.row) if field.compare]
        return tuple(
            FieldChange(attribute=name, old=old, new=new)
            for name in names
            if (old := getattr(self.was, name)) != (new := getattr(self.row, name))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stays as it is, whatever the file says: the person has a duty in that time."""

    row: AvailabilityRow | NightRow
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsDifference(Generic[R]):
    """What one file would change; every list is sorted by key.

    `removed` goes away (a class ends). `missing` is stored and not in the file, and stays.
    `undecided` are classes that are not in the file and have a booking: they stay too. So do the
    half-days that are `kept`.
    """

    kind: FileKind
    sent: bool = False
    added: tuple[R, ...] = ()
    changed: tuple[Changed[R], ...] = ()
    removed: tuple[R, ...] = ()
    missing: tuple[R, ...] = ()
    undecided: tuple[R, ...] = ()
    kept: tuple[Kept, ...] = ()
    unchanged: int = 0

    @property
    def saved(self) -> tuple[R, ...]:
        """Return the rows whose values the database takes over."""
        return (*self.added, *(changed.row for changed in self.changed))

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows are added, changed and removed."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
        }

    @property
    def is_empty(self) -> bool:
        """Return whether the file changes nothing."""
        return not any(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What an import would change, kind by kind."""

    school_units: RowsDifference[SchoolUnitRow] = RowsDifference(kind=FileKind.SCHOOL_UNITS)
    classes: RowsDifference[ClassRow] = RowsDifference(kind=FileKind.CLASSES)
    blocks: RowsDifference[BlockRow] = RowsDifference(kind=FileKind.BLOCKS)
    agencies: RowsDifference[AgencyRow] = RowsDifference(kind=FileKind.AGENCIES)
    staff: RowsDifference[StaffRow] = RowsDifference(kind=FileKind.STAFF)
    availability: RowsDifference[AvailabilityRow] = RowsDifference(kind=FileKind.AVAILABILITY)
    nights: RowsDifference[NightRow] = RowsDifference(kind=FileKind.NIGHTS)

    @property
    def files(self) -> tuple[RowsDifference[Any], ...]:
        """Return the kinds that were sent, in the order they are read."""
        every: tuple[RowsDifference[Any], ...] = (
            self.school_units,
            self.classes,
            self.blocks,
            self.agencies,
            self.staff,
            self.availability,
            self.nights,
        )
        return tuple(found for found in every if found.sent)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing would change."""
        return all(found.is_empty for found in self.files)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many rows of each kind that was sent are added, changed and removed."""
        return {found.kind.value: found.counts for found in self.files}


@singledispatch
def key_of(row: ImportRow) -> Key:
    """Return what a row is matched by."""
    raise TypeError(type(row))


@key_of.register
def _(row: SchoolUnitRow) -> Key:
    return (row.code,)


@key_of.register
def _(row: ClassRow) -> Key:
    return class_key(row.school_code, row.label)


@key_of.register
def _(row: BlockRow) -> Key:
    span = (row.first_on.isoformat(), row.last_on.isoformat())
    return (*span, row.school_code or "*", row.kind.value, row.name)


@key_of.register
def _(row: AgencyRow) -> Key:
    return (row.name.casefold(),)


@key_of.register
def _(row: StaffRow) -> Key:
    return (row.ref.casefold(),)


@key_of.register
def _(row: AvailabilityRow) -> Key:
    return (row.staff_ref.casefold(), row.day.isoformat(), row.half.value)


@key_of.register
def _(row: NightRow) -> Key:
    return (row.staff_ref.casefold(), row.day.isoformat())


def class_key(school_code: str, label: str) -> Key:
    """Return the key of a class within a school year."""
    return (school_code, label.casefold())


def compare_rows(
    kind: FileKind,
    said: Iterable[R],
    stored: Iterable[R],
    align: Callable[[R, R], R] = lambda _, was: was,
) -> RowsDifference[R]:
    """Compare by key; `align(row, was)` returns `was` in the spelling of `row` if they agree."""
    before = {key_of(row): row for row in stored}
    after = {key_of(row): row for row in said}
    both = [(row, align(row, before[key])) for key, row in sorted(after.items()) if key in before]
    changed = tuple(Changed(row=row, was=was) for row, was in both if row != was)
    return RowsDifference(
        kind=kind,
        added=tuple(after[key] for key in sorted(after.keys() - before.keys())),
        changed=changed,
        missing=tuple(before[key] for key in sorted(before.keys() - after.keys())),
        unchanged=len(both) - len(changed),
    )
