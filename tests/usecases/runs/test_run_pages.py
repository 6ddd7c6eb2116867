"""Runs in words: who, where, when, and what approving does."""

from datetime import date

import pytest
from factories import (
    YEAR,
    a_key,
    some_details,
    stored_class,
    stored_school,
    stored_slot,
)
from own_calendars import a_busy_time, stored_own_calendar

from blaljus.domain.errors import NotFoundError
from blaljus.domain.runs import RunState
from blaljus.domain.words import REQUIRED_SERVICES, Service, SlotState
from blaljus.store import outbox, slots
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run
from blaljus.usecases.runs.run_pages import get_run_view, list_run_rows


async def proposed(context, cast):
    place = {"municipality": cast.municipality.id}
    return await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)


async def view_of(cast, number):
    return await get_run_view(cast.coordinator, cast.municipality.id, number)


async def test_a_proposal_is_read_as_time_place_classes_and_people(cast, context):
    view = await view_of(cast, await proposed(context, cast))

    (slot,) = view.slots
    assert slot.place == "Brandstationen i Höör"
    assert slot.starts_at.date() == date(2027, 3, 16)
    assert sorted(c.name for c in slot.classes) == ["4A, Ekskolan", "4B, Alskolan"]
    assert [crew.service for crew in slot.crew] == list(REQUIRED_SERVICES)
    assert (slot.slot, slot.extends) == (None, False)
    assert (view.placed, view.half_days, view.staff_days, view.new_slots) == (2, 3, 3, 1)


async def test_it_says_who_is_perhaps_busy_and_asked_all_the_same(cast, context):
    days = [date(2027, 3, 16 + n) for n in range(3)]
    police = cast.staff[Service.POLICE]
    await stored_own_calendar(police, *(a_busy_time(day, (7, 17), soft=True) for day in days))

    view = await view_of(cast, await proposed(context, cast))

    (slot,) = view.slots
    asked = [(crew.service, crew.perhaps_busy) for crew in slot.crew]
    assert asked == [(service, service is Service.POLICE) for service in REQUIRED_SERVICES]


async def test_it_foretells_how_many_mails_approving_sends(cast, context):
    number = await proposed(context, cast)
    view = await view_of(cast, number)

    await approve_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, number=number
    )

    sent = await outbox.list_messages((cast.municipality.id,), limit=100)
    assert view.letters.total == len(sent) == 5


async def test_classes_that_fill_a_published_slot_need_nobody_new(cast, context):
    first = await proposed(context, cast)
    place = {"municipality": cast.municipality.id}
    await approve_run(context, cast.coordinator, a_key(), number=first, **place)
    await stored_class(cast.municipality, cast.school_class.school_unit, "4C", teacher="c@x.se")
    number = await proposed(context, cast)
    before = len(await outbox.list_messages((cast.municipality.id,), limit=100))

    view = await view_of(cast, number)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)

    (slot,) = view.slots
    assert (slot.extends, slot.crew, view.new_slots, view.half_days) == (True, [], 0, 0)
    assert slot.slot is not None
    after = len(await outbox.list_messages((cast.municipality.id,), limit=100))
    on_duty = len(REQUIRED_SERVICES)
    assert view.letters.total == after - before == 1 + on_duty, "the teacher, and those on duty"


async def test_an_approved_run_leads_to_what_it_became(cast, context):
    number = await proposed(context, cast)
    await approve_run(
        context, cast.coordinator, a_key(), municipality=cast.municipality.id, number=number
    )

    view = await view_of(cast, number)

    (made,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    assert view.run.state is RunState.APPROVED
    assert view.slots[0].slot == made
    assert made.state is SlotState.PUBLISHED


async def test_a_class_without_a_time_shows_where_its_half_days_went(cast, context):
    school = await stored_school(cast.municipality, "Storskolan")
    await stored_class(cast.municipality, school, "4X", year4_pupils=40, other_pupils=40)

    view = await view_of(cast, await proposed(context, cast))

    (waiting,) = view.waiting
    assert waiting.school_class.name == "4X, Storskolan"
    assert waiting.reason == "pupils"
    assert waiting.steps[0][0] == "season"
    left = [half_days for _, half_days in waiting.steps]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


async def test_the_list_counts_and_is_for_ones_own_municipality(cast, context):
    await proposed(context, cast)

    (row,) = await list_run_rows(cast.coordinator, cast.municipality.id)

    assert (row.run.number, row.placed, row.unplaced) == (1, 2, 0)
    assert await list_run_rows(cast.foreign_coordinator, cast.municipality.id) == []
    with pytest.raises(NotFoundError):
        await get_run_view(cast.foreign_coordinator, cast.municipality.id, 1)


async def test_more_slots_cost_no_more_statements(cast, context):
    async def cost(number):
        with count_statements() as heard:
            view = await view_of(cast, number)
        return len(view.slots), len(heard)

    found, one = await cost(await proposed(context, cast))
    for n in range(4):
        school = await stored_school(cast.municipality, f"Skola {n}")
        await stored_class(cast.municipality, school, "4A", teacher=f"t{n}@x.se")
    more, same = await cost(await proposed(context, cast))

    assert more > found
    assert same == one


async def test_a_class_that_booked_itself_is_not_planned(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )

    view = await view_of(cast, await proposed(context, cast))

    assert view.placed == 1
