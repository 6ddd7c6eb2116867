"""Classes become the groups of a carousel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from blaljus.domain.words import AccessNeed
from blaljus.planner.carousel.problem import RotationGroup, Span

STEP_FREE = frozenset({AccessNeed.MOBILITY})
"""Needs for which a station must be reached without steps."""

MORE_TIME = frozenset({AccessNeed.MOBILITY, AccessNeed.SIGHT, AccessNeed.CALM})
"""Needs for which a change of station takes longer."""

EXTRA_MINUTES = 5
"""As long again as the usual change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A class that comes: its booking, how many, what its pupils need, and when it is there."""

    booking: int
    pupils: int
    needs: frozenset[AccessNeed]
    here: Span


def groups_of(parties: Sequence[Party], *, limit: int, most: int) -> tuple[RotationGroup, ...]:
    """Return the groups in the order of the parties.

    A class larger than `limit` is split evenly; the first part goes the adapted way. While there
    are more than `most` groups, the smallest that fit within `limit` go together: two by two
    where that is enough.
    """
    groups = list(groups_apart(parties, limit=limit))
    if paired := _paired(groups, limit, len(groups) - most):
        return tuple(paired)
    while len(groups) > most and (pair := _smallest_pair(groups, limit)):
        first, second = pair
        groups[first] = _joined(groups[first], groups[second])
        del groups[second]
    return tuple(groups)


def groups_apart(parties: Sequence[Party], *, limit: int) -> tuple[RotationGroup, ...]:
    """Return the groups where no class goes with another; one larger than `limit` is split."""
    return tuple(group for party in parties for group in _split(party, limit))


def _split(party: Party, limit: int) -> Iterator[RotationGroup]:
    count = max(1, -(-party.pupils // max(1, limit)))
    for number in range(count):
        needs = party.needs if number == 0 else frozenset()
        share = party.pupils // count + (number < party.pupils % count)
        yield RotationGroup(
            parts=((party.booking, share),),
            here=party.here,
            step_free_only=bool(needs & STEP_FREE),
            extra_minutes=EXTRA_MINUTES if needs & MORE_TIME else 0,
        )


def _paired(groups: Sequence[RotationGroup], limit: int, count: int) -> list[RotationGroup] | None:
    """Return the groups with so many pairs made of the smallest; None where that cannot be.

    The smallest of them goes with the largest: where that pair is too many, no pairing will do.
    """
    if not 0 < 2 * count <= len(groups):
        return None
    order = sorted(range(len(groups)), key=lambda at: (groups[at].pupils, at))[: 2 * count]
    pairs = {min(p): max(p) for p in zip(order[:count], reversed(order), strict=False)}
    if not all(_fit(groups[a], groups[b], limit) for a, b in pairs.items()):
        return None
    taken = set(pairs.values())
    return [
        _joined(group, groups[pairs[at]]) if at in pairs else group
        for at, group in enumerate(groups)
        if at not in taken
    ]


def _fit(one: RotationGroup, other: RotationGroup, limit: int) -> bool:
    return one.pupils + other.pupils <= limit and _may_join(one, other)


def _smallest_pair(groups: Sequence[RotationGroup], limit: int) -> tuple[int, int] | None:
    """Return the positions of the two smallest groups of different classes that fit together."""
    fit = [
        (groups[a].pupils + groups[b].pupils, a, b)
        for a, b in combinations(range(len(groups)), 2)
        if _fit(groups[a], groups[b], limit)
    ]
    return min(fit)[1:] if fit else None


def _may_join(one: RotationGroup, other: RotationGroup) -> bool:
    """Return whether they are of different classes and at the place at the same time."""
    apart = {booking for booking, _ in one.parts}.isdisjoint(b for b, _ in other.parts)
    return apart and max(one.here[0], other.here[0]) < min(one.here[1], other.here[1])


def _joined(one: RotationGroup, other: RotationGroup) -> RotationGroup:
    return RotationGroup(
        parts=(*one.parts, *other.parts),
        here=(max(one.here[0], other.here[0]), min(one.here[1], other.here[1])),
        step_free_only=one.step_free_only or other.step_free_only,
        extra_minutes=max(one.extra_minutes, other.extra_minutes),
    )
