"""Calendars to subscribe to: the pages, and the feeds as programs fetch them."""

import gzip
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import product

import httpx
import icalendar
import pytest
import structlog
from factories import a_key, stored_slot
from form_ways import asked_first
from icaljs import ical_js

from blaljus.domain.words import FeedKind, Half, Service
from blaljus.store import feeds, slots
from blaljus.store import tables as t
from blaljus.store.engine import count_statements
from blaljus.usecases.calendars.feeds import open_feed_for_operator
from blaljus.usecases.people.answering import answer_duty
from blaljus.usecases.people.staffing import assign_person
from blaljus.web.calendars.feeds import known_tag, not_modified_since, packed_tag, takes_gzip

PLAIN = {"accept-encoding": "identity"}
DAY = datetime(2027, 3, 16, 8, tzinfo=UTC)


async def given_duty(context, cast, day=date(2027, 3, 16), half=Half.FM):
    slot = await stored_slot(cast.plan, cast.venue, day=day, half=half)
    station = (await slots.list_stations([slot.id]))[0]
    return await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=slot.id,
        staff_id=cast.staff[Service.POLICE],
    )


@pytest.fixture
async def address(context, cast, clock):
    """The path of the officer's feed, with one duty that was given a minute ago."""
    await given_duty(context, cast)
    clock.advance(timedelta(minutes=1))
    return await opened(context, FeedKind.STAFF, cast.staff[Service.POLICE])


async def opened(context, kind, subject, municipality=None):
    url = await open_feed_for_operator(
        context, kind, subject, municipality=municipality, actor="operator"
    )
    return url.removeprefix(context.base_url)


# --- as programs fetch them


async def test_a_feed_has_the_headers_that_programs_and_proxies_need(client, address):
    answer = await client.get(address, headers=PLAIN)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert answer.headers["content-disposition"] == 'inline; filename="blaljusdagar.ics"'
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["last-modified"] == "Fri, 15 Jan 2027 08:00:01 GMT"
    assert answer.headers["etag"].startswith('"')
    assert "set-cookie" not in answer.headers
    assert "content-encoding" not in answer.headers


async def test_two_fetches_are_equal_to_the_byte_and_the_second_gets_304_on_request(
    client, address, clock
):
    first = await client.get(address, headers=PLAIN)
    clock.advance(timedelta(days=3))
    second = await client.get(address, headers=PLAIN)
    third = await client.get(address, headers={**PLAIN, "if-none-match": first.headers["etag"]})

    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    assert third.status_code == 304
    assert third.content == b""
    assert dict(third.headers) == {
        name: first.headers[name] for name in ("etag", "cache-control", "vary")
    }


async def test_two_parsers_see_the_same_instants_in_winter_and_summer(
    client, address, context, cast
):
    await given_duty(context, cast, date(2027, 3, 17), Half.EM)
    summer = await stored_slot(cast.plan, cast.venue, day=date(2027, 6, 8))
    station = (await slots.list_stations([summer.id]))[0]
    await assign_person(
        context,
        cast.coordinator,
        a_key(),
        station_id=station.id,
        slot_id=summer.id,
        staff_id=cast.staff[Service.POLICE],
        override_reason="Byter med en kollega",
    )

    body = (await client.get(address)).content

    ours = icalendar.Calendar.from_ical(body).walk("VEVENT")
    theirs = ical_js(body)
    starts = [DAY, datetime(2027, 3, 17, 11, 45, tzinfo=UTC), datetime(2027, 6, 8, 7, tzinfo=UTC)]
    assert [event["DTSTART"].dt.astimezone(UTC) for event in ours] == starts
    assert [event["start"] for event in theirs] == starts
    assert [event["DTEND"].dt for event in ours] == [event["end"] for event in theirs]
    assert [str(event["UID"]) for event in ours] == [event["uid"] for event in theirs]


async def test_head_has_the_headers_of_get_and_no_body(client, address):
    got = await client.get(address, headers=PLAIN)
    head = await client.head(address, headers=PLAIN)

    same = ("etag", "content-type", "content-length", "cache-control", "last-modified", "vary")
    assert (head.status_code, head.content) == (200, b"")
    assert [head.headers[name] for name in same] == [got.headers[name] for name in same]
    again = await client.head(address, headers={**PLAIN, "if-none-match": got.headers["etag"]})
    assert again.status_code == 304


