"""What people answer by mail or propose on a page, and whether it can be taken by itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blaljus.domain.errors import BlaljusError


class NoCoordinatorError(BlaljusError):
    """Nobody in the municipality could read a letter that is handed over there."""

    code = "no-coordinator"


class Answer(StrEnum):
    """What somebody says. Values are stable: the database holds them."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    DELEGATED = "delegated"
    """Somebody else is said to come."""
    COUNTER = "counter"
    """Another time is proposed."""
    TEXT = "text"
    """A letter without an answer that a calendar program makes."""


class ReplyState(StrEnum):
    """What became of a reply."""

    NEW = "new"
    """Stored, and not judged."""
    WAITING = "waiting"
    """For a coordinator."""
    YES = "yes"
    NO = "no"
    LEFT = "left"
    """A coordinator has read it and let everything be as it is."""
    ENDED = "ended"
    """A proposed time whose duty or booking changed first, or that was taken back."""
    IGNORED = "ignored"
    """It says nothing: an automatic answer, a repeat, a delivery report."""


class Doubt(StrEnum):
    """Why a reply waits for a coordinator. Values are stable."""

    NO_SECRET = "no-secret"  # noqa: S105 -- the doubt's name
    """It did not come to a reply address of ours."""
    FORGED = "forged"
    """It came to an address that looks like ours and is not."""
    UNSIGNED = "unsigned"
    """No valid signature of the sender's domain."""
    OTHER_SENDER = "other-sender"
    """From somebody else than who was invited, and in nobody's name."""
    NOT_INVITED = "not-invited"
    """It names an event that is not the sender's, or none."""
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    NO_CALENDAR = "no-calendar"
    MAYBE = "maybe"
    DELEGATED = "delegated"
    COUNTER = "counter"
    OLD = "old"
    """For another time or place than what holds now."""
    OVERTAKEN = "overtaken"
    """Written before the person's own later answer."""
    CLOSED = "closed"
    """What it is about has ended or begun."""
    TEACHER_DECLINED = "teacher-declined"
    """The booking stands until somebody cancels it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What tells replies of one attendee apart (RFC 5546 2.1.5), ordered."""

    sequence: int
    stamped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reply says of one event; `proposed` is `[start, end)` of a counter-proposal."""

    uid: str
    answer: Answer
    attendee: str
    """Whom it speaks for, as an address."""
    revision: Revision
    comment: str = ""
    proposed: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who a letter is from, as far as can be known."""

    address: str
    signed: bool
    """Whether the domain of `address` has signed the letter as it is."""
    account: int | None
    """Whose reply address it came to, with the right secret."""
    forged: bool
    """Whether the address it came to has a wrong secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What a reply is about: a duty or a booking, as it is now."""

    address: str
    """Of the account whose reply address was used."""
    is_booking: bool
    is_open: bool
    is_accepted: bool
    sequence: int
    revised_at: datetime
    last: Revision | None
    """Of the newest reply of the same attendee that was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A stored reply, without the letter itself."""

    id: int
    municipality: int | None
    account: int | None
    assignment: int | None
    booking: int | None
    source: str
    """`mail` or `page`."""
    answer: Answer
    state: ReplyState
    doubts: str
    """Comma separated values of `Doubt`."""
    sequence: int | None
    stamped_at: datetime | None
    proposed_from: datetime | None
    proposed_to: datetime | None
    sender: str
    """Whom the letter says it is from; empty for protected people."""
    comment: str
    received_at: datetime
    settled_at: datetime | None
    settled_by: int | None
    version: int

    @property
    def is_letter(self) -> bool:
        """Return whether it is a letter without an answer that a calendar program makes."""
        return self.source == "mail" and self.answer is Answer.TEXT

    @property
    def waits_for(self) -> tuple[Doubt, ...]:
        """Return why it waits."""
        return tuple(Doubt(text) for text in self.doubts.split(",") if text)


UNSURE = {
    Answer.MAYBE: Doubt.MAYBE,
    Answer.DELEGATED: Doubt.DELEGATED,
    Answer.COUNTER: Doubt.COUNTER,
    Answer.TEXT: Doubt.NO_CALENDAR,
}


def is_repeat(said: Said, invited: Invited) -> bool:
    """Return whether the attendee has said this, or something newer, before."""
    last = invited.last
    return last is not None and _key(said.revision) <= _key(last)


def _key(revision: Revision) -> tuple[int, datetime]:
    return revision.sequence, revision.stamped_at


def doubts_about(said: Said, sender: Sender, invited: Invited | None) -> tuple[Doubt, ...]:
    """Return every reason not to take a reply by itself, in a fixed order; none: it is sure.

    `invited` is None where the event is not one of the account whose reply address was used.
    """
    reasons = {
        **_doubts_about_sender(said, sender, invited),
        Doubt.NOT_INVITED: invited is None and sender.account is not None,
    }
    if said.answer in UNSURE:
        reasons[UNSURE[said.answer]] = True
    if invited is not None:
        reasons |= _doubts_about_event(said, invited)
    return tuple(doubt for doubt in Doubt if reasons.get(doubt))


def _doubts_about_sender(said: Said, sender: Sender, invited: Invited | None) -> dict[Doubt, bool]:
    known = {_folded(sender.address), _folded(said.attendee)}
    alien = invited is not None and _folded(invited.address) not in known
    return {
        Doubt.NO_SECRET: sender.account is None and not sender.forged,
        Doubt.FORGED: sender.forged,
        Doubt.UNSIGNED: not sender.signed,
        Doubt.OTHER_SENDER: alien,
    }


def _doubts_about_event(said: Said, invited: Invited) -> dict[Doubt, bool]:
    own_answer_is_newer = invited.is_accepted and said.revision.stamped_at < invited.revised_at
    return {
        Doubt.OLD: said.revision.sequence != invited.sequence,
        Doubt.OVERTAKEN: own_answer_is_newer and said.answer is not Answer.YES,
        Doubt.CLOSED: not invited.is_open,
        Doubt.TEACHER_DECLINED: invited.is_booking and said.answer is Answer.NO,
    }


def _folded(address: str) -> str:
    return address.strip().casefold()


def listed(doubts: Collection[Doubt]) -> str:
    """Return doubts as they are stored."""
    return ",".join(doubts)
