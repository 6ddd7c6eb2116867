"""Mail that is owed: what the worker and the coordinator see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from blaljus.domain.words import Method, Role

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""Waits after a failed attempt; after the last, a person must act."""

UPDATE = "update"
"""The kind of a request that is not the first about its event: people call it a change."""

LEASE = timedelta(minutes=5)
"""How long one worker may hold a message before another takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMessage:
    """A mail in the outbox, whole."""

    id: int
    municipality: int | None
    account: int
    address: str
    method: str
    subject: str
    message_id: str
    sender: str
    mime: str
    created_at: datetime
    due_at: datetime
    attempts: int
    sent_at: datetime | None
    failed_at: datetime | None
    last_error: str | None

    @property
    def kind(self) -> str:
        """Return the method, or `UPDATE`."""
        return kind_of(self.method, is_first=FIRST_REQUEST in self.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentChange:
    """What one change sent: letters by what became of them, to so many people."""

    id: str
    action: str
    """As in the audit log; empty where nothing says."""
    at: datetime
    first: int
    """Its first letter's id and, as an example of them all, its subject."""
    subject: str
    kinds: Mapping[str, int]
    """Letters of each kind there is any of: methods, and `UPDATE`."""
    roles: Mapping[Role, int]
    """People of each role; who is none any more is not among them."""
    people: int
    sent: int
    failed: int
    waiting: int

    @property
    def letters(self) -> int:
        """Return how many letters it sent or owes."""
        return self.sent + self.failed + self.waiting

    @property
    def strangers(self) -> int:
        """Return how many people have no role any more."""
        return self.people - sum(self.roles.values())


FIRST_REQUEST = f".1.{Method.REQUEST}."
"""Stands in the Message-ID of an invitation, which names version, method and recipient."""


def kind_of(method: str, *, is_first: bool) -> str:
    """Return what kind of letter it is, by its method and whether it is of an event's version 1."""
    return UPDATE if method == Method.REQUEST and not is_first else method


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` failed ones (1 or more), or None to give up."""
    return now + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
