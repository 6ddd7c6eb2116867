"""Agencies and shared places as a coordinator reads and changes them."""

from datetime import date

import pytest
from factories import YEAR, a_key, stored_availability

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.words import AvailabilityState, Half, Service
from blaljus.store import schools
from blaljus.usecases.agencies import get_agencies
from blaljus.usecases.planning import approve_run, start_run
from blaljus.usecases.venues import (
    VenueInUseError,
    list_shared_venues,
    rename_shared_venue,
)


@pytest.fixture
async def approved(cast, context):
    """A season with one slot, two classes, three people and five messages."""
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)
    await approve_run(context, cast.coordinator, a_key(), number=number, **place)


async def test_agencies_show_half_days_and_duties_of_each_person(cast, context, approved):
    police = cast.staff[Service.POLICE]
    on_call = AvailabilityState.ON_CALL
    await stored_availability(police, (date(2027, 4, 6), Half.FM), state=on_call)
    await stored_availability(police, (date(2026, 12, 1), Half.FM))

    page = await get_agencies(cast.coordinator, cast.municipality.id, clock=context.clock)

    assert [row.agency.provides for row in page.agencies] == [
        Service.POLICE,
        Service.RESCUE,
        Service.AMBULANCE,
    ]
    (officer,) = page.agencies[0].staff
    assert (officer.free, officer.on_call, officer.duties, officer.accepted) == (6, 1, 1, 0)
    assert page.agencies[0].silent == 0
    with pytest.raises(NotFoundError):
        await get_agencies(cast.foreign_coordinator, cast.municipality.id, clock=context.clock)


async def renamed(context, person, venue, name, version=1):
    return await rename_shared_venue(
        context, person, a_key(), venue_id=venue.id, name=name, version=version
    )


async def test_a_place_nobody_is_called_to_may_be_renamed(cast, context):
    assert await renamed(context, cast.coordinator, cast.venue, "Brandstationen")

    (row,) = await list_shared_venues(cast.coordinator, cast.municipality.id, clock=context.clock)
    assert (row.venue.name, row.venue.version, row.coming) == ("Brandstationen", 2, 0)
    with pytest.raises(StaleError):
        await renamed(context, cast.coordinator, cast.venue, "Stationen")


async def test_a_place_that_invitations_name_keeps_its_name_until_the_slot_has_been(
    cast, context, approved, clock
):
    with pytest.raises(VenueInUseError):
        await renamed(context, cast.coordinator, cast.venue, "Brandstationen")
    clock.set(clock().replace(month=5))

    assert await renamed(context, cast.coordinator, cast.venue, "Brandstationen")


async def test_a_school_a_taken_name_and_a_foreign_place_are_not_renamed(cast, context):
    scope = (cast.municipality.id,)
    school = next(v for v in await schools.list_venues(scope) if v.school_unit)
    await schools.add_venue(cast.municipality.id, name="Torget")

    assert not await renamed(context, cast.coordinator, cast.venue, "Torget")
    for person, venue in ((cast.coordinator, school), (cast.foreign_coordinator, cast.venue)):
        with pytest.raises(NotFoundError):
            await renamed(context, person, venue, "Nytt")
