import email
from datetime import date, timedelta
from email import policy

import pytest
from factories import a_key, some_details, stored_slot
from icalendar import Calendar

from blaljus.domain.words import CancelCause, Service
from blaljus.store import accounts, assignments, outbox, slots
from blaljus.store import tables as t
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person

POLICE = "police-1@blaljus.example"


async def test_an_address_no_mail_can_reach_does_not_stop_a_booking(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    await t.Account.update({t.Account.address: "lärare utan snabel-a"}).where(
        t.Account.id == cast.teacher.account
    )

    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )

    (message,) = await outbox.list_messages((cast.municipality.id,), limit=9)
    assert (message.mime, message.last_error) == ("", "address")
    assert message.failed_at is not None


@pytest.fixture
async def duty(cast, context):
    """The officer's accepted duty in a slot without classes; its invitation is not counted."""
    slot = await stored_slot(cast.plan, cast.venue)
    stations = await slots.list_stations([slot.id])
    police = next(s.id for s in stations if s.provides is Service.POLICE)
    made = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=slot.id,
        station_id=police,
        staff_id=cast.staff[Service.POLICE],
    )
    await answer_duty(context, cast.officer, a_key(), assignment_id=made, can=True)
    return slot


async def letters_to_the_officer(cast):
    messages = await outbox.list_messages((cast.municipality.id,), limit=50)
    calendars = []
    for message in reversed(messages):
        if message.address == POLICE:
            letter = email.message_from_string(message.mime, policy=policy.default)
            part = next(p for p in letter.walk() if p.get_content_type() == "text/calendar")
            (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
            calendars.append(event)
    return calendars


async def test_the_officer_is_told_when_classes_come_and_go_and_need_not_answer_again(
    cast, context, clock, duty
):
    other = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 17))
    wanted = {"class_id": cast.school_class.id, "details": some_details()}
    await book_slot(context, cast.teacher, a_key(), slot_id=duty.id, **wanted)
    clock.advance(timedelta(minutes=1))
    await book_slot(context, cast.teacher, a_key(), slot_id=other.id, **wanted)

    invited, came, left = await letters_to_the_officer(cast)

    assert [str(e["UID"]) for e in (came, left)] == [str(invited["UID"])] * 2
    assert [int(e["SEQUENCE"]) for e in (invited, came, left)] == [0, 0, 0]
    assert invited["DTSTAMP"].dt < came["DTSTAMP"].dt < left["DTSTAMP"].dt
    assert "Klasser: 4A, Ekskolan" in str(came["DESCRIPTION"])
    assert "Klasser: ingen klass ännu" in str(left["DESCRIPTION"])
    assert came["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


async def test_changed_counts_alone_send_nobody_on_duty_a_letter(cast, context, duty):
    number = await book_slot(
        context,
        cast.teacher,
        a_key(),
        slot_id=duty.id,
        class_id=cast.school_class.id,
        details=some_details(),
    )

    await change_details(
        context, cast.teacher, a_key(), number=number, details=some_details(pupils=22)
    )

    assert len(await letters_to_the_officer(cast)) == 2


async def test_every_letter_but_the_coordinators_own_says_whom_to_ask(cast, context, duty):
    second = await accounts.add_account("anna@hoor.example")
    await accounts.add_coordinator(second, cast.municipality.id)
    left = await accounts.add_account("slutade@hoor.example")
    await accounts.add_coordinator(left, cast.municipality.id)
    await t.Account.update({t.Account.active: False}).where(t.Account.id == left)
    wanted = {"class_id": cast.school_class.id, "details": some_details()}
    number = await book_slot(context, cast.teacher, a_key(), slot_id=duty.id, **wanted)
    await cancel_booking(context, cast.teacher, a_key(), number=number, cause=CancelCause.ILLNESS)
    (mine,) = await assignments.list_duties([cast.staff[Service.POLICE]])
    await answer_duty(context, cast.officer, a_key(), assignment_id=mine.id, can=False)

    letters = [
        (m.address, email.message_from_string(m.mime, policy=policy.default))
        for m in await outbox.list_messages((cast.municipality.id,), limit=50)
    ]

    texts = [(to, letter.get_body(("plain",)).get_content()) for to, letter in letters]
    asked = "Frågor? Skriv till samordnaren i Höör: samordnare.1267@blaljus.example"
    outside = [text for to, text in texts if to in ("larare.ek@skola.example", POLICE)]
    assert len(outside) == 6
    assert all(asked in text for text in outside)
    assert sum(f"{asked}, anna@hoor.example" in text for text in outside) == 5
    assert not any("slutade@" in text for text in outside)
    coordinators = [text for to, text in texts if to == "anna@hoor.example"]
    assert ["Frågor?" in text for text in coordinators] == [False]


async def test_a_municipality_without_coordinator_names_nobody(cast, context):
    await t.Coordinator.delete(force=True)
    slot = await stored_slot(cast.plan, cast.venue)

    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )

    (message,) = await outbox.list_messages((cast.municipality.id,), limit=9)
    letter = email.message_from_string(message.mime, policy=policy.default)
    assert "Frågor?" not in letter.get_body(("plain",)).get_content()