async def test_compressed_bytes_are_stable_and_have_a_tag_of_their_own(client, address):
    plain = await client.get(address, headers=PLAIN)
    raw = []
    for _ in range(2):
        async with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
            raw.append((b"".join([part async for part in answer.aiter_raw()]), answer.headers))

    (first, headers), (second, _) = raw
    assert first == second
    assert gzip.decompress(first) == plain.content
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(first)
    assert headers["etag"] != plain.headers["etag"]
    for tag in (headers["etag"], plain.headers["etag"]):
        for asked in ("gzip", "identity"):
            known = {"if-none-match": tag, "accept-encoding": asked}
            answer = await client.get(address, headers=known)
            assert (answer.status_code, answer.headers["etag"]) == (304, tag)


async def test_a_program_that_knows_only_times_gets_304_too(client, address):
    modified = (await client.get(address)).headers["last-modified"]
    older = format_datetime(datetime(2027, 1, 15, 7, 59, 59, tzinfo=UTC), usegmt=True)

    status = {}
    for since in (modified, older, "nonsense", "Mon, 99 Jan 2027 08:00:00 GMT", ""):
        answer = await client.get(address, headers={"if-modified-since": since})
        status[since] = answer.status_code
    assert status.pop(modified) == 304
    assert set(status.values()) == {200}
    other = {"if-modified-since": modified, "if-none-match": '"other"'}
    assert (await client.get(address, headers=other)).status_code == 200


async def test_within_the_second_of_a_change_no_time_is_told(client, context, cast):
    await given_duty(context, cast)
    path = await opened(context, FeedKind.STAFF, cast.staff[Service.POLICE])

    assert "last-modified" not in (await client.get(path)).headers


async def test_a_change_gets_through_to_a_program_that_asks_with_its_old_tag(
    client, address, context, cast, clock
):
    old = await client.get(address)
    (duty,) = [row["id"] for row in await t.Assignment.select(t.Assignment.id)]
    await answer_duty(context, cast.officer, a_key(), assignment_id=duty, can=False)

    new = await client.get(address, headers={"if-none-match": old.headers["etag"]})

    assert new.status_code == 200
    assert "STATUS:CANCELLED" in new.text
    assert new.headers["etag"] != old.headers["etag"]


async def test_every_kind_of_feed_is_served(client, context, cast):
    await given_duty(context, cast)
    agency = (await t.StaffMember.select(t.StaffMember.agency).first())["agency"]
    municipality = cast.municipality.id
    subjects = {
        FeedKind.STAFF: (cast.staff[Service.POLICE], None),
        FeedKind.AGENCY: (agency, None),
        FeedKind.SCHOOL_CLASS: (cast.school_class.id, municipality),
        FeedKind.SCHOOL: (cast.school_class.school_unit, municipality),
        FeedKind.MUNICIPALITY: (municipality, municipality),
    }

    names = {}
    for kind, (subject, owner) in subjects.items():
        answer = await client.get(await opened(context, kind, subject, owner))
        assert answer.status_code == 200
        names[kind] = str(icalendar.Calendar.from_ical(answer.content)["NAME"])
    assert names[FeedKind.STAFF] == "Blåljusdagar: Police 1"
    assert names[FeedKind.SCHOOL_CLASS].startswith("Blåljusdagar: 4A")
    assert names[FeedKind.MUNICIPALITY] == "Blåljusdagar: Höör"


NO_FEEDS = [
    "x.ics",
    "a" * 43 + ".ics",
    "a" * 43,
    ".ics",
    "%00.ics",
    "å" * 43 + ".ics",
    "a" * 5000 + ".ics",
    "..%2f..%2fetc.ics",
    "a" * 42 + "%0a.ics",
]


async def test_what_is_no_address_of_a_feed_is_not_found(client, cast):
    answers = [await client.get(f"/kalender/{file}") for file in NO_FEEDS]

    assert {answer.status_code for answer in answers} == {404}
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_a_closed_address_looks_like_an_unknown_one(client, address, context, cast, clock):
    unknown = await client.get("/kalender/" + "a" * 43 + ".ics")
    await feeds.revoke_feeds(FeedKind.STAFF, cast.staff[Service.POLICE], at=clock())

    closed = await client.get(address)

    assert closed.status_code == unknown.status_code == 404
    differing = ("x-request-id", "date")
    assert [h for h in closed.headers.items() if h[0] not in differing] == [
        h for h in unknown.headers.items() if h[0] not in differing
    ]


