"""Invariant 8: whoever should be told was told once, and has the present in the calendar."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from blaljus.domain.booking import Booking
from blaljus.domain.people import actor_of
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import Method
from blaljus.store.audit import AuditEntry
from blaljus.usecases.operation.checks.facts import Expected, Facts, Finding, ReadLetter, grouped

TOLD = {
    "booking-made": Method.REQUEST,
    "booking-moved": Method.REQUEST,
    "booking-changed": Method.REQUEST,
    "booking-handed-over": Method.REQUEST,
    "booking-cancelled": Method.CANCEL,
    "duty-made": Method.REQUEST,
    "duty-withdrawn": Method.CANCEL,
    "duty-declined": Method.CANCEL,
}
"""What the people of a booking or an assignment get at each change; other changes tell nobody."""

CALENDAR = (Method.REQUEST.value, Method.CANCEL.value)
"""Letters that change calendars."""

DUTY_LINES = ("Station:", "Klasser:")
"""What people on duty are told of; that a count of pupils changed they see in the feed alone."""

Calendars = Mapping[tuple[int, str], ReadLetter]
"""The newest letter by account and UID."""


def every_change_was_told(facts: Facts) -> list[Finding]:
    """Return the changes that no letter tells of."""
    told = {(letter.uid, letter.version, letter.method) for letter in facts.letters}
    findings = []
    for entry, item in _changes(facts):
        method = TOLD.get(entry.action)
        owed = isinstance(item, Assignment) or facts.stored.teachers.get(item.school_class)
        if method and owed and (_name(item.uid), str(entry.version), method.value) not in told:
            what = f"was told to nobody when it came to version {entry.version} ({entry.action})"
            findings.append(Finding(subject=entry.subject, what=what))
    return findings


def _changes(facts: Facts) -> Iterator[tuple[AuditEntry, Booking | Assignment]]:
    for entry in facts.stored.audit:
        kind, _, number = entry.subject.partition(":")
        item: Booking | Assignment | None = None
        if kind == "booking":
            item = facts.stored.bookings.get(int(number))
        elif kind == "assignment":
            item = facts.stored.duties.get(int(number))
        if item is not None:
            yield entry, item


def declines_were_told(facts: Facts) -> list[Finding]:
    """Return the declines that some coordinator of that time got no mail about.

    Who noted it for the person needs none.
    """
    told = {(letter.uid, letter.version, letter.account) for letter in facts.letters}
    added = {e.subject: e.id for e in facts.stored.audit if e.action == "coordinator-added"}
    findings = []
    for entry, item in _changes(facts):
        if entry.action != "duty-declined":
            continue
        for account in sorted(facts.stored.coordinators.get(item.municipality, ())):
            known = added.get(actor_of(account), 0) < entry.id and entry.actor != actor_of(account)
            if known and (_name(item.uid), str(entry.version), account) not in told:
                what = f"was declined, which account:{account} was not told"
                findings.append(Finding(subject=entry.subject, what=what))
    return findings


def letters_are_read_in_any_order(facts: Facts) -> list[Finding]:
    """Return the letters that tell the same person of the same event with the same revision."""
    found = Counter((x.account, x.uid, x.revision) for x in _to_calendars(facts) if x.revision)
    return [
        Finding(
            subject=f"account:{account}",
            what=f"got {number} letters about {uid} with revision {sequence}, {stamp}",
        )
        for (account, uid, (sequence, stamp)), number in sorted(found.items())
        if number > 1
    ]


def letters_tell_the_present(facts: Facts) -> list[Finding]:
    """Return the events that a person's calendar lacks, keeps, or shows otherwise than stored."""
    calendars = _calendars(facts)
    holders: dict[str, set[int]] = defaultdict(set)
    for (account, uid), letter in calendars.items():
        if letter.method == Method.REQUEST and account in facts.stored.active:
            holders[uid].add(account)
    findings = []
    for expected in facts.expected.values():
        if expected.over and not expected.ended:
            continue
        uid = _name(expected.event.uid)
        wanted = frozenset[int]() if expected.ended else expected.people
        for account in sorted(wanted | holders[uid]):
            wrong = _wrong(expected, calendars.get((account, uid)), meant=account in wanted)
            if wrong:
                findings.append(
                    Finding(subject=expected.subject, what=f"{wrong} account:{account}")
                )
    return findings


def _to_calendars(facts: Facts) -> list[ReadLetter]:
    return [letter for letter in facts.letters if letter.method in CALENDAR]


def _calendars(facts: Facts) -> Calendars:
    """Return what each calendar holds after all letters; the highest revision counts."""
    of = grouped(_to_calendars(facts), lambda letter: (letter.account, letter.uid))
    return {key: max(letters, key=_revision) for key, letters in of.items()}


def _revision(letter: ReadLetter) -> tuple[int, str, int]:
    return (*(letter.revision or (0, "")), letter.id)


def _wrong(expected: Expected, letter: ReadLetter | None, *, meant: bool) -> str:
    """Return what is wrong with a calendar in words that go before its owner; "" for nothing."""
    if not meant:
        return "still stands in the calendar of"
    if letter is None:
        return "was never told to"
    if letter.method == Method.CANCEL:
        return "stands as cancelled in the calendar of"
    if letter.event is None:
        return ""
    differing = [
        n for n, text in _told(expected).items() if _text(expected, n, letter.event) != text
    ]
    return f"stands with another {', '.join(differing)} in the calendar of" if differing else ""


def _told(expected: Expected) -> Mapping[str, str]:
    names = ("SEQUENCE", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION")
    return {name: _text(expected, name, expected.properties) for name in names}


def _text(expected: Expected, name: str, event: Mapping[str, str]) -> str:
    text = event.get(name, "")
    if name != "DESCRIPTION" or not expected.subject.startswith("assignment"):
        return text
    return "\n".join(x for x in text.lstrip(":").split("\\n") if x.startswith(DUTY_LINES))


def _name(uid: str) -> str:
    return uid.partition("@")[0]
