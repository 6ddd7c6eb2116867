"""Every rule and every parser is seen to notice what is broken."""

import pytest
from calendar_factories import a_head, a_recipient, an_event
from readers.every import READERS, read_by_all
from readers.reading import UnreadableError
from readers.rules import RULES, complaints

from blaljus.domain.words import Method
from blaljus.ics.events import feed_event
from blaljus.ics.feeds import feed
from blaljus.ics.invitations import invitation

ORGANISER = {"organiser_name": "Höörs kommun", "organiser_address": "blaljus@hoor.example"}
LATER = {"uid": "x@blaljus.example", "sequence": 2}


def invited(method, **changes):
    return invitation(an_event(**changes), method=method, recipient=a_recipient(), **ORGANISER)


LONG = "Ta med ombyte.\nRing samordnaren vid frågor, helst före klockan tio på morgonen samma dag."
FEED = feed(
    a_head(),
    [feed_event(an_event(description=LONG)), feed_event(an_event(cancelled=True, **LATER))],
)
REQUEST = invited(Method.REQUEST)
CANCEL = invited(Method.CANCEL, **LATER)

BROKEN = [
    ("lines_end_in_crlf_and_hold_75_octets", FEED, "\r\n ", ""),
    ("lines_end_in_crlf_and_hold_75_octets", FEED, "VERSION:2.0\r\n", "VERSION:2.0\n"),
    ("text_is_utf8_in_every_line_and_without_control_characters", FEED, "Ta med", "Ta\x0bmed"),
    ("content_lines_have_a_name_and_components_are_nested", FEED, "END:VEVENT\r\n", ""),
    ("content_lines_have_a_name_and_components_are_nested", FEED, "GEO:", "GEO "),
    ("a_calendar_says_version_and_product_once", FEED, "VERSION:2.0\r\n", ""),
    ("an_event_has_its_properties_as_often_as_it_may", FEED, "DTSTAMP:", "X-STAMP:"),
    ("an_event_ends_after_it_begins_in_the_same_zone", FEED, "20261013T113000", "20261013T083000"),
    (
        "local_times_name_a_zone_that_the_calendar_holds",
        FEED,
        ";TZID=Europe/Stockholm:2026",
        ":2026",
    ),
    ("local_times_exist_once", FEED, "20261013T090000", "20270328T023000"),
    ("stamps_are_in_utc", FEED, "DTSTAMP:20260901T120000Z", "DTSTAMP:20260901T120000"),
    ("texts_escape_what_they_must", FEED, "Ta med", "Ta, med"),
    ("words_are_those_of_the_standard", FEED, "STATUS:CONFIRMED", "STATUS:OK"),
    ("a_place_is_on_earth", FEED, "GEO:55.9345", "GEO:95.9345"),
    ("addresses_are_uris", FEED, "mailto:blaljus@", "blaljus@"),
    ("each_uid_stands_once", FEED, "x@blaljus.example", an_event().uid),
    ("a_zone_says_when_it_changes_and_by_how_much", FEED, "TZOFFSETTO:+0100", "TZOFFSETTO:1"),
    ("an_alarm_shows_a_text_at_a_time", REQUEST, "ACTION:DISPLAY\r\n", ""),
    (
        "parts_of_our_own_begin_with_x_and_hold_no_text_of_people",
        FEED,
        "X-WR-CALNAME:",
        "X-WR-CALDESC:",
    ),
    ("a_message_has_a_method_and_events_of_one_kind", FEED, "METHOD:PUBLISH\r\n", ""),
    ("every_event_names_its_organiser_and_summary", CANCEL, "SEQUENCE:2\r\n", ""),
    ("what_is_published_invites_nobody", REQUEST, "METHOD:REQUEST", "METHOD:PUBLISH"),
    ("a_request_asks_one_person_and_is_on", REQUEST, "STATUS:CONFIRMED", "STATUS:CANCELLED"),
    ("a_request_asks_one_person_and_is_on", REQUEST, "RSVP=TRUE", "RSVP=FALSE"),
    ("a_cancellation_cancels_and_rises", CANCEL, "SEQUENCE:2", "SEQUENCE:0"),
    ("what_is_cancelled_takes_no_time", CANCEL, "TRANSP:TRANSPARENT", "TRANSP:OPAQUE"),
    ("what_a_feed_says_of_itself_has_its_types", FEED, ";VALUE=DURATION", ""),
    ("what_a_feed_says_of_itself_has_its_types", FEED, ";VALUE=URI", ""),
    ("what_a_feed_says_of_itself_has_its_types", FEED, "COLOR:navy", "COLOR:blåljus"),
]
"""(rule, a calendar that keeps it, what stands there, what stands there instead)."""


@pytest.mark.parametrize("calendar", [FEED, REQUEST, CANCEL], ids=["feed", "request", "cancel"])
def test_what_we_write_breaks_no_rule(calendar):
    assert complaints(calendar) == []


@pytest.mark.parametrize(("name", "calendar", "stood", "stands"), BROKEN)
def test_a_rule_notices_what_breaks_it(name, calendar, stood, stands):
    folded = "\r\n " if stood == "\r\n " else "\0"
    text = calendar.decode() if folded != "\0" else calendar.decode().replace("\r\n ", "")
    assert stood in text

    broken = text.replace(stood, stands).encode()

    assert name in {complaint.partition(":")[0] for complaint in complaints(broken)}


def test_every_rule_is_broken_above():
    assert {name for name, *_ in BROKEN} == {rule.__name__ for rule in RULES}


SPOILT = {
    "cut in the middle of an event": lambda body: body[: body.index(b"DTEND")],
    "without a start": lambda body: body.replace(b"DTSTART;", b"X-BEGIN;"),
    "without a UID": lambda body: body.replace(b"\r\nUID:", b"\r\nX-UID:"),
    "a start that is no time": lambda body: body.replace(b"T090000", b"Txx0000"),
    "no calendar": lambda _: b"<!doctype html><title>404</title>",
    "nothing": lambda _: b"",
}
DIFFERENT = {
    "an hour later": lambda body: body.replace(b"T090000", b"T100000"),
    "in another zone": lambda body: body.replace(b"TZID=Europe/Stockholm:", b"TZID=Europe/London:"),
    "another status": lambda body: body.replace(b"STATUS:CONFIRMED", b"STATUS:TENTATIVE"),
    "another text": lambda body: body.replace(b"Ring", b"Ring\\n"),
    "another revision": lambda body: body.replace(b"SEQUENCE:0", b"SEQUENCE:1"),
    "another method": lambda body: body.replace(b"METHOD:PUBLISH", b"METHOD:REQUEST"),
}


def reads_the_same(name, body):
    """Whether a parser makes of `body` what it makes of the sound one."""
    try:
        return READERS[name]([body]) == READERS[name]([FEED])
    except UnreadableError:
        return False


@pytest.mark.parametrize("how", [*SPOILT, *DIFFERENT])
@pytest.mark.parametrize("name", READERS)
def test_a_parser_notices_what_is_broken_or_another(name, how):
    body = (SPOILT | DIFFERENT)[how](FEED)
    assert body != FEED

    assert not reads_the_same(name, body)


@pytest.mark.parametrize("calendar", [FEED, REQUEST, CANCEL], ids=["feed", "request", "cancel"])
def test_five_parsers_read_the_same(calendar):
    (read,) = read_by_all([calendar])

    assert {event.start for event in read.events} == {an_event().starts_at}
    assert {event.end for event in read.events} == {an_event().ends_at}
