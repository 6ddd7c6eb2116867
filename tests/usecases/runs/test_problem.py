"""The stored facts as the planner's problem: what may be planned, and what is announced."""

from datetime import date, timedelta

from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.words import Half, Service
from blaljus.planner.problem import HalfDay
from blaljus.store import tables as t
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.runs.problem import load_announced, load_world


async def announced_slot(context, cast):
    """A published slot with a class and an officer."""
    slot = await stored_slot(cast.plan, cast.venue)
    (station, *_) = await t.Station.select().where(t.Station.slot == slot.id)
    place = {"slot_id": slot.id, "station_id": station["id"]}
    police = cast.staff[Service.POLICE]
    await assign_person(context, cast.coordinator, a_key(), **place, staff_id=police)
    await booked_by(context, cast.coordinator, cast.school_class, slot)
    return slot


async def test_what_is_announced_is_no_longer_planned_but_can_be_mended(cast, context, clock):
    slot = await announced_slot(context, cast)

    planned = await load_world(cast.plan, clock=clock)
    announced = await load_announced(cast.plan, clock=clock)

    assert [c.id for c in planned.problem.classes] == [cast.second_class.id]
    assert {c.id for c in announced.problem.classes} == {cast.school_class.id, cast.second_class.id}
    (fixed,) = announced.problem.fixed
    assert (fixed.id, fixed.classes) == (slot.id, (cast.school_class.id,))
    assert fixed.staff == (cast.staff[Service.POLICE],)
    assert (fixed.free_places, planned.problem.fixed[0].free_places) == (2, 2)


async def test_a_slot_within_the_notice_is_mended_but_nobody_moves_to_those_days(
    cast, context, clock
):
    slot = await announced_slot(context, cast)
    clock.set(slot.starts_at - timedelta(days=1))

    announced = (await load_announced(cast.plan, clock=clock)).problem

    assert announced.half_days[0] == HalfDay(date(2027, 3, 16), Half.FM)
    assert [fixed.half_day for fixed in announced.fixed] == [0]
    free = {announced.half_days[i].day for i in range(40) if announced.classes[0].free >> i & 1}
    assert min(free) == date(2027, 3, 15) + timedelta(days=cast.plan.notice_days + 1)


async def test_who_meets_everyone_today_is_left_in_peace(cast, context, clock):
    slot = await announced_slot(context, cast)
    clock.set(slot.starts_at)

    announced = (await load_announced(cast.plan, clock=clock)).problem

    assert announced.fixed == ()
    assert [c.id for c in announced.classes] == [cast.second_class.id]


async def test_who_left_the_agency_with_a_duty_still_open_does_not_stop_planning(
    cast, context, clock
):
    await announced_slot(context, cast)
    s = t.StaffMember
    await s.update({s.active: False}).where(s.id == cast.staff[Service.POLICE])

    problem = (await load_world(cast.plan, clock=clock)).problem

    officer = next(who for who in problem.staff if who.id == cast.staff[Service.POLICE])
    assert problem.fixed[0].staff == (officer.id,)
    assert officer.available == 0
