"""What a coordinator begins with: figures, years, and what is in the way."""

from datetime import date, timedelta

import pytest
from factories import (
    YEAR,
    a_key,
    coordinator_of,
    person_of,
    some_details,
    stored_class,
    stored_municipality,
    stored_school,
    stored_slot,
)
from own_calendars import a_busy_time, stored_own_calendar

from blaljus.domain.attendance import AttendanceReport, StationReport
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import SchoolYear
from blaljus.domain.words import Service, VisitState
from blaljus.store import accounts, audit, plans, slots
from blaljus.store.engine import count_statements
from blaljus.usecases.bookings.attendance import report_attendance
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.followup.overview import SchoolCoverage, get_overview, get_tenant
from blaljus.usecases.followup.promises import begin_season
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.runs.deciding import discard_run
from blaljus.usecases.runs.planning import start_run


async def booked(context, cast, slot=None):
    slot = slot or await stored_slot(cast.plan, cast.venue)
    return slot, await book_slot(
        context,
        cast.teacher,
        a_key(),
        class_id=cast.school_class.id,
        slot_id=slot.id,
        details=some_details(),
    )


async def test_figures_count_classes_by_school_and_in_total(cast, context, clock):
    slot, number = await booked(context, cast)
    clock.set(slot.ends_at)
    report = AttendanceReport(
        pupils=20,
        adults=2,
        stations={
            station.id: StationReport(state=VisitState.HELD, cause=None)
            for station in await slots.list_stations([slot.id])
        },
    )
    await report_attendance(context, cast.teacher, a_key(), number=number, report=report)

    overview = await get_overview(cast.municipality.id, None, clock=clock)

    assert (overview.met, overview.without_time, len(overview.matrix.rows)) == (1, 1, 2)
    assert [(s.name, s.classes, s.met, s.without_time) for s in overview.schools] == [
        ("Alskolan", 1, 0, 1),
        ("Ekskolan", 1, 1, 0),
    ]
    assert isinstance(overview.schools[0], SchoolCoverage)


async def test_a_school_that_has_not_answered_is_seen_beside_the_figures(cast, clock):
    await stored_school(cast.municipality, "Tystskolan")

    overview = await get_overview(cast.municipality.id, None, clock=clock)

    assert [unit.name for unit in overview.matrix.unanswered] == ["Tystskolan"]


async def test_a_proposal_waits_until_it_is_decided(cast, context, clock):
    place = {"municipality": cast.municipality.id}
    numbers = [
        await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
        for _ in range(2)
    ]
    waiting = (await get_overview(cast.municipality.id, None, clock=clock)).waiting_run
    for number in numbers:
        await discard_run(context, cast.coordinator, a_key(), number=number, **place)

    assert waiting == numbers[1]
    assert (await get_overview(cast.municipality.id, None, clock=clock)).waiting_run is None


async def test_one_may_look_at_todays_year_and_those_with_classes_or_a_plan(cast, clock):
    await plans.add_plan(cast.municipality.id, cast.plan.id, SchoolYear(2027))

    overview = await get_overview(cast.municipality.id, None, clock=clock)

    assert (overview.year, list(overview.years)) == (YEAR, [SchoolYear(2027), YEAR])
    with pytest.raises(NotFoundError):
        await get_overview(cast.municipality.id, SchoolYear(2019), clock=clock)


async def test_an_empty_municipality_says_what_is_missing(cast, clock):
    overview = await get_overview(cast.other.id, None, clock=clock)

    assert (overview.plan, overview.has_schools, overview.has_shared_venue) == (None, False, False)
    assert (overview.matrix.rows, overview.schools) == ((), [])


async def test_a_coordinator_of_two_begins_with_the_first_and_sees_no_third(cast):
    await stored_municipality("1266", "Hörby")
    await accounts.add_coordinator(cast.coordinator.account, cast.other.id)
    both = await person_of("samordnare.1267@blaljus.example")

    first = await get_tenant(both, None)

    assert (first.municipality, list(first.every)) == (
        cast.municipality,
        [cast.municipality, cast.other],
    )
    assert (await get_tenant(both, "1285")).municipality == cast.other
    for code in ("1266", "", "0000", "x"):
        with pytest.raises(NotFoundError):
            await get_tenant(both, code)


async def test_a_season_is_begun_once_by_its_own_coordinator(cast, context):
    eslov = {"municipality": cast.other.id, "school_year": YEAR}
    for _ in range(2):
        await begin_season(context, cast.foreign_coordinator, a_key(), **eslov)

    assert await plans.find_plan(cast.other.id, YEAR) is not None
    assert [e.action for e in await audit.list_entries(cast.other.id)] == ["plan-made"]
    with pytest.raises(NotFoundError):
        await begin_season(context, cast.coordinator, a_key(), **eslov)
    with pytest.raises(NotFoundError):
        await begin_season(
            context,
            cast.coordinator,
            a_key(),
            municipality=cast.municipality.id,
            school_year=SchoolYear(2050),
        )


async def test_three_hundred_classes_cost_no_more_statements_than_one(context, clock, sqlite_store):
    municipality = await stored_municipality()
    school = await stored_school(municipality)
    await coordinator_of(municipality)
    await stored_class(municipality, school, "4A")

    async def cost():
        with count_statements() as heard:
            overview = await get_overview(municipality.id, None, clock=clock)
        return len(overview.matrix.rows), len(heard)

    _, one = await cost()
    for number in range(299):
        await stored_class(municipality, school, f"4-{number}")

    assert await cost() == (300, one)


async def test_duties_that_clash_with_own_calendars_are_counted_by_slot(cast, context, clock):
    days = [date(2027, 3, 16) + timedelta(days=n) for n in range(3)]
    found = [await stored_slot(cast.plan, cast.venue, day=day) for day in days]
    for slot in found:
        for station in (await slots.list_stations([slot.id]))[:2]:
            wanted = {"station_id": station.id, "slot_id": slot.id}
            staff = cast.staff[station.provides]
            await assign_person(context, cast.coordinator, a_key(), staff_id=staff, **wanted)
    police, rescue = cast.staff[Service.POLICE], cast.staff[Service.RESCUE]

    async def clashing():
        with count_statements() as heard:
            overview = await get_overview(cast.municipality.id, None, clock=clock)
        return [(row.slot.id, row.duties) for row in overview.clashing], len(heard)

    assert (await clashing())[0] == []
    await stored_own_calendar(police, a_busy_time(days[0]))
    one, cost = await clashing()
    await stored_own_calendar(police, a_busy_time(days[0]), a_busy_time(days[1], (6, 18)))
    after = a_busy_time(days[1], (15, 16))
    await stored_own_calendar(police, after, address="https://kalender.example/")
    await stored_own_calendar(rescue, a_busy_time(days[1]), a_busy_time(days[2], soft=True))

    assert one == [(found[0].id, 1)]
    assert await clashing() == ([(found[0].id, 1), (found[1].id, 2)], cost)
    clock.set(found[0].starts_at)
    assert (await clashing())[0] == [(found[1].id, 2)]
