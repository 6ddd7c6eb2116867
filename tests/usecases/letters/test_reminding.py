"""Reminders, from stored facts to letters: once for each step, never in vain."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from booking_steps import booked_by
from factories import a_key, stored_slot

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.reminders import USUAL, ReminderKind, ReminderRule
from blaljus.domain.words import CancelCause, Service
from blaljus.mail.smtp import MailError
from blaljus.store import bookings, outbox, slots, undelivered
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.booking_changes import cancel_booking
from blaljus.usecases.letters.delivering import deliver_due
from blaljus.usecases.letters.reminder_pages import get_reminders, save_reminders
from blaljus.usecases.letters.reminding import remind_due
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import assign_person

TEACHER, SECOND = "larare.ek@skola.example", "larare.al@skola.example"
WEEK_BEFORE = datetime(2027, 3, 9, 7, 0, tzinfo=UTC)
DAY_BEFORE = datetime(2027, 3, 15, 7, 0, tzinfo=UTC)


@pytest.fixture
async def slot(cast):
    """On Tuesday 16 March at 9."""
    return await stored_slot(cast.plan, cast.venue)


async def only(context, cast, *kinds, days=None):
    """Switch the other kinds off."""
    shown = await get_reminders(context, cast.coordinator, cast.municipality.id)
    rules = [
        ReminderRule(kind=kind, enabled=kind in kinds, days=days or USUAL[kind].days)
        for kind in ReminderKind
    ]
    await save_reminders(
        context,
        cast.coordinator,
        a_key(),
        plan_id=cast.plan.id,
        rules=rules,
        version=shown.plan.version,
    )


async def reminded(cast):
    messages = await outbox.list_messages((cast.municipality.id,), limit=100)
    return [(m.address, m.subject) for m in reversed(messages) if m.method == "reminder"]


async def addresses(cast):
    return [address for address, _ in await reminded(cast)]


async def test_teachers_are_reminded_a_week_and_a_day_before_once_each(cast, context, clock, slot):
    await only(context, cast, ReminderKind.CLASS_SOON)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    clock.set(WEEK_BEFORE - timedelta(minutes=1))
    assert await remind_due(context) == 0

    clock.set(WEEK_BEFORE)
    assert [await remind_due(context), await remind_due(context)] == [1, 0]
    clock.set(DAY_BEFORE)
    assert [await remind_due(context), await remind_due(context)] == [1, 0]

    subject = "Påminnelse: Blåljusdag för 4A, Ekskolan: tis 16 mars 2027 kl. 09.00–10.25 (v. 11)"
    assert await reminded(cast) == [(TEACHER, subject)] * 2
    assert [found for _, found in await verify_store(clock=clock) if found] == []


async def test_two_workers_at_once_remind_once(cast, context, clock, slot):
    await only(context, cast, ReminderKind.CLASS_SOON)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    clock.set(DAY_BEFORE)

    counts = await asyncio.gather(*(remind_due(context) for _ in range(4)))

    assert sum(counts) == 2
    assert len(await reminded(cast)) == 2


async def test_people_on_duty_are_reminded_and_asked_for_an_answer(cast, context, clock, slot):
    await only(context, cast, ReminderKind.DUTY_SOON)
    police = (await slots.list_stations([slot.id]))[0]
    officer = cast.staff[Service.POLICE]
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=police.id,
        slot_id=slot.id,
        staff_id=officer,
    )
    clock.set(DAY_BEFORE)

    assert await remind_due(context) == 1

    (message,) = await outbox.list_messages((cast.municipality.id,), limit=1)
    assert "Du har inte svarat =C3=A4n." in message.mime.replace("=\r\n", "")


async def test_teachers_without_a_time_are_reminded_while_there_is_one_left(
    cast, context, clock, slot
):
    await only(context, cast, ReminderKind.NOT_BOOKED)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    clock.set(datetime(2027, 3, 4, 9, tzinfo=UTC))  # it closes on 9 March

    assert await remind_due(context) == 1
    await t.Slot.update({t.Slot.places: 1}).where(t.Slot.id == slot.id)
    clock.set(datetime(2027, 3, 8, 9, tzinfo=UTC))

    assert await remind_due(context) == 0
    assert await addresses(cast) == [SECOND]


async def test_a_place_that_others_take_brings_no_step_again(cast, context, clock, slot):
    await only(context, cast, ReminderKind.NOT_BOOKED, days=(5,))
    later = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 18))
    clock.set(datetime(2027, 3, 6, 9, tzinfo=UTC))
    assert await remind_due(context) == 2
    await t.Slot.update({t.Slot.places: 0}).where(t.Slot.id == later.id)

    assert await remind_due(context) == 0


async def test_who_has_not_reported_is_reminded_and_who_has_is_not(cast, context, clock, slot):
    await only(context, cast, ReminderKind.NOT_REPORTED)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    number = await booked_by(context, cast.second_teacher, cast.second_class, slot)
    booking = await bookings.get_booking(number, (cast.municipality.id,))
    clock.set(datetime(2027, 3, 17, 9, tzinfo=UTC))
    await t.Attendance.insert(
        t.Attendance(
            municipality=cast.municipality.id,
            booking=booking.id,
            pupils=20,
            adults=2,
            reported_at=clock(),
            reported_by=cast.second_teacher.account,
            version=1,
        )
    )

    await remind_due(context)

    assert await addresses(cast) == [TEACHER]


async def test_coordinators_are_told_which_schools_have_not_answered(cast, context, clock):
    await only(context, cast, ReminderKind.NOT_ANSWERED)
    c = t.SchoolClass
    await c.update({c.active: False}).where(c.id == cast.second_class.id)
    clock.set(datetime(2027, 1, 18, 8, tzinfo=UTC))

    await remind_due(context)
    await remind_due(context)

    assert await reminded(cast) == [
        ("samordnare.1267@blaljus.example", "Påminnelse: 1 skola har inte svarat")
    ]


async def test_nobody_is_reminded_in_quiet_hours(cast, context, clock, slot):
    await only(context, cast, ReminderKind.CLASS_SOON)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    clock.set(datetime(2027, 3, 15, 20, tzinfo=UTC))
    assert await remind_due(context) == 0
    clock.set(DAY_BEFORE + timedelta(hours=1))
    assert await remind_due(context) == 1

    sent = []

    async def take(message):
        sent.append(message.method)

    clock.set(datetime(2027, 3, 15, 20, tzinfo=UTC))
    while (await deliver_due(take, clock=clock)).total:
        pass
    assert sent == ["request"]
    clock.set(datetime(2027, 3, 16, 6, tzinfo=UTC))
    await deliver_due(take, clock=clock)
    assert sent == ["request", "reminder"]


async def test_a_reminder_that_still_waits_goes_with_the_time_it_is_about(
    cast, context, clock, slot
):
    await only(context, cast, ReminderKind.CLASS_SOON)
    first = await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    clock.set(DAY_BEFORE)
    await remind_due(context)
    other = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 30))
    clock.advance(timedelta(minutes=1))

    await cancel_booking(context, cast.teacher, a_key(), number=first, cause=CancelCause.ILLNESS)
    await booked_by(context, cast.coordinator, cast.second_class, other)
    await remind_due(context)

    o = t.OutboxMessage
    rows = await o.select(o.last_error).where(o.method == "reminder")
    assert [row["last_error"] for row in rows] == ["outdated", "outdated"]


async def test_a_dead_server_gets_a_reminder_again_while_it_is_true(cast, context, clock, slot):
    await only(context, cast, ReminderKind.CLASS_SOON)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    clock.set(DAY_BEFORE)
    await remind_due(context)

    async def refuse(_):
        raise MailError("timeout")

    assert (await deliver_due(refuse, clock=clock)).waiting == 2
    clock.advance(timedelta(minutes=2))
    await remind_due(context)

    async def take(_):
        pass

    assert (await deliver_due(take, clock=clock)).sent == 2


async def test_the_preview_says_who_gets_what_and_when(cast, context, clock, slot):
    await booked_by(context, cast.teacher, cast.school_class, slot)
    clock.set(datetime(2027, 3, 8, 9, tzinfo=UTC))

    shown = await get_reminders(context, cast.coordinator, cast.municipality.id)

    assert [(row.at, row.kind, row.what, row.people) for row in shown.upcoming] == [
        (WEEK_BEFORE, ReminderKind.CLASS_SOON, "4A, Ekskolan", 1),
        (DAY_BEFORE, ReminderKind.CLASS_SOON, "4A, Ekskolan", 1),
    ]
    assert shown.people == 2


async def test_the_preview_costs_the_same_for_one_class_and_many(cast, context, slot):
    await booked_by(context, cast.teacher, cast.school_class, slot)
    with count_statements() as one:
        await get_reminders(context, cast.coordinator, cast.municipality.id)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    other = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 17))
    await booked_by(context, cast.second_teacher, cast.second_class, other)

    with count_statements() as many:
        await get_reminders(context, cast.coordinator, cast.municipality.id)

    assert len(many) == len(one)


async def test_rules_are_of_the_plan_that_was_seen_and_of_ones_own(cast, context):
    with pytest.raises(StaleError):
        await save_reminders(
            context,
            cast.coordinator,
            a_key(),
            plan_id=cast.plan.id,
            rules=list(USUAL.values()),
            version=9,
        )
    with pytest.raises(NotFoundError):
        await save_reminders(
            context,
            cast.foreign_coordinator,
            a_key(),
            plan_id=cast.plan.id,
            rules=list(USUAL.values()),
            version=1,
        )
    with pytest.raises(NotFoundError):
        await get_reminders(context, cast.foreign_coordinator, cast.municipality.id)


async def test_an_address_that_letters_do_not_reach_is_skipped_and_said(cast, context, clock, slot):
    await only(context, cast, ReminderKind.CLASS_SOON)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    await undelivered.note(cast.teacher.account, undelivered.BOUNCED, "5.1.1", now=clock())
    clock.set(DAY_BEFORE)

    await remind_due(context)

    assert await addresses(cast) == [SECOND]
    shown = await get_reminders(context, cast.coordinator, cast.municipality.id)
    assert shown.unreached == 1
