"""Rows and values for tests. Defaults are dull; a test names only what it is about."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4

from blaljus.domain.agencies import Available
from blaljus.domain.booking import BookingDetails
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.people import Person
from blaljus.domain.schools import Municipality, SchoolClass, Venue
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import (
    REQUIRED_SERVICES,
    AvailabilityState,
    Half,
    Service,
    Transport,
    VenueKind,
)
from blaljus.mail.reply_addresses import ReplyAddresses
from blaljus.store import accounts, agencies, plans, schools, slots
from blaljus.store import tables as t
from blaljus.usecases.context import Context
from blaljus.usecases.once import FormKey

NUMBERS = count(1)
YEAR = SchoolYear(2026)
REPLY_KEY = "a key of tests, not of anybody"
NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)


def a_context(clock) -> Context:
    return Context(
        clock=clock,
        base_url="https://blaljus.example",
        sender_name="Blåljusdagar",
        sender_address="blaljus@blaljus.example",
        mail_domain="blaljus.example",
        replies=ReplyAddresses(pattern="blaljus+*@blaljus.example", keys=(REPLY_KEY,)),
    )


def a_key() -> FormKey:
    """A fresh key: each use of a form is its own."""
    return FormKey(key=uuid4().hex, body_hash="")


def some_details(pupils: int = 20, **others) -> BookingDetails:
    known = {"adults": 2, "phone": "", "access_needs": {}, "transport": Transport.NONE}
    return BookingDetails(pupils=pupils, **{**known, **others})


async def stored_municipality(code: str = "1267", name: str = "Höör") -> Municipality:
    return await schools.add_municipality(code, name)


async def stored_term(municipality: Municipality) -> None:
    """The spring term of 2027, with a winter break."""
    rows = [
        ("termin", "VT 2027", date(2027, 1, 11), date(2027, 6, 11)),
        ("lov", "Sportlov", date(2027, 2, 22), date(2027, 2, 26)),
    ]
    await t.CalendarBlock.insert(
        *(
            t.CalendarBlock(
                municipality=municipality.id,
                school_unit=None,
                kind=kind,
                name=name,
                first_on=first_on,
                last_on=last_on,
            )
            for kind, name, first_on, last_on in rows
        )
    )


async def stored_plan(municipality: Municipality) -> SeasonPlan:
    promise = await plans.add_promise(
        municipality.id,
        title="Blåljusdagar",
        wording="Varje klass i årskurs 4 möter polis, räddningstjänst och ambulans.",
        parties="Kommunen och polisen",
        required=REQUIRED_SERVICES,
        first_on=date(2026, 7, 1),
    )
    await plans.add_plan(municipality.id, promise, YEAR, morning_start_minute=9 * 60)
    plan = await plans.find_plan(municipality.id, YEAR)
    assert plan is not None
    return plan


async def stored_school(
    municipality: Municipality, name: str = "Ekskolan", *, status: str = "AKTIV"
) -> int:
    """A school with a venue of its own; returns the unit's id."""
    row = t.SchoolUnit(
        municipality=municipality.id,
        code=f"{90000000 + next(NUMBERS)}",
        name=name,
        status=status,
        organiser="KOMMUN",
        grades="1,2,3,4,5,6",
        locality="Höör",
        latitude=55.936,
        longitude=13.541,
        version=1,
    )
    unit = (await t.SchoolUnit.insert(row).returning(t.SchoolUnit.id))[0]["id"]
    await schools.add_venue(municipality.id, name=name, school_unit=unit)
    return unit


async def stored_class(
    municipality: Municipality,
    school: int,
    label: str = "4A",
    *,
    year4_pupils: int = 20,
    other_pupils: int = 0,
    teacher: str | None = None,
) -> SchoolClass:
    row = t.SchoolClass(
        municipality=municipality.id,
        school_unit=school,
        school_year=YEAR.start,
        label=label,
        year4_pupils=year4_pupils,
        other_pupils=other_pupils,
        kind="ordinarie",
        active=True,
        version=1,
    )
    class_id = (await t.SchoolClass.insert(row).returning(t.SchoolClass.id))[0]["id"]
    if teacher:
        account = await accounts.add_account(teacher)
        await accounts.add_class_teacher(account, municipality.id, class_id)
    return await schools.get_class(class_id, (municipality.id,))


async def stored_agency(
    provides: Service, *municipalities: Municipality, name: str | None = None
) -> int:
    row = t.Agency(
        name=name or f"Enhet {provides.value} {next(NUMBERS)}",
        provides=provides.value,
        address="enhet@blaljus.example",
        version=1,
    )
    agency = (await t.Agency.insert(row).returning(t.Agency.id))[0]["id"]
    for municipality in municipalities:
        await t.AgencyCoverage.insert(
            t.AgencyCoverage(
                agency=agency,
                municipality=municipality.id,
                first_on=date(2026, 7, 1),
                last_on=None,
            )
        )
    return agency


