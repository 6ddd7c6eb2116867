"""Wishes of years gone by, and what became of them."""

from collections import defaultdict

from blaljus.domain.choices import Choice, rank_come_true
from blaljus.domain.localtime import SchoolYear, half_of, local_day
from blaljus.domain.wishes import HalfDay
from blaljus.domain.words import ACTIVE_BOOKING, Half
from blaljus.store import tables as t


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
    )
    classes = {row["school_class"]: row for row in rows}
    wishes: dict[int, dict[int, HalfDay]] = defaultdict(dict)
    for row in rows:
        wishes[row["school_class"]][row["rank"]] = (row["day"], Half(row["half"]))
    came = await _came(municipality, before)
    found = [
        Choice(
            school_unit=row["unit"],
            year=SchoolYear(row["year"]),
            label=row["label"],
            rank=rank_come_true(wishes[id_], came.get(id_, ())),
            wishes=len(wishes[id_]),
        )
        for id_, row in classes.items()
    ]
    return sorted(found, key=lambda choice: (-choice.year.start, choice.label))


async def _came(municipality: int, before: SchoolYear) -> dict[int, list[HalfDay]]:
    """Return the half-days on which each class of earlier years had its slots."""
    b = t.Booking
    rows = (
        await b.select(b.school_class, b.slot.starts_at.as_alias("starts_at"))
        .where(b.municipality == municipality)
        .where(b.school_class.school_year < before.start)
        .where(b.state.is_in([state.value for state in ACTIVE_BOOKING]))
        .where(b.catch_up == False)  # noqa: E712 -- Piccolo builds SQL from the comparison
    )
    came: dict[int, list[HalfDay]] = defaultdict(list)
    for row in rows:
        came[row["school_class"]].append((local_day(row["starts_at"]), half_of(row["starts_at"])))
    return came
