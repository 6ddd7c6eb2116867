"""Pages for people of the agencies: times and duties."""

import re
from datetime import UTC, date, datetime
from itertools import product

import icalendar
import pytest
from factories import a_key, person_of, some_details, stored_slot
from icaljs import ical_js

from blaljus.domain.words import AssignmentState, AvailabilityState, Half, Service
from blaljus.store import agencies, assignments, outbox, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, transactional
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person

FREE, ON_CALL, NOT = AvailabilityState
TIMES = "/personal/tider"
WEEK = f"{TIMES}?fran=2027-03-08"
MONDAY = "t-2027-03-08-fm"
BOOKED = "t-2027-03-16-fm"


@pytest.fixture
def store(sqlite_store):
    """The use cases are tested on both engines."""
    return sqlite_store


@pytest.fixture
async def officer(sign_in, cast):
    return await sign_in(cast.officer)


@pytest.fixture
def staff(cast):
    return cast.staff[Service.POLICE]


async def given_duty(context, cast, day=date(2027, 3, 16), half=Half.FM, phone=""):
    """The id of a duty of the officer, with a class."""
    slot = await stored_slot(cast.plan, cast.venue, day=day, half=half)
    station = (await slots.list_stations([slot.id]))[0]
    if not await t.Booking.count():
        await book_slot(
            context,
            cast.coordinator,
            a_key(),
            class_id=cast.school_class.id,
            slot_id=slot.id,
            details=some_details(21, phone=phone),
        )
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=slot.id,
        staff_id=cast.staff[Service.POLICE],
    )


async def said_by(staff):
    rows = await agencies.list_availability([staff], date(2027, 1, 1), date(2027, 6, 30))
    return {f"{row.day} {row.half}": row.state for row in rows}


async def state_of(cast, duty):
    found = await assignments.get_assignment(duty, (cast.municipality.id,))
    return found.state


# --- times


async def test_times_are_shown_saved_and_taken_back(officer, staff):
    before = await said_by(staff)
    page = await officer.get(WEEK)

    saved = await officer.send_form(page, TIMES, {MONDAY: "on_call"})
    shown = await officer.follow(saved)
    assert await said_by(staff) == {**before, "2027-03-08 fm": ON_CALL}
    assert "1 halvdag sparad." in shown.text
    undone = await officer.follow(await officer.send_form(shown, f"{TIMES}/angra"))
    assert await said_by(staff) == before
    assert "Ändringen är ångrad." in undone.text


async def test_a_page_sent_untouched_changes_nothing(officer, staff):
    before = await said_by(staff)

    shown = await officer.follow(await officer.send_form(await officer.get(WEEK), TIMES))

    assert await said_by(staff) == before
    assert "Inget behövde ändras." in shown.text


async def test_every_half_day_is_named_by_day_and_half(officer):
    page = await officer.get(WEEK)

    assert '<legend class="vh">måndag 8 mars, förmiddag</legend>' in page.text
    assert '<legend class="vh">fredag 2 april, eftermiddag</legend>' in page.text


async def test_a_half_day_with_a_duty_is_locked_and_leads_to_it(officer, cast, context):
    duty = await given_duty(context, cast)

    page = await officer.get(WEEK)

    assert f'name="{BOOKED}"' not in page.text
    assert f'href="/personal/uppdrag/{duty}"' in page.text
    assert "Police, Brandstationen i Höör" in page.text


async def test_holidays_are_named(officer):
    page = await officer.get(f"{TIMES}?fran=2027-02-22")

    assert page.text.count("Sportlov") == 5
    assert "t-2027-02-23-fm" not in page.text


async def test_a_stale_page_shows_both_versions_and_saves_nothing(officer, staff):
    old = await officer.get(WEEK)
    await officer.send_form(await officer.get(WEEK), TIMES, {MONDAY: "free"})
    before = await said_by(staff)

    answer = await officer.send_form(old, TIMES, {MONDAY: "on_call", "t-2027-03-09-em": "free"})
    assert answer.status_code == 409
    assert await said_by(staff) == before
    assert "Sparat nu: Ledig" in answer.text
    assert "Sparat nu: Kan inte" in answer.text
    again = await officer.send_form(answer, TIMES)
    assert again.status_code == 303
    assert await said_by(staff) == {**before, "2027-03-08 fm": ON_CALL, "2027-03-09 em": FREE}


async def test_a_double_click_gets_the_same_answer(officer):
    page = await officer.get(WEEK)

    first, second = [await officer.send_form(page, TIMES, {MONDAY: "free"}) for _ in range(2)]

    assert first.headers["location"] == second.headers["location"]
    assert await t.AuditEntry.count() == 1


