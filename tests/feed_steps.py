"""Feeds as their owners open them, and something to show in them."""

from datetime import date

from factories import a_key, stored_slot

from blaljus.domain.words import FeedKind, Half, Service
from blaljus.store import slots
from blaljus.usecases.calendars.feeds import open_feed
from blaljus.usecases.people.staffing import assign_person

SECRET = "the browser's own"


async def opened(context, person, kind, subject, key=None):
    url = await open_feed(context, person, key or a_key(), kind, subject, secret=SECRET)
    return url.rpartition("/")[2].removesuffix(".ics")


async def own_feed(context, cast):
    return await opened(context, cast.officer, FeedKind.STAFF, cast.staff[Service.POLICE])


async def given_duty(context, cast, *, day=date(2027, 3, 16), half=Half.FM):
    service = Service.POLICE
    slot = await stored_slot(cast.plan, cast.venue, day=day, half=half)
    station = next(s for s in await slots.list_stations([slot.id]) if s.provides is service)
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=slot.id,
        staff_id=cast.staff[service],
    )
