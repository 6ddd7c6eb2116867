"""A class of another size: what nobody has confirmed follows it, and people are told."""

import pytest
from factories import a_key, person_of, some_details
from importing_hoor import edited

from blaljus.domain.words import BookingState
from blaljus.store import audit, bookings, outbox, slots
from blaljus.store import tables as t
from blaljus.usecases.bookings.booking_changes import change_details
from blaljus.usecases.operation.verifying import verify_store

TEACHER_4A = "larare.90012671.4a@skola.example"
OFFICER = "polis-4@blaljus.example"
LARGER = ("klasser.csv", "90012671;4A;20", "90012671;4A;23")


async def booking_of(term):
    (found,) = await bookings.list_in_slots([term.school.id], (term.municipality.id,))
    return found


async def told(term):
    owed = await outbox.list_messages((term.municipality.id,), limit=200)
    return [(message.address, message.method) for message in reversed(owed)]


async def findings():
    return [finding for _, found in await verify_store() for finding in found]


async def test_a_tentative_booking_follows_its_class_and_whom_it_concerns_is_told(term, take, hoor):
    before, sent = await booking_of(term), len(await told(term))

    seen = await take(edited(hoor, *LARGER))

    after = await booking_of(term)
    assert (before.pupils, after.pupils) == (20, 23)
    assert after.state is BookingState.TENTATIVE
    assert after.sequence == before.sequence
    assert [(row.planned.label, row.pupils) for row in seen.follows.resized] == [("4A", 23)]
    assert sorted((await told(term))[sent:]) == [(TEACHER_4A, "request"), (OFFICER, "request")]
    assert await findings() == []


async def test_what_the_teacher_said_stands(term, take, hoor, context):
    number = (await booking_of(term)).number
    teacher = await person_of(TEACHER_4A)
    details = some_details(pupils=20)
    await change_details(context, teacher, a_key(), number=number, details=details)
    before, sent = await booking_of(term), await told(term)

    seen = await take(edited(hoor, *LARGER))

    assert await booking_of(term) == before
    assert await told(term) == sent
    assert seen.follows.resized == ()


async def test_what_a_coordinator_typed_stands(term, take, hoor):
    before = await booking_of(term)
    await t.Booking.update({t.Booking.pupils: 18}).where(t.Booking.id == before.id)
    sent = await told(term)

    await take(edited(hoor, *LARGER))

    assert (await booking_of(term)).pupils == 18
    assert await told(term) == sent


async def test_a_new_teacher_of_a_larger_class_is_invited_with_all_who_come(term, take, hoor):
    before, sent = await booking_of(term), len(await told(term))
    new = (b"90012671;4A;20", b"90012671;4A;23"), (TEACHER_4A.encode(), b"ny@skola.example")
    files = dict(hoor)
    for old, other in new:
        files["klasser.csv"] = files["klasser.csv"].replace(old, other)

    await take(files)

    after = await booking_of(term)
    assert after.pupils == 23
    assert after.version == before.version + 1
    letters = (await told(term))[sent:]
    assert (TEACHER_4A, "cancel") in letters
    assert letters.count(("ny@skola.example", "request")) == 1
    lines = await audit.list_entries(term.municipality.id)
    mine = [line.action for line in lines if line.subject == f"booking:{after.id}"]
    assert mine[-1:] == ["booking-handed-over"]
    assert await findings() == []


async def test_a_class_too_large_for_a_station_keeps_the_number_that_fits(term, take, hoor):
    await t.Station.update({t.Station.max_pupils: 22}).where(t.Station.slot == term.school.id)

    await take(edited(hoor, *LARGER))

    assert (await booking_of(term)).pupils == 20
    assert await findings() == []


async def grouped(term, group_pupils, places):
    """Let the slot count groups of so many pupils."""
    slot, s = (await booking_of(term)).slot, t.Slot
    changes = {s.group_pupils: group_pupils, s.places: places}
    await s.update(changes).where(s.id == slot)
    return slot


async def taken(term, slot):
    return (await slots.get_slot(slot, (term.municipality.id,))).taken


@pytest.mark.parametrize("teacher", [TEACHER_4A, "ny@skola.example"])
async def test_a_class_that_grows_into_two_groups_takes_two_places(term, take, hoor, teacher):
    slot = await grouped(term, 20, 2)
    files = edited(hoor, *LARGER)
    files["klasser.csv"] = files["klasser.csv"].replace(TEACHER_4A.encode(), teacher.encode())

    await take(files)

    assert ((await booking_of(term)).pupils, await taken(term, slot)) == (23, 2)
    assert await findings() == []


async def test_a_class_that_makes_one_group_too_many_keeps_the_number_that_fits(term, take, hoor):
    slot = await grouped(term, 20, 1)

    await take(edited(hoor, *LARGER))

    assert ((await booking_of(term)).pupils, await taken(term, slot)) == (20, 1)
    assert await findings() == []
