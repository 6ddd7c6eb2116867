"""How far the classes of a school got what they wished for: it decides whose turn it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Half


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A half-day that a class would like; `rank` 1 is the dearest."""

    school_class: int
    rank: int
    day: date
    half: Half


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What became of a class's wishes: the one of `rank` came true, of `wishes`; None: none did."""

    school_unit: int
    year: SchoolYear
    label: str
    rank: int | None
    wishes: int


def rank_come_true(wishes: Sequence[Wish], came: Sequence[tuple[date, Half]]) -> int | None:
    """Return where among a class's wishes, from 1, stands the best one on which it came."""
    in_order = sorted(wishes, key=lambda wish: wish.rank)
    met = (n for n, wish in enumerate(in_order, start=1) if (wish.day, wish.half) in came)
    return next(met, None)
