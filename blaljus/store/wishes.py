"""The half-days that classes would like."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from blaljus.domain.schools import SchoolClass
from blaljus.domain.wishes import HalfDay, Wishes
from blaljus.domain.words import Half
from blaljus.store import tables as t
from blaljus.store.rows import Scope, within


async def list_wishes(classes: Collection[int], scope: Scope) -> Mapping[int, Wishes]:
    """Return the wishes of classes of the scope, by class; one without wishes has none."""
    found: dict[int, dict[int, HalfDay]] = defaultdict(dict)
    if not classes:
        return found
    w = t.Wish
    rows = (
        await w.select(w.school_class, w.rank, w.day, w.half)
        .where(w.school_class.is_in(sorted(classes)))
        .where(within(w.municipality, scope))
        .order_by(w.school_class, w.rank)
    )
    for row in rows:
        found[row["school_class"]][row["rank"]] = (row["day"], Half(row["half"]))
    return found


async def set_wishes(school_class: SchoolClass, wishes: Wishes) -> None:
    """Replace the wishes of a class, and raise its version."""
    w, c = t.Wish, t.SchoolClass
    mine = within(w.municipality, (school_class.municipality,))
    await w.delete().where((w.school_class == school_class.id) & mine)
    rows = [
        w(
            municipality=school_class.municipality,
            school_class=school_class.id,
            rank=rank,
            day=day,
            half=half.value,
        )
        for rank, (day, half) in sorted(wishes.items())
    ]
    if rows:
        await w.insert(*rows)
    same = (c.id == school_class.id) & within(c.municipality, (school_class.municipality,))
    await c.update({c.version: school_class.version + 1}).where(same)
