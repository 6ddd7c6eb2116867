"""A crew leaves in the middle of a day: what becomes of the rounds, and of attendance."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, some_details, stored_slot

from blaljus.domain.attendance import StationReport
from blaljus.domain.callouts import CalloutRefusedError
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.words import AccessNeed, MissCause, Service, VisitState
from blaljus.planner.carousel.rotation import MissReason
from blaljus.store import audit, bookings, callouts, slots
from blaljus.usecases.bookings.attendance import get_attendance
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.days.callouts import Absence, note_callout, propose_callout
from blaljus.usecases.days.carousel import get_carousel, get_class_rounds, get_station_rounds
from blaljus.usecases.days.station_places import StationPlace, place_stations
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person

SHORTENED = StationReport(state=VisitState.SHORTENED, cause=MissCause.CALLOUT)
MISSED = StationReport(state=VisitState.MISSED, cause=MissCause.CALLOUT)
INSIDE = StationPlace(place="", outdoors=False, rain_place="", step_free=True, walk_minutes=0)


@pytest.fixture
async def slot(cast, context, clock):
    """Two classes and three services from 9; it is 9.05. The first class begins at the police."""
    slot = await stored_slot(cast.plan, cast.venue)
    for person, school_class in (
        (cast.teacher, cast.school_class),
        (cast.second_teacher, cast.second_class),
    ):
        await booked_by(context, person, school_class, slot)
    clock.set(slot.starts_at + timedelta(minutes=5))
    return await slots.get_slot(slot.id, (cast.municipality.id,))


async def station_of(slot, service=Service.POLICE):
    return next(s for s in await slots.list_stations([slot.id]) if s.provides is service)


async def gone(slot, first=5, last=None, service=Service.POLICE):
    return Absence(
        station=(await station_of(slot, service)).id,
        left_at=slot.starts_at + timedelta(minutes=first),
        back_at=None if last is None else slot.starts_at + timedelta(minutes=last),
    )


async def test_a_proposal_says_who_misses_whom_and_changes_nothing(cast, context, slot):
    made = await propose_callout(context, cast.coordinator, slot.id, await gone(slot))

    lost = [(m.group, m.service, m.reason) for m in made.after.rotation.missed]
    assert lost == [(n, Service.POLICE, MissReason.CREW_AWAY) for n in (0, 1)]
    assert [group.number for group in made.changed] == [1, 2]
    assert await callouts.list_callouts(slot.id, (cast.municipality.id,)) == []
    shown = await get_carousel(cast.coordinator, slot.id)
    assert shown.rotation == shown.planned
    assert shown.rotation.missed == ()


async def test_what_is_decided_is_stored_once_with_a_line_in_the_log(cast, context, slot):
    absence, key = await gone(slot), a_key()

    for _ in range(2):
        await note_callout(context, cast.coordinator, key, slot_id=slot.id, absence=absence)

    (noted,) = await callouts.list_callouts(slot.id, (cast.municipality.id,))
    assert (noted.station, noted.left_at, noted.back_at) == (
        absence.station,
        absence.left_at,
        None,
    )
    shown = await get_carousel(cast.coordinator, slot.id)
    assert len(shown.rotation.missed) == 2
    assert shown.slot.version == slot.version + 1
    last = (await audit.list_entries(cast.municipality.id))[-1]
    assert (last.action, last.subject) == ("callout-noted", f"slot:{slot.id}")


async def test_when_the_crew_is_back_the_rounds_that_are_left_are_planned_anew(
    cast, context, clock, slot
):
    await note_callout(
        context, cast.coordinator, a_key(), slot_id=slot.id, absence=await gone(slot)
    )
    clock.advance(timedelta(minutes=20))

    await note_callout(
        context, cast.coordinator, a_key(), slot_id=slot.id, absence=await gone(slot, 0, 24)
    )

    (noted,) = await callouts.list_callouts(slot.id, (cast.municipality.id,))
    assert noted.left_at == slot.starts_at + timedelta(minutes=5)
    assert noted.back_at == slot.starts_at + timedelta(minutes=24)
    assert noted.version == 2
    shown = await get_carousel(cast.coordinator, slot.id)
    assert shown.rotation.missed == ()
    assert shown.rotation.minutes == 15


async def test_attendance_begins_with_what_the_callout_did(cast, context, clock, slot):
    await note_callout(
        context, cast.coordinator, a_key(), slot_id=slot.id, absence=await gone(slot, 15)
    )
    clock.set(slot.ends_at)
    carousel, _ = await get_class_rounds(cast.teacher, await _number(cast, cast.school_class))
    assert carousel.groups[0].classes[0][0] == cast.school_class

    first, second = [
        (await get_attendance(context, person, await _number(cast, c))).noted
        for person, c in (
            (cast.teacher, cast.school_class),
            (cast.second_teacher, cast.second_class),
        )
    ]

    police = (await station_of(slot)).id
    assert (first, second) == ({police: SHORTENED}, {police: MISSED})


async def _number(cast, school_class):
    (booking,) = await bookings.list_class_bookings([school_class.id], (cast.municipality.id,))
    return booking.number


async def test_without_callouts_attendance_begins_empty(cast, context, clock, slot):
    clock.set(slot.ends_at)

    shown = await get_attendance(context, cast.teacher, await _number(cast, cast.school_class))

    assert shown.noted == {}


@pytest.mark.parametrize(
    ("first", "last", "problems"),
    [
        (85, None, {"left": "left-outside"}),
        (24 * 60, None, {"left": "left-outside"}),
        (10, 10, {"back": "back-before"}),
        (-10, 5, {}),
    ],
)
async def test_times_that_cannot_be_are_refused(cast, context, slot, first, last, problems):
    absence = await gone(slot, first, last)

    if not problems:
        await propose_callout(context, cast.coordinator, slot.id, absence)
        return
    with pytest.raises(CalloutRefusedError) as caught:
        await note_callout(context, cast.coordinator, a_key(), slot_id=slot.id, absence=absence)

    assert caught.value.problems == problems
    assert await callouts.list_callouts(slot.id, (cast.municipality.id,)) == []


async def test_nothing_is_noted_before_the_day(cast, context, clock, slot):
    clock.set(slot.starts_at - timedelta(days=1))

    with pytest.raises(CalloutRefusedError) as caught:
        await note_callout(
            context, cast.coordinator, a_key(), slot_id=slot.id, absence=await gone(slot)
        )

    assert caught.value.problems == {"left": "not-today"}


async def test_who_is_gone_already_can_only_come_back(cast, context, slot):
    await note_callout(
        context, cast.coordinator, a_key(), slot_id=slot.id, absence=await gone(slot)
    )

    with pytest.raises(CalloutRefusedError) as caught:
        await note_callout(
            context, cast.coordinator, a_key(), slot_id=slot.id, absence=await gone(slot, 20)
        )

    assert caught.value.problems == {"back": "back-missing"}
    noted = [e for e in await audit.list_entries(cast.municipality.id) if "callout" in e.action]
    assert [entry.action for entry in noted] == ["callout-noted"]


async def test_two_who_decide_at_once_do_not_decide_over_each_other(cast, context, slot):
    await note_callout(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        absence=await gone(slot),
        version=slot.version,
    )

    with pytest.raises(StaleError):
        await note_callout(
            context,
            cast.coordinator,
            a_key(),
            slot_id=slot.id,
            absence=await gone(slot, service=Service.RESCUE),
            version=slot.version,
        )

    assert len(await callouts.list_callouts(slot.id, (cast.municipality.id,))) == 1


async def test_others_see_and_decide_nothing(cast, context, slot):
    absence = await gone(slot)

    for person in (cast.foreign_coordinator, cast.teacher, cast.officer):
        with pytest.raises(NotFoundError):
            await get_carousel(person, slot.id)
        with pytest.raises(NotFoundError):
            await note_callout(context, person, a_key(), slot_id=slot.id, absence=absence)
        with pytest.raises(NotFoundError):
            await place_stations(context, person, a_key(), slot_id=slot.id, places={})
    with pytest.raises(NotFoundError):
        await get_class_rounds(cast.second_teacher, await _number(cast, cast.school_class))


async def test_a_station_of_another_slot_is_not_this_ones(cast, context, slot):
    absence = Absence(station=987, left_at=slot.starts_at, back_at=None)

    with pytest.raises(NotFoundError):
        await propose_callout(context, cast.coordinator, slot.id, absence)
    with pytest.raises(NotFoundError):
        await place_stations(
            context, cast.coordinator, a_key(), slot_id=slot.id, places={987: INSIDE}
        )


async def test_places_steps_and_rain_change_the_carousel(cast, context, slot):
    police, rescue = await station_of(slot), await station_of(slot, Service.RESCUE)
    yard = StationPlace(
        place="skolgården", outdoors=True, rain_place="", step_free=False, walk_minutes=9
    )
    hall = StationPlace(
        place="planen", outdoors=True, rain_place="hallen", step_free=True, walk_minutes=0
    )

    await place_stations(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        places={police.id: yard, rescue.id: hall},
        version=slot.version,
    )

    shown = await get_carousel(cast.coordinator, slot.id)
    assert [station.place for station in shown.stations] == ["skolgården", "planen", ""]
    assert shown.problem.walks[0, 1] == 9
    assert {(m.service, m.reason) for m in shown.rain.missed} == {(Service.POLICE, MissReason.RAIN)}
    assert shown.rotation.missed == ()
    with pytest.raises(StaleError):
        await place_stations(
            context,
            cast.coordinator,
            a_key(),
            slot_id=slot.id,
            places={police.id: INSIDE},
            version=slot.version,
        )


async def test_a_class_with_needs_goes_the_adapted_way(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    needs = {AccessNeed.MOBILITY: 1}
    number = await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(access_needs=needs),
    )

    _, groups = await get_class_rounds(cast.teacher, number)

    assert [group.adapted for group in groups] == [True]


async def test_whoever_is_at_a_station_sees_its_groups_until_the_duty_ends(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    duty = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=(await station_of(slot)).id,
        slot_id=slot.id,
        staff_id=cast.staff[Service.POLICE],
    )

    carousel, station = await get_station_rounds(cast.officer, duty)

    assert station.provides is Service.POLICE
    ((stop, group),) = carousel.at_station(carousel.rotation, station)
    assert (stop.starts_at, group.classes) == (slot.starts_at, ((cast.school_class, 20),))
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=False)
    assert await get_station_rounds(cast.officer, duty) is None


async def test_each_class_must_be_there_for_its_first_round_and_may_leave_after_its_last(
    cast, context, slot
):
    shown = await get_carousel(cast.coordinator, slot.id)
    trips = shown.trips(shown.rotation)

    mine = {trip.school_class.id: trip for trip in trips}[cast.school_class.id]
    stops = [stop for stop, _ in shown.of_group(shown.rotation, shown.groups[0])]
    assert shown.groups[0].classes[0][0] == cast.school_class
    assert (mine.there_by, mine.free_at) == (stops[0].starts_at, stops[-1].ends_at)
    assert [trip.there_by for trip in trips] == sorted(trip.there_by for trip in trips)
    assert {trip.booking.school_class for trip in trips} == {
        cast.school_class.id,
        cast.second_class.id,
    }


async def test_a_class_whose_every_crew_is_away_is_expected_for_the_whole_slot(
    cast, context, clock, slot
):
    clock.set(slot.starts_at - timedelta(minutes=30))
    for service in (Service.POLICE, Service.RESCUE, Service.AMBULANCE):
        absence = await gone(slot, -20, service=service)
        await note_callout(context, cast.coordinator, a_key(), slot_id=slot.id, absence=absence)

    shown = await get_carousel(cast.coordinator, slot.id)

    assert {(trip.there_by, trip.free_at) for trip in shown.trips(shown.rotation)} == {
        (slot.starts_at, slot.ends_at)
    }
