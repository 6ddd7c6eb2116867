"""Invariant 7: the audit log, played from its beginning, ends at what is stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from blaljus.domain.booking import Booking
from blaljus.domain.runs import RunState
from blaljus.domain.words import AssignmentState, BookingState, SlotState
from blaljus.store.audit import AuditEntry
from blaljus.usecases.operation.checks.facts import Facts, Finding, data_of, grouped

Told = dict[str, Any]
"""What the log's rows of one subject add up to; a tuple holds all that may be."""

_DUTY_STATES = {
    "duty-accepted": AssignmentState.ACCEPTED.value,
    "duty-declined": AssignmentState.DECLINED.value,
    "duty-withdrawn": AssignmentState.WITHDRAWN.value,
}
_RUN_STATES = {
    "run-started": RunState.RUNNING.value,
    "run-stopped": RunState.RUNNING.value,
    "run-made": RunState.PROPOSED.value,
    "run-interrupted": RunState.INTERRUPTED.value,
    "run-approved": RunState.APPROVED.value,
    "run-discarded": RunState.DISCARDED.value,
}


def the_log_gives_what_is_stored(facts: Facts) -> list[Finding]:
    """Return what is stored otherwise than the audit log tells."""
    log = grouped(_spread(facts.stored.audit), lambda row: (row[0].municipality, row[1]))
    findings = []
    for owner, subject, stored in _stored(facts):
        told = _told(subject, [entry for entry, _ in log[owner, subject]])
        wrong = [name for name in stored if not _agree(stored[name], told.get(name))]
        # What else the log says nothing of has versions without rows: that is found there.
        if wrong and (told or subject.startswith("callout")):
            what = ", ".join(f"{n} {stored[n]}, where the log ends at {told.get(n)}" for n in wrong)
            findings.append(Finding(subject=subject, what=f"is stored with {what}"))
    return findings


def _spread(entries: Iterable[AuditEntry]) -> Iterator[tuple[AuditEntry, str]]:
    """Yield each row with what it tells of; a call-out is told of with its slot."""
    for entry in entries:
        is_callout = entry.action.startswith("callout-")
        yield entry, f"callout:{data_of(entry).get('callout')}" if is_callout else entry.subject


def _agree(stored: object, told: object) -> bool:
    return stored in told if isinstance(told, tuple) else stored == told


def _stored(facts: Facts) -> Iterator[tuple[int, str, Told]]:
    """Yield (municipality, subject, what the log must end at)."""
    stored = facts.stored
    for booking in stored.bookings.values():
        yield booking.municipality, f"booking:{booking.id}", _booking(booking)
    for duty in stored.duties.values():
        state = "" if duty.state in _UNANSWERED else duty.state.value
        facts_of = {"staff": duty.staff, "state": state}
        yield duty.municipality, f"assignment:{duty.id}", facts_of
    for slot in stored.slots.values():
        off = slot.state is SlotState.CANCELLED
        yield (
            slot.municipality,
            f"slot:{slot.id}",
            {"off": off, "version": slot.version if off else 0},
        )
    for run in stored.runs:
        yield run.municipality, f"run:{run.number}", {"state": run.state}
    for callout in stored.callouts:
        back = callout.back_at.isoformat() if callout.back_at else None
        facts_of = {"station": callout.station, "left": callout.left_at.isoformat(), "back": back}
        yield callout.municipality, f"callout:{callout.id}", facts_of
    visits = grouped(stored.visits, lambda visit: visit.booking)
    for report in stored.reports.values():
        stations = {str(v.station): v.state.value for v in visits[report.booking]}
        owner = stored.bookings[report.booking].municipality
        counts = {"pupils": report.pupils, "adults": report.adults}
        yield owner, f"attendance:{report.booking}", {**counts, "stations": stations}


_UNANSWERED = (AssignmentState.PROPOSED, AssignmentState.INVITED)


def _booking(booking: Booking) -> Told:
    ended = booking.state in (BookingState.CANCELLED, BookingState.HELD)
    return {
        "slot": booking.slot,
        "state": booking.state.value if ended else "",
        "cause": booking.cancel_cause.value if booking.cancel_cause else None,
        "arrives": booking.arrives_at.isoformat() if booking.arrives_at else None,
        "leaves": booking.leaves_at.isoformat() if booking.leaves_at else None,
    }


def _told(subject: str, entries: Sequence[AuditEntry]) -> Told:
    """Return what the log ends at; a slot of which it tells nothing stands as it was made."""
    kind = subject.partition(":")[0]
    told: Told = {"off": False, "version": 0} if kind == "slot" else {}
    for entry in entries:
        told |= _PLAYS[kind](entry.action, data_of(entry), entry.version)
    return told


def _play_booking(action: str, data: Mapping[str, Any], _version: int) -> Told:
    if action in ("booking-made", "booking-moved"):
        untimed = {"arrives": None, "leaves": None}
        return {"slot": data.get("slot"), "state": "", "cause": None, **untimed}
    if action == "booking-stay":
        return {name: data.get(name) for name in ("arrives", "leaves")}
    if action == "booking-cancelled":
        return {"state": BookingState.CANCELLED.value, "cause": data.get("cause")}
    return {"state": BookingState.HELD.value} if action == "booking-held" else {}


def _play_duty(action: str, data: Mapping[str, Any], _version: int) -> Told:
    if action == "duty-made":
        return {"staff": data.get("staff"), "state": ""}
    if action == "duty-changed":
        # Of another place people are asked again; with another address their answer stands.
        return {"state": ("", AssignmentState.ACCEPTED.value)}
    return {"state": _DUTY_STATES[action]} if action in _DUTY_STATES else {}


def _play_slot(action: str, _data: Mapping[str, Any], version: int) -> Told:
    return {"off": True, "version": version} if action == "slot-cancelled" else {}


def _play_run(action: str, _data: Mapping[str, Any], _version: int) -> Told:
    return {"state": _RUN_STATES.get(action)}


def _play_callout(_action: str, data: Mapping[str, Any], _version: int) -> Told:
    return {name: data.get(name) for name in ("station", "left", "back")}


def _play_report(_action: str, data: Mapping[str, Any], _version: int) -> Told:
    return {name: data.get(name) for name in ("pupils", "adults", "stations")}


_PLAYS = {
    "booking": _play_booking,
    "assignment": _play_duty,
    "slot": _play_slot,
    "run": _play_run,
    "attendance": _play_report,
    "callout": _play_callout,
}
