"""Mail and the log as a coordinator reads them."""

import pytest
from factories import YEAR, a_key, stored_staff

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import Role, Service
from blaljus.mail.smtp import MailRefusedError
from blaljus.store import agencies, assignments, audit, outbox
from blaljus.store.engine import count_statements, transactional
from blaljus.store.tables import OutboxMessage, StaffMember
from blaljus.usecases.followup.promises import add_shared_venue
from blaljus.usecases.letters.delivering import deliver_due
from blaljus.usecases.letters.outbox import (
    get_message_file,
    get_message_page,
    get_outbox,
    retry_message,
)
from blaljus.usecases.operation.log import get_log
from blaljus.usecases.people.agencies import get_agencies
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run


@pytest.fixture
async def approved(cast, context):
    """A season with one slot, two classes, three people and five messages."""
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)


async def the_outbox(cast, person=None, number=1):
    return await get_outbox(person or cast.coordinator, cast.municipality.id, number)


async def row_to(cast, start):
    page = await the_outbox(cast)
    return next(row for row in page.rows if row.message.address.startswith(start))


@transactional
async def protect(staff):
    await StaffMember.update({StaffMember.protected: True}).where(StaffMember.id == staff)


async def test_each_message_says_who_it_is_to(cast, approved):
    page = await the_outbox(cast)

    assert dict(page.counts) == {"waiting": 5, "sent": 0, "failed": 0}
    assert sorted((row.role, row.address) for row in page.rows) == [
        (Role.STAFF, "ambulance-1@blaljus.example"),
        (Role.STAFF, "police-1@blaljus.example"),
        (Role.STAFF, "rescue-1@blaljus.example"),
        (Role.TEACHER, "larare.al@skola.example"),
        (Role.TEACHER, "larare.ek@skola.example"),
    ]
    assert (await row_to(cast, "larare.ek")).school_class == cast.school_class


async def test_a_protected_persons_address_stands_nowhere(cast, approved):
    await protect(cast.staff[Service.POLICE])
    row = await row_to(cast, "police")

    page = await get_message_page(cast.coordinator, row.message.id)

    assert row.address == ""
    assert "police-1@" not in str([page.headers, page.text, row.member.shown_as])
    with pytest.raises(NotFoundError):
        await get_message_file(cast.coordinator, row.message.id)


async def test_a_protected_persons_no_names_the_function_alone(cast, context, approved):
    await protect(cast.staff[Service.POLICE])
    (duty,) = await assignments.list_duties(cast.officer.staff)
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty.id, can=False)

    row = await row_to(cast, "samordnare")

    page = await get_message_page(cast.coordinator, row.message.id)
    assert "Områdespolis nr" in row.message.subject
    assert "Police 1" not in row.message.subject + page.text


async def test_a_message_is_read_as_headers_and_text(cast, approved):
    row = await row_to(cast, "larare.ek")

    page = await get_message_page(cast.coordinator, row.message.id)

    headers = dict(page.headers)
    assert headers["Subject"] == row.message.subject
    assert "larare.ek@skola.example" in headers["To"]
    assert "4A, Ekskolan" in page.text
    assert page.attachments == ["invite.ics"]
    assert await get_message_file(cast.coordinator, row.message.id) == row.message.mime.encode()


async def test_a_refused_message_waits_for_a_person_who_may_try_again(cast, context, approved):
    async def refused(_message):
        raise MailRefusedError("recipient", 550)

    await deliver_due(refused, clock=context.clock)
    row = await row_to(cast, "larare.ek")
    assert (await the_outbox(cast)).counts["failed"] == 5
    assert row.message.last_error == "recipient"

    key = a_key()
    for _ in range(2):
        await retry_message(context, cast.coordinator, key, row.message.id)

    assert dict((await the_outbox(cast)).counts) == {"waiting": 1, "sent": 0, "failed": 4}
    (last, *_) = await audit.list_page(cast.municipality.id, limit=1, offset=0)
    assert (last.action, last.subject) == ("message-retried", f"message:{row.message.id}")


async def test_a_sent_message_is_not_sent_again(cast, context, approved):
    async def taken(_message):
        pass

    await deliver_due(taken, clock=context.clock)
    row = await row_to(cast, "larare.ek")

    with pytest.raises(NotFoundError):
        await retry_message(context, cast.coordinator, a_key(), row.message.id)


async def test_ways_in_and_foreign_mail_are_not_there(cast, context, approved):
    scope = (cast.municipality.id,)
    await outbox.add_message(
        cast.municipality.id,
        account=cast.teacher.account,
        method=outbox.SIGN_IN,
        subject="Logga in",
        message_id="in@x",
        sender="a@b.se",
        mime=b"https://blaljus.example/in/hemlig",
        now=context.clock(),
    )
    hidden = (
        await OutboxMessage.select(OutboxMessage.id).where(OutboxMessage.method == "sign-in")
    )[0]["id"]
    ours = (await outbox.list_messages(scope, limit=1))[0].id

    assert sum((await the_outbox(cast)).counts.values()) == 5
    for person, number in ((cast.coordinator, hidden), (cast.foreign_coordinator, ours)):
        with pytest.raises(NotFoundError):
            await get_message_page(person, number)
        with pytest.raises(NotFoundError):
            await retry_message(context, person, a_key(), number)
    with pytest.raises(NotFoundError):
        await the_outbox(cast, cast.foreign_coordinator)


async def test_pages_beyond_the_ends_are_the_nearest(cast, approved):
    for wanted in (-3, 0, 1, 99):
        page = await the_outbox(cast, number=wanted)
        assert (page.number, page.count, len(page.rows)) == (1, 1, 5)


async def test_the_log_tells_the_latest_first_with_names_of_functions(cast, approved):
    page = await get_log(cast.coordinator, cast.municipality.id, 1)

    assert [line.action for line in page.lines[:1]] == ["run-approved"]
    duty = next(line for line in page.lines if line.action == "duty-made")
    assert duty.member.shown_as == "Ambulance 1"
    made = next(line for line in page.lines if line.action == "booking-made")
    assert made.slot.venue_name == "Brandstationen i Höör"
    assert {line.actor.own for line in page.lines} == {True}
    with pytest.raises(NotFoundError):
        await get_log(cast.foreign_coordinator, cast.municipality.id, 1)


async def test_longer_pages_of_mail_log_and_agencies_cost_no_more_statements(cast, context):
    async def cost():
        with count_statements() as mail:
            await the_outbox(cast)
        with count_statements() as log:
            await get_log(cast.coordinator, cast.municipality.id, 1)
        with count_statements() as people:
            await get_agencies(cast.coordinator, cast.municipality.id, clock=context.clock)
        return len(mail), len(log), len(people)

    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)
    before = await cost()
    agency = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    for n in range(3):
        await stored_staff(agency, f"police-{n + 7}")
    for n in range(3):
        await add_shared_venue(
            context,
            cast.coordinator,
            a_key(),
            name=f"Plats {n}",
            position=None,
            near_rescue_station=False,
            partner_station="",
            **place,
        )

    assert await cost() == before
