"""Calling off a slot: all of it, everybody told, or nothing."""

import asyncio
from datetime import timedelta

import pytest
from factories import YEAR, a_key, some_details, stored_class, stored_slot

from blaljus.domain.booking import BookingClosedError, BookingRefusedError
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.words import (
    AssignmentState,
    BookingState,
    CancelCause,
    CoverageState,
    FeedKind,
    SlotState,
)
from blaljus.store import agencies, assignments, bookings, entries, outbox, slots
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.days.slot_pages import get_slot_page
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.followup.coverage import get_coverage
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person, withdraw_person
from blaljus.usecases.people.staffing_pages import get_staffing_page
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run


@pytest.fixture
async def slot(cast, context):
    """A published slot with both classes and all three services, all invited."""
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    (made,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    return made


async def cancelled(context, person, slot, **others):
    await cancel_slot(context, person, a_key(), slot_id=slot.id, cause=CancelCause.AGENCY, **others)


async def state_of(cast, slot):
    scope = (cast.municipality.id,)
    return (
        (await slots.get_slot(slot.id, scope)).state,
        [b.state for b in await bookings.list_bookings(cast.plan.id, scope)],
        [a.state for a in await assignments.list_assignments([slot.id], scope)],
    )


async def sent_to(cast):
    found = await outbox.list_messages((cast.municipality.id,), limit=100)
    return sorted((message.method, message.address) for message in found)


async def test_calling_off_ends_bookings_and_duties_and_tells_everybody(cast, context, slot):
    invited = await sent_to(cast)

    await cancelled(context, cast.coordinator, slot)

    assert await state_of(cast, slot) == (
        SlotState.CANCELLED,
        [BookingState.CANCELLED] * 2,
        [AssignmentState.WITHDRAWN] * 3,
    )
    cancellations = [("cancel", address) for _, address in invited]
    assert await sent_to(cast) == sorted([*invited, *cancellations])
    assert (await slots.get_slot(slot.id, (cast.municipality.id,))).taken == 0
    assert all(not findings for _, findings in await verify_store())


async def test_every_calendar_shows_a_slot_that_was_called_off_as_cancelled(cast, context, slot):
    staff = (await agencies.get_staff_members(cast.staff.values())).values()

    await cancelled(context, cast.coordinator, slot)

    owners = [
        (FeedKind.MUNICIPALITY, cast.municipality.id),
        (FeedKind.SCHOOL_CLASS, cast.school_class.id),
        (FeedKind.SCHOOL, cast.school_class.school_unit),
        *((FeedKind.STAFF, member.id) for member in staff),
        *((FeedKind.AGENCY, member.agency) for member in staff),
    ]
    for kind, owner in owners:
        (event,) = await entries.list_fragments(kind, owner, context.clock())
        assert "STATUS:CANCELLED" in event, kind


async def test_letters_of_a_slot_called_off_still_name_the_classes(cast, context, slot):
    await cancelled(context, cast.coordinator, slot)

    found = await outbox.list_messages((cast.municipality.id,), limit=100)
    officer = next(m for m in found if m.method == "cancel" and m.address.startswith("police"))
    assert "4A, Ekskolan" in officer.mime


async def test_who_left_before_is_not_told_again(cast, context, slot):
    (duty, *_) = await assignments.list_assignments([slot.id], (cast.municipality.id,))
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty.id)
    before = len(await sent_to(cast))

    await cancelled(context, cast.coordinator, slot)

    assert len(await sent_to(cast)) == before + 4


async def test_a_class_may_book_again_and_a_person_is_free_again(cast, context, slot):
    await cancelled(context, cast.coordinator, slot)

    other = await stored_slot(cast.plan, cast.venue, day=slot.starts_at.date())
    (police, *_) = await slots.list_stations([other.id])
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        slot_id=other.id,
        station_id=police.id,
        staff_id=cast.staff[police.provides],
    )
    await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=other.id,
        details=some_details(),
    )
    matrix = await get_coverage(cast.municipality.id, YEAR, clock=context.clock)
    states = {row.school_class.id: set(row.states.values()) for row in matrix.rows}
    assert CoverageState.BOOKED in states[cast.school_class.id]


