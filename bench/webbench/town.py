"""Rows of a municipality: schools, classes, places, and slots at every half-day of some weeks."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from piccolo.table import Table

from blaljus.domain.localtime import SchoolYear
from blaljus.domain.schools import Municipality
from blaljus.domain.slots import SeasonPlan
from blaljus.domain.words import REQUIRED_SERVICES, Half
from blaljus.store import bulk, plans
from blaljus.store import tables as t

NOW = datetime(2027, 2, 13, 9, tzinfo=UTC)
"""The moment at which the served clock stands still."""
YEAR = SchoolYear(2026)
PLACES = 3

Make = Callable[[int], Table]


def new_uid() -> str:
    """Return a UID that nothing else has."""
    return f"{uuid4()}@blaljus.example"


async def add_all(table: type[Any], number: int, make: Make) -> list[int]:
    """Store `number` rows and return their ids in order."""
    known = await table.select(table.id).order_by(table.id, ascending=False).first()
    await bulk.add_rows([make(row) for row in range(number)])
    newer = table.id > (known["id"] if known else 0)
    return [row["id"] for row in await table.select(table.id).where(newer).order_by(table.id)]


async def add_plan(place: Municipality) -> SeasonPlan:
    """Store a promise, its plan and a spring term."""
    promise = await plans.add_promise(
        place.id,
        title="Blåljusdagar",
        wording="Varje klass i årskurs 4 möter polis, räddningstjänst och ambulans.",
        parties="Kommunen och polisen",
        required=REQUIRED_SERVICES,
        first_on=date(2026, 7, 1),
    )
    await plans.add_plan(place.id, promise, YEAR)
    term = t.CalendarBlock(
        municipality=place.id,
        school_unit=None,
        kind="termin",
        name="VT 2027",
        first_on=date(2027, 1, 8),
        last_on=date(2027, 6, 11),
    )
    await bulk.add_rows([term])
    plan = await plans.find_plan(place.id, YEAR)
    assert plan is not None  # noqa: S101 -- it was just stored
    return plan


async def add_classes(place: Municipality, number: int, units: int) -> list[int]:
    """Store classes over some schools and return their ids."""

    def unit(row: int) -> t.SchoolUnit:
        return t.SchoolUnit(
            municipality=place.id,
            code=f"{place.code}{row:04}",
            name=f"{place.name}s skola {row:02}",
            status="AKTIV",
            organiser="KOMMUN",
            grades="4,5,6",
            locality=place.name,
            latitude=55.936,
            longitude=13.541,
            version=1,
        )

    ids = await add_all(t.SchoolUnit, units, unit)

    def school_class(row: int) -> t.SchoolClass:
        return t.SchoolClass(
            municipality=place.id,
            school_unit=ids[row % units],
            school_year=YEAR.start,
            label=f"4:{row // units}",
            year4_pupils=20 + row % 7,
            other_pupils=0,
            kind="ordinarie",
            active=True,
            version=1,
        )

    return await add_all(t.SchoolClass, number, school_class)


async def add_slots(
    place: Municipality, plan: SeasonPlan, number: int, venues: int, *, first: date
) -> list[int]:
    """Store slots at every half-day and venue from a Monday on; return their ids in that order."""

    def venue(row: int) -> t.Venue:
        return t.Venue(
            municipality=place.id,
            kind="shared",
            school_unit=None,
            name=f"Räddningsstation {row}",
            latitude=55.937,
            longitude=13.54,
            near_rescue_station=True,
            partner_station="",
            version=1,
        )

    ids = await add_all(t.Venue, venues, venue)

    def slot(row: int) -> t.Slot:
        half_day, where = divmod(row, venues)
        starts_at, ends_at = plan.span(
            _school_day(first, half_day // 2), list(Half)[half_day % 2], len(REQUIRED_SERVICES)
        )
        return t.Slot(
            municipality=place.id,
            plan=plan.id,
            venue=ids[where],
            starts_at=starts_at,
            ends_at=ends_at,
            places=PLACES,
            taken=0,
            state="published",
            uid=new_uid(),
            sequence=0,
            revised_at=NOW,
            version=1,
        )

    return await add_all(t.Slot, number, slot)


def _school_day(first: date, number: int) -> date:
    weeks, weekday = divmod(number, 5)
    return first + timedelta(weeks=weeks, days=weekday)


async def add_stations(slots: Sequence[int]) -> list[int]:
    """Store a station per service in each slot; return their ids, slot by slot."""

    def station(row: int) -> t.Station:
        slot, position = divmod(row, len(REQUIRED_SERVICES))
        service = REQUIRED_SERVICES[position]
        return t.Station(
            slot=slots[slot],
            position=position + 1,
            provides=service.value,
            name=service.value.capitalize(),
            minutes=25,
            max_pupils=60,
            staff_needed=1,
            on_call_allowed=True,
        )

    return await add_all(t.Station, len(slots) * len(REQUIRED_SERVICES), station)
