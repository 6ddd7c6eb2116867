"""What each change sent; and how fast letters go."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import YEAR, a_key, stored_slot

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import CancelCause, Method, Role
from blaljus.store import outbox, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.letters.delivering import deliver_due
from blaljus.usecases.letters.outbox import get_outbox
from blaljus.usecases.letters.sent_changes import PAGE, get_changes
from blaljus.usecases.runs.deciding import approve_for_operator, approve_run
from blaljus.usecases.runs.planning import start_run


async def taken(_):
    """A server that takes everything."""


async def changes(cast):
    shown = await get_outbox(cast.coordinator, cast.municipality.id, 1)
    return [(c.action, c.people, c.waiting, c.sent, c.failed) for c in shown.changes]


async def test_each_change_says_what_it_sent_the_newest_first(cast, context, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    await booked_by(context, cast.teacher, cast.school_class, slot)
    await booked_by(context, cast.second_teacher, cast.second_class, slot)
    while (await deliver_due(taken, clock=clock)).total:
        pass
    o = t.OutboxMessage
    newest = (await outbox.list_messages((cast.municipality.id,), limit=1))[0].id
    await o.update({o.sent_at: None, o.failed_at: clock()}).where(o.id == newest)

    await cancel_slot(
        context, cast.coordinator, a_key(), slot_id=slot.id, cause=CancelCause.ILLNESS
    )

    assert await changes(cast) == [
        ("slot-cancelled", 2, 2, 0, 0),
        ("booking-made", 1, 0, 0, 1),
        ("booking-made", 1, 0, 1, 0),
    ]


async def test_a_whole_season_is_one_change(cast, context):
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)

    await approve_run(context, cast.coordinator, a_key(), number=number, **place)

    assert await changes(cast) == [("run-approved", 5, 5, 0, 0)]


async def page_of_changes(cast, wanted=1):
    with count_statements() as heard:
        page = await get_changes(cast.coordinator, cast.municipality.id, wanted)
    return page, len(heard)


async def test_the_letters_of_a_change_are_counted_by_kind_and_by_who_got_them(cast, context):
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    _, few = await page_of_changes(cast)
    (slot,) = await slots.list_slots(cast.plan.id, (cast.municipality.id,))
    await cancel_slot(
        context, cast.coordinator, a_key(), slot_id=slot.id, cause=CancelCause.ILLNESS
    )
    gone = t.ClassTeacher.account == cast.second_teacher.account
    await t.ClassTeacher.delete().where(gone)

    page, many = await page_of_changes(cast)

    everybody = {Role.TEACHER: 1, Role.STAFF: 3}
    assert [(c.action, c.kinds, c.roles, c.strangers) for c in page.rows] == [
        ("slot-cancelled", {Method.CANCEL: 5}, everybody, 1),
        ("run-approved", {Method.REQUEST: 5}, everybody, 1),
    ]
    assert (page.total, page.number, page.count, many) == (2, 1, 1, few)


async def test_changes_have_pages_and_belong_to_a_municipality(cast, context, clock):
    for number in range(PAGE + 1):
        await outbox.add_message(
            cast.municipality.id,
            account=cast.teacher.account,
            method=Method.MAIL,
            subject="Hej",
            message_id=f"{number}@x.example",
            sender="x@x.example",
            mime=b"x",
            now=clock(),
            change=str(number),
        )

    (first, _), (last, _) = [await page_of_changes(cast, wanted) for wanted in (1, 99)]

    assert (len(first.rows), len(last.rows), last.number, last.count) == (PAGE, 1, 2, 2)
    theirs = await get_changes(cast.foreign_coordinator, cast.other.id, 1)
    assert (theirs.rows, theirs.total) == ([], 0)
    with pytest.raises(NotFoundError):
        await get_changes(cast.foreign_coordinator, cast.municipality.id, 1)


@pytest.fixture
async def five_letters(cast, context):
    slot = await stored_slot(cast.plan, cast.venue)
    for _ in range(2):
        await booked_by(context, cast.teacher, cast.school_class, slot)
        await cancel_slot(
            context, cast.coordinator, a_key(), slot_id=slot.id, cause=CancelCause.ILLNESS
        )
        slot = await stored_slot(cast.plan, cast.venue, day=slot.starts_at.date() + timedelta(1))
    await booked_by(context, cast.second_teacher, cast.second_class, slot)


async def test_no_more_letters_go_in_a_minute_than_the_setting_says(
    cast, context, clock, five_letters
):
    sent = [(await deliver_due(taken, clock=clock, per_minute=2)).sent for _ in range(3)]
    assert sent == [2, 0, 0]

    clock.advance(timedelta(seconds=61))
    assert (await deliver_due(taken, clock=clock, per_minute=2)).sent == 2
    assert (await deliver_due(taken, clock=clock)).sent == 1


async def test_who_waits_to_sign_in_goes_before_a_season_and_above_the_limit(
    cast, context, clock, five_letters
):
    await deliver_due(taken, clock=clock, per_minute=2)
    await outbox.add_message(
        None,
        account=cast.teacher.account,
        method=outbox.SIGN_IN,
        subject="Logga in",
        message_id="in@x.example",
        sender="x@x.example",
        mime=b"x",
        now=clock(),
    )
    seen = []

    async def noted(message):
        seen.append(message.method)

    await deliver_due(noted, clock=clock, per_minute=2)

    assert seen == [outbox.SIGN_IN]


async def test_what_an_operator_approves_is_one_change_too(cast, context):
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)

    await approve_for_operator(context, "operator", number=number, **place)

    assert await changes(cast) == [("run-approved", 5, 5, 0, 0)]
