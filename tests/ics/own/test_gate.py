import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_calendars import HOSTILE, a_calendar, an_event

from blaljus.domain.own_calendars import Trouble
from blaljus.ics.own.gate import (
    MOST_BYTES,
    MOST_DATES,
    MOST_EVENTS,
    MOST_FOLDS,
    MOST_RULES,
    in_utf8,
    trouble_of,
)

PARSED = ("nothing-readable", "too-much-work", "too-many-times")
AT_THE_GATE = {name: row for name, row in HOSTILE.items() if row[1] not in PARSED}
OUTLOOK_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


@pytest.mark.parametrize("name", AT_THE_GATE)
def test_a_hostile_file_is_refused_before_it_is_parsed(name):
    data, why = AT_THE_GATE[name]

    assert trouble_of(data) == why


@pytest.mark.parametrize(
    "data",
    [
        a_calendar(an_event()),
        a_calendar(an_event("RRULE:FREQ=WEEKLY;UNTIL=99991231T000000Z")),
        a_calendar(OUTLOOK_ZONE, an_event()),
        a_calendar(*[an_event()] * MOST_EVENTS)[: MOST_BYTES + 1],
        a_calendar(*[an_event("RRULE:FREQ=DAILY")] * MOST_RULES),
        a_calendar(an_event("EXDATE:" + ",".join(["20270316T080000Z"] * MOST_DATES))),
        a_calendar(an_event("SUMMARY:" + "\r\n a" * (MOST_FOLDS - 1))),
        a_calendar(an_event("DTSTART;VALUE=DATE:16040229")),
        a_calendar(an_event("BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM")),
        b"\xef\xbb\xbf" + a_calendar(an_event()).replace(b"\r\n", b"\n"),
        a_calendar(an_event()) + b"\r\n\r\n" + a_calendar(an_event()),
    ],
)
def test_what_programs_write_is_let_through_up_to_the_bounds(data):
    assert trouble_of(data) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_calendar_in_utf_16_is_read_as_in_utf_8(encoding):
    text = a_calendar(an_event("SUMMARY:Förhör")).decode()

    assert in_utf8(text.encode(encoding)).decode("utf-8-sig") == text


@given(st.binary(max_size=300))
def test_whatever_is_called_utf_16_there_is_an_answer(data):
    assert trouble_of(in_utf8(b"\xff\xfe" + data)) in {None, *Trouble}


@given(st.binary(max_size=300))
def test_whatever_bytes_come_there_is_an_answer(data):
    assert trouble_of(data) in {None, *Trouble}


@given(st.lists(st.sampled_from(["BEGIN:VEVENT", "END:VEVENT", " x", "RRULE:", "DTSTART:2", "\r"])))
def test_whatever_lines_come_there_is_an_answer(lines):
    assert trouble_of(a_calendar("\r\n".join(lines))) in {None, *Trouble}
