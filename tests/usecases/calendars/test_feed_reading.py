"""What a program that polls gets: the same bytes till something changes, and cheaply."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from factories import a_key
from feed_steps import given_duty, own_feed

from blaljus.domain.errors import NotFoundError
from blaljus.domain.words import FeedKind, Half, Service
from blaljus.store import entries, feeds, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, engine_kind, glance, transactional
from blaljus.store.feed_sql import STAMPS
from blaljus.usecases.access.limits import TooManyError
from blaljus.usecases.calendars import feed_reading
from blaljus.usecases.calendars.feed_reading import read_feed
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person

NOON = datetime(2027, 3, 16, 12, tzinfo=UTC)


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


async def test_a_tombstone_goes_on_its_day_though_nothing_is_written(cast, context, clock):
    token = await own_feed(context, cast)
    for half in Half:
        duty = await given_duty(context, cast, half=half)
        clock.advance(timedelta(days=1))
        await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=False)

    async def shown():
        return (await read_feed(context, token)).body.count(b"BEGIN:VEVENT")

    clock.advance(timedelta(days=29) - timedelta(seconds=1))
    both = await shown()
    clock.advance(timedelta(seconds=1))
    later = await shown()
    clock.advance(timedelta(days=1))

    assert (both, later, await shown()) == (2, 1, 0)


async def test_what_was_kept_in_memory_is_what_a_fresh_process_would_make(cast, context):
    token = await own_feed(context, cast)
    await given_duty(context, cast)
    kept = await read_feed(context, token)
    feed_reading._answers.clear()

    assert await read_feed(context, token) == kept


async def test_a_second_fetch_reads_one_row_and_writes_nothing(cast, context):
    token = await own_feed(context, cast)
    await read_feed(context, token)

    with count_statements() as heard:
        await read_feed(context, token)

    assert len(heard) == 1
    assert heard[0].startswith("SELECT")


async def kept_in_mind(context, token):
    """Fetch a feed till nothing about it has to be asked of SQLite any more."""
    for _ in range(3):
        body = await read_feed(context, token)
    with count_statements() as heard:
        assert await read_feed(context, token) == body
    assert len(heard) == (engine_kind() == "postgresql")


async def test_while_nobody_writes_sqlite_is_not_asked_again(cast, context):
    await kept_in_mind(context, await own_feed(context, cast))


async def test_a_tombstone_goes_on_its_day_though_the_feed_was_kept_in_mind(cast, context, clock):
    token = await own_feed(context, cast)
    duty = await given_duty(context, cast)
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=False)
    clock.advance(timedelta(days=30))
    await kept_in_mind(context, token)

    assert b"CANCELLED" in (await read_feed(context, token)).body
    clock.advance(timedelta(seconds=2))
    assert b"CANCELLED" not in (await read_feed(context, token)).body


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_an_address_that_another_process_closed_is_closed_at_once(store, cast, context):
    token = await own_feed(context, cast)
    await kept_in_mind(context, token)

    with closing(sqlite3.connect(store.engine.path)) as other, other:
        other.execute("UPDATE feed SET revoked_at = created_at")

    with pytest.raises(NotFoundError):
        await read_feed(context, token)


async def test_a_replaced_address_ends_with_its_overlap_though_nothing_is_written(
    cast, context, clock
):
    token = await own_feed(context, cast)
    end = clock() + timedelta(hours=2)
    await feeds.revoke_feeds(FeedKind.STAFF, cast.staff[Service.POLICE], at=end)
    await kept_in_mind(context, token)

    clock.advance(timedelta(hours=2))
    with pytest.raises(NotFoundError):
        await read_feed(context, token)


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


@transactional
async def renumbered(before, after, fragment):
    e = t.CalendarEntry
    await e.update({e.id: after, e.fragment: fragment}).where(e.id == before)


@transactional
async def removed(row):
    await t.CalendarEntry.delete().where(t.CalendarEntry.id == row)


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
async def test_a_revision_that_was_committed_late_is_seen(cast, context):
    """Of two changes at once the one with the lower number may be committed last.

    Not on SQLite, where one is written after the other.
    """
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


async def test_whatever_changes_in_a_calendar_changes_its_stamp(cast):
    chance = Random(5)  # noqa: S311 -- no secret
    staff = sorted(cast.staff.values())
    owners = [
        *({"staff": one} for one in staff),
        {"school_class": cast.school_class.id, "school_unit": cast.school_class.school_unit},
        {"overview": True},
    ]

    async def seen():
        """Return the events of each calendar, and its stamp."""
        subjects = [*((FeedKind.STAFF, one) for one in staff), *places]
        events = [await entries.list_fragments(*one, NOON) for one in subjects]
        return list(zip(events, [await stamp(*one) for one in subjects], strict=True))

    places = [
        (FeedKind.SCHOOL_CLASS, cast.school_class.id),
        (FeedKind.SCHOOL, cast.school_class.school_unit),
        (FeedKind.MUNICIPALITY, cast.municipality.id),
    ]
    before, changes = await seen(), 0
    for turn in range(60):
        texts = {uid: chance.choice("ab") for uid in "xy"}
        shown = chance.sample(owners, chance.randrange(1, len(owners) + 1))
        await transactional(entries.save_entries)(
            [
                entries.Entry(
                    municipality=cast.municipality.id,
                    uid=uid,
                    starts_at=NOON,
                    revised_at=NOON + timedelta(minutes=turn),
                    cancelled=False,
                    fragment=texts[uid],
                    **owner,
                )
                for uid in chance.sample("xy", chance.randrange(1, 3))
                for owner in shown
            ]
        )
        after = await seen()
        for (had, old), (has, new) in zip(before, after, strict=True):
            changes += had != has
            assert had == has or old != new
        before = after
    assert changes > 60


async def stamp(kind, subject):
    """Return the stamp of a feed as if there were one."""
    feed = (
        "SELECT {} AS kind, CAST({} AS INTEGER) AS subject, CAST(NULL AS INTEGER) AS municipality"
    )
    asked = f"SELECT {STAMPS[engine_kind()]} AS stamp FROM ({feed}) f"  # noqa: S608 -- our own constants
    (row,) = await glance(asked, kind, subject)
    return row["stamp"]


async def test_what_changes_for_others_of_the_slot_changes_nothing_here(cast, context, clock):
    duty = await given_duty(context, cast)
    token = await own_feed(context, cast)
    before = await read_feed(context, token)
    (row,) = await t.Assignment.select(t.Assignment.slot).where(t.Assignment.id == duty)
    rescue = next(
        s for s in await slots.list_stations([row["slot"]]) if s.provides is Service.RESCUE
    )

    clock.advance(timedelta(minutes=1))
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=rescue.id,
        slot_id=row["slot"],
        staff_id=cast.staff[Service.RESCUE],
    )

    assert await read_feed(context, token) == before
