"""An address ends with what gave somebody the right to it; an agency's shows one municipality."""

from datetime import date, timedelta

import pytest
from factories import a_key, shared_venue, stored_plan, stored_slot
from feed_steps import given_duty, opened

from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.words import FeedKind, Service
from blaljus.store import accounts, agencies, entries
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.store.entries import Entry
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import close_feeds, open_feed, open_feed_for_operator
from blaljus.usecases.calendars.subscriptions import list_coordinated_calendars
from blaljus.usecases.operation.verifying import verify_store


@pytest.fixture
async def police(cast):
    return (await agencies.get_staff(cast.staff[Service.POLICE])).agency


@transactional
async def removed(table, *conditions):
    await table.delete().where(*conditions)


@transactional
async def changed(table, changes, condition):
    await table.update(changes).where(condition)


def token_of(url):
    return url.rpartition("/")[2].removesuffix(".ics")


async def agency_feed(context, person, agency, municipality):
    url = await open_feed(
        context,
        person,
        a_key(),
        FeedKind.AGENCY,
        agency,
        municipality=municipality.id,
        secret="a browser's own",
    )
    return token_of(url)


async def answers(context, token):
    try:
        await read_feed(context, token)
    except NotFoundError:
        return False
    return True


@pytest.mark.parametrize("kind", [FeedKind.MUNICIPALITY, FeedKind.SCHOOL, FeedKind.SCHOOL_CLASS])
async def test_what_a_coordinator_opened_ends_when_they_coordinate_no_more(cast, context, kind):
    subject = {
        FeedKind.MUNICIPALITY: cast.municipality.id,
        FeedKind.SCHOOL: cast.school_class.school_unit,
        FeedKind.SCHOOL_CLASS: cast.school_class.id,
    }[kind]
    token = await opened(context, cast.coordinator, kind, subject)
    assert await answers(context, token)

    await removed(t.Coordinator, t.Coordinator.account == cast.coordinator.account)

    assert not await answers(context, token)


async def test_what_a_teacher_opened_ends_when_they_teach_the_class_no_more(cast, context):
    token = await opened(context, cast.teacher, FeedKind.SCHOOL_CLASS, cast.school_class.id)
    assert await answers(context, token)

    await removed(t.ClassTeacher, t.ClassTeacher.account == cast.teacher.account)

    assert not await answers(context, token)


async def test_what_an_officer_opened_ends_when_the_post_is_another_persons(cast, context):
    staff = cast.staff[Service.POLICE]
    token = await opened(context, cast.officer, FeedKind.STAFF, staff)
    successor = await accounts.add_account("ny.polis@blaljus.example")

    await changed(t.StaffMember, {t.StaffMember.account: successor}, t.StaffMember.id == staff)

    assert not await answers(context, token)


async def test_nothing_answers_of_an_account_that_is_closed(cast, context):
    token = await opened(context, cast.officer, FeedKind.STAFF, cast.staff[Service.POLICE])

    await changed(t.Account, {t.Account.active: False}, t.Account.id == cast.officer.account)

    assert not await answers(context, token)


async def test_what_an_operator_opened_is_bound_to_nobody(cast, context, police):
    url = await open_feed_for_operator(
        context, FeedKind.AGENCY, police, municipality=None, actor="operator"
    )

    await removed(t.Coordinator, t.Coordinator.account == cast.coordinator.account)

    assert await answers(context, token_of(url))


async def test_an_agencys_address_ends_when_it_serves_the_municipality_no_more(
    cast, context, police
):
    token = await agency_feed(context, cast.coordinator, police, cast.municipality)
    assert await answers(context, token)

    c = t.AgencyCoverage
    last = {c.last_on: date(2027, 1, 14)}
    await changed(c, last, (c.agency == police) & (c.municipality == cast.municipality.id))

    assert not await answers(context, token)


async def test_an_agencys_address_ends_at_midnight_though_nothing_is_written(
    cast, context, police, clock
):
    token = await agency_feed(context, cast.coordinator, police, cast.municipality)
    c = t.AgencyCoverage
    last = {c.last_on: local_day(clock())}
    await changed(c, last, (c.agency == police) & (c.municipality == cast.municipality.id))
    for _ in range(3):
        assert await answers(context, token)

    clock.advance(timedelta(days=1))

    assert not await answers(context, token)


async def test_a_coordinator_opens_the_calendar_of_an_agency_that_serves_here_alone(
    cast, context, police
):
    others = [(cast.officer, cast.municipality), (cast.teacher, cast.municipality)]
    foreign = [(cast.coordinator, cast.other), (cast.foreign_coordinator, cast.municipality)]

    for person, municipality in (*others, *foreign):
        with pytest.raises(NotFoundError):
            await agency_feed(context, person, police, municipality)
    with pytest.raises(NotFoundError):
        await opened(context, cast.coordinator, FeedKind.AGENCY, police)
    with pytest.raises(NotFoundError):
        await agency_feed(context, cast.coordinator, 987654, cast.municipality)


async def shown_in(municipality, agency, uid):
    """An event of the agency in another municipality."""
    venue = await shared_venue(municipality)
    slot = await stored_slot(await stored_plan(municipality), venue)
    event = Entry(
        municipality=municipality.id,
        uid=uid,
        starts_at=slot.starts_at,
        revised_at=slot.revised_at,
        cancelled=False,
        fragment=f"BEGIN:VEVENT\r\nUID:{uid}\r\nEND:VEVENT\r\n",
        agency=agency,
    )
    await transactional(entries.save_entries)([event])


async def test_an_agencys_address_shows_the_municipality_of_who_opened_it_alone(
    cast, context, clock, police
):
    await given_duty(context, cast)
    ours = await agency_feed(context, cast.coordinator, police, cast.municipality)
    theirs = await agency_feed(context, cast.foreign_coordinator, police, cast.other)
    before = await read_feed(context, ours)
    await shown_in(cast.other, police, "elsewhere@blaljus.example")

    assert await read_feed(context, ours) == before
    assert b"BEGIN:VEVENT" in before.body
    (uid,) = [line for line in before.body.split(b"\r\n") if line.startswith(b"UID:")]
    assert b"elsewhere@" not in uid
    assert b"elsewhere@" in (await read_feed(context, theirs)).body
    assert uid not in (await read_feed(context, theirs)).body


async def test_each_municipality_replaces_and_closes_its_own_address_of_an_agency(
    cast, context, police
):
    ours = await agency_feed(context, cast.coordinator, police, cast.municipality)
    theirs = await agency_feed(context, cast.foreign_coordinator, police, cast.other)

    await close_feeds(
        context,
        cast.coordinator,
        a_key(),
        FeedKind.AGENCY,
        police,
        municipality=cast.municipality.id,
    )

    assert [await answers(context, token) for token in (ours, theirs)] == [False, True]
    shown = await list_coordinated_calendars(context, cast.foreign_coordinator)
    (agency,) = [row for row in shown if (row.kind, row.subject) == (FeedKind.AGENCY, police)]
    assert len(agency.feeds) == 1
    assert [finding for _, found in await verify_store() for finding in found] == []
