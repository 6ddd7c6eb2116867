"""One letter to one person, written out with its calendar event and put in the outbox."""

from dataclasses import dataclass, replace

from blaljus.domain.calendar import CalendarEvent, Letter, Recipient
from blaljus.domain.people import Contact
from blaljus.domain.words import Method
from blaljus.ics.invitations import invitation
from blaljus.mail.addresses import UnmailableError
from blaljus.mail.compose import compose
from blaljus.mail.letters import AnyLetter, write
from blaljus.store.outbox import add_message
from blaljus.store.recipients import Addressee
from blaljus.usecases.changing import in_the_making
from blaljus.usecases.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One letter to one person; `version` of its subject makes the Message-ID."""

    municipality: int
    to: Addressee
    method: Method
    letter: AnyLetter
    uid: str
    version: int
    event: CalendarEvent | None = None
    accepted: bool = False
    contact: Contact | None = None


async def owe(context: Context, notice: Notice) -> None:
    """Put a letter into the outbox, in the transaction of the change it tells of."""
    now = context.clock()
    to = notice.to
    texts = write(replace(notice.letter, contact=notice.contact), to.language)
    letter = Letter(
        message_id=message_id_of(context, notice),
        sent_at=now,
        method=notice.method,
        sender_name=context.sender_name,
        sender_address=context.address_for(to.account),
        recipient=Recipient(name=to.name, address=to.address, language=to.language),
        subject=texts.subject,
        text=texts.text,
        html=texts.html,
        event=notice.event,
    )
    change = in_the_making()
    added = await add_message(
        notice.municipality,
        account=to.account,
        method=notice.method.value,
        subject=texts.subject[:300],
        message_id=letter.message_id,
        sender=letter.sender_address,
        mime=_mime(letter, accepted=notice.accepted),
        now=now,
        change=change.id if change else None,
    )
    if added and change:
        change.letters += 1


def _mime(letter: Letter, *, accepted: bool) -> bytes | None:
    """Return the letter as it goes out; None where no mail can reach the address.

    Somebody's bad address must not stop a booking: the outbox shows the letter as failed.
    """
    try:
        return compose(letter, _calendar(letter, accepted=accepted))
    except UnmailableError:
        return None


def message_id_of(context: Context, notice: Notice) -> str:
    """Return the same id for the same news: a retry is recognised, and nothing is owed twice."""
    subject = notice.uid.partition("@")[0]
    parts = (subject, str(notice.version), notice.method.value, str(notice.to.account))
    return f"{'.'.join(parts)}@{context.mail_domain}"


def _calendar(letter: Letter, *, accepted: bool) -> bytes | None:
    if letter.event is None:
        return None
    return invitation(
        letter.event,
        method=letter.method,
        organiser_name=letter.sender_name,
        organiser_address=letter.sender_address,
        recipient=letter.recipient,
        accepted=accepted,
    )
