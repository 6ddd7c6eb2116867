"""Invariants 3, 4 and 5: people's time, what they said of it, and slots without their people."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from blaljus.domain.localtime import half_of, local_day
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.staffing import Assignment, buckets
from blaljus.domain.words import AvailabilityState, CoverageState, Service
from blaljus.usecases.operation.checks.coverage import matrix_of
from blaljus.usecases.operation.checks.facts import Facts, Finding, data_of

MOMENT = timedelta(microseconds=1)
"""What lies between the end of a slot and the last moment in it."""


def nobody_is_in_two_places(facts: Facts) -> list[Finding]:
    """Return the assignments that overlap an earlier one of the same person, in any slot."""
    findings = []
    latest: dict[int, Assignment] = {}
    for duty in sorted(facts.duties, key=lambda d: (facts.slot_of(d).starts_at, d.id)):
        before = latest.get(duty.staff)
        if before and facts.slot_of(duty).starts_at < facts.slot_of(before).ends_at:
            what = f"overlaps assignment:{before.id} of staff:{duty.staff}"
            findings.append(Finding(subject=f"assignment:{duty.id}", what=what))
        if before is None or facts.slot_of(duty).ends_at > facts.slot_of(before).ends_at:
            latest[duty.staff] = duty
    return findings


def duties_claim_their_time(facts: Facts) -> list[Finding]:
    """Return the assignments that claim more or less of a person's time than the slot takes."""
    claimed: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for claim in facts.stored.claims:
        claimed[claim.assignment].add((claim.staff, claim.bucket))
    findings = []
    for duty in facts.duties:
        slot = facts.slot_of(duty)
        wanted = {(duty.staff, bucket) for bucket in buckets(slot.starts_at, slot.ends_at)}
        got = claimed.pop(duty.id, set())
        if got != wanted:
            right, others = len(got & wanted), len(got - wanted)
            what = f"claims {right} of {len(wanted)} quarters, and {others} others"
            findings.append(Finding(subject=f"assignment:{duty.id}", what=what))
    ended = [(duty, f"has ended and claims {len(rows)} quarters") for duty, rows in claimed.items()]
    return findings + [Finding(subject=f"assignment:{duty}", what=what) for duty, what in ended]


def nobody_is_assigned_against_their_word(facts: Facts) -> list[Finding]:
    """Return the assignments against what people said of the time, without a reason for it."""
    said = {(row.staff, row.day, row.half): row.state for row in facts.stored.said}
    findings = []
    for duty in facts.duties:
        slot = facts.slot_of(duty)
        day, nothing = local_day(slot.starts_at), AvailabilityState.NOT_AVAILABLE
        halves = {half_of(slot.starts_at), half_of(slot.ends_at - MOMENT)}
        states = {said.get((duty.staff, day, half), nothing) for half in halves}
        wrong = _against(facts, duty, slot, states)
        if wrong and not (duty.override_reason or "").strip():
            what = f"staff:{duty.staff} {wrong} on {day}, and no reason overrides it"
            findings.append(Finding(subject=f"assignment:{duty.id}", what=what))
    return findings


def _against(
    facts: Facts, duty: Assignment, slot: Slot, states: set[AvailabilityState]
) -> str | None:
    if AvailabilityState.NOT_AVAILABLE in states:
        return "is not available"
    allowed = facts.stored.stations[duty.station].on_call_allowed
    if AvailabilityState.ON_CALL in states and not (
        allowed and slot.venue in facts.stored.near_stations
    ):
        return "is on call, which the station or the venue forbids,"
    return None


def overrides_are_logged(facts: Facts) -> list[Finding]:
    """Return the assignments with a reason of which the audit log tells no override."""
    logged = {
        entry.subject
        for entry in facts.stored.audit
        if entry.action == "duty-made" and data_of(entry).get("override")
    }
    return [
        Finding(subject=f"assignment:{duty.id}", what="has an override that the log does not tell")
        for duty in facts.stored.duties.values()
        if duty.override_reason is not None and f"assignment:{duty.id}" not in logged
    ]


def slots_without_people_are_at_risk(facts: Facts) -> list[Finding]:
    """Return the classes that lack a required service in their slot and are not shown at risk."""
    findings = []
    for plan in facts.plans:
        shown = {row.school_class.id: row.states for row in matrix_of(facts, plan).rows}
        for class_id, lacking in _lacking(facts, plan).items():
            for service, slot in lacking.items():
                state = shown.get(class_id, {}).get(service)
                if state in (None, CoverageState.BOOKED):
                    how = f"is shown as {state.value}" if state else "is in no list"
                    what = f"lacks {service.value} for class:{class_id}, which {how}"
                    findings.append(Finding(subject=f"slot:{slot}", what=what))
    return findings


def _lacking(facts: Facts, plan: SeasonPlan) -> Mapping[int, Mapping[Service, int]]:
    """Return by class each required service that none of its slots has people for, and a slot."""
    found: dict[int, dict[Service, int]] = {}
    of_plan = [booking for booking in facts.bookings if booking.plan == plan.id]
    for booking in of_plan:
        present = _present(facts, booking.slot)
        lacking = {s: booking.slot for s in plan.required if s not in present}
        known = found.get(booking.school_class)
        # A catch-up may bring what the first slot lacked.
        kept = lacking if known is None else {s: known[s] for s in known if s in lacking}
        found[booking.school_class] = kept
    return found


def _present(facts: Facts, slot: int) -> set[Service]:
    """Return the services all of whose stations in a slot have enough people of that service."""
    people: dict[int, int] = defaultdict(int)
    for duty in facts.duties_in[slot]:
        member, station = facts.stored.staff[duty.staff], facts.stored.stations[duty.station]
        people[station.id] += member.provides is station.provides
    stations = facts.stations_of[slot]
    lacking = {s.provides for s in stations if people[s.id] < s.staff_needed}
    return {station.provides for station in stations} - lacking
