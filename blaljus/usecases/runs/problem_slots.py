"""The planner's published slots: what stays, and what may join it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from blaljus.domain.booking import Booking
from blaljus.domain.localtime import half_of, local_day
from blaljus.domain.schools import Venue
from blaljus.domain.slots import Slot
from blaljus.domain.staffing import Assignment
from blaljus.planner.problem import FixedSlot, HalfDay
from blaljus.usecases.runs.problem_places import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The published slots of a plan, who is counted on in them, and the classes to name."""

    slots: Sequence[Slot]
    duties: Sequence[Assignment]
    booked: Sequence[Booking]


def fixed_slots(
    announced: Announced, calendar: Calendar, venues: Iterable[Venue]
) -> tuple[FixedSlot, ...]:
    """Return the published slots in half-days that may be planned.

    The others of the week that has begun are over, or too soon to change. No class is planned
    into a slot that counts its groups otherwise than its venue does now.
    """
    index_of = {h: i for i, h in enumerate(calendar.half_days) if calendar.venues >> i & 1}
    group_pupils = {venue.id: venue.group_pupils for venue in venues}
    crew, classes = _crews(announced.duties), _classes(announced.booked)
    return tuple(
        FixedSlot(
            id=slot.id,
            venue=slot.venue,
            half_day=index_of[half_day],
            free_places=(
                slot.places - slot.taken if slot.group_pupils == group_pupils[slot.venue] else 0
            ),
            classes=tuple(sorted(classes.get(slot.id, ()))),
            staff=tuple(sorted(crew.get(slot.id, ()))),
        )
        for slot in announced.slots
        if (half_day := HalfDay(local_day(slot.starts_at), half_of(slot.starts_at))) in index_of
    )


def _crews(duties: Iterable[Assignment]) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for duty in duties:
        found[duty.slot].append(duty.staff)
    return found


def _classes(booked: Iterable[Booking]) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for booking in booked:
        found[booking.slot] += [] if booking.catch_up else [booking.school_class]
    return found
