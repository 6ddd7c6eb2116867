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


@dataclass(frozen=True, slots=True, kw_only=True)
class SentChange:
    """What one change sent: letters by what became of them, to so many people."""

    action: str
    """As in the audit log; empty where nothing says."""
    at: datetime
    kinds: Mapping[Method, int]
    """Letters of each kind there is any of."""
    roles: Mapping[Role, int]
    """People of each role; who is none any more is not among them."""
    people: int
    sent: int
    failed: int
    waiting: int

    @property
    def strangers(self) -> int:
        """Return how many people have no role any more."""
        return self.people - sum(self.roles.values())


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` failed ones (1 or more), or None to give up."""
    return now + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
