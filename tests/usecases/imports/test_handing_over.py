from datetime import date, timedelta

from factories import YEAR, a_key, some_details, stored_slot

from blaljus.domain.people import OPERATOR
from blaljus.domain.words import FeedKind
from blaljus.store import accounts, bookings, feeds, outbox
from blaljus.store import tables as t
from blaljus.store.engine import write_transaction
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.imports.handing_over import hand_over, teachers_now


async def booked(cast, context):
    slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 16))
    number = await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )
    return number, slot


async def given_to(cast, context, address):
    """Another teacher takes the class over, as an import does it."""
    async with write_transaction():
        before = await teachers_now(cast.municipality.id, YEAR)
        account = await accounts.add_account(address)
        await t.ClassTeacher.update({t.ClassTeacher.account: account}).where(
            t.ClassTeacher.school_class == cast.school_class.id
        )
        await hand_over(context, OPERATOR, cast.municipality.id, YEAR, before)


async def letters(cast):
    messages = await outbox.list_messages((cast.municipality.id,), limit=50)
    return [(m.method, m.address) for m in reversed(messages)]


async def test_who_left_gets_a_cancellation_and_who_came_an_invitation(cast, context, clock):
    number, _ = await booked(cast, context)
    await open_feed_for_operator(
        context,
        FeedKind.SCHOOL_CLASS,
        cast.school_class.id,
        municipality=cast.municipality.id,
        actor=OPERATOR,
    )
    clock.advance(timedelta(days=1))

    await given_to(cast, context, "ny.larare@skola.example")

    assert await letters(cast) == [
        ("request", "larare.ek@skola.example"),
        ("cancel", "larare.ek@skola.example"),
        ("request", "ny.larare@skola.example"),
    ]
    booking = await bookings.get_booking(number, (cast.municipality.id,))
    assert (booking.sequence, booking.version) == (2, 2)
    open_now = await feeds.list_feeds(FeedKind.SCHOOL_CLASS, [cast.school_class.id], clock())
    assert not any(open_now.values() if isinstance(open_now, dict) else open_now)


async def test_nobody_is_told_of_a_time_that_has_begun(cast, context, clock):
    _, slot = await booked(cast, context)
    clock.set(slot.starts_at)

    await given_to(cast, context, "ny.larare@skola.example")

    assert await letters(cast) == [("request", "larare.ek@skola.example")]


async def test_the_same_teacher_is_told_nothing(cast, context):
    await booked(cast, context)

    await given_to(cast, context, "larare.ek@skola.example")

    assert await letters(cast) == [("request", "larare.ek@skola.example")]
