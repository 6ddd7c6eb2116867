"""Agencies and their staff, who signs in, and what they may do."""

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

from blaljus.store.tables.places import Municipality, SchoolClass
from blaljus.store.tables.references import ForeignKey


class Account(Table):
    """Somebody who can get mail and sign in. The only place of addresses of people."""

    id: Serial
    address = Varchar(length=254, help_text="As written")
    address_key = Varchar(length=254, help_text="Case-folded, unique")
    language = Varchar(length=2, default="sv")
    active = Boolean(default=True)


class Agency(Table):
    """A police area, rescue service, ambulance district or partner. No municipality owns it."""

    id: Serial
    name = Varchar(length=200)
    provides = Varchar(length=20, help_text="police, rescue, ambulance or partner")
    address = Varchar(length=254)
    per_day = Integer(default=2, help_text="Half-days of one person in a day at most")
    per_week = Integer(default=3, help_text="Half-days of one person in an ISO week at most")
    per_season = Integer(null=True, default=None, help_text="The same in a school year")
    notice_days = Integer(default=7, help_text="Days before a duty when shifts are settled")
    home = ForeignKey(
        Municipality,
        null=True,
        default=None,
        on_delete=OnDelete.restrict,
        help_text="Where its people start from",
    )
    version = Integer(default=1)


class AgencyCoverage(Table):
    """An agency serves a municipality during `[first_on, last_on]`; no end while null."""

    id: Serial
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    first_on = Date(default=None)
    last_on = Date(null=True, default=None)


class StaffMember(Table):
    """One person of an agency, shown by function."""

    id: Serial
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    reference = Varchar(length=60, help_text="The agency's own reference, unique")
    display_name = Varchar(length=100)
    function = Varchar(length=100)
    languages = Varchar(length=200, default="", help_text="Beside Swedish, comma separated")
    protected = Boolean(default=False)
    active = Boolean(default=True)
    version = Integer(default=1)


class Availability(Table):
    """A half-day on which a person can come. What is not listed is not available."""

    id: Serial
    staff = ForeignKey(StaffMember, null=False, on_delete=OnDelete.restrict)
    day = Date(default=None)
    half = Varchar(length=2)
    state = Varchar(length=10)


class NightDuty(Table):
    """A night at work that ends in the morning of a day: the person rests then."""

    id: Serial
    staff = ForeignKey(StaffMember, null=False, on_delete=OnDelete.restrict)
    ends_on = Date(default=None)


class ClassTeacher(Table):
    """An account that may act for a class."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    school_class = ForeignKey(SchoolClass, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)


class Coordinator(Table):
    """An account that coordinates a municipality."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)


class SignInLink(Table):
    """A single-use way in. Only the token's SHA-256 is kept."""

    id: Serial
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    token_hash = Varchar(length=64)
    browser_hash = Varchar(length=64, null=True, default=None, help_text="Asking browser")
    code_hash = Varchar(length=64, null=True, default=None)
    code_attempts = Integer(default=0)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class WebSession(Table):
    """A signed-in browser. Only the id's SHA-256 is kept."""

    id: Serial
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    id_hash = Varchar(length=64)
    created_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    browser = Text(help_text="Kind of browser, for the person's own list")


class RateBucket(Table):
    """A token bucket; `tokens` are thousandths."""

    id: Serial
    key = Varchar(length=64, help_text="SHA-256 of what is limited")
    tokens = Integer()
    filled_at = Timestamptz(default=None)
