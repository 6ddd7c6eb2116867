"""Dull calendar values; a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any

from blaljus.domain.calendar import CalendarEvent, FeedHead, Letter, Recipient
from blaljus.domain.words import FeedKind, Method

EVENT: dict[str, Any] = {
    "uid": "2f6c1a52-5d5b-4c1e-9a55-0c1b7a5e9d10@blaljus.example",
    "sequence": 0,
    "revised_at": datetime(2026, 9, 1, 12, tzinfo=UTC),
    "starts_at": datetime(2026, 10, 13, 7, tzinfo=UTC),
    "ends_at": datetime(2026, 10, 13, 9, 30, tzinfo=UTC),
    "summary": "Blåljusdag",
    "description": "Ta med ombyte.\nRing samordnaren vid frågor.",
    "location": "Höörs räddningsstation",
    "latitude": 55.9345,
    "longitude": 13.5421,
    "url": "https://blaljus.example/boka/BLA-1",
    "categories": ("Blåljusdag",),
    "confirmed": True,
    "cancelled": False,
    "busy": True,
}
HEAD: dict[str, Any] = {
    "kind": FeedKind.STAFF,
    "name": "Polis 1",
    "source_url": "https://blaljus.example/kalender/hemlig.ics",
    "organiser_name": "Höörs kommun",
    "organiser_address": "blaljus@hoor.example",
    "colour": "navy",
}


def an_event(**changes: Any) -> CalendarEvent:
    """Return a confirmed morning in October, summer time."""
    return CalendarEvent(**{**EVENT, **changes})


def a_head(**changes: Any) -> FeedHead:
    """Return the head of an officer's feed."""
    return FeedHead(**{**HEAD, **changes})


def a_recipient(**changes: Any) -> Recipient:
    """Return an officer who reads Swedish."""
    plain = {"name": "Polis 1", "address": "polis1@polisen.example", "language": "sv"}
    return Recipient(**{**plain, **changes})


def a_letter(**changes: Any) -> Letter:
    """Return a plain mail without a calendar."""
    plain = {
        "message_id": "7c2f0d4e@blaljus.example",
        "sent_at": datetime(2026, 9, 1, 12, tzinfo=UTC),
        "method": Method.MAIL,
        "sender_name": "Höörs kommun",
        "sender_address": "blaljus@hoor.example",
        "recipient": a_recipient(),
        "subject": "Blåljusdag tis 13 oktober",
        "text": "Hej!\n\nVi ses på räddningsstationen.\n",
        "html": '<!doctype html><html lang="sv"><p>Vi ses på räddningsstationen.</p></html>',
        "event": None,
    }
    return Letter(**{**plain, **changes})
