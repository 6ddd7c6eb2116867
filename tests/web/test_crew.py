"""The buttons of the day, as somebody in a hurry presses them."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.words import Service
from blaljus.store import bookings, callouts, slots
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person


@pytest.fixture
async def slot(cast, context, clock):
    """From 9, with a class and the officer, who has said yes; it is 9.05."""
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    station = (await slots.list_stations([slot.id]))[0]
    duty = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=station.id,
        staff_id=cast.staff[Service.POLICE],
    )
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=True)
    clock.set(slot.starts_at + timedelta(minutes=5))
    return slot


@pytest.fixture
async def officer(sign_in, cast, slot):
    return await sign_in(cast.officer)


async def pressed(browser, page, deed, action="/personal/uppdrag/1/utryckning"):
    """Send the form with a deed, of those on the page that lead to the action."""
    forms = [form for form in page.text.split("<form")[1:] if f'value="{deed}"' in form]
    version = forms[0].partition('name="version" value="')[2].partition('"')[0]
    fields = {**browser.fields(page, action), "deed": deed}
    fields.pop("version", None)
    suffix = "-undo" if deed == "undo" else ""
    fields = {**fields, "key": fields["key"] + suffix, **({"version": version} if version else {})}
    return await browser.follow(await browser.post_fields(action, fields))


async def test_the_list_of_the_day_has_the_button_first(officer):
    page = await officer.get("/personal/uppdrag")
    assert page.text.index("I dag") < page.text.index("Utryckning")

    page = await pressed(officer, page, "leave")

    assert "Utryckningen är noterad." in page.text
    assert "På utryckning sedan kl. 09.05" in page.text
    assert "Åter" in (await officer.get("/personal/uppdrag")).text


async def test_the_teacher_sees_the_changed_rounds_at_once(officer, sign_in, cast, slot):
    await pressed(officer, await officer.get("/personal/uppdrag"), "leave")

    teacher = await sign_in(cast.teacher)
    (booking,) = await bookings.list_in_slots([slot.id], (slot.municipality,))
    page = await teacher.get(f"/boka/{booking.number}")

    assert " är borta sedan kl. 09.05." in page.text
    assert "Grupp 1 är hos räddningstjänsten" in page.text


async def test_back_and_undo_lead_to_where_one_was(officer, clock, slot):
    page = await pressed(officer, await officer.get("/personal/uppdrag/1"), "leave")
    clock.advance(timedelta(minutes=3))

    page = await pressed(officer, page, "back")
    assert "Välkomna tillbaka!" in page.text
    page = await pressed(officer, page, "undo")

    assert "Ångrat." in page.text
    assert "På utryckning sedan kl. 09.05" in page.text
    (noted,) = await callouts.list_callouts(slot.id, (slot.municipality,))
    assert noted.back_at is None


@pytest.mark.parametrize("after", [timedelta(hours=4), timedelta(days=-1)])
async def test_there_is_no_button_outside_the_slot(officer, clock, after):
    clock.advance(after)

    for path in ("/personal/uppdrag", "/personal/uppdrag/1"):
        assert "utryckning" not in (await officer.get(path)).text


@pytest.mark.parametrize("fields", [{"deed": "stay"}, {"deed": ""}, {"deed": "leave", "x": "1"}])
async def test_a_form_that_is_none_notes_nothing(officer, slot, fields):
    page = await officer.get("/personal/uppdrag/1")

    answer = await officer.send_form(page, "/personal/uppdrag/1/utryckning", fields)

    assert answer.status_code == 422
    assert await callouts.list_callouts(slot.id, (slot.municipality,)) == []
