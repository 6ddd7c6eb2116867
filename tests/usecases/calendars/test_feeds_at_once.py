"""Two forms for one calendar, sent at the same moment."""

import asyncio
from functools import partial

import pytest
from factories import a_key

from blaljus.domain.words import FeedKind, Service
from blaljus.store import failpoints, feeds
from blaljus.usecases.calendars.feeds import close_feeds, open_feed, open_feed_for_operator


def subject_of(cast, kind):
    return {
        FeedKind.STAFF: cast.staff[Service.POLICE],
        FeedKind.SCHOOL_CLASS: cast.school_class.id,
        FeedKind.SCHOOL: cast.school_class.school_unit,
        FeedKind.AGENCY: 1,
        FeedKind.MUNICIPALITY: cast.municipality.id,
    }[kind]


def slowly():
    """Hold whoever closed the old addresses up before the new one is there."""
    return failpoints.enabled("before_new_address", partial(asyncio.sleep, 0.2))


async def still_open(context, kind, subject):
    """The addresses that are not being replaced."""
    found = await feeds.list_feeds(kind, [subject], context.clock())
    return [feed for feed in found if feed.revoked_at is None]


@pytest.mark.parametrize("kind", FeedKind)
async def test_two_new_addresses_at_once_leave_one_open(cast, context, kind):
    subject, municipality = subject_of(cast, kind), cast.municipality.id
    owner = None if kind in (FeedKind.STAFF, FeedKind.AGENCY) else municipality

    with slowly():
        await asyncio.gather(
            *(
                open_feed_for_operator(context, kind, subject, municipality=owner, actor="operator")
                for _ in range(2)
            )
        )

    assert len(await feeds.list_feeds(kind, [subject], context.clock())) == 2
    assert len(await still_open(context, kind, subject)) == 1


async def test_a_calendar_that_is_closed_while_an_address_is_opened_has_one_or_none(cast, context):
    officer = cast.staff[Service.POLICE]

    with slowly():
        opening = asyncio.create_task(
            open_feed(context, cast.officer, a_key(), FeedKind.STAFF, officer, secret="a")
        )
        await asyncio.sleep(0.1)
        await close_feeds(context, cast.officer, a_key(), FeedKind.STAFF, officer)
        await opening

    assert await feeds.list_feeds(FeedKind.STAFF, [officer], context.clock()) == []
