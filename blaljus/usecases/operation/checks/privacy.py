"""Invariant 10: counts only, and protected people named nowhere."""

import re
from collections.abc import Sequence

import msgspec

from blaljus.domain.personal_number import has_personal_number
from blaljus.domain.words import AccessNeed
from blaljus.mail.reading import readable_text
from blaljus.store.selfcheck.facts import Message, Stored, TypedText
from blaljus.usecases.operation.checks.facts import Facts, Finding

NAME = "display_name"


class Canary:
    """Finds the names and addresses of protected people in texts.

    A name that others bear too, or that is a word of ours such as a station's, tells nothing.
    """

    def __init__(self, stored: Stored, typed: Sequence[TypedText]) -> None:
        self.protected = {m.id: m for m in stored.staff.values() if m.protected}
        own = {(member, NAME) for member in self.protected}
        common = {t.text.casefold() for t in typed if (t.id, t.column_name) not in own}
        names = {m.id: m.display_name for m in self.protected.values()}
        self.names = {
            name.casefold(): staff for staff, name in names.items() if name.casefold() not in common
        }
        addresses = {stored.addresses[m.account]: m.id for m in self.protected.values()}
        self.addresses = {address.casefold(): staff for address, staff in addresses.items()}
        self.owners = {m.account for m in self.protected.values()}
        known = sorted({*self.names, *self.addresses}, key=len, reverse=True)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known)) or '(?!)'})(?!\w)")

    def found_in(self, text: str) -> list[int]:
        """Return whom of the protected a text names, by id of the staff member."""
        found = {match[0] for match in self.pattern.finditer(text.casefold())}
        both = self.names | self.addresses
        return sorted({both[word] for word in found})

    def in_message(self, message: Message) -> list[Finding]:
        """Return the protected people a letter names; one's own letter may hold the address.

        One's own letters that were sent stay as they are: whoever got them knows who that is.
        """
        if not self.protected or (message.account in self.owners and message.sent_at):
            return []
        text = f"{message.subject}\n{readable_text(message.mime)}"
        if message.account in self.owners:
            for address in self.addresses:
                text = text.casefold().replace(address, "")
        return [named(f"message:{message.id}", staff) for staff in self.found_in(text)]


def named(subject: str, staff: int) -> Finding:
    """Return the finding that something names a protected person."""
    return Finding(subject=subject, what=f"names staff:{staff}, who is protected")


def protected_people_are_named_nowhere(facts: Facts) -> list[Finding]:
    """Return every place but one's own row where a protected person's name or address stands."""
    stored = facts.stored
    canary = Canary(stored, facts.typed)
    places = [(f"calendar_entry:{e.id}", e.fragment.replace("\r\n ", "")) for e in stored.entries]
    places += [(f"audit:{e.id}", f"{e.actor} {e.data}") for e in stored.audit]
    places += [(f"form:{key}", outcome) for key, outcome in stored.outcomes]
    places += [(f"{t.kind}:{t.id}", t.text) for t in facts.typed if t.column_name != NAME]
    found = [named(subject, staff) for subject, text in places for staff in canary.found_in(text)]
    return [*facts.named, *found]


def no_text_holds_a_personal_number(facts: Facts) -> list[Finding]:
    """Return the typed texts with a personnummer in them."""
    return [
        Finding(
            subject=f"{text.kind}:{text.id}", what=f"holds a personnummer in {text.column_name}"
        )
        for text in facts.typed
        if has_personal_number(text.text)
    ]


def access_needs_are_counts(facts: Facts) -> list[Finding]:
    """Return the bookings whose access needs are more than counts of the known categories."""
    return [
        Finding(subject=f"booking:{booking}", what="has access needs that are no counts of ours")
        for booking, needs in facts.stored.needs.items()
        if not _are_counts(needs, facts.stored.bookings[booking].pupils)
    ]


def _are_counts(needs: str, pupils: int) -> bool:
    try:
        counts = msgspec.json.decode(needs, type=dict[AccessNeed, int])
    except msgspec.DecodeError:
        return False
    return all(0 <= count <= pupils for count in counts.values())
