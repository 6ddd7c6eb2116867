"""A calendar is served while somebody holds the database."""

from factories import a_key

from blaljus.domain.errors import BusyError
from blaljus.domain.words import FeedKind, Service
from blaljus.usecases.calendars import feed_reading
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import open_feed


async def test_a_fetch_that_cannot_be_noted_is_answered(cast, context, monkeypatch):
    staff = cast.staff[Service.POLICE]
    url = await open_feed(
        context, cast.officer, a_key(), FeedKind.STAFF, staff, secret="the browser's own"
    )
    token = url.rpartition("/")[2].removesuffix(".ics")

    async def held(*_):
        raise BusyError(patience=0)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(feed_reading, "_note", held)
        answered = await read_feed(context, token)

    assert answered == await read_feed(context, token)
