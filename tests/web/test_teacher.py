"""The class's page and the booking's: confirm, change, cancel, undo, take to a calendar."""

import re
from datetime import date, timedelta

import pytest
from booking_steps import all_bookings, booked, booked_by, choice
from factories import a_key, some_details, stored_slot
from icalendar import Calendar

from blaljus.domain.words import BookingState, CancelCause
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details

DAY = date(2027, 3, 16)


@pytest.fixture
async def slot(cast):
    return await stored_slot(cast.plan, cast.venue, day=DAY)


@pytest.fixture
async def teacher(cast, slot, sign_in):
    """The teacher's browser; there is one time to book."""
    return await sign_in(cast.teacher)


async def test_a_coordinator_books_and_the_teacher_confirms(cast, slot, sign_in):
    coordinator, teacher = await sign_in(cast.coordinator), await sign_in(cast.teacher)
    page = await coordinator.get(f"/boka?klass={cast.school_class.id}")
    review = await coordinator.send_form(page, "/boka/granska", choice(slot))
    done = await coordinator.follow(await coordinator.send_form(review, "/boka"))
    (booking,) = await all_bookings(cast)
    assert "preliminärt" in done.text
    assert "bekrafta" not in (await coordinator.get(f"/boka/{booking.number}")).text

    first = await teacher.get("/klass")
    answer = await teacher.send_form(first, f"/boka/{booking.number}/bekrafta")

    assert "Tiden är bekräftad." in (await teacher.follow(answer)).text
    assert [b.state for b in await all_bookings(cast)] == [BookingState.CONFIRMED]


async def test_what_was_moved_is_not_confirmed_unseen(teacher, cast, context, slot):
    other = await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=1))
    number = await booked_by(context, cast.coordinator, cast.school_class, slot)
    page = await teacher.get("/klass")
    await booked_by(context, cast.coordinator, cast.school_class, other)

    answer = await teacher.send_form(page, f"/boka/{number}/bekrafta")

    assert answer.status_code == 409
    assert "ons 17 mars 2027" in answer.text
    assert [b.state for b in await all_bookings(cast)] == [BookingState.TENTATIVE]


async def test_details_are_changed_and_a_stale_page_shows_both_versions(
    teacher, cast, context, slot
):
    number = await booked(teacher, slot)
    page = await teacher.get(f"/boka/{number}/andra")
    await change_details(
        context, cast.coordinator, a_key(), number=number, details=some_details(15)
    )

    stale = await teacher.send_form(page, f"/boka/{number}/andra", {"pupils": "22", "adults": "4"})

    assert stale.status_code == 409
    assert re.search(r"Elever</th>\s*<td[^>]*>15</td>\s*<td[^>]*>22</td>", stale.text)
    assert [b.pupils for b in await all_bookings(cast)] == [15]
    answer = await teacher.send_form(stale, f"/boka/{number}/andra")
    assert "Ändringen är sparad." in (await teacher.follow(answer)).text
    assert [(b.pupils, b.adults) for b in await all_bookings(cast)] == [(22, 4)]


async def test_too_many_pupils_are_refused_beside_the_field(teacher, cast, slot):
    number = await booked(teacher, slot)
    page = await teacher.get(f"/boka/{number}/andra")

    answer = await teacher.send_form(page, f"/boka/{number}/andra", {"pupils": "61"})

    assert answer.status_code == 422
    assert 'href="#pupils">Klassen har fler elever' in answer.text
    assert [b.pupils for b in await all_bookings(cast)] == [20]


