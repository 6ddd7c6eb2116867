"""Booking as a person does: through the pages, or past them through the use case."""

from factories import a_key, some_details

from blaljus.store import bookings
from blaljus.usecases.bookings.booking import book_slot


def choice(slot, **typed):
    return {"slot": str(slot.id), **typed}


async def checked(browser, slot, **typed):
    """The page that shows everything once more before it is booked."""
    page = await browser.get("/boka")
    return await browser.send_form(page, "/boka/granska", choice(slot, **typed))


async def booked(browser, slot, **typed):
    """The number of a booking made through the pages."""
    answer = await browser.send_form(await checked(browser, slot, **typed), "/boka")
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


async def booked_by(context, person, school_class, slot, **options):
    return await book_slot(
        context,
        person,
        a_key(),
        class_id=school_class.id,
        slot_id=slot.id,
        details=some_details(),
        **options,
    )


async def all_bookings(cast):
    return await bookings.list_bookings(cast.plan.id, (cast.municipality.id,))
