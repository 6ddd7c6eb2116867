"""Höör's files, ways to import them, and a term that an import meets."""

from dataclasses import dataclass
from datetime import date

import pytest
from factories import (
    a_key,
    coordinator_of,
    shared_venue,
    some_details,
    stored_municipality,
    stored_plan,
    stored_slot,
)
from importing_hoor import HOOR

from blaljus.domain.people import OPERATOR, Person
from blaljus.domain.schools import Municipality, Venue
from blaljus.domain.slots import SeasonPlan, Slot
from blaljus.domain.words import Half, Service
from blaljus.store import agencies, schools, slots
from blaljus.store import tables as t
from blaljus.usecases.bookings.booking import book_slot
from blaljus.usecases.imports.importing import (
    apply_import,
    preview,
)
from blaljus.usecases.people.staffing import assign_person

TUESDAY = date(2027, 3, 16)
"""Polis 4 is free all day, as on the Monday before."""


@pytest.fixture(scope="session")
def hoor():
    """The files of Höör by name; tests copy before they change."""
    return {path.name: path.read_bytes() for path in HOOR.iterdir()}


@pytest.fixture
def take(context):
    """Import files as the operator and return what was seen before."""

    async def taken(files, **wish):
        seen = await preview(context, files, **wish)
        assert seen.problems == ()
        wish = {**wish, "school_year": seen.school_year}
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint, **wish)
        return seen

    return taken


@pytest.fixture
async def imported(store, take, hoor):
    """Höör as its files say; returns the municipality."""
    await take(hoor)
    return await stored_municipality()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Three slots that Polis 4 has a duty in.

    On Tuesday: in the morning 4B of Enebackeskolan and 4A of Maglehill at the fire station, in the
    afternoon 4A of Enebackeskolan at its school. On Monday morning in another municipality.
    """

    municipality: Municipality
    other: Municipality
    plan: SeasonPlan
    venue: Venue
    coordinator: Person
    other_coordinator: Person
    shared: Slot
    school: Slot
    foreign: Slot
    duties: dict[str, int]
    """By the name of the slot."""


@pytest.fixture
async def term(imported, context) -> Term:
    other = await stored_municipality("1285", "Eslöv")
    plan, other_plan = await stored_plan(imported), await stored_plan(other)
    venue, elsewhere = await shared_venue(imported), await shared_venue(other)
    found = await schools.list_venues((imported.id,))
    at_school = next(v for v in found if v.name == "Enebackeskolan")
    coordinator, other_coordinator = await coordinator_of(imported), await coordinator_of(other)
    there = {
        "shared": await stored_slot(plan, venue, day=TUESDAY),
        "school": await stored_slot(plan, at_school, day=TUESDAY, half=Half.EM),
        "foreign": await stored_slot(other_plan, elsewhere, day=date(2027, 3, 15)),
    }
    for code, label, name in (
        ("90012671", "4B", "shared"),
        ("90012672", "4A", "shared"),
        ("90012671", "4A", "school"),
    ):
        await book(context, coordinator, code, label, there[name])
    return Term(
        municipality=imported,
        other=other,
        plan=plan,
        venue=venue,
        coordinator=coordinator,
        other_coordinator=other_coordinator,
        **there,
        duties={
            name: await assign(
                context, other_coordinator if name == "foreign" else coordinator, "polis-4", slot
            )
            for name, slot in there.items()
        },
    )


async def book(context, coordinator, code, label, slot):
    """Give a class a slot, as its coordinator."""
    c = t.SchoolClass
    rows = await c.select(c.id).where(c.label == label).where(c.school_unit.code == code)
    return await book_slot(
        context,
        coordinator,
        a_key(),
        class_id=rows[0]["id"],
        slot_id=slot.id,
        details=some_details(),
    )


async def assign(context, coordinator, reference, slot):
    """Give an officer the police's station of a slot, and return the duty's id."""
    officer = await agencies.find_staff_by_reference(reference)
    stations = await slots.list_stations([slot.id])
    return await assign_person(
        context,
        coordinator,
        a_key(),
        station_id=next(s.id for s in stations if s.provides is Service.POLICE),
        slot_id=slot.id,
        staff_id=officer.id,
    )


@pytest.fixture(name="book")
def booking():
    """Give a class a slot, as its coordinator."""
    return book


@pytest.fixture(name="assign")
def assigning():
    """Give an officer the police's station of a slot."""
    return assign
