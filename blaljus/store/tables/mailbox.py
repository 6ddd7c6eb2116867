"""What came in by mail, and where no mail gets through."""

from piccolo.columns import Integer, OnDelete, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table

from blaljus.store.tables.people import Account
from blaljus.store.tables.places import Municipality
from blaljus.store.tables.references import ForeignKey
from blaljus.store.tables.season import Assignment, Booking


class Reply(Table):
    """What somebody answered by mail, or proposed on a page, and what became of it."""

    id: Serial
    municipality = ForeignKey(Municipality, null=True, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=True, on_delete=OnDelete.restrict, help_text="Who says it")
    assignment = ForeignKey(Assignment, null=True, on_delete=OnDelete.restrict)
    booking = ForeignKey(Booking, null=True, on_delete=OnDelete.restrict)
    source = Varchar(length=4, help_text="mail or page")
    answer = Varchar(length=10)
    state = Varchar(length=8)
    doubts = Varchar(length=200, help_text="Why it waits, comma separated")
    sequence = Integer(null=True, default=None)
    stamped_at = Timestamptz(null=True, default=None, help_text="DTSTAMP of the answer")
    proposed_from = Timestamptz(null=True, default=None)
    proposed_to = Timestamptz(null=True, default=None)
    sender = Varchar(length=254, help_text="As the letter says; emptied with it")
    comment = Varchar(length=500)
    digest = Varchar(length=64, help_text="SHA-256 of Message-ID and body: once is enough")
    letter = Text(help_text="RFC 5322 in base64, 1 MiB at most; emptied after 30 days")
    received_at = Timestamptz(default=None)
    settled_at = Timestamptz(null=True, default=None)
    settled_by = ForeignKey(Account, null=True, on_delete=OnDelete.restrict)
    version = Integer(default=1)


class Undelivered(Table):
    """An address that the last letter did not reach."""

    id: Serial
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    how = Varchar(length=8, help_text="refused by the server, or bounced later")
    status = Varchar(length=12, help_text="As the mail server gave it: 5.1.1")
    noted_at = Timestamptz(default=None)
