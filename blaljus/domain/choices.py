"""How far the classes of a school got what they wished for: it decides whose turn it is."""

from collections.abc import Collection
from dataclasses import dataclass

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.wishes import HalfDay, Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What became of a class's wishes: the one of `rank` came true, of `wishes`; None: none did."""

    school_unit: int
    year: SchoolYear
    label: str
    rank: int | None
    wishes: int


def rank_come_true(wishes: Wishes, came: Collection[HalfDay]) -> int | None:
    """Return where among a class's wishes, from 1, stands the best one on which it came."""
    met = (n for n, (_, wish) in enumerate(sorted(wishes.items()), start=1) if wish in came)
    return next(met, None)
