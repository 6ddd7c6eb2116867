"""What a teacher is shown: next steps, times with every reason, bookings, the calendar file."""

from datetime import UTC, date, timedelta

import pytest
from factories import a_key, person_of, some_details, stored_class, stored_school, stored_slot
from icalendar import Calendar

from blaljus.domain.attendance import AttendanceReport, StationReport
from blaljus.domain.booking import Refusal
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.words import (
    CancelCause,
    CoverageState,
    Half,
    MissCause,
    Service,
    VisitState,
)
from blaljus.store import schools
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.attendance import get_attendance, report_attendance
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details
from blaljus.usecases.bookings.choosing import get_choices, list_takers
from blaljus.usecases.bookings.teaching import (
    Step,
    get_booking_page,
    list_bookable_classes,
    list_my_classes,
)
from blaljus.usecases.calendars.booking_file import get_booking_file

DAY = date(2027, 3, 16)


async def booked(context, person, school_class, slot, **options):
    return await book_slot(
        context,
        person,
        a_key(),
        class_id=school_class.id,
        slot_id=slot.id,
        details=some_details(),
        **options,
    )


async def step_of(context, person):
    return [status.step for status in await list_my_classes(context, person)]


async def reported(context, person, number, *states, version=None):
    page = await get_attendance(context, person, number)
    told = [
        StationReport(state=state, cause=None if state is VisitState.HELD else MissCause.CALLOUT)
        for state in states
    ]
    await report_attendance(
        context,
        person,
        a_key(),
        number=number,
        report=AttendanceReport(
            pupils=18,
            adults=2,
            stations=dict(zip([s.id for s in page.stations], told, strict=True)),
        ),
        version=version,
    )


async def test_a_class_waits_until_times_are_published(cast, context):
    (status,) = await list_my_classes(context, cast.teacher)

    assert status.school_class == cast.school_class
    assert (status.step, status.published, list(status.suggested)) == (Step.WAIT, False, [])
    assert set(status.states.values()) == {CoverageState.NONE}


async def test_the_nearest_times_are_suggested_to_a_class_without_one(cast, context):
    days = [DAY + timedelta(days=n) for n in (2, 0, 1, 3)]
    stored = {day: await stored_slot(cast.plan, cast.venue, day=day) for day in days}

    (status,) = await list_my_classes(context, cast.teacher)

    assert status.step is Step.BOOK
    assert [choice.slot for choice in status.suggested] == [stored[day] for day in sorted(days)[:3]]


async def test_the_nearest_other_times_are_suggested_to_a_class_with_one(cast, context, clock):
    days = [DAY + timedelta(days=n) for n in range(7) if (DAY + timedelta(days=n)).weekday() < 5]
    stored = [await stored_slot(cast.plan, cast.venue, day=day) for day in days]
    await booked(context, cast.teacher, cast.school_class, stored[-1])

    (status,) = await list_my_classes(context, cast.teacher)
    clock.set(stored[-1].starts_at)
    (begun,) = await list_my_classes(context, cast.teacher)

    assert [choice.slot.id for choice in status.suggested] == [slot.id for slot in stored[-4:-1]]
    assert not begun.suggested


