"""Agencies and shared places as a coordinator reads and changes them."""

import asyncio
import email
from datetime import date, timedelta
from email import policy
from functools import partial

import pytest
from factories import NOW, YEAR, a_key, stored_availability, stored_slot
from icalendar import Event

from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.schools import VenueNameTakenError
from blaljus.domain.words import AvailabilityState, FeedKind, Half, Service
from blaljus.store import audit, entries, failpoints, outbox, schools, slots
from blaljus.store.engine import count_statements
from blaljus.usecases.days.venues import (
    get_shared_venue,
    list_shared_venues,
    rename_shared_venue,
)
from blaljus.usecases.operation.verifying import verify_store
from blaljus.usecases.people.agencies import get_agencies
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.runs.deciding import approve_run
from blaljus.usecases.runs.planning import start_run


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
    await rename_shared_venue(
        context, person, a_key(), venue_id=venue.id, name=name, version=version
    )


async def names(cast):
    return {v.name for v in await schools.list_venues((cast.municipality.id,)) if not v.school_unit}


async def test_a_place_gets_another_name_and_an_old_page_changes_nothing(cast, context):
    await renamed(context, cast.coordinator, cast.venue, "Brandstationen")

    (row,) = await list_shared_venues(cast.coordinator, cast.municipality.id, clock=context.clock)
    assert (row.venue.name, row.venue.version, row.coming) == ("Brandstationen", 2, 0)
    with pytest.raises(StaleError):
        await renamed(context, cast.coordinator, cast.venue, "Stationen")


async def test_who_is_to_come_gets_the_new_name_in_calendar_and_letter(
    cast, context, approved, clock
):
    before = await stored_events(cast)
    owed = await outbox.list_messages((cast.municipality.id,), limit=50)
    clock.advance(timedelta(minutes=1))
    foretold = await shown(cast, context)

    await renamed(context, cast.coordinator, cast.venue, "Stora torget")

    events = await stored_events(cast)
    assert {str(event["LOCATION"]) for event in events.values()} == {"Stora torget"}
    assert events.keys() == before.keys()
    for uid, event in events.items():
        assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert event["DTSTAMP"].dt > before[uid]["DTSTAMP"].dt
    told = await outbox.list_messages((cast.municipality.id,), limit=50)
    new = [m for m in told if m.id not in {m.id for m in owed}]
    assert sorted(m.address for m in new) == sorted(m.address for m in owed)
    assert (foretold.coming, foretold.teachers, foretold.staff) == (1, 2, 3)
    assert (foretold.letters, foretold.people) == (len(new), len({m.address for m in new}))
    letter = email.message_from_string(new[0].mime, policy=policy.default)
    text = letter.get_body(("plain",)).get_content()
    assert "Förut: Brandstationen i Höör" in text
    assert "Nu: Stora torget" in text
    assert [finding for _, found in await verify_store() for finding in found] == []


async def shown(cast, context):
    place = {"municipality": cast.municipality.id, "venue_id": cast.venue.id}
    return await get_shared_venue(cast.coordinator, **place, clock=context.clock)


async def test_who_gets_several_letters_counts_once_and_many_slots_cost_no_more(
    cast, context, approved
):
    with count_statements() as few:
        await shown(cast, context)
    station = {}
    for day in (17, 18):
        slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, day))
        station[slot.id] = (await slots.list_stations([slot.id]))[0].id
    for slot_id, station_id in station.items():
        wanted = {"slot_id": slot_id, "station_id": station_id}
        staff = cast.staff[Service.POLICE]
        await assign_person(context, cast.coordinator, a_key(), staff_id=staff, **wanted)

    with count_statements() as many:
        page = await shown(cast, context)

    assert (page.coming, page.teachers, page.staff, page.people) == (3, 2, 5, 5)
    assert len(many) == len(few)


async def stored_events(cast):
    """The events of both classes, of the police and of the overview, by UID."""
    owners = [
        (FeedKind.SCHOOL_CLASS, cast.school_class.id),
        (FeedKind.SCHOOL_CLASS, cast.second_class.id),
        (FeedKind.STAFF, cast.staff[Service.POLICE]),
        (FeedKind.MUNICIPALITY, cast.municipality.id),
    ]
    found = [f for owner in owners for f in await entries.list_fragments(*owner, NOW)]
    events = [Event.from_ical(fragment) for fragment in found]
    assert len(events) == len(owners)
    return {str(event["UID"]): event for event in events}


async def test_what_has_been_or_was_called_off_is_told_to_nobody(cast, context, approved, clock):
    before = await stored_events(cast)
    owed = len(await outbox.list_messages((cast.municipality.id,), limit=50))
    clock.set(clock().replace(month=5))

    await renamed(context, cast.coordinator, cast.venue, "Stora torget")

    assert await stored_events(cast) == before
    assert len(await outbox.list_messages((cast.municipality.id,), limit=50)) == owed


async def at_once(*changes):
    """What came of changes that all looked before any of them wrote; None where one was made."""
    with failpoints.enabled("before_renaming", partial(asyncio.sleep, 0.2)):
        answers = await asyncio.gather(*changes, return_exceptions=True)
    return sorted(type(a).__name__ if a else "" for a in answers)


async def test_of_two_who_rename_a_place_at_once_one_reads_that_it_has_changed(cast, context):
    answers = await at_once(
        *(renamed(context, cast.coordinator, cast.venue, name) for name in ("Torget", "Parken"))
    )

    assert answers == ["", "StaleError"]
    log = await audit.list_entries(cast.municipality.id)
    assert [entry.action for entry in log] == ["venue-renamed"]


async def test_of_two_places_that_want_one_name_at_once_one_gets_it(cast, context):
    await schools.add_venue(cast.municipality.id, name="Parken")
    other = next(
        v for v in await schools.list_venues((cast.municipality.id,)) if v.name == "Parken"
    )

    answers = await at_once(
        *(renamed(context, cast.coordinator, venue, "Torget") for venue in (cast.venue, other))
    )

    assert answers == ["", "VenueNameTakenError"]
    assert len(await names(cast)) == 2
    assert "Torget" in await names(cast)


async def test_slots_that_are_published_meanwhile_get_the_new_name(cast, context):
    place = {"municipality": cast.municipality.id}
    number = await start_run(context, cast.coordinator, a_key(), school_year=YEAR, **place)

    await at_once(
        renamed(context, cast.coordinator, cast.venue, "Stora torget"),
        approve_run(context, cast.coordinator, a_key(), number=number, **place),
    )

    events = await stored_events(cast)
    assert {str(event["LOCATION"]) for event in events.values()} == {"Stora torget"}


async def test_a_school_a_taken_name_and_a_foreign_place_are_not_renamed(cast, context):
    scope = (cast.municipality.id,)
    school = next(v for v in await schools.list_venues(scope) if v.school_unit)
    await schools.add_venue(cast.municipality.id, name="Torget")

    with pytest.raises(VenueNameTakenError):
        await renamed(context, cast.coordinator, cast.venue, "Torget")
    for person, venue in ((cast.coordinator, school), (cast.foreign_coordinator, cast.venue)):
        with pytest.raises(NotFoundError):
            await renamed(context, person, venue, "Nytt")
