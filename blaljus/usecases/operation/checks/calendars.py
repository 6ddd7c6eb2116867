"""Invariants 9 and 12: calendars show what is stored, and that to those it is for."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from blaljus.ics.reading import event_properties
from blaljus.store.selfcheck.facts import Entry
from blaljus.usecases.operation.checks.events import owner_of
from blaljus.usecases.operation.checks.facts import Expected, Facts, Finding, Owner, grouped

STAMP = "%Y%m%dT%H%M%SZ"


def calendars_show_what_is_stored(facts: Facts) -> list[Finding]:
    """Return what is missing in a calendar or shown otherwise, and what is shown without reason."""
    shown = _shown(facts)
    findings = []
    for expected in facts.expected.values():
        entries = shown.pop(expected.event.uid, {})
        missing = [owner for owner in expected.owners if owner not in entries]
        findings += [_of(expected, f"is missing in the calendar of {_said(o)}") for o in missing]
        findings += _differing(expected, entries)
    lost = [entry for entries in shown.values() for entry in entries.values()]
    return findings + [_entry(entry, "shows what is not stored") for entry in lost]


def _shown(facts: Facts) -> dict[str, dict[Owner, Entry]]:
    live = [entry for entry in facts.stored.entries if entry.fragment]
    by_uid = grouped(live, lambda entry: entry.uid)
    return {uid: {owner_of(e): e for e in entries} for uid, entries in by_uid.items()}


def _differing(expected: Expected, entries: Mapping[Owner, Entry]) -> Iterable[Finding]:
    for owner in sorted(entries):
        got = event_properties(entries[owner].fragment)
        wrong = [name for name, text in expected.properties.items() if got.get(name) != text]
        if wrong:
            what = f"is shown to {_said(owner)} with another {', '.join(wrong)} than is stored"
            yield _of(expected, what)


def everybody_sees_what_is_theirs(facts: Facts) -> list[Finding]:
    """Return the entries in calendars of those they are not for, and of the wrong school."""
    classes = facts.stored.classes
    findings = []
    for entry in facts.stored.entries:
        expected = facts.expected.get(entry.uid)
        owner = owner_of(entry)
        if not entry.fragment or expected is None:
            continue
        if owner not in expected.owners | expected.others:
            findings.append(_entry(entry, f"shows {expected.subject} to {_said(owner)}"))
        elif entry.school_class and entry.school_unit != classes[entry.school_class].school_unit:
            what = f"shows {expected.subject} to school:{entry.school_unit}"
            findings.append(_entry(entry, what))
    return findings


def events_are_stamped_when_they_changed(facts: Facts) -> list[Finding]:
    """Return the entries that are stamped otherwise than the revision they are of."""
    findings = []
    for entry in facts.stored.entries:
        if not entry.fragment:
            continue
        got, stamp = (
            event_properties(entry.fragment),
            f":{entry.revised_at.astimezone(UTC):{STAMP}}",
        )
        expected = facts.expected.get(entry.uid)
        if {got["DTSTAMP"], got["LAST-MODIFIED"]} != {stamp}:
            findings.append(_entry(entry, f"is stamped otherwise than revised, {stamp[1:]}"))
        elif expected and entry.revised_at > expected.event.revised_at:
            findings.append(_entry(entry, f"is newer than {expected.subject}"))
        if (entry.cancelled_at is not None) != (got["STATUS"] == ":CANCELLED"):
            findings.append(_entry(entry, "is cancelled for calendars or for us, and not for both"))
        if expected and entry.starts_at != expected.slot.starts_at and not expected.ended:
            findings.append(
                _entry(entry, f"is sorted by another start than {expected.subject} has")
            )
    return findings


def _of(expected: Expected, what: str) -> Finding:
    return Finding(subject=expected.subject, what=what)


def _entry(entry: Entry, what: str) -> Finding:
    return Finding(subject=f"calendar_entry:{entry.id}", what=what)


def _said(owner: Owner) -> str:
    kind, row = owner
    return f"{kind}:{row}" if row else "the coordinator"
