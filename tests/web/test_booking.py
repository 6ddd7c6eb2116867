"""Booking through the pages: few steps, no scripts, and a way on when somebody was first."""

import asyncio
import re
from datetime import date, timedelta

import pytest
from booking_steps import all_bookings, booked, booked_by, checked
from factories import some_details, stored_class, stored_slot

from blaljus.domain.errors import BusyError
from blaljus.domain.words import AccessNeed, BookingState
from blaljus.web.teacher import booking as booking_module

DAY = date(2027, 3, 16)


@pytest.fixture
async def slot(cast):
    return await stored_slot(cast.plan, cast.venue, day=DAY)


@pytest.fixture
async def teacher(cast, slot, sign_in):
    """The teacher's browser; there is one time to book."""
    return await sign_in(cast.teacher)


async def test_three_pages_lead_to_a_booking(teacher, cast, slot):
    review = await checked(teacher, slot)
    answer = await teacher.send_form(review, "/boka")
    done = await teacher.follow(answer)

    assert "tis 16 mars 2027 kl. 09.00–10.25 (v. 11)" in review.text
    (booking,) = await all_bookings(cast)
    assert booking.state is BookingState.CONFIRMED
    assert booking.details == some_details(20)
    assert "Tiden är bokad" in done.text
    assert f"{booking.number // 1000} {booking.number % 1000:03}" in done.text


async def test_two_presses_on_the_first_page_book_too(teacher, cast, slot):
    page = await teacher.get("/klass")
    review = await teacher.send_form(page, "/boka/granska")
    answer = await teacher.send_form(review, "/boka")

    assert answer.status_code == 303
    assert [b.slot for b in await all_bookings(cast)] == [slot.id]


async def test_everything_typed_is_shown_kept_and_stored(teacher, cast, slot):
    typed = {
        "pupils": "19",
        "adults": "3",
        "phone": "070-123 45 67",
        "transport": "school-bus",
        "need_calm": "2",
    }
    review = await checked(teacher, slot, **typed)

    again = await teacher.post_fields("/boka/andra", teacher.fields(review, "/boka"))

    assert typed.items() <= teacher.fields(again, "/boka/granska").items()
    assert teacher.fields(again, "/boka/granska")["slot"] == str(slot.id)
    assert all(text in review.text for text in ("070-123 45 67", "Skolbuss", "Lugn miljö 2"))
    await teacher.send_form(review, "/boka")
    (booking,) = await all_bookings(cast)
    assert (booking.pupils, booking.adults, booking.phone) == (19, 3, "070-123 45 67")
    assert booking.access_needs == {AccessNeed.CALM: 2}


async def test_a_double_click_books_once_and_answers_the_same(teacher, cast, slot):
    review = await checked(teacher, slot)

    first, second = await asyncio.gather(
        teacher.send_form(review, "/boka"), teacher.send_form(review, "/boka")
    )

    assert first.headers["location"] == second.headers["location"]
    assert len(await all_bookings(cast)) == 1


async def test_each_option_is_named_by_week_day_time_place_and_services(teacher, slot):
    page = await teacher.get("/boka")

    (label,) = re.findall(r'<label class="pick">(.*?)</label>', page.text, re.DOTALL)
    name = " ".join(re.sub(r"<[^>]+>", " ", label).split())
    assert name == (
        "Vecka 11, tisdag 16 mars, kl. 09.00–10.25 "
        "Brandstationen i Höör · söks ännu: polis, räddningstjänst, ambulans"
    )


async def test_the_loser_of_a_race_gets_the_nearest_times_and_keeps_what_was_typed(
    cast, context, sign_in
):
    slots = [
        await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=n), places=1)
        for n in (0, 1, 2, 6, 7)
    ]
    teacher = await sign_in(cast.teacher)
    review = await checked(teacher, slots[3], pupils="17", phone="0413-280 00")
    await booked_by(context, cast.second_teacher, cast.second_class, slots[3])

    lost = await teacher.send_form(review, "/boka")

    assert lost.status_code == 409
    assert "Tiden är fullbokad." in lost.text
    assert "Platserna har: 4B, Alskolan." in lost.text
    near = re.findall(r'name="slot" value="(\d+)">\s*<input type="hidden" name="pupils"', lost.text)
    assert near == [str(slots[n].id) for n in (4, 2, 1)]
    again = await teacher.send_form(lost, "/boka")
    assert again.status_code == 303
    booking = (await all_bookings(cast))[-1]
    assert (booking.slot, booking.pupils, booking.phone) == (slots[4].id, 17, "0413-280 00")


