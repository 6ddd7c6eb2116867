"""How subscriptions are doing, for the coordinator."""

from datetime import timedelta

import pytest
from factories import stored_municipality, stored_staff
from feed_steps import given_duty, opened, own_feed

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import FeedHealth, FeedKind, Program, Service
from blaljus.store import agencies
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, transactional
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.calendars.subscriptions import list_watched


async def watched(context, cast):
    rows = await list_watched(context, cast.coordinator, cast.municipality.id)
    return [(row.feed.kind, row.name, row.health, row.feed.fetched_by) for row in rows]


async def test_an_address_is_followed_from_its_first_fetch_to_the_change_it_misses(
    cast, context, clock
):
    token = await own_feed(context, cast)
    never = await watched(context, cast)
    await read_feed(context, token, program=Program.OUTLOOK)
    fresh = await watched(context, cast)
    clock.advance(timedelta(minutes=1))
    await given_duty(context, cast)
    waiting = await watched(context, cast)
    clock.advance(timedelta(days=2))
    behind = await watched(context, cast)
    await read_feed(context, token, program=Program.GOOGLE)
    again = await watched(context, cast)

    officer = (FeedKind.STAFF, "Police 1")
    assert never == [(*officer, FeedHealth.NEVER, None)]
    assert fresh == [(*officer, FeedHealth.FRESH, Program.OUTLOOK)]
    assert waiting == [(*officer, FeedHealth.WAITING, Program.OUTLOOK)]
    assert behind == [(*officer, FeedHealth.BEHIND, Program.OUTLOOK)]
    assert again == [(*officer, FeedHealth.FRESH, Program.GOOGLE)]


async def test_to_look_for_something_new_is_not_to_fetch_it(cast, context):
    token = await own_feed(context, cast)

    await read_feed(context, token, program=None)

    assert [row[2] for row in await watched(context, cast)] == [FeedHealth.NEVER]


async def test_addresses_are_listed_by_kind_then_name(cast, context):
    await own_feed(context, cast)
    await opened(context, cast.teacher, FeedKind.SCHOOL_CLASS, cast.school_class.id)
    await opened(context, cast.coordinator, FeedKind.SCHOOL, cast.school_class.school_unit)
    await opened(context, cast.coordinator, FeedKind.MUNICIPALITY, cast.municipality.id)

    assert [row[:2] for row in await watched(context, cast)] == [
        (FeedKind.MUNICIPALITY, "Höör"),
        (FeedKind.SCHOOL, "Ekskolan"),
        (FeedKind.SCHOOL_CLASS, "4A, Ekskolan"),
        (FeedKind.STAFF, "Police 1"),
    ]


@transactional
async def protect(staff):
    await t.StaffMember.update({t.StaffMember.protected: True}).where(t.StaffMember.id == staff)


async def test_protected_people_are_called_by_their_function(cast, context):
    officer = cast.staff[Service.POLICE]
    await own_feed(context, cast)
    await protect(officer)

    assert [row[1] for row in await watched(context, cast)] == [f"områdespolis nr {officer}"]


async def test_addresses_of_others_are_not_seen(cast, context):
    await opened(context, cast.foreign_coordinator, FeedKind.MUNICIPALITY, cast.other.id)
    away = await stored_municipality("1266", "Hörby")
    foreign = await t.Agency.insert(
        t.Agency(name="Fjärran", provides="police", address="a@b.example")
    ).returning(t.Agency.id)
    stranger = await stored_staff(foreign[0]["id"], "fjarran-1")
    await open_feed_for_operator(
        context, FeedKind.STAFF, stranger, municipality=None, actor="operator"
    )

    assert await watched(context, cast) == []
    with pytest.raises(NotFoundError):
        await list_watched(context, cast.coordinator, cast.other.id)
    with pytest.raises(NotFoundError):
        await list_watched(context, cast.coordinator, away.id)


async def test_a_change_elsewhere_does_not_make_a_subscription_look_behind(cast, context, clock):
    token = await own_feed(context, cast)
    await read_feed(context, token)
    clock.advance(timedelta(minutes=1))
    await given_duty(context, cast)

    rows = await list_watched(context, cast.foreign_coordinator, cast.other.id)

    assert [row.health for row in rows] == [FeedHealth.FRESH]


async def test_the_list_costs_one_statement_for_one_address_and_for_thirty(cast, context):
    agency = (await agencies.get_staff(cast.staff[Service.POLICE])).agency
    counts = []
    for number in range(30):
        staff = await stored_staff(agency, f"polis-{number + 10}")
        await open_feed_for_operator(
            context, FeedKind.STAFF, staff, municipality=None, actor="operator"
        )
        with count_statements() as heard:
            rows = await list_watched(context, cast.coordinator, cast.municipality.id)
        counts.append((len(rows), len(heard)))

    assert counts[0] == (1, 1)
    assert counts[-1] == (30, 1)
