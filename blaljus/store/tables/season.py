"""The promise, its yearly plan, slots, bookings, assignments and what became of them."""

from piccolo.columns import (
    BigInt,
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
from blaljus.store.tables.places import Municipality, SchoolClass, Venue
from blaljus.store.tables.references import ForeignKey


class Promise(Table):
    """A medborgarlöfte: who promised what, for which grade."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    title = Varchar(length=200)
    wording = Text()
    parties = Varchar(length=300)
    diary_number = Varchar(length=60)
    grade = Integer()
    required = Varchar(length=60, help_text="Required services, comma separated")
    first_on = Date(default=None)
    last_on = Date(null=True, default=None)


class Plan(Table):
    """One promise in one school year: window, format and rules."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    promise = ForeignKey(Promise, null=False, on_delete=OnDelete.restrict)
    school_year = Integer()
    notice_days = Integer(help_text="Days before a slot when booking closes")
    morning_start_minute = Integer(help_text="Minutes after local midnight")
    afternoon_start_minute = Integer(help_text="Minutes after local midnight")
    station_minutes = Integer()
    change_minutes = Integer()
    lunch_gap_minutes = Integer(default=40, help_text="Time to go from a morning's place")
    bus_seats = Integer(null=True, default=None, help_text="In a half-day; null: enough")
    version = Integer(default=1)


class PlanRun(Table):
    """One run of the planner, how far it is, and its best proposal, as JSON."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict)
    number = Integer(help_text="1, 2, … within the municipality")
    state = Varchar(length=12, help_text="running, proposed, interrupted, approved, discarded")
    proposal = Text()
    world = Varchar(length=64, help_text="SHA-256 of the problem that was planned")
    created_at = Timestamptz(default=None)
    decided_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    seconds = Integer(default=0, help_text="Time to search; 0: the quick plan alone")
    wish_tolerance = Integer(default=0, help_text="Per cent more staff time for wishes")
    progress = Text(default="{}", help_text="JSON: stage, counts and what is proved")
    heard_at = Timestamptz(null=True, default=None)
    stop_asked = Boolean(default=False)


class Slot(Table):
    """A bookable block `[starts_at, ends_at)`, in UTC."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict)
    venue = ForeignKey(Venue, null=False, on_delete=OnDelete.restrict)
    starts_at = Timestamptz(default=None, index=True)
    ends_at = Timestamptz(default=None)
    places = Integer(help_text="Classes at most, or groups")
    group_pupils = Integer(null=True, default=None, help_text="Of a group; null: a class is one")
    taken = Integer(default=0, help_text="Active bookings, or the groups they make")
    state = Varchar(length=12)
    uid = Varchar(length=120, help_text="iCalendar UID of the overview event")
    sequence = Integer(default=0)
    revised_at = Timestamptz(default=None)
    version = Integer(default=1)


class Station(Table):
    """One activity of a slot, by one service."""

    id: Serial
    slot = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    position = Integer(help_text="1, 2, … in the carousel")
    provides = Varchar(length=20)
    name = Varchar(length=100)
    minutes = Integer()
    max_pupils = Integer()
    staff_needed = Integer()
    on_call_allowed = Boolean(default=False)
    place = Varchar(length=100, help_text="Where at the venue; empty while nobody has said")
    outdoors = Boolean(default=False)
    rain_place = Varchar(length=100, help_text="Where it goes when it rains; empty: nowhere")
    step_free = Boolean(default=True)
    walk_minutes = Integer(default=0, help_text="From where the groups gather")


class Booking(Table):
    """A class's place in a slot."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict)
    slot = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    school_class = ForeignKey(SchoolClass, null=False, on_delete=OnDelete.restrict)
    number = Integer(help_text="Six digits, random, said in two groups of three")
    state = Varchar(length=12)
    pupils = Integer()
    adults = Integer()
    phone = Varchar(length=40, help_text="To the teacher, on the day")
    access_needs = Text(help_text="JSON: category to count")
    transport = Varchar(length=20)
    catch_up = Boolean(default=False)
    pays = Varchar(length=60, help_text="Services a catch-up pays, comma separated")
    cancel_cause = Varchar(length=30, null=True, default=None)
    uid = Varchar(length=120)
    sequence = Integer(default=0)
    revised_at = Timestamptz(default=None)
    version = Integer(default=1)
    arrives_at = Timestamptz(null=True, default=None, help_text="Null: when the slot begins")
    leaves_at = Timestamptz(null=True, default=None, help_text="Null: when the slot ends")


class Assignment(Table):
    """One staff member at one station."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    slot = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    station = ForeignKey(Station, null=False, on_delete=OnDelete.restrict)
    staff = ForeignKey(StaffMember, null=False, on_delete=OnDelete.restrict)
    state = Varchar(length=12)
    override_reason = Varchar(length=300, null=True, default=None)
    uid = Varchar(length=120)
    sequence = Integer(default=0)
    revised_at = Timestamptz(default=None)
    version = Integer(default=1)


class StaffClaim(Table):
    """A person is taken for one quarter of an hour. The unique index decides races."""

    id: Serial
    staff = ForeignKey(StaffMember, null=False, on_delete=OnDelete.restrict)
    bucket = BigInt(help_text="Seconds since 1970, divided by 900")
    assignment = ForeignKey(Assignment, null=False, on_delete=OnDelete.restrict)


class Visit(Table):
    """What became of one booking at one station."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    booking = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    station = ForeignKey(Station, null=False, on_delete=OnDelete.restrict)
    state = Varchar(length=12)
    cause = Varchar(length=20, null=True, default=None)
    minutes = Integer(null=True, default=None)


class Attendance(Table):
    """Counts of those who came. No row means not reported, which is not zero."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    booking = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    pupils = Integer()
    adults = Integer()
    reported_at = Timestamptz(default=None)
    reported_by = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    version = Integer(default=1)


class Callout(Table):
    """A crew was gone `[left_at, back_at)`, and the carousel as it was decided then."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    slot = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    station = ForeignKey(Station, null=False, on_delete=OnDelete.restrict)
    left_at = Timestamptz(default=None)
    back_at = Timestamptz(null=True, default=None)
    rotation = Text(help_text="JSON: groups, rounds and stops")
    noted_at = Timestamptz(default=None)
    noted_by = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    version = Integer(default=1)


class KeptRounds(Table):
    """What is kept of a slot's carousel beside its call-outs."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    slot = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    decided = Text(null=True, default=None, help_text="JSON: the rounds when times changed")
    decided_at = Timestamptz(null=True, default=None)
    told = Text(null=True, default=None, help_text="JSON: what each class and crew was told")
    told_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class Wish(Table):
    """A half-day that a class would like, the dearest of rank 1."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    school_class = ForeignKey(SchoolClass, null=False, on_delete=OnDelete.restrict)
    rank = Integer()
    day = Date(default=None)
    half = Varchar(length=2)


class VenueStation(Table):
    """What a station of every new slot at a venue asks for, where it is not the usual."""

    id: Serial
    venue = ForeignKey(Venue, null=False, on_delete=OnDelete.restrict)
    position = Integer(help_text="1, 2, … in the carousel")
    provides = Varchar(length=20)
    agency = ForeignKey(
        Agency, null=True, default=None, on_delete=OnDelete.restrict, help_text="Null: any"
    )
    staff_needed = Integer()
    max_pupils = Integer()
    on_call_allowed = Boolean(default=False)
    outdoors = Boolean(default=False)


class VenuePin(Table):
    """A person who is there in every new slot at a venue."""

    id: Serial
    venue = ForeignKey(Venue, null=False, on_delete=OnDelete.restrict)
    staff = ForeignKey(StaffMember, null=False, on_delete=OnDelete.restrict)