async def test_the_next_step_follows_the_booking(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    number = await booked(context, cast.coordinator, cast.school_class, slot)
    assert await step_of(context, cast.teacher) == [Step.CONFIRM]

    await change_details(context, cast.teacher, a_key(), number=number, details=some_details())
    assert await step_of(context, cast.teacher) == [Step.PREPARE]

    clock.set(slot.starts_at)
    assert await step_of(context, cast.teacher) == [Step.REPORT]

    await reported(
        context, cast.teacher, number, VisitState.HELD, VisitState.HELD, VisitState.MISSED
    )
    (status,) = await list_my_classes(context, cast.teacher)
    assert status.step is Step.DONE
    assert status.states == {
        Service.POLICE: CoverageState.MET,
        Service.RESCUE: CoverageState.MET,
        Service.AMBULANCE: CoverageState.MISSED,
    }


async def test_a_teacher_sees_own_classes_alone(cast, context):
    shown = [await list_my_classes(context, who) for who in (cast.teacher, cast.second_teacher)]

    assert [[s.school_class for s in each] for each in shown] == [
        [cast.school_class],
        [cast.second_class],
    ]
    assert await list_my_classes(context, cast.foreign_coordinator) == []


async def test_a_coordinator_may_book_for_every_class_and_staff_for_none(cast, context):
    assert await list_bookable_classes(context, cast.coordinator) == [
        cast.second_class,
        cast.school_class,
    ]
    assert await list_bookable_classes(context, cast.teacher) == [cast.school_class]
    with pytest.raises(NotFoundError):
        await list_bookable_classes(context, cast.officer)


async def test_every_reason_against_a_time_is_told(cast, context, clock):
    full = await stored_slot(cast.plan, cast.venue, day=date(2027, 2, 23), places=1)
    free = await stored_slot(cast.plan, cast.venue, day=DAY)
    await booked(context, cast.second_teacher, cast.second_class, free)
    soon = await stored_slot(cast.plan, cast.venue, day=clock().date() + timedelta(days=5))

    choices = await get_choices(context, cast.teacher, cast.school_class.id, pupils=61)

    assert [(c.slot.id, c.reasons) for c in choices.unfit] == [
        (soon.id, (Refusal.TOO_LATE, Refusal.TOO_MANY_PUPILS)),
        (full.id, (Refusal.SCHOOL_OUT, Refusal.TOO_MANY_PUPILS)),
        (free.id, (Refusal.TOO_MANY_PUPILS,)),
    ]
    assert choices.fit == []


async def test_the_nearest_times_come_first_and_only_those_that_fit(cast, context):
    days = [DAY + timedelta(days=n) for n in (0, 1, 2, 6, 7)]
    stored = [await stored_slot(cast.plan, cast.venue, day=day, places=1) for day in days]
    await booked(context, cast.second_teacher, cast.second_class, stored[1])

    choices = await get_choices(context, cast.teacher, cast.school_class.id)

    near = choices.nearest(stored[1].starts_at)
    assert [c.slot.id for c in near] == [stored[0].id, stored[2].id, stored[3].id]
    assert choices.get(stored[1].id).reasons == (Refusal.FULL,)
    (taker,) = await list_takers(stored[1])
    assert taker.school_class == cast.second_class


async def test_another_schools_own_times_and_past_ones_are_not_shown(cast, context, clock):
    venues = await schools.list_venues((cast.municipality.id,))
    theirs = next(v for v in venues if v.school_unit == cast.second_class.school_unit)
    slot = await stored_slot(cast.plan, theirs)
    past = await stored_slot(cast.plan, cast.venue, day=clock().date() - timedelta(days=1))

    choices = await get_choices(context, cast.teacher, cast.school_class.id)

    assert [choices.fit, choices.unfit] == [[], []]
    assert choices.get(slot.id).reasons == (Refusal.OTHER_SCHOOL,)
    assert choices.get(past.id).reasons == (Refusal.PAST,)
    with pytest.raises(NotFoundError):
        choices.get(10**9)


async def test_a_time_tells_whom_it_still_seeks(cast, context):
    await stored_slot(cast.plan, cast.venue)

    (choice,) = (await get_choices(context, cast.teacher, cast.school_class.id)).fit

    assert choice.services == choice.sought == (Service.POLICE, Service.RESCUE, Service.AMBULANCE)
    assert choice.staffed == ()


async def test_pages_cost_the_same_number_of_statements_for_1_and_3_times(cast, context):
    async def cost():
        with count_statements() as choosing:
            await get_choices(context, cast.teacher, cast.school_class.id)
        with count_statements() as status:
            await list_my_classes(context, cast.teacher)
        return len(choosing), len(status)

    await stored_slot(cast.plan, cast.venue, day=DAY)
    one = await cost()
    for half in Half:
        await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=1), half=half)

    assert await cost() == one


