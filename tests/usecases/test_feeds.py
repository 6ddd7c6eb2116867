from datetime import date, timedelta

import pytest
from factories import a_key, stored_slot

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import FeedKind, Half, Service
from blaljus.store import audit, feeds, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, transactional
from blaljus.usecases import feed_reading
from blaljus.usecases.feed_reading import read_feed
from blaljus.usecases.feeds import (
    close_feeds,
    list_coordinated_calendars,
    list_own_calendar,
    open_feed,
)
from blaljus.usecases.sign_in import TooManyError
from blaljus.usecases.staffing import answer_duty, assign_person

SECRET = "the browser's own"


async def opened(context, person, kind, subject, key=None):
    url = await open_feed(context, person, key or a_key(), kind, subject, secret=SECRET)
    return url.rpartition("/")[2].removesuffix(".ics")


async def own_feed(context, cast):
    return await opened(context, cast.officer, FeedKind.STAFF, cast.staff[Service.POLICE])


async def given_duty(context, cast, *, day=date(2027, 3, 16), half=Half.FM):
    service = Service.POLICE
    slot = await stored_slot(cast.plan, cast.venue, day=day, half=half)
    station = next(s for s in await slots.list_stations([slot.id]) if s.provides is service)
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=slot.id,
        staff_id=cast.staff[service],
    )


async def test_a_second_click_gives_the_same_address_and_opens_no_other(cast, context):
    officer, key = cast.staff[Service.POLICE], a_key()

    first = await opened(context, cast.officer, FeedKind.STAFF, officer, key)
    second = await opened(context, cast.officer, FeedKind.STAFF, officer, key)

    assert first == second
    assert len(await feeds.list_feeds(FeedKind.STAFF, [officer], context.clock())) == 1


async def test_two_browsers_with_one_form_get_different_addresses(cast, context):
    officer, key = cast.staff[Service.POLICE], a_key()

    mine = await open_feed(context, cast.officer, key, FeedKind.STAFF, officer, secret="a")
    theirs = await open_feed(context, cast.officer, key, FeedKind.STAFF, officer, secret="b")

    assert mine != theirs


async def test_a_replaced_address_answers_for_another_week(cast, context, clock):
    old = await own_feed(context, cast)
    new = await own_feed(context, cast)

    clock.advance(timedelta(days=6, hours=23))
    assert (await read_feed(context, old)).body
    clock.advance(timedelta(hours=1))
    with pytest.raises(NotFoundError):
        await read_feed(context, old)
    assert (await read_feed(context, new)).body


async def test_closing_ends_every_address_at_once(cast, context):
    tokens = [await own_feed(context, cast) for _ in range(2)]

    await close_feeds(context, cast.officer, a_key(), FeedKind.STAFF, cast.staff[Service.POLICE])

    for token in tokens:
        with pytest.raises(NotFoundError):
            await read_feed(context, token)


async def test_an_address_ends_400_days_after_its_last_fetch(cast, context, clock):
    token = await own_feed(context, cast)
    clock.advance(timedelta(days=399))
    await read_feed(context, token)
    clock.advance(timedelta(days=399))
    await read_feed(context, token)

    clock.advance(timedelta(days=401))
    with pytest.raises(NotFoundError):
        await read_feed(context, token)


@transactional
async def leave(staff):
    await t.StaffMember.update({"active": False}).where(t.StaffMember.id == staff)


async def test_the_calendar_of_somebody_who_left_is_closed(cast, context):
    token = await own_feed(context, cast)
    assert (await read_feed(context, token)).body

    await leave(cast.staff[Service.POLICE])

    with pytest.raises(NotFoundError):
        await read_feed(context, token)


async def test_a_feed_changes_when_its_content_does_and_only_then(cast, context, clock):
    token = await own_feed(context, cast)
    empty = await read_feed(context, token)
    duty = await given_duty(context, cast)
    one = await read_feed(context, token)
    again = await read_feed(context, token)
    clock.advance(timedelta(minutes=1))
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=False)
    cancelled = await read_feed(context, token)
    clock.advance(timedelta(days=31))
    gone = await read_feed(context, token)

    assert one == again
    assert len({version.etag for version in (empty, one, cancelled)}) == 3
    assert b"STATUS:CANCELLED" in cancelled.body
    assert gone.body == empty.body


async def test_what_was_kept_in_memory_is_what_a_fresh_process_would_make(cast, context):
    token = await own_feed(context, cast)
    await given_duty(context, cast)
    kept = await read_feed(context, token)
    feed_reading._bodies.clear()

    assert await read_feed(context, token) == kept


async def test_a_second_fetch_reads_one_row_and_writes_nothing(cast, context):
    token = await own_feed(context, cast)
    await read_feed(context, token)

    with count_statements() as heard:
        await read_feed(context, token)

    assert len(heard) == 1
    assert heard[0].startswith("SELECT")