async def test_a_feed_that_breaks_is_answered_with_the_page_of_any_error(client, address, store):
    await store.engine.run_ddl("ALTER TABLE calendar_entry RENAME TO elsewhere")
    with structlog.testing.capture_logs() as lines:
        answer = await client.get(address)
    await store.engine.run_ddl("ALTER TABLE elsewhere RENAME TO calendar_entry")

    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert [line["route"] for line in lines] == ["/kalender/{file}"] * 2
    assert (await client.get(address)).status_code == 200


async def test_guessing_is_limited_and_says_when_to_come_back(client, cast):
    statuses = []
    for number in range(31):
        answer = await client.get(f"/kalender/{number:043}.ics")
        statuses.append(answer.status_code)

    assert statuses == [404] * 30 + [429]
    assert answer.headers["retry-after"] == "60"


async def test_no_word_of_a_token_is_logged(client, address):
    with structlog.testing.capture_logs() as lines:
        await client.get(address)
        await client.get("/kalender/" + "z" * 43 + ".ics")

    assert len(lines) >= 2
    token = address.removeprefix("/kalender/").removesuffix(".ics")
    assert token not in repr(lines)
    assert "z" * 43 not in repr(lines)


async def test_a_fetch_that_brings_nothing_new_is_one_statement(client, address):
    tag = (await client.get(address)).headers["etag"]

    with count_statements() as heard:
        await client.get(address, headers={"if-none-match": tag})

    assert len(heard) == 1


# --- how conditional requests are read


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', '"a"'),
        ('W/"a"', '"a"'),
        ('"x", "a"', '"a"'),
        ('"x",W/"a" , "y"', '"a"'),
        ('"a-gzip"', '"a-gzip"'),
        ('"a", "a-gzip"', '"a-gzip"'),
        ("*", '"a-gzip"'),
        (" * ", '"a-gzip"'),
        ('"x"', None),
        ("a", None),
        ("", None),
        ('"A"', None),
        ('"x*"', None),
        ('"a', None),
    ],
)
def test_tags_are_compared_weakly_and_in_lists(header, expected):
    assert known_tag(header, ('"a"', '"a-gzip"'), preferred='"a-gzip"') == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("deflate,gzip ; q=1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("identity", False),
        ("", False),
        ("gzipped", False),
        ("br", False),
    ],
)
def test_compression_is_taken_when_asked_for(header, expected):
    assert takes_gzip(header) is expected


def test_a_packed_tag_is_another_tag():
    assert packed_tag('"abc"') == '"abc-gzip"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Fri, 15 Jan 2027 08:00:00 GMT", True),
        ("Fri, 15 Jan 2027 08:00:01 GMT", True),
        ("Fri, 15 Jan 2027 07:59:59 GMT", False),
        ("Fri, 15 Jan 2027 08:00:00", False),
        ("2027-01-15", False),
        ("Fri, 15 Jan 99999999 08:00:00 GMT", False),
    ],
)
def test_times_are_compared_by_the_second(header, expected):
    assert not_modified_since(header, datetime(2027, 1, 15, 8, tzinfo=UTC)) is expected


# --- the pages


def shown_address(page: httpx.Response) -> str:
    """The path of the address that the page shows."""
    return page.text.partition('value="http://blaljus.example')[2].partition('"')[0]


PAGES = ["/personal/kalender", "/samordnare/kalender", "/klass/{id}/kalender"]


async def visited(sign_in, cast, page):
    person = {
        PAGES[0]: cast.officer,
        PAGES[1]: cast.coordinator,
        PAGES[2]: cast.teacher,
    }[page]
    return await sign_in(person), page.format(id=cast.school_class.id)