async def test_a_second_class_costs_no_more_statements(cast, context):
    async def cost():
        teacher = await person_of("larare.ek@skola.example")
        with count_statements() as heard:
            shown = await list_my_classes(context, teacher)
        return len(shown), len(heard)

    _, one = await cost()
    school = cast.school_class.school_unit
    await stored_class(cast.municipality, school, "4C", teacher="larare.ek@skola.example")

    assert await cost() == (2, one)


async def test_a_cancelled_booking_knows_what_replaced_it(cast, context):
    first, second = [
        await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=n)) for n in range(2)
    ]
    number = await booked(context, cast.teacher, cast.school_class, first)
    await cancel_booking(context, cast.teacher, a_key(), number=number, cause=CancelCause.ILLNESS)
    before = await get_booking_page(context, cast.teacher, number)
    again = await booked(context, cast.teacher, cast.school_class, second, version=0)

    page = await get_booking_page(context, cast.teacher, number)

    assert (before.active, before.newer) == (False, None)
    assert (await get_booking_page(context, cast.teacher, again)).newer is None
    assert page.newer is not None
    assert page.newer.number == again


async def test_a_booking_of_others_is_not_there(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    number = await booked(context, cast.teacher, cast.school_class, slot)

    assert (await get_booking_page(context, cast.coordinator, number)).own is False
    for person in (cast.second_teacher, cast.officer, cast.foreign_coordinator):
        with pytest.raises(NotFoundError):
            await get_booking_page(context, person, number)
        with pytest.raises(NotFoundError):
            await get_booking_file(context, person, number)


async def test_a_changed_booking_is_not_changed_again_unseen(cast, context):
    first, second = [
        await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=n)) for n in range(2)
    ]
    number = await booked(context, cast.teacher, cast.school_class, first, version=0)
    seen = (await get_booking_page(context, cast.teacher, number)).booking.version
    await booked(context, cast.coordinator, cast.school_class, second, version=seen)
    after = await get_booking_page(context, cast.teacher, number)

    for stale in (
        booked(context, cast.teacher, cast.school_class, first, version=seen),
        booked(context, cast.teacher, cast.school_class, first, version=0),
        change_details(
            context, cast.teacher, a_key(), number=number, details=some_details(9), version=seen
        ),
        cancel_booking(
            context,
            cast.teacher,
            a_key(),
            number=number,
            cause=CancelCause.OTHER,
            version=seen,
        ),
    ):
        with pytest.raises(StaleError):
            await stale

    assert await get_booking_page(context, cast.teacher, number) == after


async def test_a_report_that_was_replaced_is_not_replaced_again_unseen(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    number = await booked(context, cast.teacher, cast.school_class, slot)
    clock.set(slot.ends_at)
    held = [VisitState.HELD] * 3
    await reported(context, cast.teacher, number, *held, version=0)

    with pytest.raises(StaleError):
        await reported(context, cast.coordinator, number, *[VisitState.MISSED] * 3, version=0)

    page = await get_attendance(context, cast.teacher, number)
    assert page.version == 1
    assert page.report is not None
    assert [told.state for told in page.report.stations.values()] == held


async def test_the_file_holds_the_one_event(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    number = await booked(context, cast.teacher, cast.school_class, slot)

    calendar = Calendar.from_ical(await get_booking_file(context, cast.teacher, number))

    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert event.start.astimezone(UTC) == slot.starts_at
    assert event["SUMMARY"] == "Blåljusdag 4A, Ekskolan"
    assert "ATTENDEE" not in event


async def test_a_school_without_a_plan_has_no_times(cast, context):
    school = await stored_school(cast.other, "Bokskolan")
    foreign = await stored_class(cast.other, school, "4")

    choices = await get_choices(context, cast.foreign_coordinator, foreign.id)

    assert (choices.every, choices.version, choices.own) == ((), 0, False)
    with pytest.raises(NotFoundError):
        await get_choices(context, cast.coordinator, foreign.id)
