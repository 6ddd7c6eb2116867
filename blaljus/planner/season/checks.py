"""What typed rows of `blaljus-season/1` can still get wrong, as lines `place: reason`."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from blaljus.planner.season.rows import (
    ClassRow,
    MunicipalityRow,
    PlacementRow,
    SeasonFile,
    StaffRow,
    VenueRow,
)


def mistakes(season: SeasonFile) -> Iterator[str]:
    """Yield a line for each mistake, in the order of the file's lists."""
    yield from _days(season)
    yield from _services(season)
    for name in ("municipalities", "venues", "classes", "staff"):
        yield from _repeated(name, [row.id for row in getattr(season, name)])
    yield from _venues(season)
    yield from _classes(season)
    yield from _staff(season)
    yield from _locked(season)


def _days(season: SeasonFile) -> Iterator[str]:
    for index, (before, day) in enumerate(pairwise(season.days), start=1):
        if day <= before:
            yield f"days[{index}]: {day} does not come after {before}"


def _services(season: SeasonFile) -> Iterator[str]:
    yield from _repeated("services", season.services)


def _repeated(name: str, ids: Sequence[object]) -> Iterator[str]:
    first: dict[object, int] = {}
    for index, id_ in enumerate(ids):
        if id_ in first:
            place = f"{name}[{index}]" if name == "services" else f"{name}[{index}].id"
            yield f"{place}: {id_} is the id of {name}[{first[id_]}] too"
        first.setdefault(id_, index)


def _ids(rows: Sequence[MunicipalityRow | VenueRow | ClassRow | StaffRow]) -> frozenset[int]:
    return frozenset(row.id for row in rows)


def _unknown(place: str, what: str, ids: Sequence[int], known: Collection[int]) -> Iterator[str]:
    for index, id_ in enumerate(ids):
        if id_ not in known:
            yield f"{place}[{index}]: there is no {what} {id_}"


def _mask(place: str, text: str, season: SeasonFile) -> Iterator[str]:
    slots = 2 * len(season.days)
    if int(text, 16) >> slots:
        yield f"{place}: the mask has bits beyond the {slots} slots of the season"


def _venues(season: SeasonFile) -> Iterator[str]:
    municipalities, services = _ids(season.municipalities), len(season.services)
    for index, row in enumerate(season.venues):
        place = f"venues[{index}]"
        if row.municipality not in municipalities:
            yield f"{place}.municipality: there is no municipality {row.municipality}"
        yield from _mask(f"{place}.open", row.open, season)
        for name, needs in (("needs", row.needs), ("extra_needs", row.extra_needs)):
            if len(needs) != services:
                yield f"{place}.{name}: {len(needs)} numbers for {services} services"
        for service, people in enumerate(row.needs):
            if not people:
                yield f"{place}.needs[{service}]: every service meets every class, with one or more"


def _classes(season: SeasonFile) -> Iterator[str]:
    venues, slots = _ids(season.venues), 2 * len(season.days)
    for index, row in enumerate(season.classes):
        place = f"classes[{index}]"
        if row.school not in venues:
            yield f"{place}.school: there is no venue {row.school}"
        yield from _mask(f"{place}.free", row.free, season)
        yield from _unknown(f"{place}.venues", "venue", row.venues, venues)
        for wish, slot in enumerate(row.wishes):
            if not 0 <= slot < slots:
                yield f"{place}.wishes[{wish}]: there is no slot {slot}"


def _staff(season: SeasonFile) -> Iterator[str]:
    municipalities = _ids(season.municipalities)
    for index, row in enumerate(season.staff):
        place = f"staff[{index}]"
        if row.service not in season.services:
            yield f"{place}.service: {row.service} is not among the services"
        if row.home not in municipalities:
            yield f"{place}.home: there is no municipality {row.home}"
        known = municipalities
        yield from _unknown(f"{place}.municipalities", "municipality", row.municipalities, known)
        yield from _mask(f"{place}.free", row.free, season)


def _locked(season: SeasonFile) -> Iterator[str]:
    classes = {row.id: row for row in season.classes}
    venues = {row.id: row for row in season.venues}
    seen: dict[int, int] = {}
    held: Counter[tuple[int, int]] = Counter()
    for index, row in enumerate(season.locked):
        place = f"locked[{index}]"
        school_class, venue = classes.get(row.school_class), venues.get(row.venue)
        if school_class is None:
            yield f"{place}.class: there is no class {row.school_class}"
        elif venue is None:
            yield f"{place}.venue: there is no venue {row.venue}"
        elif not 0 <= row.slot < 2 * len(season.days):
            yield f"{place}.slot: there is no slot {row.slot}"
        elif row.school_class in seen:
            where = seen[row.school_class]
            yield f"{place}: class {row.school_class} is locked by locked[{where}] already"
        else:
            seen[row.school_class] = index
            held[row.venue, row.slot] += 1
            yield from _contradictions(place, row, school_class, venue)
            if held[row.venue, row.slot] > venue.groups:
                yield f"{place}: venue {venue.id} takes {venue.groups} groups, and more are locked"


def _contradictions(
    place: str, row: PlacementRow, school_class: ClassRow, venue: VenueRow
) -> Iterator[str]:
    if row.venue not in school_class.venues:
        yield f"{place}: class {school_class.id} may not go to venue {venue.id}"
    if not int(school_class.free, 16) >> row.slot & 1:
        yield f"{place}: class {school_class.id} is not free in slot {row.slot}"
    if not int(venue.open, 16) >> row.slot & 1:
        yield f"{place}: venue {venue.id} is not open in slot {row.slot}"