async def test_cancelling_asks_why_and_can_be_undone(teacher, cast, slot):
    number = await booked(teacher, slot, phone="0413-280 00")
    page = await teacher.get(f"/boka/{number}/avboka")
    without = await teacher.send_form(page, f"/boka/{number}/avboka")
    assert without.status_code == 422
    assert [b.state for b in await all_bookings(cast)] == [BookingState.CONFIRMED]

    answer = await teacher.send_form(without, f"/boka/{number}/avboka", {"cause": "illness"})
    cancelled = await teacher.follow(answer)

    (booking,) = await all_bookings(cast)
    assert (booking.state, booking.cancel_cause) == (BookingState.CANCELLED, CancelCause.ILLNESS)
    assert "Orsak: Sjukdom" in cancelled.text
    assert (await teacher.send_form(cancelled, "/boka")).status_code == 303
    again = (await all_bookings(cast))[-1]
    assert (again.slot, again.phone, again.state) == (
        slot.id,
        "0413-280 00",
        BookingState.CONFIRMED,
    )
    old = await teacher.get(f"/boka/{number}")
    assert f"/boka/{again.number}" in old.text
    assert 'action="/boka"' not in old.text


async def test_a_moved_booking_is_not_cancelled_unseen(teacher, cast, context, slot):
    other = await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=1))
    number = await booked(teacher, slot)
    page = await teacher.get(f"/boka/{number}/avboka")
    await booked_by(context, cast.coordinator, cast.school_class, other)

    stale = await teacher.send_form(page, f"/boka/{number}/avboka", {"cause": "illness"})

    assert stale.status_code == 409
    assert "ons 17 mars 2027" in stale.text
    assert teacher.fields(stale, f"/boka/{number}/avboka")["cause"] == "illness"
    assert [b.state for b in await all_bookings(cast)] == [BookingState.TENTATIVE]


async def test_what_has_begun_or_ended_is_closed(teacher, cast, context, clock, slot):
    number = await booked(teacher, slot)
    page = await teacher.get(f"/boka/{number}/avboka")
    await cancel_booking(
        context, cast.coordinator, a_key(), number=number, cause=CancelCause.AGENCY
    )

    answer = await teacher.send_form(page, f"/boka/{number}/avboka", {"cause": "illness"})

    assert answer.status_code == 409
    assert [b.cancel_cause for b in await all_bookings(cast)] == [CancelCause.AGENCY]
    for path in (f"/boka/{number}/andra", f"/boka/{number}/avboka"):
        assert (await teacher.get(path)).status_code == 409
    assert (await teacher.get(f"/boka/klart/{number}")).status_code == 404


async def test_the_calendar_file_is_one_event(teacher, slot):
    number = await booked(teacher, slot)

    answer = await teacher.get(f"/boka/{number}.ics")

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="blaljusdag-{number}.ics"'
    )
    calendar = Calendar.from_ical(answer.content)
    assert not {"SOURCE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"} & calendar.keys()
    (event,) = calendar.walk("VEVENT")
    assert event["URL"] == f"http://blaljus.example/boka/{number}"


async def test_empty_pages_say_what_happens_next(cast, sign_in):
    teacher = await sign_in(cast.teacher)

    first, times = await teacher.get("/klass"), await teacher.get("/boka")

    assert "Tiderna är inte släppta ännu" in first.text
    assert "Det finns inga tider att välja ännu" in times.text


async def test_the_pages_speak_english(teacher, cast, slot):
    await teacher.get("/sprak/en")
    number = await booked(teacher, slot, phone="0413-280 00")

    shown = [
        await teacher.get(path)
        for path in ("/klass", "/boka", f"/boka/{number}", f"/boka/klart/{number}")
    ]

    for answer in shown:
        text = re.sub(r"Höör|Brandstationen i Höör|Svenska|Blåljus", "", answer.text)
        main = text.partition("<main")[2].partition("</main>")[0]
        assert not re.search("[åäöÅÄÖ]", main), re.findall(r"[^>]*[åäöÅÄÖ][^<]*", main)


async def test_the_booking_page_tells_how_to_prepare(teacher, slot):
    number = await booked(teacher, slot)

    text = (await teacher.get(f"/boka/{number}")).text

    assert "Var på plats tio minuter före 09.00." in text
    assert "Koordinater: 55.93700, 13.54000" in text


async def test_the_class_page_says_whom_to_ask(teacher, cast):
    page = await teacher.get("/klass")

    assert "Frågor? Skriv till samordnaren i Höör:" in page.text
    assert '<a href="mailto:samordnare.1267@blaljus.example">' in page.text
    assert "1285" not in page.text
