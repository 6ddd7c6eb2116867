"""What the people of the story say: of their classes, and of what became of a day."""

from blaljus.domain.attendance import StationReport
from blaljus.domain.booking import Booking, BookingDetails
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import AccessNeed, MissCause, Service, Transport, VisitState
from blaljus.i18n import format_moment


def when(slot: Slot) -> str:
    """Return when and where a slot is, in words."""
    return f"{format_moment(slot.starts_at, slot.ends_at, 'sv')}, {slot.venue_name}"


def details_of(booking: Booking, number: int) -> BookingDetails:
    """Return what a teacher says: every fourth class has somebody who needs calm."""
    needs = {AccessNeed.CALM: 1} if number % 4 == 0 else {}
    return BookingDetails(
        pupils=booking.pupils,
        adults=3 if needs else 2,
        phone=f"070-174 06 {5 + number:02}",
        access_needs=needs,
        transport=Transport.SCHOOL_BUS if number % 2 else Transport.WALK,
    )


def became(station: Station, *, miss_rescue: bool) -> StationReport:
    """Return what became of a station: held, or missed by a crew that was called out."""
    if miss_rescue and station.provides is Service.RESCUE:
        return StationReport(state=VisitState.MISSED, cause=MissCause.CALLOUT)
    return StationReport(state=VisitState.HELD, cause=None)
