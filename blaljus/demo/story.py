"""A term of Blåljusdagar in Höör, played through by the people in it on a clock of its own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from blaljus.demo.late_bus import a_key, last_slot, make_bus_late
from blaljus.demo.loading import COORDINATOR, YEAR, Say, import_hoor
from blaljus.demo.saying import became, details_of, when
from blaljus.domain.attendance import AttendanceReport
from blaljus.domain.booking import Booking, BookingDetails, BookingRefusedError
from blaljus.domain.happenings import Happening
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import Slot
from blaljus.domain.words import CancelCause, Service
from blaljus.usecases.access.users import person_at
from blaljus.usecases.bookings.attendance import report_attendance
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details
from blaljus.usecases.context import Context
from blaljus.usecases.days.telling import tell_rounds
from blaljus.usecases.followup.season import Season, load_season
from blaljus.usecases.letters.delivering import Transport as MailTransport
from blaljus.usecases.letters.delivering import deliver_due
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.candidates import list_candidates
from blaljus.usecases.people.staffing import replace_person
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""A Tuesday morning, six weeks before the spring term."""


@dataclass(slots=True)
class StoryClock:
    """A clock that the story moves."""

    now: datetime = START

    def __call__(self) -> datetime:
        """Return the story's moment."""
        return self.now

    def forward(self, **span: float) -> None:
        """Let some time pass: `days=1`, `minutes=10`."""
        self.now += timedelta(**span)


