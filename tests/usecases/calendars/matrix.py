"""A season in which everything happens that changes calendars, and what is sent and shown of it.

The real use cases make every feed and message; the database says what they should show.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage

from booking_steps import booked_by
from factories import a_key, some_details, stored_slot, stored_staff

from blaljus.domain.words import CancelCause, FeedKind, Service
from blaljus.store import agencies, bookings, schools, slots
from blaljus.store import tables as t
from blaljus.usecases.bookings.booking_changes import cancel_booking, change_details
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.days.slots import cancel_slot
from blaljus.usecases.days.venues import rename_shared_venue
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import (
    assign_person,
    replace_person,
    withdraw_person,
)

ENDED = ("declined", "withdrawn", "cancelled")
LONG_NAME = "Skolan; med det långa, krångliga \\ namnet: " + "å" * 157
"""200 characters, all that the column holds, and everything that calendars escape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A letter with its calendar: to whom, in which mail, and what its row said just then."""

    step: str
    to: str
    mail: EmailMessage
    calendar: bytes
    truth: dict[str, tuple]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A feed after a step, and what it should show: (sequence, start, end, status) by UID."""

    step: str
    kind: FeedKind
    body: bytes
    truth: dict[str, tuple]


@dataclass(slots=True, kw_only=True)
class Season:
    """What has been shown and sent so far."""

    cast: object
    context: object
    clock: object
    day: date
    tokens: dict[FeedKind, str] = field(default_factory=dict)
    subjects: dict[FeedKind, int] = field(default_factory=dict)
    snapshots: list[Snapshot] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    seen: int = 0

    async def open(self) -> None:
        officer = await agencies.get_staff(self.cast.staff[Service.POLICE])
        self.subjects = {
            FeedKind.STAFF: officer.id,
            FeedKind.SCHOOL_CLASS: self.cast.school_class.id,
            FeedKind.SCHOOL: self.cast.school_class.school_unit,
            FeedKind.AGENCY: officer.agency,
            FeedKind.MUNICIPALITY: self.cast.municipality.id,
        }
        for kind, subject in self.subjects.items():
            url = await open_feed_for_operator(
                self.context, kind, subject, municipality=None, actor="operator"
            )
            self.tokens[kind] = url.rpartition("/")[2].removesuffix(".ics")

    async def note(self, step: str) -> None:
        """Keep every feed and every new message as they are after a step."""
        truth = await stored_truth()
        for kind, token in self.tokens.items():
            body = (await read_feed(self.context, token)).body
            shown = {uid: row for uid, row in truth.items() if self.belongs(kind, row)}
            self.snapshots.append(Snapshot(step=step, kind=kind, body=body, truth=facts(shown)))
        o = t.OutboxMessage
        rows = await o.select().where(o.id > self.seen).order_by(o.id)
        for row in rows:
            self.seen = row["id"]
            mail = message_from_string(row["mime"], policy=policy.default)
            if row["method"] in ("request", "cancel"):
                self.messages.append(message_of(step, mail, facts(truth)))
        self.clock.advance(timedelta(hours=1))

    def belongs(self, kind: FeedKind, row: dict) -> bool:
        if kind is FeedKind.AGENCY:
            served = row.get("agencies", ())
            return self.subjects[kind] in served
        return row.get(kind) == self.subjects[kind]


def message_of(step: str, mail: EmailMessage, truth: dict) -> Message:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return Message(
        step=step,
        to=mail["To"].addresses[0].addr_spec,
        mail=mail,
        calendar=parts[0].get_payload(decode=True),
        truth=truth,
    )


def facts(rows: dict) -> dict:
    return {uid: row["facts"] for uid, row in rows.items()}


async def stored_truth() -> dict[str, dict]:
    """What each UID stands for, straight from the tables."""
    places = {row["id"]: row for row in await t.Slot.select()}
    classes = {row["id"]: row for row in await t.SchoolClass.select()}
    staff = {row["id"]: row for row in await t.StaffMember.select()}
    duties = await t.Assignment.select()
    found = {}
    for row in places.values():
        on = row["state"] == "published"
        mine = [d for d in duties if d["slot"] == row["id"] and (not on or d["state"] not in ENDED)]
        found[row["uid"]] = {
            "of": "slot",
            "facts": _facts(row, row, "CONFIRMED" if on else "CANCELLED"),
            "agencies": {staff[d["staff"]]["agency"] for d in mine},
            FeedKind.MUNICIPALITY: row["municipality"] if row["version"] > 1 else None,
        }
    for row in await t.Booking.select():
        status = {"cancelled": "CANCELLED", "tentative": "TENTATIVE"}.get(row["state"], "CONFIRMED")
        found[row["uid"]] = {
            "of": "booking",
            "facts": _facts(row, places[row["slot"]], status),
            FeedKind.SCHOOL_CLASS: row["school_class"],
            FeedKind.SCHOOL: classes[row["school_class"]]["school_unit"],
        }
    for row in duties:
        status = "CANCELLED" if row["state"] in ENDED else "CONFIRMED"
        found[row["uid"]] = {
            "of": "assignment",
            "facts": _facts(row, places[row["slot"]], status),
            FeedKind.STAFF: row["staff"],
        }
    return found


