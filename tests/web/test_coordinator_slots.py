"""Classes, slots and staff as a coordinator meets them in a browser."""

from datetime import timedelta

import pytest
from factories import YEAR, a_key, stored_availability, stored_slot, stored_staff

from blaljus.domain.localtime import half_of, local_day
from blaljus.domain.words import AssignmentState, BookingState, Half, Service, SlotState
from blaljus.store import agencies, assignments, bookings, outbox, slots
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run


@pytest.fixture
async def slot(cast, context):
    """A published slot with both classes and all three services."""
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    (made,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    return made


@pytest.fixture
async def browser(sign_in, cast):
    """The coordinator's."""
    return await sign_in(cast.coordinator)


@pytest.fixture
async def deputy(cast, slot):
    """Two more officers: one who gave the time, one who did not."""
    agency = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    able, unable = [await stored_staff(agency, f"police-{n}") for n in (2, 3)]
    await stored_availability(able, (local_day(slot.starts_at), half_of(slot.starts_at)))
    return able, unable


async def police_at(cast, slot):
    """(assignment, its station) of whoever is counted on as police."""
    (station, *_) = await slots.list_stations([slot.id])
    found = await assignments.list_assignments([slot.id], (cast.municipality.id,))
    mine = [d for d in found if d.station == station.id]
    return mine, station


async def staffed(browser, cast, slot, **fields):
    duties, station = await police_at(cast, slot)
    path = f"/samordnare/pass/{slot.id}/bemanna/{station.id}"
    page = await browser.get(f"{path}?byt={duties[-1].id}")
    typed = {k: str(v) for k, v in fields.items()}
    checked = await browser.send_form(page, f"{path}/granska", typed)
    return await browser.send_form(checked, path) if checked.status_code == 200 else checked


async def test_a_person_is_replaced_by_who_can_and_both_are_told(browser, cast, slot, deputy):
    done = await browser.follow(await staffed(browser, cast, slot, staff=deputy[0]))

    duties, _ = await police_at(cast, slot)
    assert [(d.staff, d.state) for d in duties] == [
        (cast.staff[Service.POLICE], AssignmentState.WITHDRAWN),
        (deputy[0], AssignmentState.INVITED),
    ]
    assert "Bytet är gjort" in done.text
    sent = await outbox.list_messages((cast.municipality.id,), limit=2)
    assert {(m.method, m.address) for m in sent} == {
        ("cancel", "police-1@blaljus.example"),
        ("request", "police-2@blaljus.example"),
    }


async def test_who_has_not_given_the_time_needs_a_reason_that_is_kept(browser, cast, slot, deputy):
    refused = await staffed(browser, cast, slot, staff=deputy[1])
    assert refused.status_code == 409
    assert "Personen har inte angett den tiden." in refused.text
    assert len((await police_at(cast, slot))[0]) == 1

    done = await browser.follow(
        await staffed(browser, cast, slot, staff=deputy[1], reason="Avtalat per telefon")
    )

    duties, _ = await police_at(cast, slot)
    assert (duties[-1].staff, duties[-1].override_reason) == (deputy[1], "Avtalat per telefon")
    assert "Avtalat per telefon" in done.text


async def test_taking_somebody_off_says_that_staff_is_missing(browser, cast, slot):
    duties, station = await police_at(cast, slot)
    page = await browser.get(f"/samordnare/pass/{slot.id}/bemanna/{station.id}?byt={duties[0].id}")
    path = f"/samordnare/pass/{slot.id}/ta-bort/{duties[0].id}"

    done = await browser.follow(await browser.send_form(page, path))
    again = await browser.post_fields(path, {**browser.fields(page, path), "key": "x" * 20})

    assert "Personal saknas" in done.text
    assert (again.status_code, "Inget har ändrats" in again.text) == (409, True)


@pytest.mark.parametrize("fields", [{}, {"staff": ""}, {"staff": "x"}, {"staff": "-1"}])
async def test_no_choice_of_staff_is_said_beside_the_choices(browser, cast, slot, deputy, fields):
    answer = await staffed(browser, cast, slot, **fields)

    assert answer.status_code == 422
    assert 'href="#staff"' in answer.text
    assert len((await police_at(cast, slot))[0]) == 1


async def test_a_slot_is_called_off_after_a_page_that_says_whom_it_tells(browser, cast, slot):
    path = f"/samordnare/pass/{slot.id}/stall-in"
    page = await browser.get(path)
    assert "5 avbokningar skickas" in page.text
    assert "4A, Ekskolan; 4B, Alskolan" in page.text

    nothing = await browser.send_form(page, path)
    assert nothing.status_code == 422
    done = await browser.follow(await browser.send_form(page, path, {"cause": "illness"}))

    assert "Passet är inställt" in done.text
    found = await slots.get_slot(slot.id, (cast.municipality.id,))
    assert found.state is SlotState.CANCELLED
    assert (await browser.get(path)).status_code == 303
    answer = await browser.send_form(page, path, {"cause": "illness", "key": "y" * 20})
    assert answer.status_code == 409


async def test_a_slot_page_that_is_no_longer_true_is_shown_anew_with_the_choice(
    browser, cast, slot, deputy
):
    path = f"/samordnare/pass/{slot.id}/stall-in"
    page = await browser.get(path)
    await staffed(browser, cast, slot, staff=deputy[0])

    answer = await browser.send_form(page, path, {"cause": "agency"})

    assert answer.status_code == 409
    assert "Någon ändrade medan du hade sidan öppen" in answer.text
    assert browser.fields(answer, path)["cause"] == "agency"
    await browser.follow(await browser.send_form(answer, path))


async def test_the_printed_list_holds_people_classes_and_the_carousel(browser, slot):
    page = await browser.get(f"/samordnare/pass/{slot.id}/utskrift")

    for text in ("Körschema", "Police 1", "4A, Ekskolan", "20 elever, 2 vuxna", "09.30–09.55"):
        assert text in page.text


async def timed(browser, page, path, slot):
    """The page that says who is told of a time for a class."""
    return await browser.send_form(page, f"{path}/granska", {"slot": str(slot.id)})


async def test_a_class_is_moved_and_its_reasons_are_said(browser, cast, slot):
    later = slot.starts_at.date() + timedelta(days=1)
    other = await stored_slot(cast.plan, cast.venue, day=later, half=Half.EM)
    full = await stored_slot(cast.plan, cast.venue, day=later, places=0)
    path = f"/samordnare/klass/{cast.school_class.id}"
    page = await browser.get(path)
    assert "Tiden är fullbokad." in page.text
    checked = await timed(browser, page, path, other)

    done = await browser.follow(await browser.send_form(checked, path))
    assert "Klassen har fått tiden" in done.text
    stale = await browser.send_form(checked, path, {"slot": str(slot.id), "key": "z" * 20})
    checked = await timed(browser, done, path, slot)
    refused = await browser.send_form(checked, path, {"slot": str(full.id)})

    assert (stale.status_code, refused.status_code) == (409, 409)
    assert "Tiden är fullbokad." in refused.text
    booked = await bookings.list_class_bookings([cast.school_class.id], (cast.municipality.id,))
    assert [b.slot for b in booked] == [other.id]


async def test_a_class_loses_its_time_with_a_cause_and_may_get_another(browser, cast, slot):
    path = f"/samordnare/klass/{cast.school_class.id}"
    page = await browser.get(f"{path}/avboka")

    without = await browser.send_form(page, f"{path}/avboka")
    done = await browser.follow(
        await browser.send_form(page, f"{path}/avboka", {"cause": "transport"})
    )

    assert (without.status_code, 'href="#cause"' in without.text) == (422, True)
    assert "Tiden är avbokad" in done.text
    booked = await bookings.list_class_bookings([cast.school_class.id], (cast.municipality.id,))
    assert [b.state for b in booked] == [BookingState.CANCELLED]
    assert (await browser.get(f"{path}/avboka")).status_code == 303
    again = await browser.send_form(await timed(browser, done, path, slot), path)
    assert again.status_code == 303


async def test_another_classs_booking_is_not_cancelled_here(browser, cast, slot):
    booked = await bookings.list_class_bookings([cast.second_class.id], (cast.municipality.id,))
    path = f"/samordnare/klass/{cast.school_class.id}/avboka"
    page = await browser.get(path)

    answer = await browser.send_form(
        page, path, {"cause": "other", "number": str(booked[0].number)}
    )

    assert answer.status_code == 404


async def test_pages_and_forms_of_another_municipality_are_not_there(sign_in, cast, slot):
    browser = await sign_in(cast.foreign_coordinator)
    duties, station = await police_at(cast, slot)
    own = browser.fields(await browser.get("/samordnare"), "/ut")
    message = (await outbox.list_messages((cast.municipality.id,), limit=1))[0].id
    paths = [
        f"/samordnare/klass/{cast.school_class.id}",
        f"/samordnare/klass/{cast.school_class.id}/avboka",
        f"/samordnare/pass/{slot.id}/bemanna/{station.id}",
        f"/samordnare/pass/{slot.id}/stall-in",
        f"/samordnare/platser/{cast.venue.id}",
        f"/samordnare/utskick/{message}",
        "/samordnare/korning/1",
    ]
    fields = {"slot": slot.id, "cause": "other", "number": 417302, "staff": duties[0].staff}
    for number, path in enumerate(paths):
        assert (await browser.get(path)).status_code == 404, path
        answer = await browser.post_fields(
            path,
            {**own, "key": f"{number}" * 20, **{k: str(v) for k, v in fields.items()}},
        )
        assert answer.status_code in (404, 422), path
    assert (await police_at(cast, slot))[0] == duties


async def test_before_a_replacement_everybody_who_is_told_is_named(browser, cast, slot, deputy):
    duties, station = await police_at(cast, slot)
    path = f"/samordnare/pass/{slot.id}/bemanna/{station.id}"
    page = await browser.get(f"{path}?byt={duties[0].id}")

    asked = await browser.send_form(page, f"{path}/granska", {"staff": str(deputy[0])})

    assert "Byt ut Police 1 mot Police 2?" in asked.text
    assert "Police 1 får en avbokning" in asked.text
    assert "Police 2 får en inbjudan" in asked.text
    assert (await police_at(cast, slot))[0] == duties, "nothing is done yet"


async def test_who_could_step_in_is_said_beside_each_person(browser, cast, slot, deputy):
    page = await browser.get(f"/samordnare/pass/{slot.id}")

    assert "Reserv: Police 2" in page.text
    assert page.text.count("Ingen reserv har angett tiden.") == 2


async def test_a_choice_says_why_each_of_the_others_cannot(browser, cast, slot, deputy):
    duties, station = await police_at(cast, slot)

    page = await browser.get(f"/samordnare/pass/{slot.id}/bemanna/{station.id}?byt={duties[0].id}")

    assert "0 uppdrag" in page.text
    assert "Personen har inte angett den tiden." in page.text
