"""What the self-check looks at: stored facts of every municipality, as values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from blaljus.domain import agencies, schools
from blaljus.domain.booking import Booking
from blaljus.domain.callouts import Callout
from blaljus.domain.coverage import Visit
from blaljus.domain.replies import ReplyState
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.store.audit import AuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A row that does not go with another one; `kind` is its table."""

    kind: str
    id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedText:
    """What somebody typed into a column of a row; `kind` is its table."""

    kind: str
    id: int
    column_name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A quarter of an hour of a person's time."""

    staff: int
    bucket: int
    assignment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Attendance of a booking, as stored."""

    booking: int
    pupils: int
    adults: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the planner; its number is the municipality's own."""

    municipality: int
    number: int
    state: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A calendar entry with exactly the owners that are set; `fragment` is empty where one left."""

    id: int
    uid: str
    starts_at: datetime
    revised_at: datetime
    cancelled_at: datetime | None
    staff: int | None
    school_class: int | None
    school_unit: int | None
    agency: int | None
    overview: int
    fragment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail in the outbox; `mime` is empty where no mail could be made, or of a way in."""

    id: int
    municipality: int | None
    account: int
    method: str
    subject: str
    message_id: str
    mime: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReply:
    """A reply, without what it says: whether its letter is kept, and words or who sent it."""

    id: int
    municipality: int | None
    assignment: int | None
    booking: int | None
    source: str
    state: ReplyState
    received_at: datetime
    settled_at: datetime | None
    has_letter: bool
    has_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedBlock:
    """Days off, and the municipality whose schools they are of."""

    municipality: int
    block: schools.Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Every fact that invariants speak of, by id where a mapping is given, and in order of id.

    Classes are in the order of calendars: by school and label, as the database sorts.
    """

    municipalities: Sequence[schools.Municipality]
    plans: Mapping[int, SeasonPlan]
    units: Sequence[schools.SchoolUnit]
    classes: Mapping[int, schools.SchoolClass]
    blocks: Sequence[OwnedBlock]
    near_stations: Collection[int]
    """Venues where crews on call may serve."""
    slots: Mapping[int, Slot]
    stations: Mapping[int, Station]
    bookings: Mapping[int, Booking]
    needs: Mapping[int, str]
    """Access needs of a booking, by its id, as JSON."""
    pays: Mapping[int, tuple[str, ...]]
    """What a booking pays of a debt, by its id."""
    duties: Mapping[int, Assignment]
    claims: Sequence[Claim]
    staff: Mapping[int, agencies.StaffMember]
    versions: Mapping[tuple[str, int], int]
    """Of staff and venues, which imports change too."""
    said: Sequence[agencies.Available]
    """Of the half-days on which somebody has a duty."""
    visits: Sequence[Visit]
    callouts: Sequence[Callout]
    reports: Mapping[int, Report]
    teachers: Mapping[int, frozenset[int]]
    """The active accounts that teach a class."""
    coordinators: Mapping[int, frozenset[int]]
    addresses: Mapping[int, str]
    """Of accounts, active or not."""
    active: Collection[int]
    """Accounts that can sign in and get letters."""
    runs: Sequence[Run]
    replies: Mapping[int, KeptReply]
    audit: Sequence[AuditEntry]
    outcomes: Sequence[tuple[int, str]]
    """(id, JSON) of what forms were answered."""
    entries: Sequence[Entry]
