"""Attendance through the pages: not before the day, every station answered, corrected later."""

import asyncio

import pytest
from booking_steps import all_bookings, booked_by
from factories import a_key, stored_slot

from blaljus.domain.attendance import AttendanceReport, StationReport
from blaljus.domain.errors import BusyError
from blaljus.domain.words import BookingState, CancelCause, MissCause, VisitState
from blaljus.store import visits
from blaljus.usecases.bookings.attendance import report_attendance
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.web.teacher import attendance as attendance_module

ALL_HELD = {f"station_{n}": "held" for n in (1, 2, 3)}


@pytest.fixture
async def slot(cast):
    return await stored_slot(cast.plan, cast.venue)


@pytest.fixture
async def number(cast, context, slot):
    """A booking of 20 pupils and 2 adults."""
    return await booked_by(context, cast.teacher, cast.school_class, slot)


@pytest.fixture
async def teacher(cast, slot, number, clock, sign_in):
    """The teacher's browser, at the moment the day begins."""
    clock.set(slot.starts_at)
    return await sign_in(cast.teacher)


async def sent(browser, number, answers):
    page = await browser.get(f"/narvaro/{number}")
    return await browser.send_form(page, f"/narvaro/{number}", answers)


async def report_of(cast):
    (booking,) = await all_bookings(cast)
    return await visits.find_report(booking)


def outcomes(report):
    return [(said.state, said.cause) for _, said in sorted(report.stations.items())]


async def test_before_the_day_the_page_says_when_it_opens(cast, number, sign_in):
    teacher = await sign_in(cast.teacher)

    page = await teacher.get(f"/narvaro/{number}")
    form = {"csrf": teacher.fields(page, "/ut")["csrf"], "key": "k" * 20, "pupils": "1"}
    answer = await teacher.post_fields(f"/narvaro/{number}", form)

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "tisdag 16 mars 2027 kl. 09.00" in page.text
    assert await report_of(cast) is None


async def test_four_answers_make_a_report(teacher, cast, number):
    page = await teacher.get(f"/narvaro/{number}")
    fields = teacher.fields(page, f"/narvaro/{number}")
    assert (fields["pupils"], fields["adults"]) == ("20", "2")
    assert not any(name.startswith("station_") for name in fields)

    answer = await teacher.send_form(
        page,
        f"/narvaro/{number}",
        {
            "pupils": "18",
            "station_1": "held",
            "cause_1": "weather",
            "station_2": "shortened",
            "cause_2": "callout",
            "station_3": "missed",
            "cause_3": "illness",
        },
    )
    shown = await teacher.follow(answer)

    assert all(text in shown.text for text in ("Närvaron är sparad.", "18 elever", "Utryckning"))
    report = await report_of(cast)
    assert (report.pupils, report.adults) == (18, 2)
    assert outcomes(report) == [
        (VisitState.HELD, None),
        (VisitState.SHORTENED, MissCause.CALLOUT),
        (VisitState.MISSED, MissCause.ILLNESS),
    ]
    assert [b.state for b in await all_bookings(cast)] == [BookingState.HELD]


async def test_nobody_came_is_a_report_and_no_report_is_not_zero(teacher, cast, number):
    assert await report_of(cast) is None
    missed = {f"station_{n}": "missed" for n in (1, 2, 3)}
    causes = {f"cause_{n}": "school" for n in (1, 2, 3)}

    answer = await sent(teacher, number, {"pupils": "0", "adults": "0", **missed, **causes})

    assert answer.status_code == 303
    assert (await report_of(cast)).pupils == 0


async def test_a_report_is_corrected_later(teacher, cast, number):
    await sent(teacher, number, ALL_HELD)

    page = await teacher.get(f"/narvaro/{number}")
    assert "Redan ifyllt: 20 elever och 2 vuxna." in page.text
    assert teacher.fields(page, f"/narvaro/{number}")["station_2"] == "held"
    answer = await teacher.send_form(
        page,
        f"/narvaro/{number}",
        {"pupils": "19", "station_2": "missed", "cause_2": "callout"},
    )

    assert answer.status_code == 303
    report = await report_of(cast)
    assert report.pupils == 19
    assert outcomes(report)[1] == (VisitState.MISSED, MissCause.CALLOUT)


