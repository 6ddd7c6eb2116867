"""What every calendar should show: one event for each slot, booking and assignment."""

from collections.abc import Collection, Iterator

from blaljus.domain.calendar import CalendarEvent
from blaljus.domain.happenings import booking_event, duty_event, overview_event
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import ACTIVE_ASSIGNMENT, ACTIVE_BOOKING, BookingState, SlotState
from blaljus.ics.events import feed_event
from blaljus.ics.reading import event_properties
from blaljus.store.selfcheck.facts import Entry
from blaljus.usecases.operation.checks.facts import Expected, Facts, Owner

WHEN = ("DTSTART", "DTEND", "SEQUENCE", "STATUS")
"""What stays true of an event when it is over; places and schools may be called otherwise since."""

ENDED = ("SEQUENCE", "STATUS")
"""What matters of an event that is no more."""

NOT_COMPARED = ("DTSTAMP", "LAST-MODIFIED", "URL")
"""A revision may say nothing new to one calendar; pages may have moved to another address."""


def owner_of(entry: Entry) -> Owner:
    """Return whose calendar an entry is in; a class's is its school's too."""
    if entry.staff is not None:
        return "staff", entry.staff
    if entry.school_class is not None:
        return "class", entry.school_class
    return ("agency", entry.agency) if entry.agency is not None else ("overview", 0)


def expected_events(facts: Facts) -> Iterator[Expected]:
    """Yield the event of each slot, booking and assignment, as the stored facts say."""
    stored = facts.stored
    for slot in stored.slots.values():
        if slot.state is not SlotState.DRAFT:
            yield _of_slot(facts, slot)
    for booking in stored.bookings.values():
        slot, school_class = facts.slot_of(booking), stored.classes[booking.school_class]
        yield _expected(
            facts,
            f"booking:{booking.id}",
            slot,
            booking_event(facts.happening(slot), booking, school_class, ""),
            owners=[("class", school_class.id)],
            people=stored.teachers.get(school_class.id, frozenset()),
            held=booking.state is BookingState.HELD,
            ended=booking.state not in ACTIVE_BOOKING,
        )
    for duty in stored.duties.values():
        slot = facts.slot_of(duty)
        if stored.stations[duty.station].slot != slot.id:
            continue  # There is no saying what it should show.
        yield _expected(
            facts,
            f"assignment:{duty.id}",
            slot,
            duty_event(facts.happening(slot), duty, ""),
            owners=[("staff", duty.staff)],
            people={stored.staff[duty.staff].account},
            ended=duty.state not in ACTIVE_ASSIGNMENT,
        )


def _of_slot(facts: Facts, slot: Slot) -> Expected:
    off = slot.state is SlotState.CANCELLED
    # Whoever publishes a slot raises its version, and whatever happens in it does.
    everybody = [("overview", 0)] if slot.version > 1 else []
    ever = _agencies(facts, facts.all_duties_in[slot.id]) if off else ()
    return _expected(
        facts,
        f"slot:{slot.id}",
        slot,
        overview_event(facts.happening(slot), ""),
        owners=[*everybody, *_agencies(facts, facts.duties_in[slot.id])],
        others=[("overview", 0), *ever],
        ended=off,
    )


def _agencies(facts: Facts, duties: Collection[Assignment]) -> set[Owner]:
    return {("agency", facts.stored.staff[duty.staff].agency) for duty in duties}


def _expected(
    facts: Facts,
    subject: str,
    slot: Slot,
    event: CalendarEvent,
    *,
    owners: Collection[Owner],
    ended: bool,
    others: Collection[Owner] = (),
    people: Collection[int] = (),
    held: bool = False,
) -> Expected:
    whole = event_properties(feed_event(event))
    over = held or facts.is_over(slot)
    names = ENDED if ended else WHEN if over else whole
    return Expected(
        subject=subject,
        slot=slot,
        event=event,
        owners=frozenset(owners),
        others=frozenset(others),
        people=frozenset(people),
        ended=ended,
        over=over,
        properties={name: whole[name] for name in names if name not in NOT_COMPARED},
    )
