from factories import stored_cast, stored_slot

from blaljus.domain.localtime import SchoolYear
from blaljus.store import tables as t
from blaljus.store.rows import together


async def test_columns_put_together_give_the_same_rows_with_their_joins(store):
    cast = await stored_cast()
    await stored_slot(cast.plan, cast.venue)
    columns = [*t.Slot.all_columns(), t.Slot.venue.name.as_alias("venue_name")]

    one_by_one = await t.Slot.select(*columns)
    put_together = await t.Slot.select(together(*columns))

    assert put_together == one_by_one
    assert put_together[0]["venue_name"] == cast.venue.name


async def test_columns_put_together_may_be_selected_again_and_again(store):
    cast = await stored_cast()
    piece = together(t.Plan.id, t.Plan.promise.title)

    found = [await t.Plan.select(piece).where(t.Plan.school_year == 2026) for _ in range(2)]

    assert found == [[{"id": cast.plan.id, "promise.title": "Blåljusdagar"}]] * 2
    assert SchoolYear(cast.plan.school_year) == SchoolYear(2026)
