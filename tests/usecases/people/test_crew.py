"""A crew notes for itself that it leaves, is back, or pressed wrong."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot, stored_staff

from blaljus.domain.callouts import CalloutRefusedError
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.staffing import DutyClosedError
from blaljus.domain.words import Service
from blaljus.store import agencies, audit, callouts, slots
from blaljus.store import tables as t
from blaljus.usecases.days.callouts import Absence, note_callout
from blaljus.usecases.days.carousel import get_carousel, get_station_rounds
from blaljus.usecases.operation.verifying import check_store
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.crew import Deed, last_of_crew, note_own_crew
from blaljus.usecases.people.duties import get_duty, list_own_duties
from blaljus.usecases.people.staffing import assign_person


@pytest.fixture
async def slot(cast, context):
    """Two classes and three services from 9 on 16 March."""
    slot = await stored_slot(cast.plan, cast.venue)
    for person, school_class in (
        (cast.teacher, cast.school_class),
        (cast.second_teacher, cast.second_class),
    ):
        await booked_by(context, person, school_class, slot)
    return slot


@pytest.fixture
async def duty(cast, context, clock, slot):
    """The officer's, at the first station; it is 9.05."""
    station = (await slots.list_stations([slot.id]))[0]
    duty = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=station.id,
        staff_id=cast.staff[Service.POLICE],
    )
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=True)
    clock.set(slot.starts_at + timedelta(minutes=5))
    return duty


@pytest.fixture
def press(cast, context, duty):
    """Call with a deed to press its button as the officer."""

    async def pressed(deed, key=None, version=None):
        await note_own_crew(
            context,
            cast.officer,
            key or a_key(),
            assignment_id=duty,
            deed=deed,
            version=version,
        )

    return pressed


async def noted(slot):
    found = await callouts.list_callouts(slot.id, (slot.municipality,))
    return [(c.left_at - slot.starts_at, c.back_at and c.back_at - slot.starts_at) for c in found]


async def actions(cast):
    found = await audit.list_entries(cast.municipality.id)
    return [entry.action for entry in found if entry.action.startswith("callout")]


async def undo_of(cast, clock, duty):
    return last_of_crew(await get_station_rounds(cast.officer, duty), now=clock())


def minutes(count):
    return timedelta(minutes=count)


async def test_a_crew_that_leaves_and_comes_back_changes_the_rounds_that_are_left(
    cast, clock, slot, press
):
    await press(Deed.LEAVE)
    assert await noted(slot) == [(minutes(5), None)]
    assert len((await get_carousel(cast.coordinator, slot.id)).rotation.missed) == 2

    clock.advance(minutes(15))
    await press(Deed.BACK)

    assert await noted(slot) == [(minutes(5), minutes(20))]
    assert (await get_carousel(cast.coordinator, slot.id)).rotation.missed == ()
    assert await actions(cast) == ["callout-noted", "callout-ended"]


async def test_a_double_click_and_a_colleague_note_nothing_twice(cast, clock, slot, press):
    key = a_key()
    for _ in range(2):
        await press(Deed.LEAVE, key)
    clock.advance(minutes(1))
    await press(Deed.LEAVE)
    assert await noted(slot) == [(minutes(5), None)]

    for _ in range(2):
        await press(Deed.BACK)

    assert await noted(slot) == [(minutes(5), minutes(6))]
    assert await actions(cast) == ["callout-noted", "callout-ended"]


async def test_pressed_by_mistake_it_is_as_if_nobody_had_left(cast, clock, slot, duty, press):
    before = await get_carousel(cast.coordinator, slot.id)
    await press(Deed.LEAVE)
    clock.advance(minutes(2))

    await press(Deed.UNDO, version=(await undo_of(cast, clock, duty)).version)

    after = await get_carousel(cast.coordinator, slot.id)
    assert await noted(slot) == []
    assert after.rotation == before.rotation
    assert after.slot.version == before.slot.version + 2
    assert await actions(cast) == ["callout-noted", "callout-undone"]


