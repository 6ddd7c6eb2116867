"""Mail that was sent or is owed, as its coordinator reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from blaljus.domain.agencies import StaffMember
from blaljus.domain.errors import NotFoundError
from blaljus.domain.outbox import OwedMessage, SentChange
from blaljus.domain.people import Person
from blaljus.domain.schools import SchoolClass
from blaljus.domain.words import Role
from blaljus.store import agencies, outbox, recipients, schools, sent_changes
from blaljus.store.engine import read_transaction
from blaljus.usecases.context import Context, record
from blaljus.usecases.once import FormKey, Outcome, once
from blaljus.usecases.operation.log import page_of_many

PAGE = 50
"""Messages on a page."""

CHANGES = 5
"""Changes of which the first page says what they sent; `sent_changes.py` has them all."""

SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID")
"""What a mail program shows, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message and who it is to; a protected person's address is shown to nobody."""

    message: OwedMessage
    role: Role | None
    school_class: SchoolClass | None
    member: StaffMember | None

    @property
    def protected(self) -> bool:
        """Return whether the recipient is shown by function alone."""
        return self.member is not None and self.member.protected

    @property
    def address(self) -> str:
        """Return the recipient's address, empty for protected people."""
        return "" if self.protected else self.message.address


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """A page of the outbox, newest first; pages count from 1."""

    rows: Sequence[MessageRow]
    counts: Mapping[str, int]
    """How many wait, were sent, and failed."""
    number: int
    count: int
    changes: Sequence[SentChange]
    """What the newest changes sent; on the first page alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """One message in the clear: headers as (name, value), and its text."""

    row: MessageRow
    headers: Sequence[tuple[str, str]]
    text: str
    attachments: Sequence[str]


async def get_outbox(person: Person, municipality: int, wanted: int) -> OutboxPage:
    """Return a page of a municipality's mail; a number beyond the ends gives the nearest page.

    Ways in are never shown. Costs the same number of statements for any number of messages.
    """
    if municipality not in person.municipalities:
        raise NotFoundError
    scope = (municipality,)
    async with read_transaction():
        counts = await outbox.count_messages(scope)
        number, count = page_of_many(wanted, sum(counts.values()), PAGE)
        found = await outbox.list_messages(scope, limit=PAGE, offset=(number - 1) * PAGE)
        rows = await rows_of(municipality, found)
        changes = await _newest_changes(municipality) if number == 1 else []
    return OutboxPage(rows=rows, counts=counts, number=number, count=count, changes=changes)


async def _newest_changes(municipality: int) -> Sequence[SentChange]:
    return await sent_changes.list_changes(municipality, limit=CHANGES)


async def get_message_page(person: Person, message_id: int) -> MessagePage:
    """Return one message of the person's municipalities, or raise `NotFoundError`."""
    row = await _get_row(person, message_id)
    mail = message_from_bytes(row.message.mime.encode("ascii"), EmailMessage, policy=SMTP)
    body = mail.get_body(("plain",))
    hidden = {"To"} if row.protected else set()
    return MessagePage(
        row=row,
        headers=[
            (name, str(mail[name])) for name in SHOWN_HEADERS if name in mail and name not in hidden
        ],
        text=str(body.get_content()) if body else "",
        attachments=[part.get_filename() or "" for part in mail.iter_attachments()],
    )


async def get_message_file(person: Person, message_id: int) -> bytes:
    """Return a message as it goes to the mail server, to open in a mail program.

    Raises `NotFoundError` for a protected person's: the address stands in it.
    """
    row = await _get_row(person, message_id)
    if row.protected:
        raise NotFoundError
    return row.message.mime.encode("ascii")


async def retry_message(context: Context, person: Person, key: FormKey, message_id: int) -> None:
    """Make a message that was not sent due at once, or raise `NotFoundError`."""

    async def change() -> Outcome:
        message = await outbox.get_message(message_id, person.municipalities)
        if not await outbox.retry(message_id, person.municipalities, context.clock()):
            raise NotFoundError
        owner = message.municipality
        assert owner is not None, "it was found by its municipality"  # noqa: S101 -- see STYLE
        subject = ("message", message_id)
        await record(context, person.actor, owner, "message-retried", subject, 1)
        return {"message": message_id}

    await once(person, key, change, clock=context.clock)


async def _get_row(person: Person, message_id: int) -> MessageRow:
    async with read_transaction():
        message = await outbox.get_message(message_id, person.municipalities)
        rows = await rows_of(message.municipality or 0, [message])
    return rows[0]


async def rows_of(municipality: int, found: Sequence[OwedMessage]) -> list[MessageRow]:
    """Return messages of a municipality with who each is to."""
    known = await recipients.known_accounts({m.account for m in found}, municipality)
    subjects = {
        role: {k.subject for k in known.values() if k.role is role and k.subject} for role in Role
    }
    classes = await schools.get_classes(subjects[Role.TEACHER], (municipality,))
    staff = await agencies.get_staff_members(subjects[Role.STAFF])
    by_id = {c.id: c for c in classes}
    rows = []
    for message in found:
        who = known.get(message.account)
        role, subject = (who.role, who.subject or 0) if who else (None, 0)
        rows.append(
            MessageRow(
                message=message,
                role=role,
                school_class=by_id.get(subject) if role is Role.TEACHER else None,
                member=staff.get(subject) if role is Role.STAFF else None,
            )
        )
    return rows
