"""What is right is called right, on both engines, in few statements."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from booking_steps import booked_by
from factories import a_context, a_key, stored_slot

from blaljus.demo.story import Story, StoryClock
from blaljus.domain.words import CancelCause, Service
from blaljus.store import assignments, bookings, slots
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.days.callouts import Absence, note_callout, propose_callout
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.days.venues import rename_shared_venue
from blaljus.usecases.operation.verifying import HELD, verify_store
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person

STATEMENTS = 40
ROOT = Path(__file__).parents[4]


async def test_a_season_that_people_acted_in_is_clean(season):
    assert await season.spoilt() == {}


async def test_a_term_of_the_demo_is_clean_and_read_in_few_statements(store):
    clock = StoryClock()

    async def taken(message):
        assert message.mime

    story = Story(context=a_context(clock), clock=clock, transport=taken, say=lambda _: None)
    await story.begin()
    await story.go_on()

    with count_statements() as heard:
        checked = await verify_store(clock=clock)

    assert {name: found for name, found in checked if found} == {}
    assert len(heard) <= STATEMENTS


@pytest.fixture
async def staffed(cast, context):
    """Two slots with everybody; the first class moved from one to the other and is alone there."""
    made = []
    for day in (date(2027, 3, 16), date(2027, 3, 17)):
        slot = await stored_slot(cast.plan, cast.venue, day=day)
        for station in await slots.list_stations([slot.id]):
            await assign_person(
                context,
                cast.coordinator,
                a_key(),
                slot_id=slot.id,
                station_id=station.id,
                staff_id=cast.staff[station.provides],
            )
        made.append(slot)
    first, second = made
    await booked_by(context, cast.teacher, cast.school_class, first)
    await booked_by(context, cast.second_teacher, cast.second_class, first)
    await booked_by(context, cast.teacher, cast.school_class, second)
    return first, second


async def clean(clock):
    return {name: found for name, found in await verify_store(clock=clock) if found} == {}


async def duty_of(cast, slot):
    found = await assignments.list_duties([cast.staff[Service.POLICE]])
    return next(duty for duty in found if duty.slot == slot.id)


async def test_moves_answers_and_new_names_are_clean(cast, context, clock, staffed):
    first, _ = staffed
    duty = await duty_of(cast, first)
    assert await clean(clock)

    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=True)
    await rename_shared_venue(
        context, cast.coordinator, a_key(), venue_id=cast.venue.id, name="Torget", version=1
    )
    assert await clean(clock)

    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=False)
    (booking,) = await bookings.list_in_slots([first.id], (cast.municipality.id,))
    clock.advance(timedelta(hours=1))
    await cancel_booking(
        context, cast.second_teacher, a_key(), number=booking.number, cause=CancelCause.ILLNESS
    )
    assert await clean(clock)


async def test_a_slot_called_off_and_one_that_took_place_are_clean(cast, context, clock, staffed):
    first, second = staffed
    await cancel_slot(
        context, cast.coordinator, a_key(), slot_id=first.id, cause=CancelCause.AGENCY
    )
    assert await clean(clock)

    clock.set(second.starts_at + timedelta(minutes=5))
    station, *_ = await slots.list_stations([second.id])
    for back in (None, clock.now + timedelta(minutes=30)):
        gone = Absence(station=station.id, left_at=clock.now, back_at=back)
        made = await propose_callout(context, cast.coordinator, second.id, gone)
        await note_callout(
            context,
            cast.coordinator,
            a_key(),
            slot_id=second.id,
            absence=gone,
            version=made.carousel.slot.version,
        )
        assert await clean(clock)
    clock.advance(timedelta(days=40))
    assert await clean(clock)


def test_what_only_tests_can_hold_names_tests_that_are_there():
    named = [name for _, how in HELD for name in re.findall(r"tests/[\w/]+\.py", how)]

    assert len(named) >= len(HELD)
    assert [name for name in named if not (ROOT / name).exists()] == []
