"""Who chooses first this year: those who got the last choice before."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

FADING = Fraction(1, 2)
"""Each year counts so much of the one after it: the latest matters most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastChoice:
    """Where in the order someone chose in a school year: 1 is first, `of` is last."""

    chooser: int
    """The id of a school, or of whatever lasts over the years."""
    year: int
    rank: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One chooser of this year; `bad_luck` goes from 0 (always first) to 1 (always last).

    Without a past it is a half.
    """

    chooser: int
    bad_luck: Fraction
    years: int


def choosing_order(choosers: Collection[int], past: Iterable[PastChoice]) -> tuple[Turn, ...]:
    """Return this year's choosers, who had worst luck first; equals by id.

    Raises `ValueError` for a rank outside 1…`of`.
    """
    rows: dict[int, list[PastChoice]] = defaultdict(list)
    latest = 0
    for choice in past:
        if not 1 <= choice.rank <= choice.of:
            raise ValueError(f"rank {choice.rank} of {choice.of}")
        rows[choice.chooser].append(choice)
        latest = max(latest, choice.year)
    turns = (_turn(chooser, rows[chooser], latest) for chooser in set(choosers))
    return tuple(sorted(turns, key=lambda turn: (-turn.bad_luck, turn.chooser)))


def _turn(chooser: int, rows: list[PastChoice], latest: int) -> Turn:
    weights = [FADING ** (latest - row.year) for row in rows]
    told = sum((w * _lateness(row) for w, row in zip(weights, rows, strict=True)), Fraction(0))
    return Turn(
        chooser=chooser,
        bad_luck=told / sum(weights) if rows else Fraction(1, 2),
        years=len({row.year for row in rows}),
    )


def _lateness(row: PastChoice) -> Fraction:
    """Return 0 for the first and 1 for the last; who chose alone was neither."""
    return Fraction(row.rank - 1, row.of - 1) if row.of > 1 else Fraction(1, 2)
