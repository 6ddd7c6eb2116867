"""When a feed changed: never earlier than it said before, and with every change of its bytes."""

import itertools
from datetime import timedelta

import pytest
from factories import a_key, stored_slot, stored_staff

from blaljus.domain.words import FeedKind, Service
from blaljus.store import agencies, slots
from blaljus.store import tables as t
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.staffing import assign_person, withdraw_person

HOUR = timedelta(hours=1)


@pytest.fixture
async def slot(cast):
    return await stored_slot(cast.plan, cast.venue)


@pytest.fixture
def feed_of(context):
    """Open a feed, and return a function that reads it."""

    async def opened(kind, subject):
        url = await open_feed_for_operator(
            context, kind, subject, municipality=None, actor="operator"
        )
        token = url.rpartition("/")[2].removesuffix(".ics")
        return lambda: read_feed(context, token)

    return opened


@pytest.fixture
async def agency_feed(cast, feed_of):
    officer = await agencies.get_staff(cast.staff[Service.POLICE])
    return await feed_of(FeedKind.AGENCY, officer.agency)


async def assigned(cast, context, slot, service=Service.POLICE, **others):
    station = next(s for s in await slots.list_stations([slot.id]) if s.provides is service)
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=slot.id,
        **{"staff_id": cast.staff[service], **others},
    )


async def left(cast, context, duty):
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=duty)


async def test_an_agency_whose_last_person_leaves_sees_nothing_and_is_told_when(
    cast, context, clock, slot, agency_feed
):
    empty = await agency_feed()
    duty = await assigned(cast, context, slot)
    served = await agency_feed()
    clock.advance(HOUR)

    await left(cast, context, duty)
    gone = await agency_feed()

    assert gone.body == empty.body
    assert gone.modified_at == clock() > served.modified_at


async def test_what_happens_to_others_afterwards_is_no_change_of_its_calendar(
    cast, context, clock, slot, agency_feed
):
    duty = await assigned(cast, context, slot)
    await left(cast, context, duty)
    gone = await agency_feed()
    clock.advance(HOUR)

    await assigned(cast, context, slot, Service.RESCUE)

    assert await agency_feed() == gone


async def test_an_agency_that_comes_back_has_its_event_once(
    cast, context, clock, slot, agency_feed
):
    for _ in range(2):
        duty = await assigned(cast, context, slot)
        clock.advance(HOUR)
        await left(cast, context, duty)
        clock.advance(HOUR)
    await assigned(cast, context, slot)

    assert (await agency_feed()).body.count(b"BEGIN:VEVENT") == 1
    rows = await t.CalendarEntry.select().where(t.CalendarEntry.agency.is_not_null())
    assert len(rows) == 1
    assert all(not findings for _, findings in await verify_store())


async def test_no_feed_ever_says_an_earlier_time_and_each_change_says_a_later_one(
    cast, context, clock, slot, feed_of
):
    officer = await agencies.get_staff(cast.staff[Service.POLICE])
    other = await stored_staff(officer.agency, "police-2")
    feeds = [
        await feed_of(FeedKind.AGENCY, officer.agency),
        await feed_of(FeedKind.STAFF, officer.id),
        await feed_of(FeedKind.STAFF, other),
        await feed_of(FeedKind.MUNICIPALITY, cast.municipality.id),
    ]
    versions = [[await feed()] for feed in feeds]
    duties = []

    async def comes(staff):
        override = {"staff_id": staff, "override_reason": "Byter pass"}
        duties.append(await assigned(cast, context, slot, **override))

    async def leaves():
        await left(cast, context, duties.pop())

    steps = [
        lambda: comes(officer.id),
        leaves,
        lambda: comes(other),
        lambda: assigned(cast, context, slot, Service.RESCUE),
        leaves,
        lambda: comes(officer.id),
        leaves,
    ]
    for step in steps:
        clock.advance(timedelta(minutes=7))
        await step()
        for feed, seen in zip(feeds, versions, strict=True):
            seen.append(await feed())
    clock.advance(timedelta(days=31))
    for feed, seen in zip(feeds, versions, strict=True):
        seen.append(await feed())

    for seen in versions:
        for before, after in itertools.pairwise(seen):
            times = [
                version.modified_at.timestamp() if version.modified_at else 0
                for version in (before, after)
            ]
            assert times == sorted(times)
            assert (before.body == after.body) or times[0] < times[1]


async def test_a_cancelled_event_that_was_shown_long_enough_goes_with_a_time_of_its_own(
    cast, context, clock, slot, feed_of
):
    feed = await feed_of(FeedKind.STAFF, cast.staff[Service.POLICE])
    duty = await assigned(cast, context, slot)
    clock.advance(HOUR)
    await left(cast, context, duty)
    cancelled = await feed()
    clock.advance(timedelta(days=40))

    gone = await feed()

    assert b"BEGIN:VEVENT" not in gone.body
    assert gone.modified_at == cancelled.modified_at + timedelta(days=30)
