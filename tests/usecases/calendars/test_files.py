"""Calendars as files: what the coordinator may take along, and nothing of others."""

from datetime import date

import icalendar
import pytest
from booking_steps import booked_by
from factories import stored_class, stored_school, stored_slot
from feed_steps import given_duty, opened, own_feed

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import FeedKind, Service
from blaljus.store import agencies, assignments, slots
from blaljus.store import tables as t
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.files import get_calendar_file
from blaljus.usecases.people.duties import get_duty_file


@pytest.fixture
async def subjects(cast):
    """Every calendar of the municipality: (kind, subject) -> the municipality to name."""
    officer = await agencies.get_staff(cast.staff[Service.POLICE])
    return {
        (FeedKind.STAFF, officer.id): cast.municipality.id,
        (FeedKind.AGENCY, officer.agency): cast.municipality.id,
        (FeedKind.SCHOOL_CLASS, cast.school_class.id): None,
        (FeedKind.SCHOOL, cast.school_class.school_unit): None,
        (FeedKind.MUNICIPALITY, cast.municipality.id): None,
    }


async def test_every_calendar_comes_as_a_file_with_its_event_and_without_an_address(
    cast, context, subjects
):
    await given_duty(context, cast)
    slot = await stored_slot(cast.plan, cast.venue, day=date(2027, 3, 17))
    await booked_by(context, cast.coordinator, cast.school_class, slot)

    for (kind, subject), municipality in subjects.items():
        _, body = await get_calendar_file(context, cast.coordinator, kind, subject, municipality)
        calendar = icalendar.Calendar.from_ical(body)
        assert len(calendar.events) >= 1, kind
        assert calendar["METHOD"] == "PUBLISH"
        assert not {"SOURCE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"} & calendar.keys()
    assert await t.Feed.count() == 0


async def test_a_file_holds_the_events_of_the_feed(cast, context):
    await given_duty(context, cast)
    token = await opened(context, cast.coordinator, FeedKind.MUNICIPALITY, cast.municipality.id)
    whole = (await read_feed(context, token)).body

    _, body = await get_calendar_file(
        context, cast.coordinator, FeedKind.MUNICIPALITY, cast.municipality.id
    )

    start = b"BEGIN:VTIMEZONE"
    assert body.partition(start)[2] == whole.partition(start)[2]


async def test_a_dutys_own_file_names_its_classes_in_the_order_of_the_feed(cast, context):
    """By school and label; the label alone would put the last first."""
    duty = await given_duty(context, cast)
    scope = (cast.municipality.id,)
    slot = await slots.get_slot((await assignments.get_assignment(duty, scope)).slot, scope)
    for school, label in (("Asken", "4B"), ("Boken", "4A")):
        added = await stored_class(
            cast.municipality, await stored_school(cast.municipality, school), label
        )
        await booked_by(context, cast.coordinator, added, slot)

    file = await get_duty_file(context, cast.officer, duty)
    whole = (await read_feed(context, await own_feed(context, cast))).body

    named = [
        next(iter(icalendar.Calendar.from_ical(b).events))["DESCRIPTION"] for b in (file, whole)
    ]
    assert "Klasser: 4B, Asken; 4A, Boken" in named[0]
    assert named[0] == named[1]


async def test_others_and_other_municipalities_get_none_of_them(cast, context, subjects):
    for (kind, subject), municipality in subjects.items():
        named = {municipality, None, cast.municipality.id, cast.other.id}
        for person in (cast.teacher, cast.officer):
            for place in named:
                with pytest.raises(NotFoundError):
                    await get_calendar_file(context, person, kind, subject, place)
        with pytest.raises(NotFoundError):
            await get_calendar_file(
                context, cast.foreign_coordinator, kind, subject, cast.municipality.id
            )


async def test_of_shared_staff_the_file_holds_what_they_do_here_alone(cast, context):
    await given_duty(context, cast)
    staff = cast.staff[Service.POLICE]

    _, here = await get_calendar_file(
        context, cast.coordinator, FeedKind.STAFF, staff, cast.municipality.id
    )
    _, there = await get_calendar_file(
        context, cast.foreign_coordinator, FeedKind.STAFF, staff, cast.other.id
    )

    counted = [body.count(b"BEGIN:VEVENT") for body in (here, there)]
    assert counted == [1, 0]
