from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from calendar_factories import a_head, an_event
from icalendar import Calendar, Timezone
from icaljs import ical_js

from blaljus.domain.localtime import LOCAL
from blaljus.ics.events import feed_event
from blaljus.ics.feeds import feed
from blaljus.ics.zone import VTIMEZONE

SECOND = timedelta(seconds=1)
THREE_HOURS = timedelta(hours=3)


def offset(moment):
    return moment.astimezone(LOCAL).utcoffset()


def changes():
    """Every hour of 2024-2040 at which the local offset changes, as zoneinfo has it."""
    first = datetime(2024, 1, 1, tzinfo=UTC)
    hours = [first + timedelta(hours=n) for n in range(17 * 366 * 24)]
    return [later for earlier, later in pairwise(hours) if offset(earlier) != offset(later)]


CHANGES = changes()
AROUND = [change + step for change in CHANGES for step in (-SECOND, timedelta(0), SECOND)]
WRITABLE = [
    moment
    for change in CHANGES
    for moment in (change - timedelta(hours=1) - SECOND, change + timedelta(hours=1))
] + [moment for change in CHANGES[::2] for moment in (change - SECOND, change)]
"""The last and first seconds a calendar can say: all of spring, autumn without 02-03."""


def test_there_are_two_changes_a_year():
    assert len(CHANGES) == 2 * 17


@pytest.mark.parametrize("moment", AROUND)
def test_the_zone_changes_its_offset_to_the_second_as_zoneinfo_does(moment):
    zone = Timezone.from_ical(VTIMEZONE).to_tz(lookup_tzid=False)

    assert moment.astimezone(zone).utcoffset() == offset(moment)
    assert moment.astimezone(zone).tzname() == moment.astimezone(LOCAL).tzname()


def test_both_parsers_read_the_instants_around_every_change():
    fragments = [feed_event(an_event(starts_at=at, ends_at=at + THREE_HOURS)) for at in WRITABLE]
    body = feed(a_head(), fragments)

    assert [event["start"] for event in ical_js(body)] == WRITABLE
    assert [event.start.astimezone(UTC) for event in Calendar.from_ical(body).events] == WRITABLE


@pytest.mark.parametrize("change", CHANGES[1::2])
@pytest.mark.parametrize(
    "step", [timedelta(hours=-1), -SECOND, timedelta(0), timedelta(minutes=59)]
)
def test_an_hour_that_comes_twice_is_refused(change, step):
    moment = change + step

    with pytest.raises(ValueError, match="is not one moment"):
        feed_event(an_event(starts_at=moment, ends_at=moment + THREE_HOURS))
