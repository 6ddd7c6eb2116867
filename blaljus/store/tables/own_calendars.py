"""Calendars that people let us read, and when these say that they are busy."""

from piccolo.columns import Boolean, Integer, OnDelete, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table

from blaljus.store.tables.people import StaffMember
from blaljus.store.tables.references import ForeignKey


class OwnCalendar(Table):
    """A file or an address that a person gave. The address is sealed; its host is for the owner."""

    id: Serial
    staff = ForeignKey(StaffMember, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=10, help_text="file or address")
    sealed = Text(help_text="The address, encrypted; empty for a file")
    host = Varchar(length=253)
    etag = Varchar(length=200)
    last_modified = Varchar(length=200)
    read_at = Timestamptz(default=None)
    tried_at = Timestamptz(default=None)
    due_at = Timestamptz(null=True, default=None, help_text="When it is read next; a file never")
    failures = Integer(default=0, help_text="In a row")
    trouble = Varchar(length=30, null=True, default=None, help_text="Why the latest attempt failed")
    unknown_zones = Integer(default=0, help_text="Events left out for their time zone")
    unreadable = Integer(default=0, help_text="Events left out for something else")
    left_out = Text(default="[]", help_text="JSON: the first of those events, without titles")
    change = Text(default="null", help_text="JSON: what the latest reading that differed changed")


class BusyTime(Table):
    """A person is busy during `[starts_at, ends_at)`, as a calendar of theirs says. No titles."""

    id: Serial
    own_calendar = ForeignKey(OwnCalendar, null=False, on_delete=OnDelete.restrict)
    staff = ForeignKey(StaffMember, null=False, on_delete=OnDelete.restrict)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    soft = Boolean(default=False, help_text="Perhaps (TENTATIVE)")
