"""Invariant 7: the audit log's chains, and one row for every version."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from blaljus.store.audit import GENESIS, AuditEntry
from blaljus.usecases.operation.checks.facts import Facts, Finding, grouped

Subject = tuple[int | None, str]
"""(municipality, `booking:12`): runs are counted within a municipality."""

COUNTED = ("booking", "assignment", "attendance", "run")
"""Each version of these has its row."""

ALSO = (
    *("availability-said", "venue-renamed", "slot-cancelled", "stations-placed"),
    *("callout-noted", "callout-ended", "callout-undone", "rounds-told"),
    *("agency-rules", "plan-changed", "venue-stations"),
)
"""The subjects of these get other versions too: by imports, and with what happens in a slot."""


def chains_hold(facts: Facts) -> list[Finding]:
    """Return the audit rows that were changed, or that do not follow the row before."""
    findings = []
    for entries in grouped(facts.stored.audit, lambda entry: entry.municipality).values():
        previous = GENESIS
        for entry in entries:
            if entry.hash != entry.digest():
                findings.append(_of(entry, "was changed after it was written"))
            if entry.previous_hash != previous:
                findings.append(_of(entry, "does not follow the row before it"))
            previous = entry.hash
    return findings


def _of(entry: AuditEntry, what: str) -> Finding:
    return Finding(subject=f"audit:{entry.id}", what=what)


def every_version_has_its_row(facts: Facts) -> list[Finding]:
    """Return what has versions without an audit row or with several, or rows without a version."""
    told = grouped(_counted(facts.stored.audit), lambda entry: (entry.municipality, entry.subject))
    stored = dict(_versions(facts))
    findings = []
    for subject in sorted({*told, *stored}, key=str):
        rows = sorted(entry.version for entry in told[subject])
        if rows != list(range(1, stored.get(subject, 0) + 1)):
            what = f"has version {stored.get(subject, 0)}, and the log tells of {_listed(rows)}"
            findings.append(Finding(subject=subject[1], what=what))
    return findings + list(_also(facts))


def _listed(rows: list[int]) -> str:
    return ", ".join(map(str, rows)) or "none"


def _counted(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    return [entry for entry in entries if entry.subject.partition(":")[0] in COUNTED]


def _versions(facts: Facts) -> Iterator[tuple[Subject, int]]:
    stored = facts.stored
    for booking in stored.bookings.values():
        yield (booking.municipality, f"booking:{booking.id}"), booking.version
    for duty in stored.duties.values():
        yield (duty.municipality, f"assignment:{duty.id}"), duty.version
    for report in stored.reports.values():
        owner = stored.bookings[report.booking].municipality
        yield (owner, f"attendance:{report.booking}"), report.version
    for run in stored.runs:
        yield (run.municipality, f"run:{run.number}"), run.version


def _also(facts: Facts) -> Iterator[Finding]:
    entries = [entry for entry in facts.stored.audit if entry.action in ALSO]
    slots = {("slot", slot.id): slot.version for slot in facts.stored.slots.values()}
    versions = {**facts.stored.versions, **slots}
    for subject, told in grouped(entries, lambda entry: entry.subject).items():
        kind, _, number = subject.partition(":")
        rows = sorted(entry.version for entry in told)
        version = versions.get((kind, int(number)), 0)
        if len(set(rows)) != len(rows) or rows[-1] > version:
            what = f"has version {version}, and the log tells of {_listed(rows)}"
            yield Finding(subject=subject, what=what)


def what_was_acknowledged_is_stored(facts: Facts) -> list[Finding]:
    """Return the forms whose answer names a booking, an assignment or a run that is not there."""
    numbers = {booking.number for booking in facts.stored.bookings.values()}
    numbers |= {run.number for run in facts.stored.runs}
    known = {"number": numbers, "assignment": {*facts.stored.duties}, "slot": {*facts.stored.slots}}
    return [
        Finding(subject=f"form:{key}", what=f"was answered with {name} {row}, which is not there")
        for key, outcome in facts.stored.outcomes
        for name, row in _done(outcome).items()
        if name in known and row not in known[name]
    ]


def _done(outcome: str) -> dict[str, Any]:
    """Return what a form that was not refused was answered; of others, nothing."""
    try:
        done = msgspec.json.decode(outcome, type=dict[str, Any]).get("done")
    except msgspec.DecodeError:
        return {}
    return done if isinstance(done, dict) else {}
