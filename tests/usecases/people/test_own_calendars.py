"""People's own calendars narrow when they are asked, and nothing else of them is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import NOW, a_context, a_key, stored_slot
from own_calendars import (
    HOSTILE,
    SECRETS,
    a_busy_time,
    a_calendar,
    an_event,
    stored_own_calendar,
)
from strange_servers import answer, strange_server
from structlog.testing import capture_logs

from blaljus.domain.errors import NotFoundError
from blaljus.domain.own_calendars import (
    FIRST_PAUSE,
    FRESH,
    LONGEST_PAUSE,
    TOLD,
    CalendarTroubleError,
    Reading,
    SourceKind,
    Trouble,
)
from blaljus.domain.people import SYSTEM
from blaljus.domain.staffing import StaffingRefusal, StaffingRefusedError
from blaljus.domain.words import Half, Service
from blaljus.store import own_calendars as store
from blaljus.store import slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements, read_transaction, transactional
from blaljus.usecases.access.limits import TooManyError
from blaljus.usecases.days.slot_pages import get_slot_page
from blaljus.usecases.operation.housekeeping import forget_outdated
from blaljus.usecases.operation.verifying import check_store
from blaljus.usecases.people.availability import get_times
from blaljus.usecases.people.candidates import list_candidates
from blaljus.usecases.people.own_calendar_pages import LISTED, get_own_calendar_page
from blaljus.usecases.people.own_calendar_refresh import read_next_due
from blaljus.usecases.people.own_calendars import (
    ATTEMPTS,
    read_again,
    remove_calendar,
    save_again,
    subscribe_calendar,
    upload_calendar,
)
from blaljus.usecases.people.staffing import assign_person
from blaljus.usecases.people.staffing_pages import get_staffing_page
from blaljus.usecases.runs.problem import load_announced, load_world

DAY = date(2027, 3, 16)
TUESDAY = a_calendar(an_event("SUMMARY:Hemlig rubrik"))
WEDNESDAY = a_calendar(an_event("DTSTART;TZID=Europe/Stockholm:20270317T090000"))


@pytest.fixture
def context(clock):
    return replace(a_context(clock), secrets=SECRETS, loopback_calendars=True)


@pytest.fixture
def staff(cast):
    return cast.staff[Service.POLICE]


@pytest.fixture
async def upload(context, cast, staff):
    async def send(data):
        await upload_calendar(context, cast.officer, a_key(), staff=staff, data=data)

    return send


@pytest.fixture
async def subscribe(context, cast, staff):
    async def send(address, **others):
        key = a_key()
        await subscribe_calendar(context, cast.officer, key, staff=staff, address=address, **others)

    return send


async def busy_days(staff):
    busy = await store.list_busy([staff], NOW, NOW + timedelta(days=900))
    return [b.starts_at.date() for b in busy.get(staff, [])]


async def audited():
    rows = await t.AuditEntry.select().order_by("id")
    return [(row["action"], row["actor"], row["subject"]) for row in rows]


async def everything_stored():
    """All text of the database, as one."""
    return "\n".join([str(await table.select()) for table in t.TABLES])


async def found_wrong(now):
    async with read_transaction():
        checked = await check_store(now)
    return [(name, findings) for name, findings in checked if findings]


async def test_a_file_makes_a_person_busy_and_its_words_are_nowhere(upload, staff, cast):
    await upload(TUESDAY)

    assert await busy_days(staff) == [DAY]
    assert await audited() == [("own-calendar-read", cast.officer.actor, f"staff:{staff}")]
    assert "Hemlig" not in await everything_stored()
    assert await found_wrong(NOW) == []


async def test_a_new_file_replaces_the_one_before_as_a_whole(upload, staff):
    await upload(TUESDAY)
    await upload(WEDNESDAY)

    assert await busy_days(staff) == [date(2027, 3, 17)]
    assert await t.OwnCalendar.count() == 1


async def test_a_file_that_cannot_be_read_leaves_what_was_read_before(upload, staff):
    await upload(TUESDAY)
    before = await audited()

    with pytest.raises(CalendarTroubleError) as caught:
        await upload(HOSTILE["secondly"][0])

    assert caught.value.trouble is Trouble.TOO_OFTEN
    assert (await busy_days(staff), await audited()) == ([DAY], before)


@pytest.mark.parametrize(
    "data", [a_calendar(), a_calendar(an_event("DTSTART:20260316T080000Z"))], ids=["empty", "old"]
)
async def test_a_file_without_times_to_come_wipes_none_that_are(upload, staff, data):
    await upload(TUESDAY)

    with pytest.raises(CalendarTroubleError) as caught:
        await upload(data)

    assert caught.value.trouble is Trouble.NOTHING_TO_COME
    assert (await busy_days(staff), len(await audited())) == ([DAY], 1)


async def test_a_file_without_times_is_read_where_there_are_none_to_lose(upload):
    await upload(a_calendar())
    await upload(a_calendar())

    assert len(await audited()) == 2


async def test_a_form_sent_twice_acts_once(context, cast, staff):
    key = a_key()
    for _ in range(2):
        await upload_calendar(context, cast.officer, key, staff=staff, data=TUESDAY)

    assert len(await audited()) == 1


async def test_nobody_reads_a_calendar_in_for_somebody_else(context, cast):
    other = cast.staff[Service.RESCUE]

    for use in (
        upload_calendar(context, cast.officer, a_key(), staff=other, data=TUESDAY),
        subscribe_calendar(
            context, cast.officer, a_key(), staff=other, address="https://a.invalid"
        ),
        read_again(context, cast.officer, a_key(), staff=other),
        remove_calendar(context, cast.officer, a_key(), staff=other, kind=SourceKind.FILE),
        get_own_calendar_page(context, cast.officer, other),
        upload_calendar(context, cast.coordinator, a_key(), staff=other, data=TUESDAY),
    ):
        with pytest.raises(NotFoundError):
            await use

    assert await audited() == []


async def test_too_many_attempts_are_refused_for_a_while(upload, clock):
    for _ in range(ATTEMPTS.size):
        with pytest.raises(CalendarTroubleError):
            await upload(b"x" * 2_000_000)

    with pytest.raises(TooManyError):
        await upload(TUESDAY)
    clock.advance(ATTEMPTS.every)
    await upload(TUESDAY)


async def test_removing_leaves_nothing(upload, subscribe, context, cast, staff):
    await upload(TUESDAY)
    async with strange_server(answer(WEDNESDAY)) as server:
        await subscribe(server.url())
    for kind in SourceKind:
        await remove_calendar(context, cast.officer, a_key(), staff=staff, kind=kind)

    assert (await t.BusyTime.count(), await t.OwnCalendar.count()) == (0, 0)
    with pytest.raises(NotFoundError):
        await remove_calendar(context, cast.officer, a_key(), staff=staff, kind=SourceKind.FILE)


async def test_an_address_is_read_and_known_to_nobody(subscribe, staff):
    with capture_logs() as logs:
        async with strange_server(answer(TUESDAY)) as server:
            await subscribe(server.url("/hemlig-lank.ics"), user="anna", password="lösen ord")

    assert await busy_days(staff) == [DAY]
    assert "Authorization: Basic YW5uYTpsw7ZzZW4gb3Jk" in server.asked[0]
    kept = f"{await everything_stored()} {logs}"
    assert not any(secret in kept for secret in ("hemlig-lank", "anna", "lösen", "YW5uYT"))


async def test_an_address_is_read_again_when_it_is_due(subscribe, context, staff, clock):
    given = [answer(TUESDAY, "200 OK", 'ETag: "1"'), answer(b"", "304 Not Modified")]
    async with strange_server(*given, answer(WEDNESDAY)) as server:
        await subscribe(server.url())
        assert not await read_next_due(context)

        clock.advance(FRESH)
        assert await read_next_due(context)
        assert not await read_next_due(context)
        unchanged = await busy_days(staff), len(await audited())

        clock.advance(FRESH)
        assert await read_next_due(context)

    assert 'If-None-Match: "1"' in server.asked[1]
    assert unchanged == ([DAY], 1)
    assert await busy_days(staff) == [date(2027, 3, 17)]
    assert [actor for _, actor, _ in await audited()][1:] == ["system"]
    assert await found_wrong(clock()) == []


async def test_the_same_times_again_are_no_change(subscribe, context, clock):
    async with strange_server(answer(TUESDAY)) as server:
        await subscribe(server.url())
        clock.advance(FRESH)
        assert await read_next_due(context)

    assert len(await audited()) == 1


async def test_an_address_that_has_become_empty_is_asked_about(
    subscribe, context, cast, staff, clock
):
    given = [answer(TUESDAY), answer(a_calendar()), answer(a_calendar()), answer(WEDNESDAY)]
    async with strange_server(*given) as server:
        await subscribe(server.url())
        clock.advance(FRESH)
        assert await read_next_due(context)

        found = await store.find_source(staff, SourceKind.ADDRESS)
        assert (await busy_days(staff), len(await audited())) == ([DAY], 1)
        assert found.calendar.trouble is Trouble.EMPTIED

        with pytest.raises(CalendarTroubleError) as caught:
            await read_again(context, cast.officer, a_key(), staff=staff)
        assert caught.value.trouble is Trouble.EMPTIED
        assert await busy_days(staff) == [DAY]

        clock.set((await store.find_source(staff, SourceKind.ADDRESS)).calendar.due_at)
        assert await read_next_due(context)

    assert await busy_days(staff) == [date(2027, 3, 17)]
    assert (await store.find_source(staff, SourceKind.ADDRESS)).calendar.trouble is None
    assert await found_wrong(clock()) == []


async def test_who_says_so_has_an_empty_calendar(subscribe, context, cast, staff):
    async with strange_server(answer(TUESDAY), answer(a_calendar())) as server:
        await subscribe(server.url())
        changed = await read_again(context, cast.officer, a_key(), staff=staff, may_be_empty=True)

    assert changed == {"new": 0, "gone": 1}
    assert await busy_days(staff) == []
    assert [actor for _, actor, _ in await audited()] == [cast.officer.actor] * 2


async def test_a_server_that_fails_is_left_alone_longer_and_longer(
    subscribe, context, cast, staff, clock
):
    async with strange_server(answer(TUESDAY), answer(b"", "500 Oops")) as server:
        await subscribe(server.url())
        clock.advance(FRESH)
        pauses = []
        for _ in range(9):
            assert await read_next_due(context)
            found = await store.find_source(staff, SourceKind.ADDRESS)
            pauses.append(found.calendar.due_at - clock())
            clock.set(found.calendar.due_at)

    page = await get_own_calendar_page(context, cast.officer, staff)
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert await busy_days(staff) == [DAY]
    assert page.calendars[SourceKind.ADDRESS].trouble is Trouble.SERVER_TROUBLE


async def test_an_address_sealed_with_a_lost_secret_is_told(subscribe, context, staff, clock):
    async with strange_server(answer(TUESDAY)) as server:
        await subscribe(server.url())
        clock.advance(FRESH)
        rotated = replace(context, secrets=("n" * 40, *SECRETS))
        assert await read_next_due(rotated)
        clock.advance(FRESH)
        assert await read_next_due(replace(context, secrets=("n" * 40,)))
        assert len(server.asked) == 3
        clock.advance(FRESH)
        assert await read_next_due(replace(context, secrets=("o" * 40,)))

    found = await store.find_source(staff, SourceKind.ADDRESS)
    assert found.calendar.trouble is Trouble.KEY_LOST


async def test_a_removed_address_stays_removed_while_it_was_being_read(
    subscribe, context, cast, staff
):
    async with strange_server(answer(TUESDAY)) as server:
        await subscribe(server.url())
    due = await store.find_source(staff, SourceKind.ADDRESS)
    await remove_calendar(context, cast.officer, a_key(), staff=staff, kind=SourceKind.ADDRESS)

    read = Reading(busy=(a_busy_time(),), skipped={})
    await transactional(save_again)(context, SYSTEM, due, due.source, read)

    assert (await t.OwnCalendar.count(), await t.BusyTime.count()) == (0, 0)


async def test_reading_at_once_shows_what_is_new(subscribe, context, cast, staff):
    async with strange_server(answer(TUESDAY), answer(WEDNESDAY), answer(b"", "404 No")) as server:
        await subscribe(server.url())
        await read_again(context, cast.officer, a_key(), staff=staff)
        with pytest.raises(CalendarTroubleError):
            await read_again(context, cast.officer, a_key(), staff=staff)

    assert await busy_days(staff) == [date(2027, 3, 17)]


async def test_the_planner_asks_nobody_who_is_busy(cast, staff, clock):
    async def free_half_days():
        async with read_transaction():
            world = await load_world(cast.plan, clock=clock)
        person = next(p for p in world.problem.staff if p.id == staff)
        halves = world.problem.half_days
        return [(h.day, h.half) for i, h in enumerate(halves) if person.free >> i & 1]

    before = await free_half_days()
    await stored_own_calendar(
        staff, a_busy_time(hours=(11, 12)), a_busy_time(date(2027, 3, 17), soft=True)
    )

    after = await free_half_days()
    assert (DAY, Half.FM) in before
    assert after == [half_day for half_day in before if half_day != (DAY, Half.FM)]


async def test_the_planner_asks_others_before_who_is_perhaps_busy(cast, staff, clock):
    wednesday = date(2027, 3, 17)
    await stored_own_calendar(
        staff,
        a_busy_time(),
        a_busy_time(hours=(8, 9), soft=True),
        a_busy_time(wednesday, soft=True),
    )

    async with read_transaction():
        world = await load_world(cast.plan, clock=clock)

    halves = world.problem.half_days
    asked_last = {
        p.id: [(h.day, h.half) for i, h in enumerate(halves) if p.perhaps_busy >> i & 1]
        for p in world.problem.staff
    }
    others: dict = {person: [] for person in cast.staff.values()}
    assert asked_last == {**others, staff: [(wednesday, Half.FM)]}


async def test_the_planner_counts_on_who_has_a_duty_already(context, cast, staff, clock):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    wanted = {"station_id": station, "slot_id": slot.id, "staff_id": staff}
    await assign_person(context, cast.coordinator, a_key(), **wanted)

    async def people():
        async with read_transaction():
            announced = await load_announced(cast.plan, clock=clock)
        return announced.problem.staff

    before = await people()
    await stored_own_calendar(staff, a_busy_time())

    assert await people() == before


async def test_staffing_knows_to_the_minute_and_a_reason_overrides(context, cast, staff):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    wanted = {"station_id": station, "slot_id": slot.id, "staff_id": staff}
    afternoon = a_busy_time(hours=(12, 16))
    await stored_own_calendar(staff, a_busy_time(hours=(9, 10)), afternoon)

    found = await list_candidates(context, cast.coordinator, slot.id, station)
    with pytest.raises(StaffingRefusedError):
        await assign_person(context, cast.coordinator, a_key(), **wanted)
    await assign_person(
        context, cast.coordinator, a_key(), **wanted, override_reason="Har bytt pass"
    )

    assert [reasons for _, reasons in found] == [(StaffingRefusal.CALENDAR,)]
    assert await found_wrong(NOW) == []


async def test_a_time_beside_the_slot_bars_nobody(context, cast, staff):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    just_before = replace(
        a_busy_time(), starts_at=slot.starts_at - timedelta(hours=1), ends_at=slot.starts_at
    )
    await stored_own_calendar(staff, just_before)

    page = await get_staffing_page(context, cast.coordinator, slot.id, station, None)

    assert [(row.can, row.perhaps_busy) for row in page.candidates] == [(True, False)]


async def test_who_is_perhaps_busy_can_be_asked_and_it_is_said(context, cast, staff):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    await stored_own_calendar(staff, a_busy_time(soft=True))

    page = await get_staffing_page(context, cast.coordinator, slot.id, station, None)

    assert [(row.can, row.perhaps_busy) for row in page.candidates] == [(True, True)]


async def test_a_clash_with_a_duty_is_shown_to_both_and_changes_nothing(context, cast, staff):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    wanted = {"station_id": station, "slot_id": slot.id, "staff_id": staff}
    duty = await assign_person(context, cast.coordinator, a_key(), **wanted)
    await stored_own_calendar(staff, a_busy_time())

    theirs = await get_own_calendar_page(context, cast.officer, staff)
    ours = await get_slot_page(context, cast.coordinator, slot.id)

    assert [(clash.duty.id, clash.soft) for clash in theirs.clashes] == [(duty, False)]
    assert ours.clashes == {duty: False}
    assert await found_wrong(NOW) == []


async def test_a_change_tells_its_times_and_the_clashes_that_began_and_ended(
    upload, context, cast, staff, clock
):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    wanted = {"station_id": station, "slot_id": slot.id, "staff_id": staff}
    duty = await assign_person(context, cast.coordinator, a_key(), **wanted)

    async def changes():
        page = await get_own_calendar_page(context, cast.officer, staff)
        return [
            (
                shown.change.at,
                [busy.starts_at.day for busy in shown.change.new],
                [busy.starts_at.day for busy in shown.change.gone],
                [one.duty.id for one in shown.begun],
                [one.duty.id for one in shown.ended],
            )
            for shown in page.changes
        ]

    await upload(WEDNESDAY)
    assert await changes() == []
    clock.advance(timedelta(hours=1))
    await upload(TUESDAY)
    began = clock()
    assert await changes() == [(began, [16], [17], [duty], [])]
    clock.advance(timedelta(hours=1))
    await upload(TUESDAY)
    assert await changes() == [(began, [16], [17], [duty], [])]
    await upload(WEDNESDAY)
    assert await changes() == [(clock(), [17], [16], [], [duty])]
    assert await found_wrong(NOW) == []


async def test_a_clash_that_another_calendar_has_too_neither_begins_nor_ends(
    upload, context, cast, staff
):
    slot = await stored_slot(cast.plan, cast.venue)
    station = (await slots.list_stations([slot.id]))[0].id
    wanted = {"station_id": station, "slot_id": slot.id, "staff_id": staff}
    await assign_person(context, cast.coordinator, a_key(), **wanted)
    await stored_own_calendar(staff, a_busy_time(), address="https://a.invalid/")

    for data in (WEDNESDAY, TUESDAY, WEDNESDAY):
        await upload(data)
        page = await get_own_calendar_page(context, cast.officer, staff)
        assert [(one.begun, one.ended) for one in page.changes] in ([], [([], [])])
    assert len(page.changes) == 1


async def test_of_many_changed_times_the_first_are_told_and_all_are_counted(
    upload, context, cast, staff
):
    await upload(TUESDAY)
    await upload(a_calendar(an_event("RRULE:FREQ=WEEKLY;COUNT=30")))

    (latest,) = (await get_own_calendar_page(context, cast.officer, staff)).changes
    assert (latest.change.new_count, len(latest.change.new)) == (29, TOLD)


async def test_what_a_person_ticked_stands_beside_what_the_calendar_says(context, cast, staff):
    await stored_own_calendar(staff, a_busy_time())

    times = await get_times(context, cast.officer, staff, DAY)

    (tuesday,) = [day for day in times.days if day.day == DAY]
    assert [(half.state.value, half.perhaps_busy) for half in tuesday.halves] == [
        ("free", False),
        ("free", None),
    ]


async def test_what_is_over_is_forgotten_and_all_of_who_has_left(cast, staff, clock):
    other = cast.staff[Service.RESCUE]
    over = a_busy_time(date(2027, 1, 14))
    await stored_own_calendar(staff, over, a_busy_time())
    await stored_own_calendar(other, a_busy_time(), address="https://a.invalid/")
    await t.StaffMember.update({"active": False}).where(t.StaffMember.id == other)

    await forget_outdated(clock=clock)

    assert await busy_days(staff) == [DAY]
    assert [row["staff"] for row in await t.OwnCalendar.select()] == [staff]
    assert await t.BusyTime.count() == 1


async def test_the_page_counts_weeks_and_costs_the_same_for_many_times(context, cast, staff):
    async def statements():
        with count_statements() as counted:
            page = await get_own_calendar_page(context, cast.officer, staff)
        return len(counted), page

    await stored_own_calendar(staff, a_busy_time())
    few, page = await statements()
    many = [a_busy_time(DAY + timedelta(days=n)) for n in range(300)]
    await stored_own_calendar(staff, *many)

    (week,) = page.weeks
    assert (week.monday, week.count, week.times) == (date(2027, 3, 15), 1, [a_busy_time()])
    assert page.until == date(2028, 6, 30)
    count, page = await statements()
    assert (count, page.times) == (few, 300)
    assert sum(len(week.times) for week in page.weeks) == LISTED
    assert (page.weeks[-1].count > 0, page.weeks[-1].times) == (True, [])


async def test_each_address_is_read_by_one_worker(staff, cast):
    for person in cast.staff.values():
        await stored_own_calendar(person, address="https://a.invalid/")
    later = datetime(2027, 1, 16, tzinfo=UTC)

    claimed = [
        await store.claim_due(now=later, until=later + timedelta(minutes=5)) for _ in range(4)
    ]

    assert sorted(due.calendar.staff for due in claimed if due) == sorted(cast.staff.values())
    assert claimed[-1] is None
