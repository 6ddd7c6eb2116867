"""The closed lists of the domain. Values are stable: the database, files and logs hold them."""

from enum import StrEnum


class Service(StrEnum):
    """What an agency does. The first three are the promise; a partner joins a station."""

    POLICE = "police"
    RESCUE = "rescue"
    AMBULANCE = "ambulance"
    PARTNER = "partner"


REQUIRED_SERVICES = (Service.POLICE, Service.RESCUE, Service.AMBULANCE)
"""What Höör's promise names; the order in which pages and files list them."""


class Half(StrEnum):
    """Half of a school day: fm 08.00-12.00, em 12.00-16.00 local time."""

    FM = "fm"
    EM = "em"


class AvailabilityState(StrEnum):
    """What a person said of a half-day; what nobody said is `NOT_AVAILABLE`, never stored."""

    FREE = "free"
    ON_CALL = "on_call"
    NOT_AVAILABLE = "not_available"


class SchoolStatus(StrEnum):
    """Status of a school unit in the national register."""

    ACTIVE = "AKTIV"
    DORMANT = "VILANDE"
    CLOSED = "UPPHORT"
    PLANNED = "PLANERAD"


class Organiser(StrEnum):
    """Who runs a school: a municipality or an independent organiser."""

    MUNICIPAL = "KOMMUN"
    INDEPENDENT = "ENSKILD"


class ClassKind(StrEnum):
    """What kind of class: ordinary, mixed grades, or adapted school."""

    ORDINARY = "ordinarie"
    MIXED = "blandad"
    ADAPTED = "anpassad"


class BlockKind(StrEnum):
    """Kind of a row of the school-year calendar. All but `TERM` keep classes away."""

    TERM = "termin"
    HOLIDAY = "lov"
    TRAINING_DAY = "studiedag"
    NATIONAL_TEST = "nationella prov"
    OUTDOOR_DAY = "friluftsdag"


class VenueKind(StrEnum):
    """Where a slot takes place: at one school, or at a place several schools share."""

    SCHOOL = "school"
    SHARED = "shared"


class SlotState(StrEnum):
    """Life of a slot. Only published slots are seen outside the coordinator's pages."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class BookingState(StrEnum):
    """Life of a booking. The first three are active."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"


ACTIVE_BOOKING = (BookingState.TENTATIVE, BookingState.CONFIRMED, BookingState.HELD)


class AssignmentState(StrEnum):
    """Life of an assignment. The first three are active: the person is counted on."""

    PROPOSED = "proposed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ACTIVE_ASSIGNMENT = (
    AssignmentState.PROPOSED,
    AssignmentState.INVITED,
    AssignmentState.ACCEPTED,
)


class VisitState(StrEnum):
    """What became of one class at one station. Held and shortened count as met."""

    PLANNED = "planned"
    HELD = "held"
    SHORTENED = "shortened"
    MISSED = "missed"


class MissCause(StrEnum):
    """Why a station was shortened or missed."""

    CALLOUT = "callout"
    ILLNESS = "illness"
    WEATHER = "weather"
    TRANSPORT = "transport"
    SCHOOL = "school"
    OTHER = "other"


class CancelCause(StrEnum):
    """Why a booking was cancelled."""

    SCHOOL_ACTIVITY = "school-activity"
    ILLNESS = "illness"
    TRANSPORT = "transport"
    TIME_DOES_NOT_FIT = "time-does-not-fit"
    AGENCY = "agency"
    OTHER = "other"


class AccessNeed(StrEnum):
    """Categories of access needs in a class; counted, never described."""

    MOBILITY = "mobility"
    HEARING = "hearing"
    SIGHT = "sight"
    CALM = "calm"
    LANGUAGE = "language"
    ALLERGY = "allergy"


class Transport(StrEnum):
    """How a class gets to a shared venue."""

    NONE = "none"
    WALK = "walk"
    SCHOOL_BUS = "school-bus"
    PUBLIC = "public"
    OWN = "own"


class CoverageState(StrEnum):
    """Where one class stands with one service. Exactly one holds."""

    NONE = "none"
    OFFERED = "offered"
    BOOKED = "booked"
    AT_RISK = "at_risk"
    MET = "met"
    MISSED = "missed"


class Role(StrEnum):
    """What a signed-in person is. One person may be several."""

    TEACHER = "teacher"
    STAFF = "staff"
    COORDINATOR = "coordinator"


class FeedKind(StrEnum):
    """Whose calendar a feed shows."""

    STAFF = "staff"
    SCHOOL_CLASS = "class"
    SCHOOL = "school"
    AGENCY = "agency"
    MUNICIPALITY = "municipality"


class Program(StrEnum):
    """What kind of calendar program fetches a feed; nothing more is known of who does."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    """Outlook and Exchange, on the web and on a desk."""
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    DAV = "dav"
    """vdirsyncer, DAVx5 and ICSx5."""
    OTHER = "other"


class FeedHealth(StrEnum):
    """Whether what a subscriber sees is what is so."""

    FRESH = "fresh"
    WAITING = "waiting"
    """Something changed less than a day ago; slow programs come within one."""
    BEHIND = "behind"
    SILENT = "silent"
    """Has everything, but has not asked for a week."""
    NEVER = "never"


class Method(StrEnum):
    """What a message does to the recipient's calendar (RFC 5546).

    `mail` and `reminder` carry no calendar; a reminder waits while people are off duty.
    """

    REQUEST = "request"
    CANCEL = "cancel"
    MAIL = "mail"
    REMINDER = "reminder"
