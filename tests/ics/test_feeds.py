from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from calendar_factories import a_head, an_event
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icaljs import ical_js, parse

from blaljus.domain.text import clean_line, clean_text
from blaljus.ics.events import feed_event
from blaljus.ics.feeds import etag, feed

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120) | st.text(
    "\\Nn;,:\"\r\n \tåÅ'^🚒x", max_size=300
)
SUMMER = datetime(2026, 6, 1, 7, tzinfo=UTC)
WINTER = datetime(2026, 12, 1, 8, tzinfo=UTC)
DAYS = [SUMMER, WINTER, datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC)]


def written(*events, **head):
    return feed(a_head(**head), [feed_event(event) for event in events])


def unfolded(body):
    return body.decode().replace("\r\n ", "").split("\r\n")


def test_both_parsers_read_what_was_written():
    event = an_event(sequence=3, categories=("Blåljusdag", "Polis, Höör"))
    body = written(event)

    (read,) = ical_js(body)
    assert read == {
        "uid": event.uid,
        "sequence": 3,
        "stamp": event.revised_at,
        "modified": event.revised_at,
        "start": event.starts_at,
        "end": event.ends_at,
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "geo": [event.latitude, event.longitude],
        "url": event.url,
        "categories": ["Blåljusdag", "Polis, Höör"],
        "status": "CONFIRMED",
        "transp": "OPAQUE",
        "busy": "BUSY",
        "organizer": {"address": "mailto:blaljus@hoor.example", "cn": "Höörs kommun"},
        "attendees": [],
        "alarms": [],
    }
    (other,) = Calendar.from_ical(body).events
    assert (other.start, other.end) == (event.starts_at, event.ends_at)
    assert (other["SUMMARY"], other["DESCRIPTION"]) == (event.summary, event.description)
    assert other["CATEGORIES"].cats == ["Blåljusdag", "Polis, Höör"]
    assert str(other.start.tzinfo) == "Europe/Stockholm"


@pytest.mark.parametrize("start", DAYS)
def test_summer_winter_and_the_days_of_change_are_the_same_instants(start):
    body = written(an_event(starts_at=start, ends_at=start + timedelta(hours=2)))

    (read,) = ical_js(body)
    (other,) = Calendar.from_ical(body).events
    assert read["start"] == other.start == start
    assert read["end"] == other.end == start + timedelta(hours=2)


def test_the_head_says_what_calendar_programs_ask_for():
    lines = unfolded(written(name="Polis 1"))

    assert lines[:13] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Blåljus//Blåljusdagar//SV",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Polis 1",
        "X-WR-CALNAME:Polis 1",
        "X-WR-TIMEZONE:Europe/Stockholm",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "SOURCE;VALUE=URI:https://blaljus.example/kalender/hemlig.ics",
        "COLOR:navy",
        "BEGIN:VTIMEZONE",
    ]


def test_a_name_shows_no_escapes_in_programs_that_undo_none():
    names = parse(written(name="4A, Sätofta; a\\b"))["properties"]

    assert names["name"] == names["x-wr-calname"] == "4A · Sätofta · a/b"


@pytest.mark.parametrize(
    ("event", "status", "transp", "busy"),
    [
        (an_event(), "CONFIRMED", "OPAQUE", "BUSY"),
        (an_event(confirmed=False), "TENTATIVE", "OPAQUE", "TENTATIVE"),
        (an_event(busy=False), "CONFIRMED", "TRANSPARENT", "FREE"),
        (an_event(busy=False, confirmed=False), "TENTATIVE", "TRANSPARENT", "FREE"),
        (an_event(cancelled=True), "CANCELLED", "TRANSPARENT", "FREE"),
    ],
)
def test_status_and_both_words_for_busy_agree(event, status, transp, busy):
    (read,) = ical_js(written(event))

    assert (read["status"], read["transp"], read["busy"]) == (status, transp, busy)


def test_a_cancelled_event_says_so_first_in_its_summary():
    (read,) = ical_js(written(an_event(cancelled=True)))

    assert read["summary"] == "INSTÄLLT: Blåljusdag"


def test_what_an_event_lacks_is_left_out():
    bare = an_event(description="", location="", latitude=None, longitude=None, categories=())
    lines = unfolded(written(replace(bare, url="")))

    names = {line.partition(":")[0].partition(";")[0] for line in lines}
    assert not names & {"DESCRIPTION", "LOCATION", "GEO", "URL", "CATEGORIES"}


def test_each_event_names_the_organiser_once_and_nobody_else():
    tricky = an_event(
        summary="BEGIN:VEVENT", description="x\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:a@b"
    )
    lines = unfolded(written(tricky, an_event()))

    assert sum(line.startswith("ORGANIZER;") for line in lines) == 2
    assert lines.count("BEGIN:VEVENT") == 2
    assert not any(line.startswith(("ATTENDEE", "BEGIN:VALARM")) for line in lines)


def test_an_empty_feed_is_a_whole_calendar():
    body = written()

    assert parse(body)["events"] == []
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VTIMEZONE\r\nEND:VCALENDAR\r\n")


def test_the_same_events_give_the_same_bytes_and_tag_and_others_do_not():
    once, again = written(an_event()), written(an_event())
    changed = written(an_event(sequence=1))

    assert once == again
    assert etag(once) == etag(again) != etag(changed)
    assert etag(once).startswith('"')
    assert etag(once).endswith('"')


@settings(max_examples=40, deadline=None)
@example([(r"C:\Nils", r"\\N \n \;", "\\")])
@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), min_size=1, max_size=15))
def test_texts_come_out_of_both_parsers_as_they_went_in(texts):
    events = [
        an_event(summary=f"s{a}", description=f"d{b}", location=f"l{c}", categories=(f"k{c}",))
        for a, b, c in texts
    ]
    body = written(*events)

    expected = [
        (clean_line(e.summary), clean_text(e.description).strip(), clean_line(e.location))
        for e in events
    ]
    names = ("summary", "description", "location")
    assert [tuple(read[name] for name in names) for read in ical_js(body)] == expected
    read = Calendar.from_ical(body).events
    assert [tuple(str(event[name]) for name in names) for event in read] == expected
    assert [e["CATEGORIES"].cats for e in read] == [[clean_line(e.categories[0])] for e in events]


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_lines_end_in_crlf_and_hold_at_most_75_octets_of_whole_characters(summary, name):
    body = written(an_event(summary=summary, description=name), organiser_name=name)

    assert body.endswith(b"\r\n")
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
        assert not set(line) & set(b"\r\n\0\x0b\x1b")