async def test_a_second_click_cancels_once(cast, context, slot):
    key = a_key()
    for _ in range(2):
        await cancel_slot(
            context, cast.coordinator, key, slot_id=slot.id, cause=CancelCause.ILLNESS
        )

    assert len(await sent_to(cast)) == 10


async def test_it_is_refused_when_off_already_begun_stale_or_foreign(cast, context, slot, clock):
    with pytest.raises(NotFoundError):
        await cancelled(context, cast.foreign_coordinator, slot)
    with pytest.raises(NotFoundError):
        await cancelled(context, cast.teacher, slot)
    with pytest.raises(StaleError):
        await cancelled(context, cast.coordinator, slot, version=slot.version + 1)
    clock.set(slot.starts_at)
    with pytest.raises(BookingClosedError):
        await cancelled(context, cast.coordinator, slot)
    clock.set(slot.starts_at - timedelta(hours=1))
    assert (await state_of(cast, slot))[0] is SlotState.PUBLISHED
    await cancelled(context, cast.coordinator, slot)
    with pytest.raises(BookingClosedError):
        await cancelled(context, cast.coordinator, slot)


async def test_nobody_books_a_slot_that_was_called_off(cast, context, slot):
    await cancelled(context, cast.coordinator, slot)

    with pytest.raises(BookingRefusedError):
        await book_slot(
            context,
            cast.teacher,
            a_key(),
            class_id=cast.school_class.id,
            slot_id=slot.id,
            details=some_details(),
        )


async def test_a_class_that_comes_while_it_is_called_off_is_cancelled_or_refused(
    cast, context, slot
):
    school = cast.school_class.school_unit
    late = [await stored_class(cast.municipality, school, f"4{x}") for x in "CDEF"]

    def coming(school_class):
        return book_slot(
            context,
            cast.coordinator,
            a_key(),
            class_id=school_class.id,
            slot_id=slot.id,
            details=some_details(),
        )

    outcomes = await asyncio.gather(
        *(coming(c) for c in late[:2]),
        cancelled(context, cast.coordinator, slot),
        *(coming(c) for c in late[2:]),
        return_exceptions=True,
    )

    assert outcomes[2] is None
    assert {type(o) for o in outcomes} <= {int, type(None), BookingRefusedError}
    state, booked, _ = await state_of(cast, slot)
    assert (state, set(booked)) == (SlotState.CANCELLED, {BookingState.CANCELLED})
    assert all(not findings for _, findings in await verify_store())


async def test_a_fault_on_the_way_changes_nothing(cast, context, slot, monkeypatch):
    before = await state_of(cast, slot), await sent_to(cast)

    async def broken(*_args, **_named):
        raise RuntimeError("the letter could not be written")

    monkeypatch.setattr("blaljus.usecases.days.slots.tell_person", broken)
    with pytest.raises(RuntimeError):
        await cancelled(context, cast.coordinator, slot)

    assert (await state_of(cast, slot), await sent_to(cast)) == before


async def test_the_page_shows_stations_people_answers_and_whom_calling_off_tells(
    cast, context, slot
):
    (duty, *_) = await assignments.list_duties(cast.officer.staff)
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=False)

    shown = await get_slot_page(context, cast.coordinator, slot.id)

    assert [(len(p.duties), len(p.ended), p.missing) for p in shown.posts] == [
        (0, 1, 1),
        (1, 0, 0),
        (1, 0, 0),
    ]
    assert [c.name for _, c in shown.booked] == ["4A, Ekskolan", "4B, Alskolan"]
    assert (shown.messages, shown.may_change) == (4, True)
    stops = shown.carousel.rotation.stops
    assert {(s.group, s.station) for s in stops} == {(g, s) for g in (0, 1) for s in range(3)}


async def test_candidates_say_why_not_and_leave_out_who_is_there(cast, context, slot):
    shown = await get_slot_page(context, cast.coordinator, slot.id)
    police = shown.posts[0]

    page = await get_staffing_page(context, cast.coordinator, slot.id, police.station.id, None)
    again = await get_staffing_page(
        context, cast.coordinator, slot.id, police.station.id, police.duties[0][0].id
    )

    assert page.candidates == []
    assert page.replaced is None
    assert again.replaced == police.duties[0]


async def test_another_municipality_sees_no_slot(cast, context, slot):
    with pytest.raises(NotFoundError):
        await get_slot_page(context, cast.foreign_coordinator, slot.id)
