"""What each change sent; and how fast letters go."""

from datetime import timedelta

import pytest
from booking_steps import booked_by
from factories import YEAR, a_key, stored_slot

from blaljus.domain.words import CancelCause
from blaljus.store import outbox
from blaljus.store import tables as t
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.letters.delivering import deliver_due
from blaljus.usecases.letters.outbox import get_outbox
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
