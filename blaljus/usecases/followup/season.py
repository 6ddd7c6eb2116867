"""A whole season of one municipality at once: for the demo, the self-check and overviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blaljus.domain.agencies import StaffMember
from blaljus.domain.booking import Booking
from blaljus.domain.errors import NotFoundError
from blaljus.domain.happenings import Happening
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_BOOKING
from blaljus.store import agencies, assignments, bookings, plans, recipients, schools, slots
from blaljus.store.engine import read_transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Published slots with active bookings and duties; addresses for the demo's people alone."""

    plan: SeasonPlan
    slots: Mapping[int, Slot]
    stations: Sequence[Station]
    bookings: Sequence[Booking]
    duties: Sequence[Assignment]
    classes: Mapping[int, SchoolClass]
    staff: Mapping[int, StaffMember]
    teachers: Mapping[int, str]
    staff_addresses: Mapping[int, str]

    def happening(self, slot: Slot) -> Happening:
        """Return a slot with what takes part in it."""
        booked = [b for b in self.bookings if b.slot == slot.id]
        return Happening(
            slot=slot,
            stations=[station for station in self.stations if station.slot == slot.id],
            bookings=booked,
            classes=[self.classes[b.school_class] for b in booked],
        )


async def load_season(municipality: int, year: SchoolYear) -> Season:
    """Return the season, or raise `NotFoundError` where there is no plan."""
    scope = (municipality,)
    async with read_transaction():
        plan = await plans.find_plan(municipality, year)
        if plan is None:
            raise NotFoundError
        found = await slots.list_slots(plan.id, scope)
        booked = await bookings.list_bookings(plan.id, scope)
        duties = await assignments.list_plan_assignments(plan.id, scope)
        classes = await schools.list_classes(scope, year)
        people = [duty.staff for duty in duties]
        teachers = await recipients.teachers_of([c.id for c in classes])
        addressees = await recipients.staff_addressees(people)
        return Season(
            plan=plan,
            slots={slot.id: slot for slot in found},
            stations=await slots.list_stations([slot.id for slot in found]),
            bookings=[b for b in booked if b.state in ACTIVE_BOOKING],
            duties=duties,
            classes={c.id: c for c in classes},
            staff=await agencies.get_staff_members(people),
            teachers={class_id: rows[0].address for class_id, rows in teachers.items() if rows},
            staff_addresses={staff: row.address for staff, row in addressees.items()},
        )
