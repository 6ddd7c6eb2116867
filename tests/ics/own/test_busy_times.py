from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_calendars import OUR_DOMAIN, a_calendar, an_event

from blaljus.domain.localtime import LOCAL
from blaljus.domain.own_calendars import (
    TOLD,
    BusyTime,
    CalendarTroubleError,
    Skipped,
    busy_halves,
    is_of_interest,
    merged,
)
from blaljus.domain.words import Half
from blaljus.ics.own.expanding import busy_times, is_ours

FIRST, LAST = datetime(2027, 1, 11, tzinfo=UTC), datetime(2028, 7, 1, tzinfo=UTC)
STOCKHOLM = "DTSTART;TZID=Europe/Stockholm:20270316T090000"
CUSTOM_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\n"
    "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)


def read(*events, head=""):
    return busy_times(a_calendar(*events, head=head).decode(), FIRST, LAST, OUR_DOMAIN)


def local_times(*events, head=""):
    """What is read, as local `month-day hour:minute-hour:minute`, with `?` for perhaps."""
    return [
        f"{b.starts_at.astimezone(LOCAL):%m-%d %H:%M}-{b.ends_at.astimezone(LOCAL):%H:%M}"
        + "?" * b.soft
        for b in read(*events, head=head).busy
    ]


@pytest.mark.parametrize(
    ("lines", "head"),
    [
        ([STOCKHOLM, "DTEND;TZID=Europe/Stockholm:20270316T120000"], ""),
        (["DTSTART:20270316T080000Z", "DTEND:20270316T110000Z"], ""),
        (["DTSTART:20270316T080000Z", "DURATION:PT3H"], ""),
        (["DTSTART:20270316T090000"], ""),
        (["DTSTART;TZID=W. Europe Standard Time:20270316T090000"], ""),
        (["DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20270316T090000"], ""),
        (["DTSTART;TZID=Customized Time Zone:20270316T090000"], CUSTOM_ZONE),
        (["DTSTART:20270316T040000"], "X-WR-TIMEZONE:America/New_York\r\n"),
        (["DTSTART:20270316T090000"], "X-WR-TIMEZONE:Mars/Olympus_Mons\r\n"),
        (["DTSTART;TZID=Europe/London:20270316T080000"], ""),
    ],
)
@pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")
def test_a_time_is_the_same_moment_however_it_is_written(lines, head):
    assert local_times(an_event(*lines), head=head) == ["03-16 09:00-12:00"]


@pytest.mark.parametrize(
    "line",
    ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "DURATION:PT0S"],
)
def test_what_takes_no_time_is_left_out(line):
    assert local_times(an_event(line)) == []


@pytest.mark.parametrize("line", ["STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"])
def test_what_is_not_settled_is_perhaps_busy(line):
    assert local_times(an_event(line)) == ["03-16 09:00-12:00?"]


def test_a_whole_day_is_a_day_of_the_local_calendar():
    summer_time_begins = "DTSTART;VALUE=DATE:20270327", "DTEND;VALUE=DATE:20270330"

    busy = read(
        an_event("DTSTART;VALUE=DATE:20270316"), an_event(*summer_time_begins, uid="b")
    ).busy

    assert [(b.starts_at, b.ends_at) for b in busy] == [
        (datetime(2027, 3, 15, 23, tzinfo=UTC), datetime(2027, 3, 16, 23, tzinfo=UTC)),
        (datetime(2027, 3, 26, 23, tzinfo=UTC), datetime(2027, 3, 29, 22, tzinfo=UTC)),
    ]


def test_a_series_keeps_its_clock_over_the_change_of_time():
    weekly = an_event("RRULE:FREQ=WEEKLY;UNTIL=20270401T000000Z")

    assert local_times(weekly) == ["03-16 09:00-12:00", "03-23 09:00-12:00", "03-30 09:00-12:00"]


