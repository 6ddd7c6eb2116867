"""Who chooses first this year: schools whose classes got the last choice before."""

from datetime import date

import pytest
from booking_steps import booked_by
from factories import YEAR, stored_class, stored_school, stored_slot

from blaljus.domain.choices import Choice, rank_come_true
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Half
from blaljus.store import schools, wishes
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, transactional
from blaljus.usecases.followup.turns import get_turns

NEXT = SchoolYear(2027)
DAY, OTHER = date(2027, 3, 16), date(2027, 3, 18)


@transactional
async def wished(school_class, *half_days):
    known = await schools.get_class(school_class.id, (school_class.municipality,))
    await wishes.set_wishes(known, dict(enumerate(half_days, start=1)))


async def next_years(school_class):
    """A class of the same school in the year after."""
    await t.SchoolClass.insert(
        t.SchoolClass(
            municipality=school_class.municipality,
            school_unit=school_class.school_unit,
            school_year=NEXT.start,
            label="4A",
            year4_pupils=20,
            other_pupils=0,
            kind="ordinarie",
            active=True,
            version=1,
        )
    )


@pytest.fixture
async def both_booked(cast, context):
    """Both classes came on the same morning, and both schools have a class next year."""
    slot = await stored_slot(cast.plan, cast.venue, day=DAY)
    for school_class in (cast.school_class, cast.second_class):
        await booked_by(context, cast.coordinator, school_class, slot)
        await next_years(school_class)
    return slot


async def turns_of(cast, clock, year=NEXT):
    found = await get_turns(cast.coordinator, cast.municipality.id, year, clock=clock)
    return [(turn.place, turn.school) for turn in found.schools]


async def test_who_got_no_wish_chooses_before_who_got_the_first(cast, clock, both_booked):
    await wished(cast.second_class, (DAY, Half.FM), (OTHER, Half.FM))
    await wished(cast.school_class, (OTHER, Half.EM), (OTHER, Half.FM))

    found = await get_turns(cast.coordinator, cast.municipality.id, NEXT, clock=clock)

    assert [(turn.place, turn.school) for turn in found.schools] == [
        (1, "Ekskolan"),
        (2, "Alskolan"),
    ]
    assert found.known
    told = {"school_unit": cast.school_class.school_unit, "year": YEAR, "label": "4A"}
    assert list(found.schools[0].past) == [Choice(**told, rank=None, wishes=2)]


async def test_who_never_wished_stands_between_the_lucky_and_the_unlucky(cast, clock, both_booked):
    new = await stored_school(cast.municipality, "Nyskolan")
    await next_years(await stored_class(cast.municipality, new))
    await wished(cast.second_class, (DAY, Half.FM))
    await wished(cast.school_class, (OTHER, Half.FM))

    assert await turns_of(cast, clock) == [(1, "Ekskolan"), (2, "Nyskolan"), (3, "Alskolan")]


async def test_a_later_wish_is_worse_than_an_earlier_one(cast, clock, both_booked):
    await wished(cast.second_class, (OTHER, Half.FM), (DAY, Half.FM))
    await wished(cast.school_class, (DAY, Half.FM), (OTHER, Half.FM))

    assert await turns_of(cast, clock) == [(1, "Alskolan"), (2, "Ekskolan")]


async def test_without_wishes_all_are_equal(cast, clock, both_booked):
    found = await get_turns(cast.coordinator, cast.municipality.id, NEXT, clock=clock)

    assert [turn.place for turn in found.schools] == [1, 1]
    assert not found.known


async def test_this_years_wishes_are_no_past(cast, clock, both_booked):
    await wished(cast.school_class, (OTHER, Half.FM))

    assert await turns_of(cast, clock, YEAR) == [(1, "Alskolan"), (1, "Ekskolan")]


async def test_a_cancelled_slot_made_no_wish_come_true(cast, clock, both_booked):
    cancelled = {t.Booking.state: "cancelled", t.Booking.cancel_cause: "other"}
    await t.Booking.update(cancelled, force=True)
    await wished(cast.school_class, (DAY, Half.FM))
    await wished(cast.second_class, (DAY, Half.FM))

    found = await get_turns(cast.coordinator, cast.municipality.id, NEXT, clock=clock)

    assert [choice.rank for turn in found.schools for choice in turn.past] == [None, None]


async def test_a_municipality_of_others_is_not_found(cast, clock):
    with pytest.raises(NotFoundError):
        await get_turns(cast.coordinator, cast.other.id, None, clock=clock)


async def test_many_wishes_cost_no_more_statements_than_one(cast, clock, both_booked):
    async def cost():
        with count_statements() as heard:
            await turns_of(cast, clock)
        return len(heard)

    await wished(cast.school_class, (DAY, Half.FM))
    one = await cost()
    for number in range(20):
        unit = await stored_school(cast.municipality, f"Skola {number}")
        await wished(await stored_class(cast.municipality, unit), (DAY, Half.FM))

    assert await cost() == one


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([(DAY, Half.FM)], 2),
        ([(OTHER, Half.EM)], 1),
        ([(DAY, Half.FM), (OTHER, Half.EM)], 1),
        ([(DAY, Half.EM)], None),
        ([], None),
    ],
)
def test_the_best_wish_that_came_true_counts_by_its_place_among_them(came, expected):
    assert rank_come_true({7: (DAY, Half.FM), 3: (OTHER, Half.EM)}, came) == expected