async def test_somebody_elses_report_is_shown_before_it_is_replaced(teacher, cast, context, number):
    page = await teacher.get(f"/narvaro/{number}")
    missed = StationReport(state=VisitState.MISSED, cause=MissCause.WEATHER)
    theirs = AttendanceReport(pupils=7, adults=1, stations=dict.fromkeys((1, 2, 3), missed))
    await report_attendance(context, cast.coordinator, a_key(), number=number, report=theirs)

    stale = await teacher.send_form(page, f"/narvaro/{number}", ALL_HELD)

    assert stale.status_code == 409
    assert "Redan ifyllt: 7 elever och 1 vuxna." in stale.text
    assert teacher.fields(stale, f"/narvaro/{number}")["pupils"] == "20"
    assert await report_of(cast) == theirs
    assert (await teacher.send_form(stale, f"/narvaro/{number}")).status_code == 303
    assert (await report_of(cast)).pupils == 20


async def test_a_double_click_reports_once(teacher, cast, number):
    page = await teacher.get(f"/narvaro/{number}")

    answers = await asyncio.gather(
        *[teacher.send_form(page, f"/narvaro/{number}", ALL_HELD) for _ in range(2)]
    )

    assert [answer.status_code for answer in answers] == [303, 303]
    (booking,) = await all_bookings(cast)
    assert await visits.report_version(booking) == 1


async def test_a_busy_database_keeps_what_was_typed(teacher, cast, number, monkeypatch):
    async def busy(*_arguments, **_options):
        raise BusyError

    with monkeypatch.context() as patched:
        patched.setattr(attendance_module, "report_attendance", busy)
        answer = await sent(teacher, number, {**ALL_HELD, "pupils": "13"})

    assert answer.status_code == 503
    assert (await teacher.send_form(answer, f"/narvaro/{number}")).status_code == 303
    assert (await report_of(cast)).pupils == 13


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"station_2": []}, "station_2"),
        ({"station_2": "planned"}, "station_2"),
        ({"station_2": "🚒"}, "station_2"),
        ({"station_2": ["held", "missed"]}, "station_2"),
        ({"station_2": "missed"}, "cause_2"),
        ({"station_2": "shortened", "cause_2": "lust"}, "cause_2"),
        ({"pupils": ""}, "pupils"),
        ({"pupils": "-1"}, "pupils"),
        ({"pupils": "1000000000"}, "pupils"),
        ({"adults": "41"}, "adults"),
        ({"adults": "två\x00"}, "adults"),
        ({"station_4": "held"}, "station_4"),
        ({"hittepa": "1"}, "hittepa"),
    ],
)
async def test_what_cannot_be_right_is_told_and_nothing_is_stored(
    teacher, cast, number, answers, wrong
):
    answer = await sent(teacher, number, {**ALL_HELD, **answers})

    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.text
    assert teacher.fields(answer, f"/narvaro/{number}")["station_3"] == "held"
    assert await report_of(cast) is None


async def test_a_cancelled_time_has_no_attendance(cast, context, number, clock, slot, sign_in):
    await cancel_booking(context, cast.teacher, a_key(), number=number, cause=CancelCause.ILLNESS)
    clock.set(slot.ends_at)
    teacher = await sign_in(cast.teacher)

    page = await teacher.get(f"/narvaro/{number}")

    assert "Det finns ingen närvaro att fylla i." in page.text


async def test_others_see_nothing_and_a_coordinator_may_report(cast, number, slot, clock, sign_in):
    clock.set(slot.ends_at)
    for person in (cast.second_teacher, cast.officer, cast.foreign_coordinator):
        other = await sign_in(person)
        assert (await other.get(f"/narvaro/{number}")).status_code == 404
    coordinator = await sign_in(cast.coordinator)

    assert (await sent(coordinator, number, ALL_HELD)).status_code == 303


async def test_the_class_page_leads_there_and_then_says_thanks(teacher, number):
    before = await teacher.get("/klass")
    await sent(teacher, number, ALL_HELD)
    after = await teacher.get("/klass")

    assert f'href="/narvaro/{number}">Fyll i närvaro' in before.text
    assert "Allt är klart för klassen det här läsåret." in after.text
    assert after.text.count("✓</span> Träffat") == 3
