"""A booking that nobody has confirmed says how large the class is: it follows the class."""

from collections.abc import Mapping
from dataclasses import replace

from blaljus.domain.booking import Booking, BookingDetails
from blaljus.domain.words import BookingState
from blaljus.store import schools
from blaljus.usecases.calendars.happenings import FullHappening
from blaljus.usecases.letters.retelling import Remembered


async def details_now(remembered: Remembered) -> Mapping[int, BookingDetails]:
    """Return what tentative bookings of remembered slots must say now, by id, where that is new.

    Asked after the classes were changed, in the same transaction. A class too large for a station
    keeps the number that fits: somebody has to give it another time.
    """
    found = {}
    for was in remembered.happenings:
        ids = [school_class.id for school_class in was.classes]
        classes = await schools.get_classes(ids, (was.slot.municipality,))
        pupils = {school_class.id: school_class.pupils for school_class in classes}
        for booking in was.bookings:
            if _follows(was, booking, pupils[booking.school_class]):
                details = replace(booking.details, pupils=pupils[booking.school_class])
                found[booking.id] = details
    return found


def _follows(was: FullHappening, booking: Booking, pupils: int) -> bool:
    assumed = next(c.pupils for c in was.classes if c.id == booking.school_class)
    largest = min((station.max_pupils for station in was.stations), default=0)
    unconfirmed = booking.state is BookingState.TENTATIVE and booking.pupils == assumed
    return unconfirmed and pupils != assumed and pupils <= largest