def test_a_night_shift_over_the_change_of_time_is_as_long_as_it_says():
    weekdays = an_event(
        "DTSTART;TZID=Europe/Stockholm:20270328T220000",
        "DTEND;TZID=Europe/Stockholm:20270329T070000",
        "RRULE:FREQ=DAILY;COUNT=2",
    )

    assert local_times(weekdays) == ["03-28 22:00-07:00", "03-29 22:00-07:00"]


def test_times_are_taken_out_added_moved_and_called_off():
    series = an_event(
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Stockholm:20270323T090000",
        "RDATE;TZID=Europe/Stockholm:20270325T090000",
    )
    moved = an_event("RECURRENCE-ID:20270330T070000Z", "DTSTART:20270331T110000Z")
    off = an_event(
        "RECURRENCE-ID;TZID=Europe/Stockholm:20270406T090000",
        "DTSTART;TZID=Europe/Stockholm:20270406T090000",
        "STATUS:CANCELLED",
    )

    assert local_times(series, moved, off) == [
        "03-16 09:00-12:00",
        "03-25 09:00-12:00",
        "03-31 13:00-16:00",
    ]


def test_added_times_may_have_a_length_of_their_own():
    series = an_event(
        "RDATE;VALUE=PERIOD:20270317T080000Z/PT2H,20270318T080000Z/20270318T090000Z",
        "RDATE;VALUE=PERIOD;TZID=Europe/Stockholm:20270330T080000/20270330T090000",
        "EXDATE:20270318T080000Z",
    )

    assert local_times(series) == ["03-16 09:00-12:00", "03-17 09:00-11:00", "03-30 08:00-09:00"]


def test_added_times_count_beside_an_event_that_takes_no_time_itself():
    series = an_event("DURATION:PT0S", "RDATE;VALUE=PERIOD:20270317T080000Z/PT2H")
    free = an_event(
        "DURATION:PT0S", "RDATE;VALUE=PERIOD:20270318T080000Z/PT2H", "TRANSP:TRANSPARENT", uid="b"
    )

    assert local_times(series, free) == ["03-17 09:00-11:00"]


@pytest.mark.parametrize("until", ["99991231T235959Z", "99991231T000000", "99991231"])
def test_a_series_until_the_end_of_time_has_no_end(until):
    first = datetime(2027, 3, 16, 8, tzinfo=UTC)

    reading = read(an_event(f"RRULE:FREQ=WEEKLY;UNTIL={until}"))

    assert reading.skipped == {}
    assert len(reading.busy) == (LAST - first).days // 7 + 1


def test_a_whole_day_that_ends_on_the_day_it_begins_is_that_day():
    days = "DTSTART;VALUE=DATE:20270316", "DTEND;VALUE=DATE:20270316"

    assert local_times(an_event(*days)) == ["03-16 00:00-00:00"]


def test_a_series_that_is_another_one_from_a_time_on_keeps_the_clock_of_the_change():
    """A week before summer time and after; a single time is moved, one is taken out."""
    series = an_event("RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE;TZID=Europe/Stockholm:20270413T090000")
    onwards = an_event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20270323T080000Z",
        "DTSTART;TZID=Europe/Stockholm:20270324T100000",
        "DURATION:PT1H",
    )
    once = an_event("RECURRENCE-ID:20270406T070000Z", "DTSTART:20270406T110000Z")

    assert local_times(series, onwards, once) == [
        "03-16 09:00-12:00",
        "03-24 10:00-11:00",
        "03-31 10:00-11:00",
        "04-06 13:00-16:00",
        "04-21 10:00-11:00",
    ]


def test_the_last_change_before_a_time_is_the_one_that_holds():
    series = an_event("RRULE:FREQ=DAILY;COUNT=4")
    later, off = [
        an_event(
            f"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Stockholm:{day}T090000",
            f"DTSTART;TZID=Europe/Stockholm:{day}T130000",
            *lines,
        )
        for day, lines in (("20270317", []), ("20270318", ["STATUS:CANCELLED"]))
    ]

    assert local_times(series, off, later) == [
        "03-16 09:00-12:00",
        "03-17 13:00-16:00",
    ]


