"""Invariants 1, 2 and 6: a class's one booking, places and stations, days off."""

from blaljus.domain.booking import spoken_number
from blaljus.domain.groups import group_limit, groups_made, takes_class
from blaljus.domain.localtime import local_day
from blaljus.domain.schools import block_on
from blaljus.domain.stays import stay_of, stay_problems
from blaljus.domain.words import BookingState, SlotState
from blaljus.usecases.operation.checks.facts import Facts, Finding, grouped


def one_booking_per_class(facts: Facts) -> list[Finding]:
    """Return the classes with several active bookings in a plan that are no catch-ups."""
    usual = [booking for booking in facts.bookings if not booking.catch_up]
    found = grouped(usual, lambda booking: (booking.school_class, booking.plan))
    return [
        Finding(
            subject=f"class:{school_class}",
            what=f"has {len(booked)} active bookings in plan:{plan}: "
            + ", ".join(spoken_number(booking.number) for booking in booked),
        )
        for (school_class, plan), booked in found.items()
        if len(booked) > 1
    ]


def catch_ups_name_what_they_pay(facts: Facts) -> list[Finding]:
    """Return the catch-ups that pay nothing the plan requires, and others that pay something."""
    findings = []
    for booking in facts.stored.bookings.values():
        pays = facts.stored.pays[booking.id]
        required = facts.stored.plans[booking.plan].required
        if booking.catch_up and not (pays and set(pays) <= set(required)):
            what = f"is a catch-up that pays {', '.join(pays) or 'no service'}"
        elif pays and not booking.catch_up:
            what = f"is no catch-up and pays {', '.join(pays)}"
        else:
            continue
        findings.append(Finding(subject=f"booking:{booking.id}", what=what))
    return findings


def bookings_fit_places(facts: Facts) -> list[Finding]:
    """Return the slots with more classes or groups than places, or that count them wrongly."""
    findings = []
    for slot in facts.stored.slots.values():
        sizes = [booking.pupils for booking in facts.bookings_in[slot.id]]
        made = groups_made(slot, facts.stations_of[slot.id], sizes)
        if not made == slot.taken <= slot.places:
            kind = "bookings" if slot.group_pupils is None else "groups"
            what = f"holds {made} {kind}, counts {slot.taken} and has {slot.places} places"
            findings.append(Finding(subject=f"slot:{slot.id}", what=what))
    return findings


def classes_fit_stations(facts: Facts) -> list[Finding]:
    """Return the bookings of more pupils than their slot takes, whole or split."""
    findings = []
    for booking in facts.bookings:
        slot, stations = facts.slot_of(booking), facts.stations_of[booking.slot]
        if not takes_class(slot, stations, booking.pupils):
            room = group_limit(slot, stations) * (slot.places if slot.group_pupils else 1)
            what = f"brings {booking.pupils} pupils to slot:{booking.slot}, where {room} fit"
            findings.append(Finding(subject=f"booking:{booking.id}", what=what))
    return findings


def stays_are_of_their_slot(facts: Facts) -> list[Finding]:
    """Return the active bookings whose class comes or leaves when it cannot be."""
    return [
        Finding(subject=f"booking:{b.id}", what=f"has times that cannot be: {', '.join(wrong)}")
        for b in facts.bookings
        if (wrong := sorted(stay_problems(facts.slot_of(b), stay_of(b)).values()))
    ]


def nothing_stands_where_no_slot_is(facts: Facts) -> list[Finding]:
    """Return active bookings and assignments in slots that are not published."""
    standing = [("booking", b.id, b.slot) for b in facts.bookings]
    standing += [("assignment", d.id, d.slot) for d in facts.duties]
    return [
        Finding(subject=f"{kind}:{row}", what=f"stands in slot:{slot}, which is {state.value}")
        for kind, row, slot in standing
        if (state := facts.stored.slots[slot].state) is not SlotState.PUBLISHED
    ]


def no_class_comes_on_a_day_off(facts: Facts) -> list[Finding]:
    """Return the bookings on a day that keeps the class's school away; what was held, was held."""
    findings = []
    for booking in facts.bookings:
        if booking.state is BookingState.HELD:
            continue
        day = local_day(facts.slot_of(booking).starts_at)
        school = facts.stored.classes[booking.school_class].school_unit
        block = block_on(facts.blocks_of[booking.municipality], school, day)
        if block is not None:
            what = f"is on {day}, a {block.kind.value} of school:{school}"
            findings.append(Finding(subject=f"booking:{booking.id}", what=what))
    return findings
