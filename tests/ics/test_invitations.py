import pytest
from calendar_factories import a_recipient, an_event
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icaljs import parse

from blaljus.domain.text import clean_line
from blaljus.domain.words import Method
from blaljus.ics.invitations import invitation

EVENT = an_event(sequence=2)
ORGANISER = {"organiser_name": "Höörs kommun", "organiser_address": "blaljus@hoor.example"}


def invited(event=EVENT, *, method=Method.REQUEST, recipient=None, **rest):
    return invitation(
        event, method=method, recipient=recipient or a_recipient(), **ORGANISER, **rest
    )


def read(calendar):
    whole = parse(calendar)
    (event,) = whole["events"]
    return whole["properties"]["method"], event


def test_a_request_asks_the_one_recipient_for_an_answer():
    method, event = read(invited())

    assert method == "REQUEST"
    assert event["organizer"] == {"address": "mailto:blaljus@hoor.example", "cn": "Höörs kommun"}
    assert event["attendees"] == [
        {
            "address": "mailto:polis1@polisen.example",
            "cn": "Polis 1",
            "cutype": "INDIVIDUAL",
            "role": "REQ-PARTICIPANT",
            "partstat": "NEEDS-ACTION",
            "rsvp": "TRUE",
        }
    ]
    assert event["alarms"] == [{"action": "DISPLAY", "trigger": "-P1D"}]
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 2)


def test_an_update_of_texts_alone_keeps_the_answer():
    _, event = read(invited(accepted=True))

    assert event["attendees"][0]["partstat"] == "ACCEPTED"
    assert event["attendees"][0]["rsvp"] == "FALSE"


def test_a_cancellation_says_what_falls_away_and_reminds_of_nothing():
    method, event = read(invited(method=Method.CANCEL))

    assert method == "CANCEL"
    assert (event["status"], event["transp"], event["busy"]) == ("CANCELLED", "TRANSPARENT", "FREE")
    assert (event["start"], event["end"]) == (EVENT.starts_at, EVENT.ends_at)
    assert event["summary"] == EVENT.summary
    assert [person["address"] for person in event["attendees"]] == ["mailto:polis1@polisen.example"]
    assert event["alarms"] == []


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_icalendar_reads_the_same_instants_texts_and_method(method):
    calendar = Calendar.from_ical(invited(method=method))

    (event,) = calendar.events
    assert calendar["METHOD"] == method.value.upper()
    assert (event.start, event.end) == (EVENT.starts_at, EVENT.ends_at)
    assert (event["UID"], event["SEQUENCE"]) == (EVENT.uid, 2)
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (EVENT.summary, EVENT.description)
    assert event["ATTENDEE"].email == "polis1@polisen.example"


def test_a_tentative_event_is_asked_for_as_tentative():
    _, event = read(invited(an_event(confirmed=False)))

    assert (event["status"], event["busy"]) == ("TENTATIVE", "TENTATIVE")


def test_the_same_invitation_is_the_same_bytes():
    assert invited() == invited()


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=100))
def test_names_add_no_line_and_no_person(name):
    calendar = invited(recipient=a_recipient(name=f"Polis {name}"))

    _, event = read(calendar)
    assert len(event["attendees"]) == 1
    assert event["attendees"][0]["cn"] == clean_line(f"Polis {name}").replace('"', "'")
    assert max(map(len, calendar.split(b"\r\n"))) <= 75