def _facts(row: dict, slot: dict, status: str) -> tuple[int, datetime, datetime, str]:
    return (
        row["sequence"],
        slot["starts_at"].astimezone(UTC),
        slot["ends_at"].astimezone(UTC),
        status,
    )


async def played(cast, context, clock, day: date) -> Season:
    """Play it: created, text changed, moved, place changed, replaced, declined, cancelled."""
    season = Season(cast=cast, context=context, clock=clock, day=day)
    await t.SchoolUnit.update({t.SchoolUnit.name: LONG_NAME}).where(
        t.SchoolUnit.id == cast.school_class.school_unit
    )
    await season.open()
    first, second = [
        await stored_slot(cast.plan, cast.venue, day=on, now=clock())
        for on in (day, day + timedelta(days=7))
    ]
    duty = await _duties(season, first, second)
    number = await _bookings(season, first, second)
    await _people(season, duty, first)
    await _endings(season, number, second)
    return season


async def _duties(season, first, second):
    cast, context = season.cast, season.context
    duty = 0
    for slot in (second, first):
        for service in (Service.RESCUE, Service.POLICE):
            station = next(s for s in await slots.list_stations([slot.id]) if s.provides is service)
            duty = await assign_person(
                context,
                cast.coordinator,
                a_key(),
                station_id=station.id,
                slot_id=slot.id,
                staff_id=cast.staff[service],
                override_reason="Kan ändå",
            )
    await season.note("duties created")
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=True)
    await season.note("duty accepted")
    return duty


async def _bookings(season, first, second):
    cast, context = season.cast, season.context
    number = await booked_by(context, cast.coordinator, cast.school_class, first)
    await season.note("booking created")
    await change_details(
        context, cast.teacher, a_key(), number=number, details=some_details(pupils=18)
    )
    await season.note("booking text changed")
    await booked_by(context, cast.teacher, cast.school_class, second)
    await season.note("booking moved")
    known = await schools.list_venues((cast.municipality.id,))
    venue = next(place for place in known if place.id == cast.venue.id)
    await rename_shared_venue(
        context,
        cast.coordinator,
        a_key(),
        venue_id=venue.id,
        name='Nya "stationen", Höör; port 3\\4',
        version=venue.version,
    )
    await season.note("place changed")
    return number


async def _people(season, duty, first):
    cast, context = season.cast, season.context
    officer = await agencies.get_staff(cast.staff[Service.POLICE])
    other = await stored_staff(officer.agency, "police-2")
    new = await replace_person(
        context,
        cast.coordinator,
        a_key(),
        assignment_id=duty,
        staff_id=other,
        override_reason="Byter",
    )
    await season.note("person replaced")
    await withdraw_person(context, cast.coordinator, a_key(), assignment_id=new)
    await season.note("person withdrawn")
    station = next(s for s in await slots.list_stations([first.id]) if s.provides is Service.POLICE)
    again = await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=first.id,
        staff_id=officer.id,
        override_reason="Kan ändå",
    )
    await season.note("person invited again")
    await answer_duty(context, cast.officer, a_key(), assignment_id=again, can=False)
    await season.note("duty declined")


async def _endings(season, number, second):
    cast, context = season.cast, season.context
    await cancel_booking(context, cast.teacher, a_key(), number=number, cause=CancelCause.ILLNESS)
    await season.note("booking cancelled")
    await booked_by(context, cast.teacher, cast.school_class, second)
    await season.note("booking made anew")
    await cancel_slot(
        context, cast.coordinator, a_key(), slot_id=second.id, cause=CancelCause.AGENCY
    )
    await season.note("slot cancelled")
    assert await bookings.list_in_slots([second.id], (cast.municipality.id,)) == []
