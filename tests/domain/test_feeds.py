"""What kind of program fetched a feed, and how a subscription is doing."""

from datetime import UTC, datetime, timedelta

import pytest

from blaljus.domain.feeds import SILENCE, SLOWEST, health_of, program_of
from blaljus.domain.words import FeedHealth, Program

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("user_agent", "program"),
    [
        ("Google-Calendar-Importer", Program.GOOGLE),
        ("Mozilla/5.0 (compatible; Google-Calendar-Importer/1.0)", Program.GOOGLE),
        ("Microsoft Exchange/15.20 (Microsoft Exchange Internet Calendar)", Program.OUTLOOK),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", Program.OUTLOOK),
        ("Outlook-iOS/729.2801447.prod.iphone (4.2.0)", Program.OUTLOOK),
        ("iOS/17.4 (21E219) dataaccessd/1.0", Program.APPLE),
        ("macOS/14.4 (23E214) dataaccessd/1.0", Program.APPLE),
        ("macOS/12.6 (21G115) CalendarAgent/961.4.2", Program.APPLE),
        ("Mac+OS+X/10.9.5 (13F1911) CalendarAgent/176.2", Program.APPLE),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Thunderbird/128.6.0", Program.THUNDERBIRD),
        ("vdirsyncer/0.19.3", Program.DAV),
        ("DAVx5/4.4.4-ose (2024/11/06; dav4jvm; okhttp/4.12.0) Android/14", Program.DAV),
        ("ICSx5/2.2.4 (ical4j/3.2.19 ktor/2.3.12) Android/14", Program.DAV),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36", Program.OTHER),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) Safari/605.1.15", Program.OTHER),
        ("curl/8.5.0", Program.OTHER),
        ("", Program.OTHER),
        ("\x00å" * 10_000, Program.OTHER),
    ],
)
def test_programs_are_told_by_the_name_they_give_themselves(user_agent, program):
    assert program_of(user_agent) is program


@pytest.mark.parametrize(
    ("fetched", "newest", "health"),
    [
        (None, None, FeedHealth.NEVER),
        (None, NOW, FeedHealth.NEVER),
        (NOW - SECOND, None, FeedHealth.FRESH),
        (NOW - SECOND, NOW - SECOND, FeedHealth.FRESH),
        (NOW - 2 * SECOND, NOW - SECOND, FeedHealth.WAITING),
        (NOW - 2 * SLOWEST, NOW - SLOWEST + SECOND, FeedHealth.WAITING),
        (NOW - 2 * SLOWEST, NOW - SLOWEST, FeedHealth.BEHIND),
        (NOW - SILENCE + SECOND, None, FeedHealth.FRESH),
        (NOW - SILENCE, NOW - SILENCE, FeedHealth.SILENT),
    ],
)
def test_health_follows_from_the_last_fetch_and_the_newest_change(fetched, newest, health):
    assert health_of(fetched, newest, NOW) is health