async def test_the_button_of_a_week_saves_and_repeats_it(officer, staff):
    page = await officer.get(WEEK)

    await officer.send_form(page, TIMES, {MONDAY: "free", "repeat": "2027-03-08"})

    assert {"2027-03-08 fm", "2027-03-15 fm"} <= (await said_by(staff)).keys()
    assert "2027-03-17 fm" not in await said_by(staff)


async def test_many_weeks_are_filled_at_once(officer, staff):
    values = {
        "weekdays": ["1"],
        "halves": ["fm"],
        "state": "free",
        "first_week": "2027-04-12",
        "last_week": "2027-05-24",
    }

    shown = await officer.follow(
        await officer.send_form(await officer.get(TIMES), f"{TIMES}/fyll", values)
    )

    assert "7 halvdagar sparade." in shown.text
    assert len([day for day in await said_by(staff) if day >= "2027-04"]) == 7


async def test_filling_without_days_or_backwards_says_so_and_keeps_what_was_typed(officer, staff):
    before = await said_by(staff)
    page = await officer.get(TIMES)
    weeks = {"first_week": "2027-04-12", "last_week": "2027-04-05"}

    empty = await officer.send_form(page, f"{TIMES}/fyll", weeks)
    backwards = await officer.send_form(
        page, f"{TIMES}/fyll", {**weeks, "weekdays": ["1", "3"], "halves": ["em"]}
    )

    assert (empty.status_code, backwards.status_code) == (422, 422)
    assert "Välj minst en veckodag." in empty.text
    assert "Välj förmiddag, eftermiddag eller båda." in empty.text
    assert "Välj en vecka som inte ligger före den första." in backwards.text
    assert officer.fields(backwards, f"{TIMES}/fyll")["weekdays"] == ["1", "3"]
    assert await said_by(staff) == before


async def test_a_week_is_copied_to_others(officer, staff):
    values = {"source": "2027-03-15", "copy_first": "2027-04-12", "copy_last": "2027-04-19"}

    shown = await officer.follow(
        await officer.send_form(await officer.get(TIMES), f"{TIMES}/kopiera", values)
    )

    assert "12 halvdagar sparade." in shown.text


BAD_TIMES = [
    {"first": "1.1.2027"},
    {"first": "9999-12-31", "repeat": "9999-12-31"},
    {"first": "0001-01-01"},
    {"version": "1000000000000"},
    {"version": ""},
    {"version": "-1"},
    {"staff": "0"},
    {"staff": "2"},
    {"staff": "1000000000"},
    {"staff": "9" * 400},
    {"staff": "polis-1"},
    {MONDAY: "maybe"},
    {MONDAY: ""},
    {MONDAY: ["free", "on_call"]},
    {MONDAY: "free\x00"},
    {"t-2027-02-30-fm": "free"},
    {"t-2027-03-08-natt": "free"},
    {"t-2027-03-13-fm": "free"},
    {"t-2037-03-13-fm": "free"},
    {"t-2027-03-08-fm\x00": "free"},
    {"repeat": "2027-03-09"},
    {"repeat": "x" * 10_000},
    {"key": ""},
    {"key": "å" * 24},
    {"nonsense": "1"},
]


async def test_whatever_is_sent_is_refused_and_changes_nothing(officer, staff):
    before = await said_by(staff)

    for values in BAD_TIMES:
        answer = await officer.send_form(await officer.get(WEEK), TIMES, values)
        assert 400 <= answer.status_code < 500, values
    assert await said_by(staff) == before
    assert await t.AuditEntry.count() == 0


NOT_MINE = ["", "0", "2", "x", "1000000000", "9" * 400, "1\x00"]


async def test_nobody_elses_times_can_be_changed(officer, staff):
    page = await officer.get(WEEK)
    saved = await officer.follow(await officer.send_form(page, TIMES, {MONDAY: "free"}))
    before = await said_by(staff)

    for path, staff_id in product(("fyll", "kopiera", "angra"), NOT_MINE):
        values = {"staff": staff_id, "key": a_key().key}
        days = {"weekdays": ["1"], "halves": ["fm"]} if path == "fyll" else {}
        answer = await officer.send_form(saved, f"{TIMES}/{path}", {**values, **days})
        assert answer.status_code in (404, 422), (path, staff_id)
    assert await said_by(staff) == before


async def test_weeks_that_cannot_be_chosen_are_refused(officer, staff):
    before = await said_by(staff)
    page = await officer.get(TIMES)

    for week in ("", "2027-03-09", "2030-01-07", "9999-12-27", "1", "v. 12"):
        copied = await officer.send_form(page, f"{TIMES}/kopiera", {"source": week})
        filling = {"weekdays": ["1"], "halves": ["fm"], "last_week": week}
        filled = await officer.send_form(page, f"{TIMES}/fyll", filling)
        assert (copied.status_code, filled.status_code) == (422, 422), week
    assert await said_by(staff) == before


