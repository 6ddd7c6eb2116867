"""Data of a large municipality in the middle of its year, and of another one that books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_urlsafe

from ics_feed import EVENTS, an_event

from blaljus.domain.schools import Municipality
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import REQUIRED_SERVICES, FeedKind
from blaljus.ics.events import feed_event
from blaljus.store import accounts, agencies, feeds, schools, sessions
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.usecases.access.sessions import hashed
from webbench.town import (
    NOW,
    PLACES,
    add_all,
    add_classes,
    add_plan,
    add_slots,
    add_stations,
    new_uid,
)

CLASSES, SCHOOLS, SLOTS = 300, 40, 100
BOOKED = 225
"""Classes with a time, PLACES to a slot from the first slot on; the others have none."""
STAFFED = 90
"""Slots with somebody at every station, from the first on."""
HELD = 50
FIRST_DAY = date(2027, 1, 11)
"""A Monday; the slots that have been held lie in the five weeks from here to `NOW`."""
VENUES = 12
"""Places of the municipality that books: many slots on few days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A class without a time, a place for it, and its teacher's account and browser."""

    school_class: int
    slot: int
    account: int
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The ways in: cookies, the address of a feed, and who may book what."""

    coordinator: str
    teacher: str
    feed_token: str
    seats: Sequence[Seat]


async def make_world(seats: int) -> World:
    """Fill an empty database, with `seats` classes that can book."""
    staff = await _staff()
    return World(
        **await _large(staff), feed_token=await _feed(staff[0]), seats=await _bookers(seats)
    )


@transactional
async def _large(staff: Sequence[int]) -> Mapping[str, str]:
    """Store a municipality of 300 classes and return its coordinator's and a teacher's cookie."""
    place = await schools.add_municipality("1280", "Storstad")
    plan = await add_plan(place)
    classes = await add_classes(place, CLASSES, SCHOOLS)
    found = await add_slots(place, plan, SLOTS, 1, first=FIRST_DAY)
    stations = await add_stations(found)
    await _duties(place, found[:STAFFED], stations, staff)
    await _bookings(place, plan, classes[:BOOKED], found, stations)
    coordinator = await accounts.add_account("samordnare@storstad.example")
    await accounts.add_coordinator(coordinator, place.id)
    teacher = await accounts.add_account("larare@storstad.example")
    await accounts.add_class_teacher(teacher, place.id, classes[-1])
    return {"coordinator": await _session(coordinator), "teacher": await _session(teacher)}


@transactional
async def _bookers(number: int) -> list[Seat]:
    place = await schools.add_municipality("1285", "Bokstad")
    plan = await add_plan(place)
    classes = await add_classes(place, number, SCHOOLS)
    found = await add_slots(place, plan, -(-number // PLACES), VENUES, first=date(2027, 3, 8))
    await add_stations(found)
    seats = []
    for row, class_id in enumerate(classes):
        account = await accounts.add_account(f"larare.{row}@bokstad.example")
        await accounts.add_class_teacher(account, place.id, class_id)
        # Neighbours take different slots: nobody waits for the row that another one changes.
        slot, session = found[row % len(found)], await _session(account)
        seats.append(Seat(school_class=class_id, slot=slot, account=account, session=session))
    return seats


async def _staff() -> list[int]:
    """Store an agency with one person for each service."""

    def agency(row: int) -> t.Agency:
        service = REQUIRED_SERVICES[row].value
        return t.Agency(name=service, provides=service, address="enhet@blaljus.example", version=1)

    ids = await add_all(t.Agency, len(REQUIRED_SERVICES), agency)
    people = [await accounts.add_account(f"personal.{row}@blaljus.example") for row in ids]

    def member(row: int) -> t.StaffMember:
        return t.StaffMember(
            agency=ids[row],
            account=people[row],
            reference=f"personal-{row}",
            display_name=f"Personal {row}",
            function="områdespolis",
            protected=False,
            active=True,
            version=1,
        )

    return await add_all(t.StaffMember, len(REQUIRED_SERVICES), member)


async def _duties(
    place: Municipality, slots: Sequence[int], stations: Sequence[int], staff: Sequence[int]
) -> None:
    def duty(row: int) -> t.Assignment:
        return t.Assignment(
            municipality=place.id,
            slot=slots[row // len(staff)],
            station=stations[row],
            staff=staff[row % len(staff)],
            state="accepted",
            override_reason=None,
            uid=new_uid(),
            sequence=0,
            revised_at=NOW,
            version=1,
        )

    await add_all(t.Assignment, len(slots) * len(staff), duty)


async def _bookings(
    place: Municipality,
    plan: SeasonPlan,
    classes: Sequence[int],
    slots: Sequence[int],
    stations: Sequence[int],
) -> None:
    """Book the classes in order; those of the first slots have been there."""

    def booking(row: int) -> t.Booking:
        return t.Booking(
            municipality=place.id,
            plan=plan.id,
            slot=slots[row // PLACES],
            school_class=classes[row],
            number=100_000 + row,
            state="held" if row < HELD * PLACES else "confirmed",
            pupils=20,
            adults=2,
            phone="",
            access_needs="{}",
            transport="none",
            catch_up=False,
            pays="",
            cancel_cause=None,
            uid=new_uid(),
            sequence=0,
            revised_at=NOW,
            version=1,
        )

    booked = await add_all(t.Booking, len(classes), booking)
    full = slots[: len(classes) // PLACES]
    await t.Slot.update({t.Slot.taken: PLACES}).where(t.Slot.id.is_in(list(full)))
    await _visits(place, booked, stations)


async def _visits(place: Municipality, booked: Sequence[int], stations: Sequence[int]) -> None:
    """Let the classes of the first slots have met everybody, but for one call-out in 50."""
    each = len(REQUIRED_SERVICES)

    def visit(row: int) -> t.Visit:
        booked_row, position = divmod(row, each)
        missed = row % 50 == 0
        return t.Visit(
            municipality=place.id,
            booking=booked[booked_row],
            station=stations[booked_row // PLACES * each + position],
            state="missed" if missed else "held",
            cause="callout" if missed else None,
            minutes=None,
        )

    await add_all(t.Visit, HELD * PLACES * each, visit)


async def _feed(staff: int) -> str:
    """Store a feed of 200 events and return the secret of its address."""
    place = await schools.add_municipality("1281", "Kalenderstad")

    def entry(row: int) -> t.CalendarEntry:
        event = an_event(row)
        return t.CalendarEntry(
            municipality=place.id,
            uid=event.uid,
            starts_at=event.starts_at,
            revised_at=event.revised_at,
            cancelled_at=None,
            staff=staff,
            school_class=None,
            school_unit=None,
            agency=None,
            overview=0,
            fragment=feed_event(event),
        )

    await add_all(t.CalendarEntry, EVENTS, entry)
    token = token_urlsafe(32)
    member = await agencies.get_staff(staff)
    await feeds.add_feed(
        FeedKind.STAFF,
        staff,
        municipality=None,
        token_hash=hashed(token),
        opened_by=member.account,
        now=NOW,
    )
    return token


async def _session(account: int) -> str:
    secret = token_urlsafe(32)
    await sessions.add_session(
        account,
        id_hash=hashed(secret),
        browser="",
        now=NOW,
        expires_at=NOW + timedelta(hours=12),
    )
    return secret
