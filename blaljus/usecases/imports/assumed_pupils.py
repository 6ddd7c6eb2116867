"""A booking that nobody has confirmed says how large the class is: it follows the class."""

from collections.abc import Mapping
from dataclasses import replace

from blaljus.domain.booking import Booking, BookingDetails
from blaljus.domain.groups import takes_classes
from blaljus.domain.words import BookingState
from blaljus.store import schools
from blaljus.usecases.calendars.happenings import FullHappening
from blaljus.usecases.letters.retelling import Remembered


async def details_now(remembered: Remembered) -> Mapping[int, BookingDetails]:
    """Return what tentative bookings of remembered slots must say now, by id, where that is new.

    Asked after the classes were changed, in the same transaction. A class too large for a station
    keeps the number that fits: somebody has to give it another time.
    """
    found: dict[int, BookingDetails] = {}
    for was in remembered.happenings:
        ids = [school_class.id for school_class in was.classes]
        classes = await schools.get_classes(ids, (was.slot.municipality,))
        found |= _follow(was, {school_class.id: school_class.pupils for school_class in classes})
    return found


def _follow(was: FullHappening, pupils: Mapping[int, int]) -> dict[int, BookingDetails]:
    """Return what bookings of a slot must say, one after the other as long as all fit together."""
    sizes, found = {booking.id: booking.pupils for booking in was.bookings}, {}
    for booking in was.bookings:
        size = pupils[booking.school_class]
        grown = sizes | {booking.id: size}
        if _follows(was, booking, size) and takes_classes(was.slot, was.stations, grown.values()):
            sizes = grown
            found[booking.id] = replace(booking.details, pupils=size)
    return found


def _follows(was: FullHappening, booking: Booking, pupils: int) -> bool:
    assumed = next(c.pupils for c in was.classes if c.id == booking.school_class)
    unconfirmed = booking.state is BookingState.TENTATIVE and booking.pupils == assumed
    return unconfirmed and pupils != assumed
