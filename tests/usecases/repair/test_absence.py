"""Somebody is away: as few classes as possible move, everybody is told, all of it or nothing."""

import asyncio
from datetime import date, timedelta

import pytest
from factories import (
    a_key,
    stored_agency,
    stored_availability,
    stored_class,
    stored_slot,
    stored_staff,
)

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.runs import WorldChangedError
from blaljus.domain.words import (
    ACTIVE_ASSIGNMENT,
    ACTIVE_BOOKING,
    REQUIRED_SERVICES,
    Half,
    Service,
    SlotState,
)
from blaljus.store import agencies, assignments, bookings, outbox, slots
from blaljus.store.engine import count_statements
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import assign_person, withdraw_person
from blaljus.usecases.repair.absence import get_absence
from blaljus.usecases.repair.absence_applying import apply_absence
from blaljus.usecases.repair.moving import move_class
from blaljus.usecases.repair.ways import Target

TUESDAY = date(2027, 3, 16)
ALL_WEEK = (TUESDAY, TUESDAY + timedelta(days=6))
JUST_TUESDAY = (TUESDAY, TUESDAY)


async def staffed_slot(context, cast, **others):
    slot = await stored_slot(cast.plan, cast.venue, **others)
    for station in await slots.list_stations([slot.id]):
        await assign_person(
            context,
            cast.coordinator,
            a_key(),
            slot_id=slot.id,
            station_id=station.id,
            staff_id=cast.staff[station.provides],
        )
    return slot


@pytest.fixture
async def slot(cast, context):
    """Tuesday morning, with both classes and one of each service."""
    slot = await staffed_slot(context, cast)
    for school_class in (cast.school_class, cast.second_class):
        goal = {"class_id": school_class.id, "target": Target(slot=slot.id)}
        await move_class(context, cast.coordinator, a_key(), **goal)
    return slot


@pytest.fixture
def officer(cast):
    return cast.staff[Service.POLICE]


async def deputy(cast, *half_days):
    agency = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    staff = await stored_staff(agency, "police-2")
    await stored_availability(staff, *half_days)
    return staff


async def proposal(context, cast, staff, span, person=None):
    return await get_absence(context, person or cast.coordinator, cast.municipality.id, staff, span)


async def approve(context, cast, page, **others):
    await apply_absence(
        context,
        others.pop("person", cast.coordinator),
        a_key(),
        municipality=cast.municipality.id,
        staff=page.member.id,
        span=(page.first_on, page.last_on),
        **{"fingerprint": page.fingerprint, **others},
    )


async def letters(cast, since):
    sent = await outbox.list_messages((cast.municipality.id,), limit=99)
    return sorted((m.address.partition("@")[0], m.method) for m in sent if m.id > since)


async def last_letter(cast):
    return (await outbox.list_messages((cast.municipality.id,), limit=1))[0].id


async def counted_on(cast, slot_id):
    duties = await assignments.list_assignments([slot_id], (cast.municipality.id,))
    return {d.staff for d in duties if d.state in ACTIVE_ASSIGNMENT}


async def slots_of_classes(cast):
    found = await bookings.list_bookings(cast.plan.id, (cast.municipality.id,))
    return {b.slot for b in found if b.state in ACTIVE_BOOKING}


async def broken(context):
    return {name: found for name, found in await verify_store(clock=context.clock) if found}


async def test_who_can_come_instead_comes_and_no_class_moves(cast, context, slot, officer):
    other = await deputy(cast, (TUESDAY, Half.FM))
    page = await proposal(context, cast, officer, JUST_TUESDAY)
    ((swap,), since) = page.change.swaps, await last_letter(cast)
    assert (swap.leaves.staff, swap.comes, page.change.moved) == (officer, other, ())
    assert [row.member.id for row in page.told] == [officer, other]

    await approve(context, cast, page)

    assert await counted_on(cast, slot.id) == {*cast.staff.values(), other} - {officer}
    assert await letters(cast, since) == [("police-1", "cancel"), ("police-2", "request")]
    assert await broken(context) == {}


async def test_where_nobody_can_the_slot_moves_with_its_classes_and_crew(
    cast, context, slot, officer
):
    page = await proposal(context, cast, officer, JUST_TUESDAY)
    since = await last_letter(cast)
    assert [row.booking.school_class for row in page.change.moved] == [
        cast.school_class.id,
        cast.second_class.id,
    ]
    assert [s.id for s in page.change.closed] == [slot.id]
    assert len(page.change.opened) == 1

    await approve(context, cast, page)

    (made,) = await slots_of_classes(cast)
    there = await slots.get_slot(made, (cast.municipality.id,))
    assert local_day(there.starts_at) > TUESDAY
    assert await counted_on(cast, made) == set(cast.staff.values())
    assert (await slots.get_slot(slot.id, (cast.municipality.id,))).state is SlotState.CANCELLED
    both = [(f"{s.value}-1", method) for s in REQUIRED_SERVICES for method in ("cancel", "request")]
    teachers = [("larare.al", "request"), ("larare.ek", "request")]
    assert await letters(cast, since) == sorted([*both, *teachers])
    assert page.letters_to == len(REQUIRED_SERVICES) + len(teachers)
    assert await broken(context) == {}