async def test_a_return_pressed_by_mistake_leaves_the_crew_away(cast, clock, slot, duty, press):
    await press(Deed.LEAVE)
    clock.advance(minutes(2))
    await press(Deed.BACK)

    await press(Deed.UNDO, version=(await undo_of(cast, clock, duty)).version)

    assert await noted(slot) == [(minutes(5), None)]
    assert len((await get_carousel(cast.coordinator, slot.id)).rotation.missed) == 2


async def test_the_log_agrees_with_what_is_stored_after_undoing(cast, clock, slot, duty, press):
    await press(Deed.LEAVE)
    await press(Deed.UNDO, version=1)
    await press(Deed.LEAVE)
    clock.advance(minutes(2))
    await press(Deed.BACK)
    await press(Deed.UNDO, version=2)

    found = [finding for _, findings in await check_store(clock()) for finding in findings]

    assert [f for f in found if "callout" in f.subject or f.subject == f"slot:{slot.id}"] == []


async def test_once_a_round_has_begun_it_can_no_longer_be_undone(cast, clock, slot, duty, press):
    await press(Deed.LEAVE)
    clock.advance(minutes(60))

    assert await undo_of(cast, clock, duty) is None
    with pytest.raises(StaleError):
        await press(Deed.UNDO, version=1)
    assert await noted(slot) == [(minutes(5), None)]


async def test_a_colleague_who_undid_first_is_not_undone_again(cast, clock, slot, press):
    await press(Deed.LEAVE)
    clock.advance(minutes(2))
    await press(Deed.BACK)
    await press(Deed.UNDO, version=2)

    with pytest.raises(StaleError):
        await press(Deed.UNDO, version=2)

    assert await noted(slot) == [(minutes(5), None)]


async def test_what_another_crew_did_last_is_not_theirs_to_undo(cast, context, clock, slot, press):
    await press(Deed.LEAVE)
    clock.advance(minutes(1))
    rescue = (await slots.list_stations([slot.id]))[1]
    gone = Absence(station=rescue.id, left_at=clock(), back_at=None)
    await note_callout(context, cast.coordinator, a_key(), slot_id=slot.id, absence=gone)

    with pytest.raises(StaleError):
        await press(Deed.UNDO, version=1)

    assert len(await noted(slot)) == 2


async def test_nobody_presses_for_another_persons_station(cast, context, slot, duty):
    agency = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    await stored_staff(agency, "police-2")
    for person in (cast.teacher, cast.coordinator, cast.foreign_coordinator):
        with pytest.raises(NotFoundError):
            await note_own_crew(context, person, a_key(), assignment_id=duty, deed=Deed.LEAVE)

    assert await noted(slot) == []


async def test_who_is_no_longer_counted_on_presses_nothing(slot, duty, press):
    await t.Assignment.update({t.Assignment.state: "withdrawn"}).where(t.Assignment.id == duty)

    with pytest.raises(DutyClosedError):
        await press(Deed.LEAVE)

    assert await noted(slot) == []


@pytest.mark.parametrize("days", [-1, 1])
async def test_nothing_is_pressed_on_another_day(clock, slot, press, days):
    clock.advance(timedelta(days=days))

    with pytest.raises(CalloutRefusedError):
        await press(Deed.LEAVE)

    assert await noted(slot) == []


async def test_todays_duty_stands_first_until_the_slot_is_over(cast, context, clock, slot, duty):
    def standing(mine):
        return [[d.assignment.id for d in part] for part in (mine.today, mine.upcoming, mine.past)]

    assert standing(await list_own_duties(context, cast.officer)) == [[duty], [], []]
    clock.set(slot.starts_at - timedelta(days=1))
    assert standing(await list_own_duties(context, cast.officer)) == [[], [duty], []]
    clock.set(slot.ends_at)
    assert standing(await list_own_duties(context, cast.officer)) == [[], [], [duty]]


async def test_the_duty_tells_whether_its_crew_is_away(cast, context, clock, duty, press):
    await press(Deed.LEAVE)
    assert (await get_duty(context, cast.officer, duty)).away.left_at == clock()
    clock.advance(minutes(2))

    await press(Deed.BACK)

    assert (await get_duty(context, cast.officer, duty)).away is None