async def stored_staff(agency: int, reference: str, *, protected: bool = False) -> int:
    account = await accounts.add_account(f"{reference}@blaljus.example")
    row = t.StaffMember(
        agency=agency,
        account=account,
        reference=reference,
        display_name=reference.replace("-", " ").capitalize(),
        function="områdespolis",
        protected=protected,
        active=True,
        version=1,
    )
    return (await t.StaffMember.insert(row).returning(t.StaffMember.id))[0]["id"]


async def stored_availability(
    staff: int,
    *half_days: tuple[date, Half],
    state: AvailabilityState = AvailabilityState.FREE,
) -> None:
    for day, half in half_days:
        said = [Available(staff=staff, day=day, half=half, state=state)]
        known = await agencies.list_availability([staff], day, day)
        await agencies.set_availability(
            staff, day, day, [*said, *(row for row in known if row.half is not half)]
        )


async def shared_venue(municipality: Municipality, *, partner_station: str = "") -> Venue:
    await schools.add_venue(
        municipality.id,
        name="Brandstationen i Höör",
        position=(55.937, 13.540),
        near_rescue_station=True,
        partner_station=partner_station,
    )
    found = await schools.list_venues((municipality.id,))
    return next(venue for venue in found if venue.kind is VenueKind.SHARED)


async def stored_slot(
    plan: SeasonPlan,
    venue: Venue,
    *,
    day: date = date(2027, 3, 16),
    half: Half = Half.FM,
    services: tuple[Service, ...] = REQUIRED_SERVICES,
    places: int | None = None,
    group_pupils: int | None = None,
    now: datetime = NOW,
) -> Slot:
    """A published slot with a station for each service and nobody at them."""
    starts_at, ends_at = plan.span(day, half, len(services))
    slot_id = await slots.add_slot(
        plan.municipality,
        plan=plan.id,
        venue=venue.id,
        starts_at=starts_at,
        ends_at=ends_at,
        places=places if places is not None else len(services),
        group_pupils=group_pupils,
        uid=f"{uuid4()}@blaljus.example",
        now=now,
    )
    assert slot_id is not None
    for position, service in enumerate(services, start=1):
        await slots.add_station(
            slot_id,
            position,
            provides=service,
            name=service.value.capitalize(),
            minutes=25,
            max_pupils=60,
            staff_needed=1,
            on_call_allowed=venue.near_rescue_station,
        )
    return await slots.get_slot(slot_id, (plan.municipality,))


async def person_of(address: str, day: date = date(2027, 1, 15)) -> Person:
    """The person an address signs in as."""
    account = await accounts.find_account(address)
    assert account is not None
    return await accounts.get_person(account.id, day)


async def coordinator_of(municipality: Municipality) -> Person:
    address = f"samordnare.{municipality.code}@blaljus.example"
    account = await accounts.add_account(address)
    await accounts.add_coordinator(account, municipality.id)
    return await person_of(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The standing cast: two teachers of two schools, one person of each agency, two coordinators.

    Everybody of the agencies is free on 16-18 March 2027, both halves.
    """

    municipality: Municipality
    other: Municipality
    plan: SeasonPlan
    venue: Venue
    school_class: SchoolClass
    second_class: SchoolClass
    teacher: Person
    second_teacher: Person
    staff: dict[Service, int]
    officer: Person
    coordinator: Person
    foreign_coordinator: Person


async def stored_cast() -> Cast:
    municipality = await stored_municipality()
    other = await stored_municipality("1285", "Eslöv")
    await stored_term(municipality)
    plan = await stored_plan(municipality)
    venue = await shared_venue(municipality)
    ek, al = [await stored_school(municipality, name) for name in ("Ekskolan", "Alskolan")]
    first = await stored_class(municipality, ek, "4A", teacher="larare.ek@skola.example")
    second = await stored_class(municipality, al, "4B", teacher="larare.al@skola.example")
    staff = {}
    for service in REQUIRED_SERVICES:
        agency = await stored_agency(service, municipality, other)
        staff[service] = await stored_staff(agency, f"{service.value}-1")
        days = [date(2027, 3, 16) + timedelta(days=n) for n in range(3)]
        await stored_availability(staff[service], *((day, half) for day in days for half in Half))
    return Cast(
        municipality=municipality,
        other=other,
        plan=plan,
        venue=venue,
        school_class=first,
        second_class=second,
        teacher=await person_of("larare.ek@skola.example"),
        second_teacher=await person_of("larare.al@skola.example"),
        staff=staff,
        officer=await person_of("police-1@blaljus.example"),
        coordinator=await coordinator_of(municipality),
        foreign_coordinator=await coordinator_of(other),
    )
