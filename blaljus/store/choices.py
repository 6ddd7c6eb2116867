"""Wishes of years gone by, and what became of them."""

from collections import defaultdict
from datetime import date

from blaljus.domain.choices import Choice, Wish, rank_come_true
from blaljus.domain.localtime import SchoolYear, half_of, local_day
from blaljus.domain.words import ACTIVE_BOOKING, Half
from blaljus.store import tables as t
from blaljus.store.rows import Row, values


async def list_choices(municipality: int, before: SchoolYear) -> list[Choice]:
    """Return what became of each class's wishes in earlier years: newest year first, by label."""
    w = t.Wish
    rows = (
        await w.select(
            w.school_class,
            w.rank,
            w.day,
            w.half,
            w.school_class.school_unit.as_alias("unit"),
            w.school_class.school_year.as_alias("year"),
            w.school_class.label.as_alias("label"),
        )
        .where(w.municipality == municipality)
        .where(w.school_class.school_year < before.start)
        .order_by(w.school_class, w.rank)
    )
    came = await _came(municipality, before)
    by_class: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_class[row["school_class"]].append(row)
    found = [
        Choice(
            school_unit=mine[0]["unit"],
            year=SchoolYear(mine[0]["year"]),
            label=mine[0]["label"],
            rank=rank_come_true(values(mine, Wish), came.get(id_, ())),
            wishes=len(mine),
        )
        for id_, mine in by_class.items()
    ]
    return sorted(found, key=lambda choice: (-choice.year.start, choice.label))


async def _came(municipality: int, before: SchoolYear) -> dict[int, list[tuple[date, Half]]]:
    """Return the (day, half) on which each class of earlier years had its slot."""
    b = t.Booking
    rows = (
        await b.select(b.school_class, b.slot.starts_at.as_alias("starts_at"))
        .where(b.municipality == municipality)
        .where(b.school_class.school_year < before.start)
        .where(b.state.is_in([state.value for state in ACTIVE_BOOKING]))
        .where(b.catch_up == False)  # noqa: E712 -- Piccolo builds SQL from the comparison
    )
    came: dict[int, list[tuple[date, Half]]] = defaultdict(list)
    for row in rows:
        came[row["school_class"]].append((local_day(row["starts_at"]), half_of(row["starts_at"])))
    return came
