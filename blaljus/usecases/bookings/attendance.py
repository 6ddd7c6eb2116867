"""After a slot: who came, and which stations each class met."""

from collections.abc import Mapping
from dataclasses import dataclass

from blaljus.domain.attendance import (
    AttendanceReport,
    StationReport,
    may_report,
    report_problems,
)
from blaljus.domain.booking import Booking
from blaljus.domain.errors import BlaljusError, StaleError
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import BookingState
from blaljus.store import bookings, slots, visits
from blaljus.usecases.bookings.booking import get_own_booking
from blaljus.usecases.calendars.happenings import load_happening, show_in_calendars
from blaljus.usecases.context import Context, record
from blaljus.usecases.days.callouts import callout_reports
from blaljus.usecases.once import FormKey, Outcome, once


class NotYetHeldError(BlaljusError):
    """Attendance is reported from the start of a slot, of a booking that was not cancelled."""

    code = "not-yet-held"


class ReportProblemsError(BlaljusError):
    """A report cannot be right; carries a code per field. Nothing was changed."""

    code = "report-problems"

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(problems=problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendancePage:
    """What the attendance page shows; `report` is None, `version` 0, until one was made."""

    booking: Booking
    school_class: SchoolClass
    slot: Slot
    stations: list[Station]
    report: AttendanceReport | None
    version: int
    noted: Mapping[int, StationReport]
    """What call-outs did to stations, by id: what the first report begins with."""


async def get_attendance(context: Context, person: Person, number: int) -> AttendancePage:
    """Return what a class's attendance page shows, or raise `NotYetHeldError`."""
    booking, school_class = await get_own_booking(person, number)
    slot = await slots.get_slot(booking.slot, (booking.municipality,))
    if booking.state is BookingState.CANCELLED or not may_report(slot, now=context.clock()):
        raise NotYetHeldError
    return AttendancePage(
        booking=booking,
        school_class=school_class,
        slot=slot,
        stations=await slots.list_stations([slot.id]),
        report=await visits.find_report(booking),
        version=await visits.report_version(booking),
        noted=await callout_reports(slot, booking.id),
    )


async def report_attendance(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    number: int,
    report: AttendanceReport,
    version: int | None = None,
) -> None:
    """Store a report, in place of an earlier one; the booking is then held.

    `version` is that of the report the person saw, 0 where there was none. Raises
    `ReportProblemsError`, `NotYetHeldError` or `StaleError`, and changes nothing.
    """

    async def change() -> Outcome:
        page = await get_attendance(context, person, number)
        problems = report_problems(report, [station.id for station in page.stations])
        if problems:
            raise ReportProblemsError(problems)
        return await _save(context, person, page, report, version)

    await once(person, key, change, clock=context.clock)


async def _save(
    context: Context,
    person: Person,
    page: AttendancePage,
    report: AttendanceReport,
    seen: int | None,
) -> Outcome:
    now = context.clock()
    slot = await slots.lock_slot(page.slot.id, (page.slot.municipality,))
    # Read behind the lock: another report may have held the booking meanwhile.
    booking = await bookings.get_booking(page.booking.number, (page.slot.municipality,))
    if seen is not None and seen != await visits.report_version(booking):
        raise StaleError
    version = await visits.save_report(booking, report, account=person.account, now=now)
    if booking.state is not BookingState.HELD:
        await _hold(context, person, booking, slot)
    await record(
        context,
        person.actor,
        booking.municipality,
        "attendance-reported",
        ("attendance", booking.id),
        version,
        pupils=report.pupils,
        adults=report.adults,
        stations={str(station): told.state.value for station, told in report.stations.items()},
    )
    return {"number": booking.number}


async def _hold(context: Context, person: Person, booking: Booking, slot: Slot) -> None:
    """Note that a booking took place; what was tentative till then stands in calendars as sure.

    Nothing takes it back: a report is only ever replaced by another. Nobody gets a letter, for
    nobody has to do anything about a day that has been.
    """
    held = await bookings.save_booking(booking, state=BookingState.HELD, now=context.clock())
    await show_in_calendars(context, await load_happening(slot))
    subject = ("booking", held.id)
    await record(context, person.actor, held.municipality, "booking-held", subject, held.version)
