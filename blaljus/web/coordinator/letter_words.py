"""What letters, and the changes that sent them, are called on the coordinator's pages."""

from collections.abc import Iterable

from blaljus.domain.outbox import OwedMessage, SentChange
from blaljus.i18n import msgid
from blaljus.usecases.letters.outbox import MessageRow
from blaljus.web.coordinator.words import ACTIONS, MAIL_ERRORS, METHODS, worded

STATES = {
    "sent": ("ok", msgid("Skickat")),
    "failed": ("err", msgid("Gick inte att skicka")),
    "waiting": ("warn", msgid("Väntar")),
}
"""Tone and text of what became of a message."""


def state_of(message: OwedMessage) -> str:
    """Return which of `STATES` a message is in."""
    if message.sent_at:
        return "sent"
    return "failed" if message.failed_at else "waiting"


Shown = tuple[MessageRow, tuple[str, str], str, str]
"""A message, tone and text of what became of it, its kind, and its error."""


def worded_messages(rows: Iterable[MessageRow], language: str) -> list[Shown]:
    """Return messages with what pages call them."""
    return [
        (
            row,
            STATES[state_of(row.message)],
            worded(METHODS, row.message.kind, language),
            worded(MAIL_ERRORS, row.message.last_error or "", language),
        )
        for row in rows
    ]


Worded = tuple[SentChange, str, list[tuple[str, int]]]
"""A change, what it was, and its letters by kind."""


def worded_changes(changes: Iterable[SentChange], language: str) -> list[Worded]:
    """Return changes with what pages call them and the kinds of their letters."""
    return [
        (
            change,
            worded(ACTIONS, change.action, language),
            [(worded(METHODS, kind, language), number) for kind, number in change.kinds.items()],
        )
        for change in changes
    ]