@dataclass(slots=True)
class Story:
    """The term so far."""

    context: Context
    clock: StoryClock
    transport: MailTransport
    say: Say
    municipality: int = 0
    run: int = 0
    events: list[str] = field(default_factory=list)

    async def begin(self) -> None:
        """Import Höör, plan it and approve the plan."""
        self.municipality = await import_hoor(self.context, say=self.say)
        self.clock.forward(hours=1)
        coordinator = await self._person(COORDINATOR)
        self.run = await start_run(
            self.context,
            coordinator,
            a_key(),
            municipality=self.municipality,
            school_year=YEAR,
        )
        self.clock.forward(minutes=10)
        slots = await approve_run(
            self.context, coordinator, a_key(), municipality=self.municipality, number=self.run
        )
        await self._tell(f"Planen godkänd: {slots} pass.")

    async def go_on(self) -> None:
        """Let teachers and staff act, hold the slots, and report attendance."""
        await self._move_a_class()
        await self._cancel_and_book_again()
        await self._confirm_the_rest()
        await self._decline_and_replace()
        await self._accept_the_rest()
        await self._tell_rounds()
        await self._hold_all_slots()

    async def _person(self, address: str) -> Person:
        return await person_at(address, self.clock)

    async def _season(self) -> Season:
        return await load_season(self.municipality, YEAR)

    async def _teacher(self, season: Season, school_class: SchoolClass) -> Person:
        return await self._person(season.teachers[school_class.id])

    async def _tell(self, event: str) -> None:
        """Say what happened, and let the mail that it owes be sent."""
        self.say(event)
        self.events.append(event)
        while (await deliver_due(self.transport, clock=self.clock)).total:
            pass

    async def _move_a_class(self) -> None:
        self.clock.forward(days=2)
        season = await self._season()
        for booking in season.bookings:
            school_class = season.classes[booking.school_class]
            teacher = await self._teacher(season, school_class)
            for slot in season.slots.values():
                if slot.id != booking.slot and await self._booked(
                    teacher, school_class, slot, booking.details
                ):
                    await self._tell(f"{school_class.name} bytte till {when(slot)}.")
                    return
        raise AssertionError("nobody could move: the demo's data should leave a place free")

    async def _booked(
        self, teacher: Person, school_class: SchoolClass, slot: Slot, details: BookingDetails
    ) -> bool:
        try:
            await book_slot(
                self.context,
                teacher,
                a_key(),
                class_id=school_class.id,
                slot_id=slot.id,
                details=details,
            )
        except BookingRefusedError:
            return False
        return True

    async def _cancel_and_book_again(self) -> None:
        self.clock.forward(days=1)
        season = await self._season()
        booking = max(season.bookings, key=lambda b: b.id)
        school_class = season.classes[booking.school_class]
        teacher = await self._teacher(season, school_class)
        await cancel_booking(
            self.context,
            teacher,
            a_key(),
            number=booking.number,
            cause=CancelCause.SCHOOL_ACTIVITY,
        )
        await self._tell(f"{school_class.name} avbokade.")
        self.clock.forward(hours=3)
        slot = season.slots[booking.slot]
        again = await self._booked(teacher, school_class, slot, booking.details)
        assert again, "its own place was just given back"  # noqa: S101 -- see STYLE
        await self._tell(f"{school_class.name} bokade igen.")

    async def _confirm_the_rest(self) -> None:
        self.clock.forward(days=1)
        season = await self._season()
        for number, booking in enumerate(season.bookings):
            school_class = season.classes[booking.school_class]
            teacher = await self._teacher(season, school_class)
            await change_details(
                self.context,
                teacher,
                a_key(),
                number=booking.number,
                details=details_of(booking, number),
            )
        await self._tell("Lärarna har bekräftat antal och telefon.")

    async def _decline_and_replace(self) -> None:
        self.clock.forward(days=1)
        season = await self._season()
        coordinator = await self._person(COORDINATOR)
        for duty in season.duties:
            member = season.staff[duty.staff]
            found = await list_candidates(self.context, coordinator, duty.slot, duty.station)
            able = [candidate for candidate, reasons in found if not reasons]
            if member.provides is not Service.POLICE or not able:
                continue
            officer = await self._person(season.staff_addresses[member.id])
            await answer_duty(self.context, officer, a_key(), assignment_id=duty.id, can=False)
            await self._tell(f"{member.shown_as} kan inte.")
            self.clock.forward(hours=2)
            await replace_person(
                self.context,
                coordinator,
                a_key(),
                assignment_id=duty.id,
                staff_id=able[0].id,
            )
            await self._tell(f"{able[0].shown_as} tar passet i stället.")
            return
        raise AssertionError("no officer could be replaced: the demo's data should allow it")

    async def _accept_the_rest(self) -> None:
        self.clock.forward(days=2)
        season = await self._season()
        for duty in season.duties:
            person = await self._person(season.staff_addresses[duty.staff])
            await answer_duty(self.context, person, a_key(), assignment_id=duty.id, can=True)
        await self._tell("Alla andra i blåljuspersonalen kan.")

    async def _tell_rounds(self) -> None:
        """Send the körschema of the last slot; its bus is late, so that it is sent again."""
        self.clock.forward(days=1)
        season, coordinator = await self._season(), await self._person(COORDINATOR)
        slot = last_slot(season)
        await tell_rounds(self.context, coordinator, a_key(), slot_id=slot.id)
        await self._tell(f"Körschemat för {when(slot)} är skickat.")
        self.clock.forward(hours=1)
        await self._tell(await make_bus_late(self.context, coordinator, season))
        await tell_rounds(self.context, coordinator, a_key(), slot_id=slot.id)
        await self._tell("De som fick nya tider har fått ett nytt körschema.")

    async def _hold_all_slots(self) -> None:
        season = await self._season()
        missed = False
        for slot in sorted(season.slots.values(), key=lambda s: (s.starts_at, s.id)):
            self.clock.now = slot.ends_at + timedelta(hours=2)
            happening = season.happening(slot)
            for booking in happening.bookings:
                await self._report(season, happening, booking, miss_rescue=not missed)
                missed = True
            await self._tell(f"Passet {when(slot)} är hållet.")

    async def _report(
        self, season: Season, happening: Happening, booking: Booking, *, miss_rescue: bool
    ) -> None:
        teacher = await self._teacher(season, season.classes[booking.school_class])
        report = AttendanceReport(
            pupils=booking.pupils - booking.id % 3,
            adults=booking.adults,
            stations={s.id: became(s, miss_rescue=miss_rescue) for s in happening.stations},
        )
        await report_attendance(
            self.context, teacher, a_key(), number=booking.number, report=report
        )