@pytest.mark.parametrize("page", PAGES)
async def test_an_address_is_opened_shown_once_and_works(sign_in, client, cast, page):
    browser, path = await visited(sign_in, cast, page)
    before = await browser.get(path)
    assert "Ingen adress är öppen." in before.text

    after = await browser.send_form(before, path)

    assert after.status_code == 200
    address = shown_address(after)
    assert f'href="webcal://blaljus.example{address}"' in after.text
    assert (await client.get(address)).status_code == 200
    later = await browser.get(path)
    assert address.removeprefix("/kalender/") not in later.text
    assert "med allt nytt" in later.text


async def test_a_double_click_shows_the_same_address(sign_in, cast):
    officer = await sign_in(cast.officer)
    page = await officer.get(PAGES[0])

    shown = [shown_address(await officer.send_form(page, PAGES[0])) for _ in range(2)]

    assert shown[0] == shown[1]
    assert await t.Feed.count() == 1


async def test_replacing_and_closing(sign_in, client, cast, clock):
    officer = await sign_in(cast.officer)
    first = await officer.send_form(await officer.get(PAGES[0]), PAGES[0])
    asked = await asked_first(officer, PAGES[0], "byt")
    second = await officer.send_form(asked.page, asked.action)
    assert "Slutar svara fredag 22 januari kl. 09.00." in second.text
    for page in (first, second):
        assert (await client.get(shown_address(page))).status_code == 200

    asked = await asked_first(officer, PAGES[0], "stang")
    assert "2 adresser slutar svara genast." in asked.page.text
    closed = await officer.follow(await officer.send_form(asked.page, asked.action))

    assert "Kalendern är stängd." in closed.text
    assert "Ingen adress är öppen." in closed.text
    for page in (first, second):
        assert (await client.get(shown_address(page))).status_code == 404


BAD_SUBJECTS = [
    {"kind": "staff", "subject": "2"},
    {"kind": "municipality", "subject": "1"},
    {"kind": "class", "subject": "1"},
    {"kind": "agency", "subject": "1"},
    {"kind": "nonsense", "subject": "1"},
    {"kind": "staff", "subject": "0"},
    {"kind": "staff", "subject": "1000000000"},
    {"kind": "staff", "subject": "9" * 400},
    {"kind": "staff\x00", "subject": "1"},
    {"kind": "", "subject": ""},
    {"key": "short"},
    {"extra": "1"},
]


async def test_only_a_calendar_of_the_page_can_be_opened_or_closed(sign_in, cast):
    officer = await sign_in(cast.officer)
    await officer.send_form(await officer.get(PAGES[0]), PAGES[0])

    for values, act in product(BAD_SUBJECTS, ("byt", "stang")):
        asked = await asked_first(officer, PAGES[0], act)
        key = {"key": a_key().key}
        path = asked.action
        answer = await officer.send_form(asked.page, path, {**key, **values})
        assert answer.status_code in (404, 422), (values, path)
    assert await t.Feed.count(column=t.Feed.id) == 1
    assert await t.Feed.count().where(t.Feed.revoked_at.is_not_null()) == 0


async def test_the_calendar_of_no_class_is_not_found(sign_in, cast):
    teacher = await sign_in(cast.teacher)

    for number in ("0", "x", "9" * 400, "1000000000", "-1", "%00"):
        assert (await teacher.get(f"/klass/{number}/kalender")).status_code == 404


async def test_the_calendar_of_another_class_is_not_found(sign_in, cast):
    teacher = await sign_in(cast.teacher)
    own = await teacher.get(f"/klass/{cast.school_class.id}/kalender")
    other = f"/klass/{cast.second_class.id}/kalender"
    fields = teacher.fields(own, f"/klass/{cast.school_class.id}/kalender")

    assert (await teacher.get(other)).status_code == 404
    for path in (other, f"{other}/stang"):
        sent = await teacher.post_fields(path, {**fields, "subject": str(cast.second_class.id)})
        assert sent.status_code == 404
    assert await t.Feed.count() == 0


async def test_the_coordinators_page_costs_the_same_with_one_address_and_with_three(sign_in, cast):
    coordinator = await sign_in(cast.coordinator)
    counts = []
    for number in range(3):
        page = await coordinator.get(PAGES[1])
        asked = await asked_first(coordinator, PAGES[1], "byt") if number else None
        await coordinator.send_form(asked.page if asked else page, PAGES[1])
        with count_statements() as heard:
            await coordinator.get(PAGES[1])
        counts.append(len(heard))

    assert counts[0] == counts[2]
