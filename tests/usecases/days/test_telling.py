"""Rounds are told once, and after that only to those to whom something of their own is new."""

import email
from datetime import timedelta
from email import policy

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.booking import BookingClosedError
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.stays import Stay
from blaljus.domain.words import CancelCause, Service
from blaljus.store import audit, bookings, outbox, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.days.stays import set_stays
from blaljus.usecases.days.telling import get_carousel_page, tell_rounds
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import assign_person


@pytest.fixture
async def slot(cast, context):
    """Two classes and three services from 9.00 to 10.25, an officer at the police."""
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=(await slots.list_stations([slot.id]))[0].id,
        slot_id=slot.id,
        staff_id=cast.staff[Service.POLICE],
    )
    return slot


async def rounds_letters(cast):
    """Return (address, letter) of each letter about rounds, the oldest first."""
    messages = await outbox.list_messages((cast.municipality.id,), limit=50)
    return [
        (m.address, email.message_from_string(m.mime, policy=policy.default))
        for m in sorted(messages, key=lambda m: m.id)
        if "körschema" in m.subject.lower()
    ]


def text_of(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


async def counted(context, cast, slot):
    return (await get_carousel_page(context, cast.coordinator, slot.id)).letters


async def tell(context, cast, slot, **more):
    await tell_rounds(context, cast.coordinator, a_key(), slot_id=slot.id, **more)


async def second_leaves(context, cast, slot, minutes):
    """Let the second class leave so long after the slot's start."""
    booking = (await bookings.list_in_slots([slot.id], (slot.municipality,)))[1]
    stay = Stay(arrives_at=None, leaves_at=slot.starts_at + timedelta(minutes=minutes))
    stays = {booking.id: stay}
    await set_stays(context, cast.coordinator, a_key(), slot_id=slot.id, stays=stays)


async def test_the_first_schedule_is_told_once_to_everybody(cast, context, slot):
    assert await counted(context, cast, slot) == 3

    await tell(context, cast, slot)
    await tell(context, cast, slot)

    letters = await rounds_letters(cast)
    assert len(letters) == len({letter["Message-ID"] for _, letter in letters}) == 3
    teacher, _, officer = (letter for _, letter in letters)
    assert "Police: 09.00–09.25" in text_of(teacher)
    assert "4A, Ekskolan: 09.00–09.25" in text_of(officer)
    assert "Det här har ändrats" not in text_of(teacher)
    assert await counted(context, cast, slot) == 0
    told = [e for e in await audit.list_entries(cast.municipality.id) if e.action == "rounds-told"]
    assert [entry.subject for entry in told] == [f"slot:{slot.id}"]
    findings = [found for _, wrong in await verify_store(clock=context.clock) for found in wrong]
    assert findings == []


async def test_only_those_with_new_times_get_a_letter_with_what_changed(cast, context, clock, slot):
    await tell(context, cast, slot)
    first = await rounds_letters(cast)
    clock.set(slot.starts_at + timedelta(minutes=35))
    await second_leaves(context, cast, slot, 65)
    assert await counted(context, cast, slot) == 2

    await tell(context, cast, slot)

    new = (await rounds_letters(cast))[len(first) :]
    assert [address for address, _ in new] == [address for address, _ in first[1:]]
    teacher, officer = (letter for _, letter in new)
    assert teacher["Subject"].startswith("Nya tider i körschemat: 4B, Alskolan")
    assert "Police\n  Förut: 10.00–10.25\n  Nu: –" in text_of(teacher)
    assert "4B, Alskolan\n  Förut: 10.00–10.25\n  Nu: –" in text_of(officer)
    assert "/boka/" in text_of(teacher)
    assert "/personal/uppdrag/" in text_of(officer)
    page = await get_carousel_page(context, cast.coordinator, slot.id)
    assert (page.letters, page.told_at) == (0, context.clock())


async def test_who_comes_later_is_told_as_the_first_time(cast, context, slot):
    await tell(context, cast, slot)
    ambulance = (await slots.list_stations([slot.id]))[2]
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=ambulance.id,
        slot_id=slot.id,
        staff_id=cast.staff[Service.AMBULANCE],
    )

    await tell(context, cast, slot)

    *_, (_, letter) = await rounds_letters(cast)
    assert letter["Subject"].startswith("Körschema: Ambulance")
    assert len(await rounds_letters(cast)) == 4


async def test_a_class_that_nobody_reads_for_is_named_and_told_once_it_has_a_teacher(
    cast, context, slot
):
    account = t.Account.id == cast.second_teacher.account
    await t.Account.update({t.Account.active: False}).where(account)
    before = await get_carousel_page(context, cast.coordinator, slot.id)
    await tell(context, cast, slot)
    after = await get_carousel_page(context, cast.coordinator, slot.id)
    await t.Account.update({t.Account.active: True}).where(account)

    await tell(context, cast, slot)

    assert [(page.letters, page.unreached) for page in (before, after)] == [
        (2, ("4B, Alskolan",)),
        (0, ("4B, Alskolan",)),
    ]
    *_, (_, letter) = letters = await rounds_letters(cast)
    assert len(letters) == 3
    assert letter["Subject"].startswith("Körschema: 4B, Alskolan")
    page = await get_carousel_page(context, cast.coordinator, slot.id)
    assert (page.letters, page.unreached) == (0, ())


async def test_the_page_costs_the_same_statements_for_any_number_of_classes(cast, context, slot):
    with count_statements() as both:
        await get_carousel_page(context, cast.coordinator, slot.id)
    booking = (await bookings.list_in_slots([slot.id], (slot.municipality,)))[1]
    await cancel_booking(
        context,
        cast.second_teacher,
        a_key(),
        number=booking.number,
        cause=CancelCause.ILLNESS,
    )

    with count_statements() as one:
        await get_carousel_page(context, cast.coordinator, slot.id)

    assert len(one) == len(both)


async def test_others_and_old_pages_and_held_slots_tell_nobody(cast, context, clock, slot):
    for person in (cast.foreign_coordinator, cast.teacher, cast.officer):
        with pytest.raises(NotFoundError):
            await tell_rounds(context, person, a_key(), slot_id=slot.id)
        with pytest.raises(NotFoundError):
            await get_carousel_page(context, person, slot.id)
    with pytest.raises(StaleError):
        await tell(context, cast, slot, version=999)
    clock.set(slot.ends_at)
    with pytest.raises(BookingClosedError):
        await tell(context, cast, slot)

    assert await rounds_letters(cast) == []
    assert await counted(context, cast, slot) == 0
