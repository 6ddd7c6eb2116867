"""How the classes of a slot make groups: each by itself, or by pupils."""

from collections.abc import Iterable

from blaljus.domain.slots import Slot, Station

FEWEST_IN_GROUP = 2
"""A group of one meets nobody of the class."""


def group_limit(slot: Slot, stations: Iterable[Station]) -> int:
    """Return the most pupils of one group: what the smallest station takes, or the slot's own."""
    smallest = min((station.max_pupils for station in stations), default=0)
    return smallest if slot.group_pupils is None else min(smallest, slot.group_pupils)


def groups_made(slot: Slot, stations: Iterable[Station], sizes: Iterable[int]) -> int:
    """Return how many groups classes of these sizes make; they take as many places.

    Each class is one where the slot says no `group_pupils`. Else a class above the limit is
    split, and of the others two go together where both fit; the fewest groups that are possible.
    """
    classes = sorted(sizes)
    if slot.group_pupils is None:
        return len(classes)
    limit = max(1, group_limit(slot, stations))
    split = sum(-(-size // limit) for size in classes if size > limit)
    return split + _groups_of_small([size for size in classes if size <= limit], limit)


def _groups_of_small(sizes: list[int], limit: int) -> int:
    """Count the groups of ascending sizes: the largest takes the smallest along, if both fit."""
    first, last, groups = 0, len(sizes) - 1, 0
    while first <= last:
        if first < last and sizes[first] + sizes[last] <= limit:
            first += 1
        last -= 1
        groups += 1
    return groups


def takes_class(slot: Slot, stations: Iterable[Station], pupils: int) -> bool:
    """Tell whether a class of that size has room while nobody else comes, whole or split."""
    there = list(stations)
    if slot.group_pupils is None:
        return pupils <= group_limit(slot, there)
    return groups_made(slot, there, [pupils]) <= slot.places


def takes_classes(slot: Slot, stations: Iterable[Station], sizes: Iterable[int]) -> bool:
    """Tell whether classes of these sizes have room together."""
    there, classes = list(stations), list(sizes)
    fit = all(takes_class(slot, there, pupils) for pupils in classes)
    return fit and groups_made(slot, there, classes) <= slot.places