async def test_an_address_with_nonsense_still_shows_the_page(officer):
    starts = ("x", "9999-12-31", "0001-01-01", "", "%00")
    keys = ("x", "k" * 24, "", "%00", "k" * 5000)

    for query in (*(f"fran={day}" for day in starts), *(f"sparat={key}" for key in keys)):
        assert (await officer.get(f"{TIMES}?{query}")).status_code == 200, query


async def test_the_times_of_others_are_not_found(officer):
    for other in NOT_MINE:
        assert (await officer.get(TIMES, params={"som": other})).status_code == 404


@transactional
async def no_terms():
    await t.CalendarBlock.delete(force=True)


async def test_without_terms_the_page_says_what_comes(officer):
    await no_terms()

    page = await officer.get(TIMES)

    assert "Inga veckor att fylla i ännu" in page.text


# --- duties


async def test_without_duties_the_page_says_what_to_do(officer):
    page = await officer.get("/personal/uppdrag")

    assert "Inga uppdrag just nu" in page.text
    assert 'href="/personal/tider"' in page.text


async def test_what_waits_for_an_answer_comes_first(officer, cast, context):
    yes = await given_duty(context, cast)
    await answer_duty(context, cast.officer, a_key(), assignment_id=yes, can=True)
    await given_duty(context, cast, date(2027, 3, 17))
    no = await given_duty(context, cast, date(2027, 3, 18))
    await answer_duty(context, cast.officer, a_key(), assignment_id=no, can=False)

    text = (await officer.get("/personal/uppdrag")).text

    places = [text.index(f"{day} mars 2027") for day in (17, 16, 18)]
    assert places == sorted(places)
    assert "1 avslutat uppdrag" in text


async def test_the_list_costs_the_same_with_one_duty_and_with_three(officer, cast, context):
    counts = []
    for day, half in [(16, Half.FM), (16, Half.EM), (17, Half.FM)]:
        await given_duty(context, cast, date(2027, 3, day), half)
        with count_statements() as heard:
            await officer.get("/personal/uppdrag")
        counts.append(len(heard))

    assert counts[0] == counts[2]


async def test_a_person_says_yes(officer, cast, context):
    duty = await given_duty(context, cast)
    page = await officer.get(f"/personal/uppdrag/{duty}")
    assert "4A, Ekskolan" in page.text
    assert "21 elever" in page.text

    shown = await officer.follow(await officer.send_form(page, f"/personal/uppdrag/{duty}/svar"))

    assert await state_of(cast, duty) is AssignmentState.ACCEPTED
    assert "Tack! Vi räknar med dig." in shown.text


async def test_no_is_asked_once_more_told_to_coordinators_and_explained(officer, cast, context):
    duty = await given_duty(context, cast)
    question = await officer.get(f"/personal/uppdrag/{duty}/kan-inte")
    assert await state_of(cast, duty) is AssignmentState.INVITED
    before = await outbox.list_messages((cast.municipality.id,), limit=50)

    shown = await officer.follow(
        await officer.send_form(question, f"/personal/uppdrag/{duty}/svar")
    )

    assert await state_of(cast, duty) is AssignmentState.DECLINED
    assert "Vad händer nu?" in shown.text
    after = await outbox.list_messages((cast.municipality.id,), limit=50)
    assert len(after) == len(before) + 2
    assert (await officer.get(f"/personal/uppdrag/{duty}/kan-inte")).status_code == 409


async def test_looking_at_a_duty_answers_nothing(officer, cast, context):
    duty = await given_duty(context, cast)

    for path in ("", "/kan-inte", ".ics"):
        assert (await officer.get(f"/personal/uppdrag/{duty}{path}")).status_code == 200
    assert await state_of(cast, duty) is AssignmentState.INVITED


async def test_a_duty_that_has_begun_cannot_be_answered(sign_in, cast, context, clock):
    duty = await given_duty(context, cast)
    clock.set(datetime(2027, 3, 16, 7, 59, tzinfo=UTC))
    officer = await sign_in(cast.officer)
    page = await officer.get(f"/personal/uppdrag/{duty}")
    clock.set(datetime(2027, 3, 16, 8, tzinfo=UTC))

    answer = await officer.send_form(page, f"/personal/uppdrag/{duty}/svar")

    assert answer.status_code == 409
    assert await state_of(cast, duty) is AssignmentState.INVITED


