"""A class wishes for half-days; the coordinator sees them, and planning fulfils what it can."""

from datetime import date

import pytest
from booking_steps import booked_by
from factories import YEAR, a_key, stored_slot

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.people import OPERATOR
from blaljus.domain.runs import Effort
from blaljus.domain.words import Half
from blaljus.store import audit, schools
from blaljus.usecases.bookings.class_pages import get_class_page
from blaljus.usecases.bookings.wishes import get_wishes, save_wishes
from blaljus.usecases.runs.planning import get_run, run_for_operator

TUESDAY, THURSDAY = date(2027, 3, 16), date(2027, 3, 18)


async def wished(context, person, class_id, *half_days, version=None):
    shown = await get_wishes(context, person, class_id)
    await save_wishes(
        context,
        person,
        a_key(),
        class_id=class_id,
        wanted=dict(enumerate(half_days, start=1)),
        version=shown.school_class.version if version is None else version,
    )


async def test_wishes_are_one_version_and_one_line_and_can_be_taken_back(cast, context):
    mine = cast.school_class.id

    await wished(context, cast.teacher, mine, (THURSDAY, Half.EM), (TUESDAY, Half.FM))

    entry = (await audit.list_entries(cast.municipality.id))[-1]
    assert (entry.action, entry.subject, entry.version) == ("wishes-said", f"class:{mine}", 2)
    assert entry.data == '{"wishes":{"1":"2027-03-18 em","2":"2027-03-16 fm"}}'
    page = await get_class_page(context, cast.coordinator, mine)
    assert list(page.wishes.values()) == [(THURSDAY, Half.EM), (TUESDAY, Half.FM)]

    await wished(context, cast.teacher, mine)

    assert (await get_wishes(context, cast.teacher, mine)).wishes == {}


@pytest.mark.parametrize(
    "half_days",
    [
        [(date(2027, 3, 20), Half.FM)],
        [(date(2027, 2, 23), Half.FM)],
        [(date(2027, 1, 22), Half.FM)],
        [(date(2027, 6, 14), Half.FM)],
        [(TUESDAY, Half.FM), (TUESDAY, Half.FM)],
    ],
    ids=["weekend", "holiday", "too soon", "after the term", "twice"],
)
async def test_days_on_which_nobody_could_come_are_not_stored(cast, context, half_days):
    with pytest.raises(StaleError):
        await wished(context, cast.teacher, cast.school_class.id, *half_days)

    assert (await get_wishes(context, cast.teacher, cast.school_class.id)).wishes == {}


async def test_who_saw_older_wishes_changes_nothing(cast, context):
    mine = cast.school_class.id
    await wished(context, cast.coordinator, mine, (TUESDAY, Half.FM))

    with pytest.raises(StaleError):
        await wished(context, cast.teacher, mine, (THURSDAY, Half.FM), version=1)

    assert (await schools.get_class(mine, (cast.municipality.id,))).version == 2


async def test_a_class_with_a_confirmed_time_wishes_no_more(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.coordinator, cast.second_class, slot)
    tentative = await get_wishes(context, cast.second_teacher, cast.second_class.id)
    await booked_by(context, cast.teacher, cast.school_class, slot)

    assert tentative.may_wish
    with pytest.raises(StaleError):
        await wished(context, cast.teacher, cast.school_class.id, (TUESDAY, Half.FM))


async def test_a_teacher_of_another_school_and_a_coordinator_of_others_find_no_class(cast, context):
    for stranger in (cast.second_teacher, cast.foreign_coordinator, cast.officer):
        with pytest.raises(NotFoundError):
            await get_wishes(context, stranger, cast.school_class.id)


async def test_a_search_fulfils_a_wish_that_costs_no_crew(cast, context):
    wish = (THURSDAY, Half.EM)
    for class_id in (cast.school_class.id, cast.second_class.id):
        await wished(context, cast.coordinator, class_id, (date(2027, 4, 8), Half.FM), wish)

    number = await run_for_operator(
        context,
        OPERATOR,
        municipality=cast.municipality.id,
        school_year=YEAR,
        effort=Effort(seconds=10),
    )

    proposal = (await get_run(cast.coordinator, cast.municipality.id, number)).proposal
    assert [(slot.day, slot.half) for slot in proposal.slots] == [wish]