def test_a_series_that_was_free_may_be_busy_from_a_time_on_however_far_it_moves():
    series = an_event(
        "DTSTART;TZID=Europe/Stockholm:20260916T090000",
        "RRULE:FREQ=YEARLY;COUNT=3",
        "TRANSP:TRANSPARENT",
    )
    onwards = an_event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Stockholm:20270916T090000",
        "DTSTART;TZID=Europe/Stockholm:20270316T090000",
    )

    assert local_times(series, onwards) == ["03-16 09:00-12:00"] * 2


def test_a_zone_that_does_not_exist_is_counted_and_not_guessed():
    strange = an_event("DTSTART;TZID=Mars/Olympus_Mons:20270316T090000", uid="b")

    reading = read(an_event(), strange)

    assert (len(reading.busy), reading.skipped) == (1, {Skipped.UNKNOWN_ZONE: 1})


def test_what_is_left_out_can_be_found_by_its_owner_without_its_title():
    strange = [
        an_event("DTSTART;TZID=Mars/Olympus_Mons:20270316T090000", "SUMMARY:Hemlig", uid="b"),
        an_event("DTSTART;VALUE=DATE:20270317", "RRULE:FREQ=NEVER", uid="c"),
        an_event("DTSTART:nonsense", uid="d"),
        an_event(f"DTSTART;TZID={'x' * 100}:20270318T080000", uid="e"),
    ]

    found = read(an_event(), *strange).left_out

    assert [(one.why, one.number, one.begins, one.zone) for one in found] == [
        (Skipped.UNKNOWN_ZONE, 2, "2027-03-16 09.00", "Mars/Olympus_Mons"),
        (Skipped.UNREADABLE, 4, "", ""),
        (Skipped.UNKNOWN_ZONE, 5, "2027-03-18 08.00", "x" * 60),
        (Skipped.UNREADABLE, 3, "2027-03-17", ""),
    ]


@pytest.mark.parametrize("name", ["x" * 500, "Europe"])
def test_a_zone_whose_name_no_file_can_have_is_trouble_not_a_crash(name):
    with pytest.raises(CalendarTroubleError, match="nothing-readable"):
        read(an_event(), an_event(f"DTSTART;TZID={name}:20270316T090000", uid="b"))
    assert read(an_event(), head=f"X-WR-TIMEZONE:{name}\r\n").busy


def test_of_many_left_out_the_first_are_told_and_all_are_counted():
    strange = [an_event("DTSTART:nonsense", uid=str(n)) for n in range(50)]

    reading = read(an_event(), *strange)

    assert reading.skipped == {Skipped.UNREADABLE: 50}
    assert [one.number for one in reading.left_out] == list(range(2, 2 + TOLD))


@pytest.mark.parametrize(
    "line",
    [
        f"RRULE:FREQ=DAILY;INTERVAL={'9' * 4000}",
        "DURATION:P9999999999W",
        "DTSTART:nonsense",
        "RDATE;VALUE=PERIOD:20270317T080000Z/20270317T070000Z",
        "DTEND;TZID=Europe/Stockholm:20270316T085900",
        "DURATION:-PT1H",
        "RECURRENCE-ID;RANGE=THISANDPRIOR:20270330T070000Z",
        "RRULE:FREQ=NEVER",
    ],
)
def test_an_event_that_makes_no_sense_is_counted_and_the_others_are_read(line):
    reading = read(an_event(uid="b"), an_event(line))

    assert reading.busy[0].starts_at == datetime(2027, 3, 16, 8, tzinfo=UTC)
    assert reading.skipped == {Skipped.UNREADABLE: 1}