async def test_all_reasons_are_told_at_once(cast, sign_in):
    slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 2, 23))
    teacher = await sign_in(cast.teacher)
    page = await teacher.get("/boka")
    assert "Skolan har lov, studiedag eller prov den dagen." in page.text
    other = await stored_slot(cast.plan, cast.venue, day=DAY)
    form = teacher.fields(await teacher.get("/boka"), "/boka/granska")

    refused = await teacher.post_fields(
        "/boka/granska", {**form, "slot": str(slot.id), "pupils": "61"}
    )

    assert refused.status_code == 409
    assert refused.text.count("<li>Skolan har lov, studiedag eller prov den dagen.</li>") == 1
    assert refused.text.count("<li>Klassen har fler elever än stationerna tar emot.</li>") == 1
    assert other.id
    assert await all_bookings(cast) == []


async def test_a_class_that_got_a_time_meanwhile_is_asked_again(teacher, cast, context, slot):
    other = await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=1))
    review = await checked(teacher, slot)
    await booked_by(context, cast.coordinator, cast.school_class, other)

    answer = await teacher.send_form(review, "/boka")

    assert answer.status_code == 409
    assert "ons 17 mars 2027" in answer.text
    assert "tis 16 mars 2027" in answer.text
    assert [b.slot for b in await all_bookings(cast)] == [other.id]
    assert (await teacher.send_form(answer, "/boka")).status_code == 303
    assert [b.slot for b in await all_bookings(cast)] == [slot.id]


async def test_a_busy_database_keeps_what_was_typed(teacher, cast, slot, monkeypatch):
    async def busy(*_arguments, **_options):
        raise BusyError

    review = await checked(teacher, slot, pupils="18")
    with monkeypatch.context() as patched:
        patched.setattr(booking_module, "book_slot", busy)
        answer = await teacher.send_form(review, "/boka")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert (await teacher.send_form(answer, "/boka")).status_code == 303
    assert [b.pupils for b in await all_bookings(cast)] == [18]


async def test_a_teacher_of_several_classes_chooses_the_class_first(cast, slot, sign_in):
    school = cast.school_class.school_unit
    await stored_class(cast.municipality, school, "4C", teacher="larare.ek@skola.example")
    teacher = await sign_in(cast.teacher)

    page = await teacher.get("/boka")

    assert re.findall(r"/boka\?klass=\d+\">([^<]+)", page.text) == [
        "4A, Ekskolan",
        "4C, Ekskolan",
    ]
    assert (await teacher.get("/klass")).text.count("<h2") == 2


async def test_moving_keeps_the_number_and_what_was_said(teacher, cast, slot):
    other = await stored_slot(cast.plan, cast.venue, day=DAY + timedelta(days=1))
    number = await booked(teacher, slot, phone="0413-280 00", pupils="18")

    moved = await booked(teacher, other)

    assert moved == number
    (booking,) = await all_bookings(cast)
    assert (booking.slot, booking.phone, booking.pupils) == (other.id, "0413-280 00", 18)


async def test_times_that_all_have_a_hindrance_are_listed_with_it(cast, sign_in):
    await stored_slot(cast.plan, cast.venue, day=date(2027, 2, 23))
    teacher = await sign_in(cast.teacher)

    first, times = await teacher.get("/klass"), await teacher.get("/boka")

    assert "Ingen ledig tid passar just nu" in first.text
    assert "1 tid går inte att välja" in times.text


async def test_a_time_that_has_begun_is_not_moved(teacher, cast, slot, clock, sign_in):
    await stored_slot(cast.plan, cast.venue, day=date(2027, 5, 5))
    number = await booked(teacher, slot)
    clock.set(slot.starts_at)
    teacher = await sign_in(cast.teacher)

    times = await teacher.get("/boka")

    assert times.status_code == 409
    assert "Bokningen går inte att ändra längre" in times.text
    assert (await teacher.get(f"/boka/{number}")).status_code == 200


async def test_a_wish_is_typed_refused_with_its_day_and_saved(cast, sign_in):
    browser = await sign_in(cast.teacher)
    path = f"/klass/{cast.school_class.id}/onskemal"
    page = await browser.get(path)

    wrong = await browser.send_form(page, path, {"day_1": "2027-03-20", "day_2": "i vår"})
    sunday = await browser.send_form(wrong, path, {"day_2": "2027-03-16", "half_2": "em"})
    done = await browser.follow(await browser.send_form(sunday, path, {"day_1": ""}))

    assert (wrong.status_code, "Skriv ett datum som" in wrong.text) == (422, True)
    assert (sunday.status_code, "Den dagen går inte att önska" in sunday.text) == (422, True)
    assert "Önskemålen är sparade" in done.text
    assert 'value="2027-03-16"' in done.text
