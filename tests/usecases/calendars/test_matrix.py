"""Every feed and message of a season that has everything: five parsers, and the rules."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from itertools import permutations

import icalendar
import pytest
from factories import a_context, stored_cast
from readers.every import read_by_all
from readers.rules import complaints
from usecases.calendars.matrix import LONG_NAME, played

from blaljus.domain.localtime import at_local
from blaljus.domain.words import FeedKind

DAYS = {
    "winter": date(2027, 2, 9),
    "summer": date(2027, 6, 1),
    "the day clocks change": date(2027, 3, 28),
    "over the change": date(2027, 3, 23),
    "to the day clocks go back": date(2026, 10, 18),
}
"""First day of the season; what is moved goes a week later."""

HOURS = {
    "winter": {8},
    "summer": {7},
    "the day clocks change": {7},
    "over the change": {8, 7},
    "to the day clocks go back": {7, 8},
}
"""When nine o'clock is, in UTC: on the day of a change it is after the change."""


PLAYED = {}
"""What came of each season: it is played once and only looked at afterwards."""


@pytest.fixture(params=DAYS)
async def season(request, sqlite_store, clock):
    """What calendars say does not depend on the engine."""
    if request.param not in PLAYED:
        clock.set(at_local(DAYS[request.param] - timedelta(days=60), time(9)))
        cast = await stored_cast()
        PLAYED[request.param] = await played(cast, a_context(clock), clock, DAYS[request.param])
    return PLAYED[request.param]


@pytest.fixture
def hours(request):
    """In UTC, of the season's first parameter."""
    return HOURS[request.node.callspec.params["season"]]


def shown(reading):
    return {e.uid: (e.sequence, e.start, e.end, e.status) for e in reading.events}


async def test_every_feed_shows_what_is_stored_in_all_five_parsers(season, hours):
    readings = read_by_all([snapshot.body for snapshot in season.snapshots])

    for snapshot, reading in zip(season.snapshots, readings, strict=True):
        assert reading.method == "PUBLISH"
        assert shown(reading) == snapshot.truth, (snapshot.step, snapshot.kind)
        for event in reading.events:
            cancelled = event.status == "CANCELLED"
            assert event.summary.startswith("INSTÄLLT: ") is cancelled
    assert {snapshot.kind for snapshot in season.snapshots} == set(FeedKind)
    assert {e.start.hour for reading in readings for e in reading.events} == hours


async def test_every_message_says_what_is_stored_in_all_five_parsers(season):
    readings = read_by_all([message.calendar for message in season.messages])

    for message, reading in zip(season.messages, readings, strict=True):
        ((uid, said),) = shown(reading).items()
        assert said == message.truth[uid], message.step
        assert (reading.method == "CANCEL") == (said[3] == "CANCELLED"), message.step


async def test_every_feed_and_message_keeps_every_rule(season):
    everything = [(s.step, s.body) for s in season.snapshots]
    everything += [(m.step, m.calendar) for m in season.messages]

    broken = {step: found for step, body in everything if (found := complaints(body))}

    assert broken == {}


async def test_every_mail_is_built_as_programs_expect_it(season):
    """RFC 6047 2.4-2.6: one method, said twice; base64; from the organiser; two equal copies."""
    for message in season.messages:
        calendar = icalendar.Calendar.from_ical(message.calendar)
        mail, (event,) = message.mail, calendar.events
        inline, attached = [
            part
            for part in mail.walk()
            if part.get_content_type() in ("text/calendar", "application/ics")
        ]
        assert inline.get_param("method") == calendar["METHOD"]
        assert inline.get_content_charset() == "utf-8"
        assert inline["Content-Transfer-Encoding"] == "base64"
        assert inline.get_payload(decode=True) == attached.get_payload(decode=True)
        first = next(mail.iter_parts())
        assert first.get_content_type() == "multipart/alternative"
        assert event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
        assert event["ATTENDEE"] == f"mailto:{message.to}"
        assert mail["Date"]
        assert mail["Message-ID"]
        assert mail["Auto-Submitted"] == "auto-generated"


async def test_long_names_and_marks_come_through_whole(season):
    texts = [
        str(event["DESCRIPTION"])
        for snapshot in season.snapshots
        for event in icalendar.Calendar.from_ical(snapshot.body).events
    ]
    places = {
        str(event["LOCATION"])
        for message in season.messages
        for event in icalendar.Calendar.from_ical(message.calendar).events
    }

    assert any(LONG_NAME in text for text in texts)
    assert 'Nya "stationen", Höör; port 3\\4' in places


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar program keeps of a UID: the newest revision, and whether it is on."""

    revision: tuple
    facts: tuple | None


def kept(messages):
    """A calendar that took some messages in, in their order (RFC 5546 2.1.5)."""
    calendar: dict[str, Entry] = {}
    for message in messages:
        uid, entry = entry_of(message.calendar)
        if uid not in calendar or calendar[uid].revision < entry.revision:
            calendar[uid] = entry
    return calendar


@cache
def entry_of(calendar):
    """The UID of a message's event, and what a calendar keeps of it."""
    whole = icalendar.Calendar.from_ical(calendar)
    (event,) = whole.events
    ended = whole["METHOD"] == "CANCEL"
    facts = None if ended else (event["DTSTART"].dt, event["DTEND"].dt, str(event["LOCATION"]))
    revision = (int(event["SEQUENCE"]), event["DTSTAMP"].dt)
    return str(event["UID"]), Entry(revision, facts)


def chains(season):
    """The messages about each UID to each person, as they were sent."""
    found = defaultdict(list)
    for message in season.messages:
        (event,) = icalendar.Calendar.from_ical(message.calendar).events
        found[message.to, str(event["UID"])].append(message)
    return found


async def test_a_chain_keeps_its_uid_and_ends_the_same_in_any_order_of_arrival(season):
    lengths = set()
    for (to, uid), chain in chains(season).items():
        truth = kept(chain)
        lengths.add(len(chain))
        for order in permutations(chain):
            assert kept(order) == truth, (to, uid)
        final = season.messages[-1].truth[uid]
        assert (truth[uid].facts is None) == (final[3] == "CANCELLED"), (to, uid)

    assert max(lengths) >= 3


async def test_the_sequence_rises_with_time_place_and_status_and_with_nothing_else(season):
    told = set()
    for chain in chains(season).values():
        before = None
        for message in chain:
            event = icalendar.Calendar.from_ical(message.calendar).events[0]
            what = tuple(
                event[name].to_ical() for name in ("DTSTART", "DTEND", "LOCATION", "STATUS")
            )
            sequence, stamp = int(event["SEQUENCE"]), event["DTSTAMP"].dt
            if before is None:
                assert sequence == 0, message.step
            else:
                rises = sequence - before[1]
                assert (rises > 0) is (what != before[0]), message.step
                assert stamp > before[2], message.step
                told.add(rises > 0)
            before = (what, sequence, stamp)

    assert told == {True, False}


async def test_nobody_hears_of_anothers_event_and_everybody_of_their_own(season):
    heard = defaultdict(set)
    for to, uid in chains(season):
        heard[uid].add(to)

    assert all(len(people) == 1 for people in heard.values())
    replaced = [m for m in season.messages if m.step == "person replaced"]
    methods = {(m.to, icalendar.Calendar.from_ical(m.calendar)["METHOD"]) for m in replaced}
    assert methods == {
        ("police-1@blaljus.example", "CANCEL"),
        ("police-2@blaljus.example", "REQUEST"),
    }
