"""A booking as a file that a calendar program opens."""

from blaljus.domain.calendar import FeedHead
from blaljus.domain.happenings import Happening, booking_event
from blaljus.domain.people import Person
from blaljus.domain.words import FeedKind
from blaljus.ics.events import feed_event
from blaljus.ics.feeds import feed
from blaljus.usecases.bookings.teaching import get_booking_page
from blaljus.usecases.calendars.happenings import booking_url
from blaljus.usecases.context import Context


async def get_booking_file(context: Context, person: Person, number: int) -> bytes:
    """Return a calendar of one event, to open in a calendar program: METHOD:PUBLISH.

    It names no address: nothing would be fetched from there anew (RFC 7986, 5.8).
    """
    page = await get_booking_page(context, person, number)
    happening = Happening(
        slot=page.slot,
        stations=page.stations,
        classes=[page.school_class],
        bookings=[page.booking],
    )
    url = booking_url(context, page.booking)
    head = FeedHead(
        kind=FeedKind.SCHOOL_CLASS,
        name=f"Blåljusdag {page.school_class.name}",
        source_url="",
        organiser_name=context.sender_name,
        organiser_address=context.sender_address,
        colour="royalblue",
    )
    event = booking_event(happening, page.booking, page.school_class, url)
    return feed(head, [feed_event(event)])
