from datetime import date, timedelta

import pytest
from factories import a_key, stored_agency, stored_availability, stored_slot, stored_staff

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.staffing import DutyClosedError, StaffingRefusal, StaffingRefusedError
from blaljus.domain.words import (
    AssignmentState,
    AvailabilityState,
    CancelCause,
    FeedKind,
    Half,
    Service,
)
from blaljus.store import assignments, entries, outbox, schools, slots
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.candidates import list_candidates
from blaljus.usecases.people.staffing import (
    assign_person,
    replace_person,
    withdraw_person,
)


async def station_of(slot, service):
    found = await slots.list_stations([slot.id])
    return next(station.id for station in found if station.provides is service)


async def assigned(context, cast, slot, service=Service.POLICE, staff=None, **others):
    number = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=await station_of(slot, service),
        staff_id=staff or cast.staff[service],
        **others,
    )
    return await assignments.get_assignment(number, (cast.municipality.id,))


async def methods_to(cast, address):
    messages = await outbox.list_messages((cast.municipality.id,), limit=50)
    return [m.method for m in reversed(messages) if m.address == address]


async def second_officer(cast, *half_days, state=AvailabilityState.FREE):
    agency = await stored_agency(Service.POLICE, cast.municipality)
    staff = await stored_staff(agency, "police-2")
    await stored_availability(staff, *half_days, state=state)
    return staff


async def test_an_assigned_person_is_invited_and_sees_it_in_the_calendar(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)

    duty = await assigned(context, cast, slot)

    assert duty.state is AssignmentState.INVITED
    assert await methods_to(cast, "police-1@blaljus.example") == ["request"]
    shown = await entries.list_fragments(FeedKind.STAFF, cast.staff[Service.POLICE], clock())
    assert len(shown) == 1


async def test_a_person_is_not_in_two_places(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    venues = await schools.list_venues((cast.municipality.id,))
    school = next(venue for venue in venues if venue.name == "Alskolan")
    other = await stored_slot(cast.plan, school)
    await assigned(context, cast, slot)

    with pytest.raises(StaffingRefusedError) as caught:
        await assigned(context, cast, other)

    assert caught.value.refusals == (StaffingRefusal.ELSEWHERE,)


async def test_every_reason_against_a_person_is_told_at_once(cast, context):
    slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 19))
    agency = await stored_agency(Service.RESCUE, cast.other)
    stranger = await stored_staff(agency, "rescue-9")

    with pytest.raises(StaffingRefusedError) as caught:
        await assigned(context, cast, slot, staff=stranger)

    assert caught.value.refusals == (
        StaffingRefusal.WRONG_SERVICE,
        StaffingRefusal.NOT_SERVING,
        StaffingRefusal.NOT_AVAILABLE,
    )
    assert await assignments.list_assignments([slot.id], (cast.municipality.id,)) == []


async def test_nobody_is_asked_to_come_to_a_slot_that_was_called_off(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    await cancel_slot(context, cast.coordinator, a_key(), slot_id=slot.id, cause=CancelCause.AGENCY)

    with pytest.raises(StaffingRefusedError) as caught:
        await assigned(context, cast, slot, override_reason="Vi behöver någon")

    assert caught.value.refusals == (StaffingRefusal.NOT_PUBLISHED,)


async def test_a_reason_overrides_what_the_person_said_and_is_kept(cast, context):
    slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 19))

    duty = await assigned(context, cast, slot, override_reason="Avtalat per telefon")

    assert duty.override_reason == "Avtalat per telefon"


async def test_a_decline_frees_the_person_and_tells_the_coordinator(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    duty = await assigned(context, cast, slot)
    clock.advance(timedelta(hours=1))

    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=False)

    after = await assignments.get_assignment(duty.id, (cast.municipality.id,))
    assert (after.state, after.sequence) == (AssignmentState.DECLINED, 1)
    assert await assignments.busy_buckets([duty.staff]) == {duty.staff: set()}
    assert await methods_to(cast, "police-1@blaljus.example") == ["request", "cancel"]
    assert await methods_to(cast, "samordnare.1267@blaljus.example") == ["mail"]
    shown = await entries.list_fragments(FeedKind.STAFF, duty.staff, clock())
    assert len(shown) == 1
    assert "STATUS:CANCELLED" in shown[0]


async def test_yes_can_become_no_but_not_after_the_start(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    duty = await assigned(context, cast, slot)
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=True)
    accepted = await assignments.get_assignment(duty.id, (cast.municipality.id,))
    assert (accepted.state, accepted.sequence) == (AssignmentState.ACCEPTED, 0)

    clock.set(slot.starts_at)

    with pytest.raises(DutyClosedError):
        await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=False)


@pytest.mark.parametrize("who", ["teacher", "coordinator", "foreign_coordinator"])
async def test_nobody_answers_for_another(cast, context, who):
    slot = await stored_slot(cast.plan, cast.venue)
    duty = await assigned(context, cast, slot)

    with pytest.raises(NotFoundError):
        await answer_duty(context, getattr(cast, who), a_key(), assignment_id=duty.id, can=True)


async def test_a_replaced_person_is_cancelled_and_the_new_one_invited(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    duty = await assigned(context, cast, slot)
    other = await second_officer(cast, (local_day(slot.starts_at), Half.FM))

    await replace_person(context, cast.coordinator, a_key(), assignment_id=duty.id, staff_id=other)

    found = await assignments.list_assignments([slot.id], (cast.municipality.id,))
    assert [(a.staff, a.state) for a in found] == [
        (duty.staff, AssignmentState.WITHDRAWN),
        (other, AssignmentState.INVITED),
    ]
    assert await methods_to(cast, "police-1@blaljus.example") == ["request", "cancel"]
    assert await methods_to(cast, "police-2@blaljus.example") == ["request"]


async def test_a_refused_replacement_leaves_the_first_person(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    duty = await assigned(context, cast, slot)
    other = await second_officer(cast)

    with pytest.raises(StaffingRefusedError):
        await replace_person(
            context, cast.coordinator, a_key(), assignment_id=duty.id, staff_id=other
        )

    found = await assignments.list_assignments([slot.id], (cast.municipality.id,))
    assert [(a.staff, a.state) for a in found] == [(duty.staff, AssignmentState.INVITED)]


async def test_a_withdrawn_person_is_told(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    duty = await assigned(context, cast, slot)

    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty.id)

    assert await methods_to(cast, "police-1@blaljus.example") == ["request", "cancel"]
    with pytest.raises(DutyClosedError):
        await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty.id)


async def test_candidates_come_able_first_with_reasons_for_the_others(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    other = await second_officer(cast)

    found = await list_candidates(
        context, cast.coordinator, slot.id, await station_of(slot, Service.POLICE)
    )

    assert [(member.id, reasons) for member, reasons in found] == [
        (cast.staff[Service.POLICE], ()),
        (other, (StaffingRefusal.NOT_AVAILABLE,)),
    ]


async def test_another_municipality_assigns_nobody_here(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)

    with pytest.raises(NotFoundError):
        await assign_person(
            context,
            cast.foreign_coordinator,
            a_key(),
            slot_id=slot.id,
            station_id=await station_of(slot, Service.POLICE),
            staff_id=cast.staff[Service.POLICE],
        )