async def test_a_fetch_is_noted_every_five_minutes_and_at_each_new_version(cast, context, clock):
    officer = cast.staff[Service.POLICE]
    token = await own_feed(context, cast)

    async def noted():
        return (await feeds.list_feeds(FeedKind.STAFF, [officer], clock()))[0].fetched_at

    await read_feed(context, token)
    first = clock()
    clock.advance(timedelta(minutes=4))
    await read_feed(context, token)
    assert await noted() == first
    await given_duty(context, cast)
    await read_feed(context, token)
    assert await noted() == clock()


async def test_asking_for_unknown_addresses_is_limited_and_known_ones_still_answer(cast, context):
    token = await own_feed(context, cast)
    misses = [f"{n:043}" for n in range(31)]
    for miss in misses[:30]:
        with pytest.raises(NotFoundError):
            await read_feed(context, miss, peer="192.0.2.7")

    with pytest.raises(TooManyError):
        await read_feed(context, misses[30], peer="192.0.2.7")
    with pytest.raises(NotFoundError):
        await read_feed(context, misses[30], peer="192.0.2.8")
    assert (await read_feed(context, token, peer="192.0.2.7")).body


@pytest.mark.parametrize("token", ["", "a", "a" * 44, "a" * 42 + "\n", "å" * 43, "0" * 10**5])
async def test_what_cannot_be_a_token_costs_no_statement(cast, context, token):
    with count_statements() as heard, pytest.raises(NotFoundError):
        await read_feed(context, token)

    assert heard == []


async def test_only_ones_own_calendars_can_be_subscribed_to(cast, context):
    officer, rescue = cast.staff[Service.POLICE], cast.staff[Service.RESCUE]
    foreign = [
        (cast.officer, FeedKind.STAFF, rescue),
        (cast.teacher, FeedKind.STAFF, officer),
        (cast.teacher, FeedKind.SCHOOL_CLASS, cast.second_class.id),
        (cast.teacher, FeedKind.MUNICIPALITY, cast.municipality.id),
        (cast.foreign_coordinator, FeedKind.MUNICIPALITY, cast.municipality.id),
        (cast.foreign_coordinator, FeedKind.SCHOOL, cast.school_class.school_unit),
        (cast.officer, FeedKind.AGENCY, 1),
    ]

    for person, kind, subject in foreign:
        with pytest.raises(NotFoundError):
            await opened(context, person, kind, subject)
        with pytest.raises(NotFoundError):
            await close_feeds(context, person, a_key(), kind, subject)


async def test_opening_and_closing_leave_their_rows_in_the_right_chain(cast, context):
    officer = cast.staff[Service.POLICE]
    await own_feed(context, cast)
    await close_feeds(context, cast.officer, a_key(), FeedKind.STAFF, officer)
    await opened(context, cast.coordinator, FeedKind.MUNICIPALITY, cast.municipality.id)

    nobodys = await audit.list_entries(None)
    municipalitys = await audit.list_entries(cast.municipality.id)
    assert [(row.action, row.subject) for row in nobodys] == [
        ("feed-opened", f"staff:{officer}"),
        ("feed-closed", f"staff:{officer}"),
    ]
    assert [row.action for row in municipalitys] == ["feed-opened"]
    assert nobodys[1].previous_hash == nobodys[0].hash == nobodys[0].digest()


async def test_the_list_says_when_a_fetch_missed_the_newest_version(cast, context, clock):
    token = await own_feed(context, cast)
    await read_feed(context, token)
    clock.advance(timedelta(minutes=1))
    await given_duty(context, cast)

    (behind,) = await list_own_calendar(context, cast.officer)
    await read_feed(context, token)
    (fresh,) = await list_own_calendar(context, cast.officer)

    assert [behind.is_behind(behind.feeds[0]), fresh.is_behind(fresh.feeds[0])] == [True, False]


async def test_a_coordinator_sees_the_municipality_and_its_schools_with_classes(cast, context):
    found = await list_coordinated_calendars(context, cast.coordinator)

    assert [(row.kind, row.name) for row in found] == [
        (FeedKind.MUNICIPALITY, "Höör"),
        (FeedKind.SCHOOL, "Alskolan"),
        (FeedKind.SCHOOL, "Ekskolan"),
    ]
    empty = await list_coordinated_calendars(context, cast.foreign_coordinator)
    assert [row.name for row in empty] == ["Eslöv"]


@transactional
async def renumbered(before, after, fragment):
    e = t.CalendarEntry
    await e.update({e.id: after, e.fragment: fragment}).where(e.id == before)


@transactional
async def removed(row):
    await t.CalendarEntry.delete().where(t.CalendarEntry.id == row)


async def test_a_revision_that_was_committed_late_is_seen(cast, context):
    """Of two changes at once the one with the lower number may be committed last."""
    token = await own_feed(context, cast)
    for half in Half:
        await given_duty(context, cast, half=half)
    await given_duty(context, cast, day=date(2027, 3, 17))
    e = t.CalendarEntry
    rows = await e.select(e.id, e.fragment).where(e.staff.is_not_null()).order_by(e.id)
    first, middle, _ = rows
    await removed(middle["id"])
    before = await read_feed(context, token)

    await renumbered(first["id"], middle["id"], first["fragment"].replace("Police", "Polis"))

    assert (await read_feed(context, token)).etag != before.etag
