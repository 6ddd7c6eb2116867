"""What an import does to what is planned: whom it keeps away, moves or makes us write to."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from blaljus.domain.commitments import Duty, PlannedClass, PlannedSlot
from blaljus.domain.differences import Changed, Difference, Key, class_key, key_of
from blaljus.domain.importing import Current
from blaljus.domain.imports import AgencyRow, BlockRow, ClassRow, Import, SchoolUnitRow, StaffRow
from blaljus.domain.words import BlockKind, SchoolStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A planned slot on a day that the import takes off, by a block of `block`'s name.

    `planned` is the class that is kept away; None for a slot that nobody booked and people staff.
    """

    slot: PlannedSlot
    planned: PlannedClass | None
    block: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolChange:
    """A school that gets another name or closes, and the ids of the planned slots it is in."""

    row: SchoolUnitRow
    old_name: str
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resized:
    """A class of another size with a booking that nobody has confirmed: the booking follows."""

    slot: PlannedSlot
    planned: PlannedClass
    pupils: int
    """How many come, after the import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What follows for bookings and duties that are still to come.

    `moved` are duties that come along to another agency, `readdressed` those of people with a new
    address. `retold` are (municipality, slot) of all slots whose calendars change.
    """

    days_off: tuple[DayOff, ...] = ()
    moved: tuple[Duty, ...] = ()
    readdressed: tuple[Duty, ...] = ()
    resized: tuple[Resized, ...] = ()
    renamed: tuple[SchoolChange, ...] = ()
    closing: tuple[SchoolChange, ...] = ()
    retold: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A duty that the person could not have after the import, and the row and field that say so."""

    row: StaffRow | AgencyRow
    attribute: str
    duty: Duty


def consequences(current: Current, difference: Difference) -> Consequences:
    """Return what a difference means for what is planned; every list is sorted."""
    moved = _duties_of(current, _people_with(difference, "agency"))
    readdressed = _duties_of(current, _people_with(difference, "address"))
    retold = {(slot.municipality, slot.id) for slot in _shown_otherwise(current, difference)}
    retold |= {(duty.municipality, duty.slot) for duty in (*moved, *readdressed)}
    resized = tuple(_resized(current, difference))
    retold |= {(row.slot.municipality, row.slot.id) for row in resized}
    return Consequences(
        days_off=tuple(_days_off(current, difference)),
        moved=moved,
        readdressed=readdressed,
        resized=resized,
        renamed=tuple(_schools(current, filter(_is_renamed, difference.school_units.changed))),
        closing=tuple(_schools(current, filter(_is_closing, difference.school_units.changed))),
        retold=tuple(sorted(retold)),
    )


def _people_with(difference: Difference, attribute: str) -> set[str]:
    """Return the (case-folded) references of stored people who get another value."""
    return {
        changed.row.ref.casefold()
        for changed in difference.staff.changed
        if any(change.attribute == attribute for change in changed.changes)
    }


def _duties_of(current: Current, refs: Collection[str]) -> tuple[Duty, ...]:
    found = [d for d in current.duties if d.coming and d.staff_ref.casefold() in refs]
    return tuple(sorted(found, key=lambda duty: (duty.staff_ref, duty.starts_at, duty.id)))


def _shown_otherwise(current: Current, difference: Difference) -> Iterable[PlannedSlot]:
    """Yield the slots that calendars show by a place or by the name of a class that changes."""
    renamed = {c.row.code for c in difference.school_units.changed if _is_renamed(c)}
    shifted = {
        c.row.code for c in difference.school_units.changed if _position(c.row) != _position(c.was)
    }
    labels = {key_of(c.row) for c in difference.classes.changed if c.row.label != c.was.label}
    for slot in current.planned:
        relabelled = any(class_key(c.school_code, c.label) in labels for c in slot.classes)
        if relabelled or slot.venue_school in shifted or any(map(slot.concerns, renamed)):
            yield slot


def _resized(current: Current, difference: Difference) -> Iterable[Resized]:
    """Yield the bookings that say what the class was, and must say what it becomes."""
    changed = {class_key(c.was.school_code, c.was.label): c for c in difference.classes.changed}
    for slot in current.planned:
        for planned in slot.classes:
            row = changed.get(class_key(planned.school_code, planned.label))
            if row and planned.assumed == _pupils(row.was) != _pupils(row.row):
                yield Resized(slot=slot, planned=planned, pupils=_pupils(row.row))


def _pupils(row: ClassRow) -> int:
    return row.year4_pupils + row.other_pupils


def _position(row: SchoolUnitRow) -> tuple[float | None, float | None]:
    return row.latitude, row.longitude


def _is_renamed(changed: Changed[SchoolUnitRow]) -> bool:
    return changed.row.name != changed.was.name


def _is_closing(changed: Changed[SchoolUnitRow]) -> bool:
    before, after = changed.was.status, changed.row.status
    return before is SchoolStatus.ACTIVE and after is not SchoolStatus.ACTIVE


def _schools(current: Current, changes: Iterable[Changed[SchoolUnitRow]]) -> Iterable[SchoolChange]:
    for changed in changes:
        slots = tuple(slot.id for slot in current.planned if slot.concerns(changed.row.code))
        if slots:
            yield SchoolChange(row=changed.row, old_name=changed.was.name, slots=slots)


def _days_off(current: Current, difference: Difference) -> Iterable[DayOff]:
    """Yield the classes, and the staffed slots without any, that a new block keeps away."""
    gone = {key_of(row) for row in difference.blocks.removed}
    added = [row for row in difference.blocks.added if row.kind is not BlockKind.TERM]
    stood = [row for row in current.blocks if row.kind is not BlockKind.TERM]
    new = _by_day([row for row in added if key_of(row) not in gone], current.planned)
    old = _by_day(stood, current.planned)
    for slot in sorted(current.planned, key=lambda slot: (slot.starts_at, slot.id)):
        for planned in slot.classes or ((None,) if slot.crew else ()):
            school = planned.school_code if planned else slot.venue_school
            block = _keeping(new.get(slot.day, ()), school)
            if block is not None and _keeping(old.get(slot.day, ()), school) is None:
                yield DayOff(slot=slot, planned=planned, block=block.name)


def _by_day(
    blocks: Iterable[BlockRow], planned: Iterable[PlannedSlot]
) -> dict[date, list[BlockRow]]:
    """Return the blocks of each day with a slot: a file may hold thousands of blocks."""
    days = sorted({slot.day for slot in planned})
    found: dict[date, list[BlockRow]] = {day: [] for day in days}
    for block in blocks:
        for day in days[bisect_left(days, block.first_on) :]:
            if day > block.last_on:
                break
            found[day].append(block)
    return found


def _keeping(blocks: Sequence[BlockRow], school: str | None) -> BlockRow | None:
    """Return what keeps a school away; None for `school` asks what keeps all away."""
    return next((block for block in blocks if block.school_code in (None, school)), None)


def unfit_duties(import_: Import, current: Current, *, only: str | None) -> list[Unfit]:
    """Return the duties to come that fit their people now and would not after the import.

    A duty fits who is of the station's service and of an agency that serves the municipality.
    `only` is as in `compare`.
    """
    before = {key_of(row): row for row in current.agencies}
    after = before | {key_of(row): _serving(row, before, only) for row in import_.agencies}
    people = {key_of(row): row for row in import_.staff}
    found = [
        _unfit(duty, people.get((duty.staff_ref.casefold(),)), before, after)
        for duty in current.duties
        if duty.coming
    ]
    return [unfit for unfit in found if unfit is not None]


def _serving(row: AgencyRow, before: dict[Key, AgencyRow], only: str | None) -> AgencyRow:
    """Return a row of the file with whom the agency serves once it is taken over."""
    if only is None:
        return row
    was = before.get(key_of(row))
    return replace(row, municipality_codes=(*(was.municipality_codes if was else ()), only))


def _unfit(
    duty: Duty,
    row: StaffRow | None,
    before: dict[Key, AgencyRow],
    after: dict[Key, AgencyRow],
) -> Unfit | None:
    stands = before.get((duty.agency.casefold(),))
    comes = after.get((row.agency.casefold(),)) if row else after.get((duty.agency.casefold(),))
    if stands is None or comes is None or _misfit(duty, stands):
        return None
    attribute = _misfit(duty, comes)
    if not attribute:
        return None
    if row is not None and key_of(comes) != key_of(stands):
        return Unfit(row=row, attribute="agency", duty=duty)
    return Unfit(row=comes, attribute=attribute, duty=duty)


def _misfit(duty: Duty, agency: AgencyRow) -> str:
    """Return the field of an agency that a duty does not fit, or an empty text."""
    if agency.service is not duty.station_service:
        return "service"
    serves = duty.municipality_code in agency.municipality_codes
    return "" if serves else "municipality_codes"
