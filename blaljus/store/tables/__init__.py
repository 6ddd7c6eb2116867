"""One file per topic of the database."""

from piccolo.table import Table

from blaljus.store.tables.people import (
    Account,
    Agency,
    AgencyCoverage,
    Availability,
    ClassTeacher,
    Coordinator,
    RateBucket,
    SignInLink,
    StaffMember,
    WebSession,
)
from blaljus.store.tables.places import (
    CalendarBlock,
    Municipality,
    SchoolClass,
    SchoolUnit,
    Venue,
)
from blaljus.store.tables.season import (
    Assignment,
    Attendance,
    Booking,
    Plan,
    PlanRun,
    Promise,
    Slot,
    StaffClaim,
    Station,
    Visit,
)
from blaljus.store.tables.trail import (
    AuditEntry,
    CalendarEntry,
    Feed,
    IdempotencyKey,
    OutboxMessage,
)

TABLES: list[type[Table]] = [
    Municipality,
    SchoolUnit,
    SchoolClass,
    CalendarBlock,
    Venue,
    Account,
    Agency,
    AgencyCoverage,
    StaffMember,
    Availability,
    ClassTeacher,
    Coordinator,
    SignInLink,
    WebSession,
    RateBucket,
    Promise,
    Plan,
    PlanRun,
    Slot,
    Station,
    Booking,
    Assignment,
    StaffClaim,
    Visit,
    Attendance,
    AuditEntry,
    OutboxMessage,
    IdempotencyKey,
    CalendarEntry,
    Feed,
]
"""Every table, those that others refer to first."""
