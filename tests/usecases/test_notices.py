from factories import a_key, some_details, stored_slot

from blaljus.store import outbox
from blaljus.store import tables as t
from blaljus.usecases.booking import book_slot


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
