"""Dates, numbers and catalogues in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from blaljus import i18n
from blaljus.domain.words import Service
from blaljus.i18n.lists import format_services

SUMMER = datetime(2026, 10, 13, 7, tzinfo=UTC)
WINTER = datetime(2026, 11, 24, 8, tzinfo=UTC)
SLOT = timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    ("start", "language", "expected"),
    [
        (SUMMER, "sv", "tis 13 oktober 2026 kl. 09.00–11.30 (v. 42)"),
        (SUMMER, "en", "Tue 13 October 2026, 09:00–11:30 (week 42)"),
        (WINTER, "sv", "tis 24 november 2026 kl. 09.00–11.30 (v. 48)"),
    ],
)
def test_a_moment_says_day_local_time_and_week(start, language, expected):
    assert i18n.format_moment(start, start + SLOT, language) == expected


def test_thursday_is_tors_and_months_lose_their_full_stop():
    assert i18n.format_short_day(date(2026, 10, 8), "sv") == "tors 8 okt"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 27), "v. 52"),
        (date(2026, 12, 28), "v. 53"),
        (date(2027, 1, 3), "v. 53"),
        (date(2027, 1, 4), "v. 1"),
    ],
)
def test_the_year_2026_has_a_week_53(day, expected):
    assert i18n.format_week(day, "sv") == expected


def test_a_moment_late_in_the_utc_evening_falls_on_the_next_local_day():
    late = datetime(2026, 12, 27, 23, 30, tzinfo=UTC)

    assert i18n.format_day(late, "sv") == "måndag 28 december 2026"
    assert i18n.format_week(late, "sv") == "v. 53"


def test_long_days_come_with_and_without_their_year():
    assert i18n.format_weekday(date(2026, 10, 13), "sv") == "tisdag 13 oktober"
    assert i18n.format_day(date(2026, 10, 13), "en") == "Tuesday 13 October 2026"


def test_numbers_and_shares_follow_the_language():
    assert i18n.format_number(1234.5, "sv") == "1\N{NO-BREAK SPACE}234,5"
    assert i18n.format_number(1234.5, "en") == "1,234.5"
    assert i18n.format_share(0.96, "sv") == "96\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "sv"),
        ("*", "sv"),
        ("de,fr;q=0.5", "sv"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("fi, sv-SE;q=0.8, en;q=0.7", "sv"),
    ],
)
def test_the_browsers_first_known_language_is_spoken(header, expected):
    assert i18n.language_of(header) == expected


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'de' is not one of"):
        i18n.translations("de")


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ((), ""),
        ((Service.POLICE,), "Polis"),
        ([Service.POLICE, Service.RESCUE, Service.AMBULANCE], "Polis, räddningstjänst, ambulans"),
    ],
)
def test_services_are_named_in_one_line(services, expected):
    assert format_services(services, "sv") == expected