@pytest.mark.parametrize(
    ("uid", "ours"),
    [
        ("3b241101-e2bb-4255-8caf-4136c566a962@blaljus.example", True),
        (
            "040000008200E00074C5B7101A82E008"
            + b"\0\0vCal-Uid\1\0\0\0".hex()
            + b"3b241101-e2bb-4255-8caf-4136c566a962@blaljus.example\0".hex(),
            True,
        ),
        ("3b241101-e2bb-4255-8caf-4136c566a962@other.example", False),
        ("fika@blaljus.example", False),
        ("040000008200E00074C5B7101A82E008" + "00" * 16, False),
    ],
)
def test_our_own_events_that_come_back_are_known(uid, ours):
    assert is_ours(uid, OUR_DOMAIN) is ours
    assert local_times(an_event(uid=uid)) == ([] if ours else ["03-16 09:00-12:00"])


def test_what_no_school_day_touches_is_not_even_returned():
    evening = an_event("DTSTART;TZID=Europe/Stockholm:20270316T190000")
    saturday = an_event("DTSTART;TZID=Europe/Stockholm:20270320T090000", uid="b")
    long_ago = an_event("DTSTART;TZID=Europe/Stockholm:20250316T090000", uid="c")

    assert local_times(evening, saturday, long_ago) == []


def test_half_days_are_busy_where_a_time_overlaps_them():
    def busy(start, end, *, soft=False):
        day = datetime(2027, 3, 16, tzinfo=LOCAL)
        return BusyTime(
            starts_at=(day + timedelta(hours=start)).astimezone(UTC),
            ends_at=(day + timedelta(hours=end)).astimezone(UTC),
            soft=soft,
        )

    day = datetime(2027, 3, 16, tzinfo=LOCAL).date()

    assert busy_halves([busy(6, 8)]) == {}
    assert busy_halves([busy(6, 8.5)]) == {(day, Half.FM): False}
    assert busy_halves([busy(11, 12)]) == {(day, Half.FM): False}
    assert busy_halves([busy(11, 13, soft=True)]) == {(day, Half.FM): True, (day, Half.EM): True}
    assert busy_halves([busy(9, 10, soft=True), busy(10, 11)]) == {(day, Half.FM): False}


TIMES = st.builds(
    lambda start, length, soft: BusyTime(
        starts_at=FIRST + timedelta(minutes=start),
        ends_at=FIRST + timedelta(minutes=start + length),
        soft=soft,
    ),
    st.integers(0, 5000),
    st.integers(1, 3000),
    st.booleans(),
)


@given(st.lists(TIMES))
def test_merging_keeps_every_busy_minute_and_leaves_gaps(times):
    found = merged(times)

    for soft in (False, True):
        kind = [b for b in found if b.soft is soft]
        assert all(a.ends_at < b.starts_at for a, b in pairwise(kind))
        assert all(
            any(b.starts_at <= t.starts_at and t.ends_at <= b.ends_at for b in kind)
            for t in times
            if t.soft is soft
        )
        minutes = sum((b.ends_at - b.starts_at for b in kind), timedelta())
        assert minutes <= sum(
            (t.ends_at - t.starts_at for t in times if t.soft is soft), timedelta()
        )
    assert busy_halves(found) == busy_halves(times)


@given(TIMES)
def test_what_overlaps_a_half_day_of_the_week_is_of_interest(busy):
    weekdays = [half for half in busy_halves([busy]) if half[0].weekday() < 5]

    assert not weekdays or is_of_interest(busy.starts_at, busy.ends_at)


@pytest.mark.parametrize("name", ["tjanstgoring-polis-1.ics", "tjanstgoring-ambulans-2.ics"])
def test_the_rosters_of_the_demo_are_read(name):
    text = (files("blaljus.demo") / "hoor" / name).read_text(encoding="utf-8")

    reading = busy_times(text, FIRST, LAST, OUR_DOMAIN)

    assert reading.skipped == {}
    assert len(reading.busy) > 10
