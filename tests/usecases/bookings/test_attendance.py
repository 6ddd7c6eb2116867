import asyncio
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from booking_steps import booked_by
from factories import YEAR, a_key, some_details, stored_slot

from blaljus.domain.attendance import AttendanceReport, StationReport
from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import (
    BookingState,
    CoverageState,
    FeedKind,
    MissCause,
    Service,
    VisitState,
)
from blaljus.store import audit, bookings, entries, slots
from blaljus.usecases.bookings.attendance import (
    NotYetHeldError,
    ReportProblemsError,
    get_attendance,
    report_attendance,
)
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.followup.coverage import get_coverage

HELD = StationReport(state=VisitState.HELD, cause=None)
CALLED_OUT = StationReport(state=VisitState.MISSED, cause=MissCause.CALLOUT)


@pytest.fixture
async def held(cast, context, clock):
    """A booking whose slot has just ended."""
    slot = await stored_slot(cast.plan, cast.venue)
    number = await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )
    clock.set(slot.ends_at + timedelta(hours=1))
    return number, slot


async def a_report(slot, **outcomes):
    stations = await slots.list_stations([slot.id])
    return AttendanceReport(
        pupils=18,
        adults=2,
        stations={s.id: outcomes.get(s.provides.value, HELD) for s in stations},
    )


async def states(cast, clock):
    matrix = await get_coverage(cast.municipality.id, YEAR, clock=clock)
    row = next(r for r in matrix.rows if r.school_class.id == cast.school_class.id)
    return row.states


async def test_a_held_slot_counts_once_it_is_reported(cast, context, clock, held):
    number, slot = held
    assert set((await states(cast, clock)).values()) == {CoverageState.AT_RISK}

    await report_attendance(
        context, cast.teacher, a_key(), number=number, report=await a_report(slot)
    )

    assert set((await states(cast, clock)).values()) == {CoverageState.MET}
    booking = await bookings.get_booking(number, (cast.municipality.id,))
    assert booking.state is BookingState.HELD


async def test_a_missed_station_is_missed_and_a_shortened_one_met(cast, context, clock, held):
    number, slot = held
    short = StationReport(state=VisitState.SHORTENED, cause=MissCause.WEATHER)

    await report_attendance(
        context,
        cast.teacher,
        a_key(),
        number=number,
        report=await a_report(slot, rescue=CALLED_OUT, ambulance=short),
    )

    assert await states(cast, clock) == {
        Service.POLICE: CoverageState.MET,
        Service.RESCUE: CoverageState.MISSED,
        Service.AMBULANCE: CoverageState.MET,
    }


async def test_a_report_can_be_put_right(cast, context, clock, held):
    number, slot = held
    wrong = await a_report(slot, rescue=CALLED_OUT)
    await report_attendance(context, cast.teacher, a_key(), number=number, report=wrong)
    right = await a_report(slot)

    await report_attendance(context, cast.teacher, a_key(), number=number, report=right)

    page = await get_attendance(context, cast.teacher, number)
    assert page.report == right
    assert set((await states(cast, clock)).values()) == {CoverageState.MET}


async def test_reports_at_once_hold_the_booking_once(cast, context, held):
    number, slot = held
    report = await a_report(slot)

    await asyncio.gather(
        *(
            report_attendance(context, person, a_key(), number=number, report=report)
            for person in (cast.teacher, cast.coordinator, cast.teacher)
        )
    )

    booking = await bookings.get_booking(number, (cast.municipality.id,))
    log = await audit.list_entries_of(cast.municipality.id, [f"booking:{booking.id}"])
    assert [(e.action, e.version) for e in log] == [("booking-held", 2), ("booking-made", 1)]


async def test_what_is_not_reported_is_not_zero(cast, context, held):
    number, _ = held

    assert (await get_attendance(context, cast.teacher, number)).report is None


async def test_a_report_needs_an_answer_for_every_station(cast, context, held):
    number, slot = held
    stations = [s.id for s in await slots.list_stations([slot.id])]
    report = AttendanceReport(
        pupils=-1,
        adults=99,
        stations={stations[0]: StationReport(state=VisitState.MISSED, cause=None)},
    )

    with pytest.raises(ReportProblemsError) as caught:
        await report_attendance(context, cast.teacher, a_key(), number=number, report=report)

    assert caught.value.problems == {
        "pupils": "pupils-range",
        "adults": "adults-range",
        f"cause-{stations[0]}": "cause-missing",
        f"station-{stations[1]}": "station-missing",
        f"station-{stations[2]}": "station-missing",
    }


async def test_nothing_is_reported_before_the_slot_begins(cast, context, clock, held):
    number, slot = held
    clock.set(slot.starts_at - timedelta(seconds=1))

    with pytest.raises(NotYetHeldError):
        await report_attendance(
            context, cast.teacher, a_key(), number=number, report=await a_report(slot)
        )


async def test_another_teacher_reports_nothing(cast, context, held):
    number, slot = held

    with pytest.raises(NotFoundError):
        await report_attendance(
            context, cast.second_teacher, a_key(), number=number, report=await a_report(slot)
        )


async def the_event(cast, number):
    """The class's one event as its feed shows it, and what it is made of."""
    (fragment,) = await entries.list_fragments(
        FeedKind.SCHOOL_CLASS, cast.school_class.id, datetime(2027, 6, 1, tzinfo=UTC)
    )
    booking = await bookings.get_booking(number, (cast.municipality.id,))
    return icalendar.Event.from_ical(fragment), fragment, booking


async def test_a_tentative_time_that_was_held_is_confirmed_in_calendars(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    number = await booked_by(context, cast.coordinator, cast.school_class, slot)
    event, *_ = await the_event(cast, number)
    assert (event["STATUS"], event["SEQUENCE"]) == ("TENTATIVE", 0)
    written = await audit.list_entries(cast.municipality.id)
    clock.set(slot.ends_at)

    await report_attendance(
        context, cast.teacher, a_key(), number=number, report=await a_report(slot)
    )

    event, _, booking = await the_event(cast, number)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 1)
    assert (booking.state, booking.sequence) == (BookingState.HELD, 1)
    assert event["LAST-MODIFIED"].dt == booking.revised_at == slot.ends_at
    log = (await audit.list_entries(cast.municipality.id))[len(written) :]
    assert [entry.action for entry in log] == ["booking-held", "attendance-reported"]


async def test_a_confirmed_time_that_was_held_and_a_report_put_right_leave_calendars_as_they_are(
    cast, context, clock, held
):
    number, slot = held
    before = await the_event(cast, number)

    for outcomes in ({}, {"rescue": CALLED_OUT}):
        clock.advance(timedelta(minutes=1))
        report = await a_report(slot, **outcomes)
        await report_attendance(context, cast.teacher, a_key(), number=number, report=report)

    _, fragment, booking = await the_event(cast, number)
    assert fragment == before[1]
    assert booking.state is BookingState.HELD
