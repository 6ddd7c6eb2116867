"""Invariants 7 and 10: answers by mail are stored, logged, and stand; their words are forgotten."""

from collections.abc import Iterator
from datetime import timedelta

from blaljus.domain.replies import ReplyState
from blaljus.domain.words import AssignmentState, BookingState
from blaljus.store.audit import AuditEntry
from blaljus.store.selfcheck.facts import KeptReply
from blaljus.usecases.operation.checks.facts import Facts, Finding, grouped
from blaljus.usecases.operation.housekeeping import KEEP, KEEP_REPLIES

TAKEN = {"reply-yes": ReplyState.YES, "reply-no": ReplyState.NO}
"""What the log says of a reply that was taken, by itself or by a coordinator."""

BY_ITSELF = 1
"""Version of a reply in the log that was taken as soon as it was read."""

LATE = timedelta(days=2)
"""The worker forgets once a day; one that stands still for two is found."""


def answers_by_mail_are_kept_and_logged(facts: Facts) -> list[Finding]:
    """Return the answers that were taken without a row of the log or without their letter."""
    last = {entry.subject: entry.action for entry in facts.stored.audit}
    findings = []
    for reply in facts.stored.replies.values():
        if reply.state in TAKEN.values():
            said = last.get(f"reply:{reply.id}", "nothing of it")
            if TAKEN.get(said) is not reply.state:
                findings.append(_of(reply, f"was taken as {reply.state}, and the log says {said}"))
            if reply.source == "mail" and not reply.has_letter and not _is_due(facts, reply):
                findings.append(_of(reply, f"was taken as {reply.state}, and its letter is gone"))
    return findings + list(_lost(facts))


def _of(reply: KeptReply, what: str) -> Finding:
    return Finding(subject=f"reply:{reply.id}", what=what)


def _is_due(facts: Facts, reply: KeptReply) -> bool:
    """Return whether the words of a reply are to be forgotten by now."""
    return reply.settled_at is not None and reply.settled_at < facts.now - KEEP


def _lost(facts: Facts) -> Iterator[Finding]:
    """Yield the answers of the log that are not stored and are not to be forgotten yet."""
    since = facts.now - KEEP_REPLIES + KEEP  # who was judged then came at most that much earlier
    for entry, number in _taken(facts):
        if number not in facts.stored.replies and entry.version == BY_ITSELF and entry.at > since:
            yield Finding(subject=entry.subject, what=f"is {entry.action} in the log, not stored")


def _taken(facts: Facts) -> Iterator[tuple[AuditEntry, int]]:
    for entry in facts.stored.audit:
        if entry.action in TAKEN:
            yield entry, int(entry.subject.partition(":")[2])


def answers_by_mail_stand(facts: Facts) -> list[Finding]:
    """Return what was answered by mail, has another answer, and was not changed since."""
    log = grouped(facts.stored.audit, lambda entry: (entry.municipality, entry.subject))
    newest: dict[str, tuple[AuditEntry, KeptReply]] = {}
    for entry, number in _taken(facts):
        reply = facts.stored.replies.get(number)
        if reply is not None:
            newest[_subject(reply)] = entry, reply
    return [
        Finding(subject=subject, what=f"is {state}, and reply:{reply.id} was {entry.action}")
        for subject, (entry, reply) in newest.items()
        if (state := _state(facts, reply)) is not None
        and state is not _meant(subject, TAKEN[entry.action])
        and all(later.id < entry.id for later in log[entry.municipality, subject])
    ]


def _subject(reply: KeptReply) -> str:
    return f"assignment:{reply.assignment}" if reply.assignment else f"booking:{reply.booking}"


def _state(facts: Facts, reply: KeptReply) -> AssignmentState | BookingState | None:
    if reply.assignment:
        return facts.stored.duties[reply.assignment].state
    return facts.stored.bookings[reply.booking].state if reply.booking else None


def _meant(subject: str, answer: ReplyState) -> AssignmentState | BookingState:
    """Return what an answer leads to; nobody's no ends a booking by itself."""
    if subject.startswith("booking"):
        return BookingState.CONFIRMED
    return AssignmentState.ACCEPTED if answer is ReplyState.YES else AssignmentState.DECLINED


def what_people_wrote_is_forgotten(facts: Facts) -> list[Finding]:
    """Return the replies kept longer than promised, and those whose words are."""
    findings = []
    for reply in facts.stored.replies.values():
        if reply.received_at < facts.now - KEEP_REPLIES - LATE:
            findings.append(_of(reply, f"is kept longer than {KEEP_REPLIES.days} days"))
        settled = reply.settled_at
        if settled and settled < facts.now - KEEP - LATE and (reply.has_letter or reply.has_words):
            findings.append(_of(reply, f"holds what was written {KEEP.days} days after it ended"))
    return findings
