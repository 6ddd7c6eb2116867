"""Calendar addresses: opened, replaced and closed by those whose calendar it is."""

from datetime import date, timedelta

import pytest
from factories import a_key
from feed_steps import given_duty, opened, own_feed

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import FeedKind, Service
from blaljus.store import agencies, audit, feeds
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import close_feeds, open_feed
from blaljus.usecases.calendars.subscriptions import list_coordinated_calendars, list_own_calendar


async def test_a_second_click_gives_the_same_address_and_opens_no_other(cast, context):
    officer, key = cast.staff[Service.POLICE], a_key()

    first = await opened(context, cast.officer, FeedKind.STAFF, officer, key)
    second = await opened(context, cast.officer, FeedKind.STAFF, officer, key)

    assert first == second
    assert len(await feeds.list_feeds(FeedKind.STAFF, [officer], context.clock())) == 1


async def test_two_browsers_with_one_form_get_different_addresses(cast, context):
    officer, key = cast.staff[Service.POLICE], a_key()

    mine = await open_feed(context, cast.officer, key, FeedKind.STAFF, officer, secret="a")
    theirs = await open_feed(context, cast.officer, key, FeedKind.STAFF, officer, secret="b")

    assert mine != theirs


async def test_a_replaced_address_answers_for_another_week(cast, context, clock):
    old = await own_feed(context, cast)
    new = await own_feed(context, cast)

    clock.advance(timedelta(days=6, hours=23))
    assert (await read_feed(context, old)).body
    clock.advance(timedelta(hours=1))
    with pytest.raises(NotFoundError):
        await read_feed(context, old)
    assert (await read_feed(context, new)).body


async def test_closing_ends_every_address_at_once(cast, context):
    tokens = [await own_feed(context, cast) for _ in range(2)]

    await close_feeds(context, cast.officer, a_key(), FeedKind.STAFF, cast.staff[Service.POLICE])

    for token in tokens:
        with pytest.raises(NotFoundError):
            await read_feed(context, token)


async def test_an_address_ends_400_days_after_its_last_fetch(cast, context, clock):
    token = await own_feed(context, cast)
    clock.advance(timedelta(days=399))
    await read_feed(context, token)
    clock.advance(timedelta(days=399))
    await read_feed(context, token)

    clock.advance(timedelta(days=401))
    with pytest.raises(NotFoundError):
        await read_feed(context, token)


@transactional
async def leave(staff):
    await t.StaffMember.update({"active": False}).where(t.StaffMember.id == staff)


async def test_the_calendar_of_somebody_who_left_is_closed(cast, context):
    token = await own_feed(context, cast)
    assert (await read_feed(context, token)).body

    await leave(cast.staff[Service.POLICE])

    with pytest.raises(NotFoundError):
        await read_feed(context, token)


async def test_only_ones_own_calendars_can_be_subscribed_to(cast, context):
    officer, rescue = cast.staff[Service.POLICE], cast.staff[Service.RESCUE]
    foreign = [
        (cast.officer, FeedKind.STAFF, rescue),
        (cast.teacher, FeedKind.STAFF, officer),
        (cast.teacher, FeedKind.SCHOOL_CLASS, cast.second_class.id),
        (cast.teacher, FeedKind.MUNICIPALITY, cast.municipality.id),
        (cast.foreign_coordinator, FeedKind.MUNICIPALITY, cast.municipality.id),
        (cast.foreign_coordinator, FeedKind.SCHOOL, cast.school_class.school_unit),
        (cast.officer, FeedKind.AGENCY, 1),
    ]

    for person, kind, subject in foreign:
        with pytest.raises(NotFoundError):
            await opened(context, person, kind, subject)
        with pytest.raises(NotFoundError):
            await close_feeds(context, person, a_key(), kind, subject)


async def test_opening_and_closing_leave_their_rows_in_the_right_chain(cast, context):
    officer = cast.staff[Service.POLICE]
    await own_feed(context, cast)
    await close_feeds(context, cast.officer, a_key(), FeedKind.STAFF, officer)
    await opened(context, cast.coordinator, FeedKind.MUNICIPALITY, cast.municipality.id)

    nobodys = await audit.list_entries(None)
    municipalitys = await audit.list_entries(cast.municipality.id)
    assert [(row.action, row.subject) for row in nobodys] == [
        ("feed-opened", f"staff:{officer}"),
        ("feed-closed", f"staff:{officer}"),
    ]
    assert [row.action for row in municipalitys] == ["feed-opened"]
    assert nobodys[1].previous_hash == nobodys[0].hash == nobodys[0].digest()


async def test_the_list_says_when_a_fetch_missed_the_newest_version(cast, context, clock):
    token = await own_feed(context, cast)
    await read_feed(context, token)
    clock.advance(timedelta(minutes=1))
    await given_duty(context, cast)

    (behind,) = await list_own_calendar(context, cast.officer)
    await read_feed(context, token)
    (fresh,) = await list_own_calendar(context, cast.officer)

    assert [behind.is_behind(behind.feeds[0]), fresh.is_behind(fresh.feeds[0])] == [True, False]


async def test_a_coordinator_sees_the_municipality_its_schools_and_agencies(cast, context):
    found = await list_coordinated_calendars(context, cast.coordinator)

    here = await agencies.list_agencies((cast.municipality.id,), date(2027, 1, 15))
    serving = [(FeedKind.AGENCY, agency.name) for agency in here]
    assert len(serving) == 3
    assert [(row.kind, row.name) for row in found] == [
        (FeedKind.MUNICIPALITY, "Höör"),
        (FeedKind.SCHOOL, "Alskolan"),
        (FeedKind.SCHOOL, "Ekskolan"),
        *serving,
    ]
    empty = await list_coordinated_calendars(context, cast.foreign_coordinator)
    assert [(row.kind, row.name) for row in empty] == [(FeedKind.MUNICIPALITY, "Eslöv"), *serving]
