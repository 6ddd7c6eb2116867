"""A town for storms: many classes with a teacher each, a few slots, and everybody signed in.

It lies in the past, so that no test ends with the calendar, and a real worker finds all mail due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import Municipality, Venue
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import REQUIRED_SERVICES, Half, Service
from blaljus.store import accounts, agencies, bulk, plans, schools, sessions, slots
from blaljus.store import tables as t
from blaljus.store.engine import transactional
from blaljus.usecases.access.sessions import hashed

NOW = datetime(2025, 1, 15, 8, tzinfo=UTC)
YEAR = SchoolYear(2024)
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)
"""When sessions end: a real worker, in its own time, forgets those that have ended."""
FIRST_DAY = date(2025, 3, 3)
"""A Monday; slots lie on it and the days after."""
CLASSES_PER_SCHOOL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """Somebody with one class, and the secret of their browser's cookie."""

    account: int
    school_class: int
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What a storm needs to know; `venues` are two places that schools share."""

    municipality: Municipality
    plan: SeasonPlan
    venues: Sequence[Venue]
    teachers: Sequence[Teacher]

    @property
    def scope(self) -> tuple[int, ...]:
        return (self.municipality.id,)


@transactional
async def found_town(classes: int, *, code: str = "1267", name: str = "Höör") -> Town:
    """Store a municipality with a plan, two venues and classes with a teacher each."""
    municipality = await schools.add_municipality(code, name)
    plan = await _plan(municipality)
    for venue in ("Brandstationen", "Idrottsplatsen"):
        await schools.add_venue(
            municipality.id, name=venue, position=(55.937, 13.540), near_rescue_station=True
        )
    venues = await schools.list_venues((municipality.id,))
    return Town(
        municipality=municipality,
        plan=plan,
        venues=venues,
        teachers=await _teachers(municipality, await _classes(municipality, classes)),
    )


async def _plan(municipality: Municipality) -> SeasonPlan:
    promise = await plans.add_promise(
        municipality.id,
        title="Blåljusdagar",
        wording="Varje klass i årskurs 4 möter polis, räddningstjänst och ambulans.",
        parties="Kommunen och polisen",
        required=REQUIRED_SERVICES,
        first_on=date(2024, 7, 1),
    )
    await plans.add_plan(municipality.id, promise, YEAR, morning_start_minute=9 * 60)
    term = t.CalendarBlock(
        municipality=municipality.id,
        school_unit=None,
        kind="termin",
        name="VT 2025",
        first_on=date(2025, 1, 9),
        last_on=date(2025, 6, 12),
    )
    await bulk.add_rows([term])
    plan = await plans.find_plan(municipality.id, YEAR)
    assert plan is not None
    return plan


async def _classes(municipality: Municipality, number: int) -> list[int]:
    schools_needed = -(-number // CLASSES_PER_SCHOOL)
    await bulk.add_rows([_unit(municipality, row) for row in range(schools_needed)])
    units = [unit.id for unit in await schools.list_units((municipality.id,))]
    await bulk.add_rows(
        [
            t.SchoolClass(
                municipality=municipality.id,
                school_unit=units[row // CLASSES_PER_SCHOOL],
                school_year=YEAR.start,
                label=f"4{row % CLASSES_PER_SCHOOL}",
                year4_pupils=20,
                other_pupils=0,
                kind="ordinarie",
                active=True,
                version=1,
            )
            for row in range(number)
        ]
    )
    return [c.id for c in await schools.list_classes((municipality.id,), YEAR)]


def _unit(municipality: Municipality, row: int) -> t.SchoolUnit:
    return t.SchoolUnit(
        municipality=municipality.id,
        code=f"{90000000 + row}",
        name=f"Skola {row:02}",
        status="AKTIV",
        organiser="KOMMUN",
        grades="4,5,6",
        locality="Höör",
        latitude=55.936,
        longitude=13.541,
        version=1,
    )


async def _teachers(municipality: Municipality, classes: Sequence[int]) -> list[Teacher]:
    teachers = []
    for class_id in classes:
        account = await accounts.add_account(f"larare.{class_id}@skola.example")
        await accounts.add_class_teacher(account, municipality.id, class_id)
        session = await signed_in(account)
        teachers.append(Teacher(account=account, school_class=class_id, session=session))
    return teachers


async def signed_in(account: int, *, seen_at: datetime = NOW) -> str:
    """Store a session and return the secret for its cookie."""
    secret = uuid4().hex
    await sessions.add_session(
        account,
        id_hash=hashed(secret),
        browser="",
        now=seen_at,
        expires_at=FOR_EVER,
    )
    return secret


@transactional
async def publish(
    town: Town,
    day: int,
    *,
    half: Half = Half.FM,
    venue: int = 0,
    later: timedelta = timedelta(0),
    places: int = 2,
) -> int:
    """Store a published slot with three stations and nobody at them; `day` counts from 0."""
    starts_at, ends_at = town.plan.span(
        FIRST_DAY + timedelta(days=day), half, len(REQUIRED_SERVICES)
    )
    slot = await slots.add_slot(
        town.municipality.id,
        plan=town.plan.id,
        venue=town.venues[venue].id,
        starts_at=starts_at + later,
        ends_at=ends_at + later,
        places=places,
        uid=f"{uuid4()}@blaljus.example",
        now=NOW,
    )
    assert slot is not None
    for position, service in enumerate(REQUIRED_SERVICES, start=1):
        await _station(slot, position, service)
    return slot


async def _station(slot: int, position: int, service: Service) -> None:
    await slots.add_station(
        slot,
        position,
        provides=service,
        name=service.value.capitalize(),
        minutes=25,
        max_pupils=60,
        staff_needed=1,
        on_call_allowed=True,
    )


@transactional
async def hire(town: Town, service: Service, days: int, *, number: int = 1) -> int:
    """Store an agency with one person who is free on the first days, and return the person."""
    name = f"{service.value}-{number}"
    agency = t.Agency(name=name, provides=service.value, address="e@a.example", version=1)
    agency_id = (await t.Agency.insert(agency).returning(t.Agency.id))[0]["id"]
    await _cover(agency_id, town)
    account = await accounts.add_account(f"{name}@blaljus.example")
    member = t.StaffMember(
        agency=agency_id,
        account=account,
        reference=name,
        display_name=name.capitalize(),
        function="områdespolis",
        protected=False,
        active=True,
        version=1,
    )
    staff = (await t.StaffMember.insert(member).returning(t.StaffMember.id))[0]["id"]
    free = [FIRST_DAY + timedelta(days=day) for day in range(days)]
    await bulk.add_rows(
        [
            t.Availability(staff=staff, day=day, half=half.value, state="free")
            for day in free
            for half in Half
        ]
    )
    return int(staff)


async def _cover(agency: int, town: Town) -> None:
    row = t.AgencyCoverage(
        agency=agency, municipality=town.municipality.id, first_on=date(2024, 7, 1), last_on=None
    )
    await bulk.add_rows([row])


@transactional
async def lend(staff: int, town: Town) -> None:
    """Let a person's agency serve another town too."""
    await _cover((await agencies.get_staff(staff)).agency, town)


@transactional
async def appoint(town: Town, name: str) -> str:
    """Store a coordinator and return the secret of their session."""
    account = await accounts.add_account(f"{name}@{town.municipality.code}.example")
    await accounts.add_coordinator(account, town.municipality.id)
    return await signed_in(account)
