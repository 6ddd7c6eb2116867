"""What was done, what is owed to whom, and what calendars show."""

from piccolo.columns import (
    Boolean,
    Date,
    Integer,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from blaljus.store.tables.people import Account, Agency, StaffMember
from blaljus.store.tables.places import Municipality, SchoolClass, SchoolUnit
from blaljus.store.tables.references import ForeignKey
from blaljus.store.tables.season import Plan


class AuditEntry(Table):
    """One acknowledged change. Append-only, hash-chained within a municipality."""

    id: Serial
    municipality = ForeignKey(Municipality, null=True, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    actor = Varchar(length=60, help_text="account:7, system or operator")
    action = Varchar(length=40)
    subject = Varchar(length=60, help_text="booking:12")
    version = Integer(help_text="The subject's version after the change")
    data = Text(help_text="JSON, without names and addresses")
    previous_hash = Varchar(length=64)
    hash = Varchar(length=64)


class OutboxMessage(Table):
    """A mail that is owed, whole, until a server took it."""

    id: Serial
    municipality = ForeignKey(Municipality, null=True, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    method = Varchar(length=10, help_text="request, cancel, mail or sign-in")
    subject = Varchar(length=300)
    message_id = Varchar(length=200)
    sender = Varchar(length=254)
    mime = Text(help_text="RFC 5322, 7-bit; emptied after a sign-in mail was sent")
    created_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None, index=True)
    attempts = Integer(default=0)
    leased_until = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    last_error = Varchar(length=200, null=True, default=None)
    change_id = Varchar(length=32, null=True, default=None, help_text="Of all letters of a change")
    change_action = Varchar(length=40, null=True, default=None, help_text="As in the audit log")


class IdempotencyKey(Table):
    """The answer to a form that was sent, so that a second click gets the same."""

    id: Serial
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=64)
    request_hash = Varchar(length=64)
    outcome = Text(help_text="JSON")
    created_at = Timestamptz(default=None)


class CalendarEntry(Table):
    """The serialised VEVENT of one revision; whose feeds it is in."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    uid = Varchar(length=120)
    starts_at = Timestamptz(default=None)
    revised_at = Timestamptz(default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    staff = ForeignKey(StaffMember, null=True, on_delete=OnDelete.restrict)
    school_class = ForeignKey(SchoolClass, null=True, on_delete=OnDelete.restrict)
    school_unit = ForeignKey(SchoolUnit, null=True, on_delete=OnDelete.restrict)
    agency = ForeignKey(Agency, null=True, on_delete=OnDelete.restrict)
    overview = Integer(default=0, help_text="1 for the coordinator's event of a slot")
    fragment = Text(help_text="CRLF lines from BEGIN:VEVENT to END:VEVENT")


class Feed(Table):
    """A secret address that a calendar program polls. Only the token's SHA-256 is kept."""

    id: Serial
    municipality = ForeignKey(Municipality, null=True, on_delete=OnDelete.restrict)
    kind = Varchar(length=12)
    subject = Integer(help_text="Row id of what the kind names")
    token_hash = Varchar(length=64)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    fetched_at = Timestamptz(null=True, default=None)
    fetched_etag = Varchar(length=80, null=True, default=None)
    fetched_by = Varchar(length=12, null=True, default=None, help_text="Kind of program")
    opened_by = ForeignKey(
        Account,
        null=True,
        default=None,
        on_delete=OnDelete.restrict,
        help_text="It ends when they are no more what they were; null: an operator",
    )


class ReminderRule(Table):
    """What a coordinator decided of one kind of reminder; without a row the usual holds."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    enabled = Boolean(default=True)
    days = Varchar(length=20, help_text="Whole numbers, comma separated")
    at_minute = Integer(help_text="Minutes after local midnight")


class Reminder(Table):
    """A reminder that was owed. The unique index lets each step happen once."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=20)
    subject = Varchar(length=60, help_text="booking:12")
    counted_from = Date(default=None, help_text="The day its days are counted from, or a year's")
    days = Integer()
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    message_id = Varchar(length=200, help_text="Of its letter in the outbox")
    owed_at = Timestamptz(default=None)