async def test_classes_without_another_time_stay_and_their_station_lacks_somebody(
    cast, context, slot, officer
):
    page = await proposal(context, cast, officer, ALL_WEEK)
    ((swap,), since) = page.change.swaps, await last_letter(cast)
    assert (swap.leaves.staff, swap.comes) == (officer, None)
    assert (page.change.moved, page.change.closed) == ((), ())

    await approve(context, cast, page)

    assert await slots_of_classes(cast) == {slot.id}
    assert officer not in await counted_on(cast, slot.id)
    assert await letters(cast, since) == [("police-1", "cancel")]
    assert await broken(context) == {}


async def test_the_times_of_who_is_away_are_taken_back_and_nobody_elses(
    cast, context, slot, officer
):
    page = await proposal(context, cast, officer, (TUESDAY, TUESDAY + timedelta(days=1)))
    assert page.given == 2 * len(Half)

    await approve(context, cast, page)

    left = await agencies.list_availability(list(cast.staff.values()), *ALL_WEEK)
    assert {row.day for row in left if row.staff == officer} == {TUESDAY + timedelta(days=2)}
    assert {row.staff for row in left if row.day == TUESDAY} == set(cast.staff.values()) - {officer}
    again = await proposal(context, cast, officer, (TUESDAY, TUESDAY + timedelta(days=1)))
    assert again.is_nothing


async def test_a_proposal_that_would_be_another_by_now_changes_nothing(
    cast, context, slot, officer
):
    page = await proposal(context, cast, officer, JUST_TUESDAY)
    await deputy(cast, (TUESDAY, Half.FM))
    since = await last_letter(cast)

    with pytest.raises(WorldChangedError):
        await approve(context, cast, page)
    with pytest.raises(WorldChangedError):
        await approve(context, cast, page, fingerprint="0" * 64)

    assert await slots_of_classes(cast) == {slot.id}
    assert await counted_on(cast, slot.id) == set(cast.staff.values())
    assert await letters(cast, since) == []


async def test_a_class_without_a_time_gets_none_by_the_way(cast, context, slot, officer):
    waiting = await stored_class(cast.municipality, cast.school_class.school_unit, "4C")
    page = await proposal(context, cast, officer, JUST_TUESDAY)
    assert waiting.id not in {row.booking.school_class for row in page.change.moved}

    await approve(context, cast, page)

    found = await bookings.list_bookings(cast.plan.id, (cast.municipality.id,))
    assert waiting.id not in {b.school_class for b in found}


async def test_a_slot_that_another_absence_left_short_is_filled_when_it_is_planned_anew(
    cast, context, slot, officer
):
    (duty,) = await assignments.list_duties([cast.staff[Service.RESCUE]])
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty.id)
    other = await deputy(cast, (TUESDAY, Half.FM))

    page = await proposal(context, cast, officer, JUST_TUESDAY)

    comes = {swap.comes: swap.leaves and swap.leaves.staff for swap in page.change.swaps}
    assert comes == {other: officer, cast.staff[Service.RESCUE]: None}


async def test_what_is_today_stays(cast, context, slot, officer, clock):
    clock.set(slot.starts_at - timedelta(hours=2))

    page = await proposal(context, cast, officer, JUST_TUESDAY)

    assert page.change.is_empty


async def test_somebody_without_duties_disturbs_nobody(cast, context, slot):
    idle = await deputy(cast)

    page = await proposal(context, cast, idle, ALL_WEEK)

    assert page.is_nothing
    assert page.told == []


async def test_only_a_coordinator_whom_the_agency_serves_sees_and_does_it(
    cast, context, slot, officer
):
    page = await proposal(context, cast, officer, JUST_TUESDAY)
    stranger = await stored_staff(await stored_agency(Service.POLICE), "police-9")

    for person in (cast.teacher, cast.foreign_coordinator):
        with pytest.raises(NotFoundError):
            await proposal(context, cast, officer, JUST_TUESDAY, person)
        with pytest.raises(NotFoundError):
            await approve(context, cast, page, person=person)
    with pytest.raises(NotFoundError):
        await proposal(context, cast, stranger, JUST_TUESDAY)


async def test_more_duties_cost_no_more_statements_to_look_at(cast, context, slot, officer):
    async def cost():
        with count_statements() as heard:
            await proposal(context, cast, officer, JUST_TUESDAY)
        return len(heard)

    one = await cost()
    for n in range(2):
        await staffed_slot(context, cast, day=TUESDAY + timedelta(days=n + 1))

    assert await cost() == one


async def test_of_two_who_approve_at_once_one_does_and_the_other_sees_the_change(
    cast, context, slot, officer
):
    page = await proposal(context, cast, officer, JUST_TUESDAY)

    answers = await asyncio.gather(
        *(approve(context, cast, page) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "WorldChangedError"]
    assert len(await slots_of_classes(cast)) == 1
    assert await broken(context) == {}