@pytest.mark.parametrize(
    ("now", "accepted", "seen"),
    [
        (datetime(2027, 3, 14, 22, 59, tzinfo=UTC), True, False),
        (datetime(2027, 3, 14, 23, 0, tzinfo=UTC), True, True),
        (datetime(2027, 3, 15, 12, tzinfo=UTC), False, False),
        (datetime(2027, 3, 16, 22, 59, tzinfo=UTC), True, True),
        (datetime(2027, 3, 16, 23, 0, tzinfo=UTC), True, False),
    ],
)
async def test_the_teachers_phone_is_seen_by_who_comes_from_the_day_before(
    sign_in, cast, context, clock, now, accepted, seen
):
    duty = await given_duty(context, cast, phone="0413-123 45")
    if accepted:
        await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=True)
    clock.set(now)
    officer = await sign_in(cast.officer)

    page = await officer.get(f"/personal/uppdrag/{duty}")

    assert page.status_code == 200
    assert ("0413-123 45" in page.text) is seen


async def test_nobody_else_finds_a_duty(sign_in, cast, context):
    duty = await given_duty(context, cast)
    rescuer = await sign_in(await person_of("rescue-1@blaljus.example"))
    page = await rescuer.get(TIMES)
    fields = {"csrf": rescuer.fields(page, TIMES)["csrf"], "key": "k" * 24, "answer": "no"}

    for path in ("", "/kan-inte", ".ics"):
        assert (await rescuer.get(f"/personal/uppdrag/{duty}{path}")).status_code == 404
    answer = await rescuer.post_fields(f"/personal/uppdrag/{duty}/svar", fields)
    assert answer.status_code == 404
    assert await state_of(cast, duty) is AssignmentState.INVITED


async def test_numbers_that_are_no_duty_are_not_found(officer):
    numbers = ("0", "-1", "x", "1000000000", "9" * 400, "1.5", "%00", "å")

    for number, path in product(numbers, ("", "/kan-inte", ".ics")):
        assert (await officer.get(f"/personal/uppdrag/{number}{path}")).status_code == 404


async def test_only_yes_and_no_are_answers(officer, cast, context):
    duty = await given_duty(context, cast)
    page = await officer.get(f"/personal/uppdrag/{duty}")

    for answer in ("", "maybe", ["yes", "no"], "ja", "yes" * 10_000):
        sent = await officer.send_form(page, f"/personal/uppdrag/{duty}/svar", {"answer": answer})
        assert sent.status_code == 422, answer
    assert await state_of(cast, duty) is AssignmentState.INVITED


async def test_a_duty_is_a_file_that_two_parsers_read_alike(officer, cast, context):
    duty = await given_duty(context, cast)

    file = await officer.get(f"/personal/uppdrag/{duty}.ics")

    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(file.content)
    assert not {"SOURCE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"} & calendar.keys()
    (ours,) = calendar.walk("VEVENT")
    (theirs,) = ical_js(file.content)
    expected = datetime(2027, 3, 16, 8, tzinfo=UTC)
    assert ours["DTSTART"].dt == theirs["start"] == expected
    assert ours["DTEND"].dt == theirs["end"]
    assert str(ours["UID"]) == theirs["uid"]


async def test_a_night_is_ticked_shown_and_taken_back(officer, staff):
    page = await officer.get(WEEK)

    done = await officer.follow(await officer.send_form(page, TIMES, {"n-2027-03-09": "1"}))
    again = await officer.follow(await officer.send_form(done, f"{TIMES}/angra"))

    assert "Vila ändrad för 1 dag." in done.text
    assert re.search(r'name="n-2027-03-09"[^>]* checked', done.text)
    assert "Ändringen är ångrad" in again.text
    assert not re.search(r'name="n-2027-03-09"[^>]* checked', again.text)


async def test_nights_are_filled_for_many_days_without_halves(officer, staff):
    page = await officer.get(WEEK)
    weeks = {"first_week": "2027-03-08", "last_week": "2027-03-22"}
    path = f"{TIMES}/fyll"

    wrong = await officer.send_form(page, path, {"weekdays": "1", "state": "free", **weeks})
    done = await officer.follow(
        await officer.send_form(page, path, {"weekdays": "1", "state": "night", **weeks})
    )

    assert (wrong.status_code, "Välj förmiddag, eftermiddag eller båda" in wrong.text) == (
        422,
        True,
    )
    assert "Vila ändrad för 3 dagar." in done.text


async def test_a_duty_says_whom_to_ask(officer, context, cast):
    duty = await given_duty(context, cast)

    page = await officer.get(f"/personal/uppdrag/{duty}")

    assert "Frågor? Skriv till samordnaren i Höör:" in page.text
    assert '<a href="mailto:samordnare.1267@blaljus.example">' in page.text
