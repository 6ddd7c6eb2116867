"""When a reminder is due: steps, weekends, quiet hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blaljus.domain.localtime import local
from blaljus.domain.reminders import (
    AFTERWARDS,
    USUAL,
    Occasion,
    ReminderKind,
    due_at,
    is_quiet,
    rules_of,
    step_now,
    steps,
)

DAY = date(2027, 3, 16)
"""A Tuesday."""
STARTS = datetime(2027, 3, 16, 8, tzinfo=UTC)
RULE = USUAL[ReminderKind.CLASS_SOON]


def an_occasion(kind=ReminderKind.CLASS_SOON, day=DAY, **others):
    known = {"subject": "booking:1", "counted_from": day, "until": STARTS}
    return Occasion(kind=kind, day=day, **{**known, **others})


def moments(occasion, rule=RULE):
    return [local(at).strftime("%a %d %H.%M") for at, _ in steps(rule, occasion)]


def test_a_reminder_is_due_at_its_hour_so_many_days_before():
    assert moments(an_occasion()) == ["Tue 09 08.00", "Mon 15 08.00"]
    assert moments(an_occasion(), replace(RULE, days=(3,), at_minute=9 * 60 + 30)) == [
        "Fri 12 09.30"
    ], "three days before is a Saturday"


def test_what_is_counted_afterwards_goes_on_the_monday_after_a_weekend():
    friday, kind = date(2027, 3, 19), ReminderKind.NOT_REPORTED
    occasion = an_occasion(kind, friday, until=STARTS + timedelta(days=30))

    assert moments(occasion, USUAL[kind]) == ["Mon 22 08.00", "Fri 26 08.00"]


def test_summer_time_changes_no_hour():
    occasion = an_occasion(day=date(2027, 3, 29), until=datetime(2027, 3, 29, 8, tzinfo=UTC))

    assert moments(occasion, replace(RULE, days=(7, 0))) == ["Mon 22 08.00", "Mon 29 08.00"]


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (datetime(2027, 3, 9, 6, 59, tzinfo=UTC), None),
        (datetime(2027, 3, 9, 7, tzinfo=UTC), 7),
        (datetime(2027, 3, 15, 6, 59, tzinfo=UTC), 7),
        (datetime(2027, 3, 15, 7, tzinfo=UTC), 1),
        (STARTS - timedelta(seconds=1), 1),
        (STARTS, None),
    ],
)
def test_the_newest_step_that_is_due_is_the_one(now, days):
    assert step_now(RULE, an_occasion(), now) == days


def test_who_was_told_after_a_step_is_not_reminded_by_it():
    told = an_occasion(since=datetime(2027, 3, 10, 12, tzinfo=UTC))

    assert moments(told) == ["Mon 15 08.00"]
    assert step_now(RULE, told, datetime(2027, 3, 11, tzinfo=UTC)) is None


def test_a_kind_that_is_off_has_no_steps():
    assert steps(replace(RULE, enabled=False), an_occasion()) == []


@pytest.mark.parametrize(
    ("hour", "quiet"), [(5, True), (6, False), (16, False), (17, True), (23, True)]
)
def test_nobody_is_disturbed_from_18_to_7_local_time(hour, quiet):
    assert is_quiet(datetime(2027, 3, 16, hour, 0, tzinfo=UTC)) is quiet


def test_what_is_stored_goes_before_the_usual():
    mine = replace(RULE, days=(2,))

    assert rules_of([mine]) == dict(USUAL) | {RULE.kind: mine}


@given(
    kind=st.sampled_from(ReminderKind),
    day=st.dates(date(2026, 7, 1), date(2030, 6, 30)),
    days=st.integers(0, 60),
    minute=st.integers(7 * 12, 17 * 12).map(lambda five: five * 5),
)
def test_no_step_lies_in_a_weekend_in_quiet_hours_or_on_the_wrong_side(kind, day, days, minute):
    rule = replace(USUAL[kind], days=(days,), at_minute=minute)

    at = local(due_at(rule, an_occasion(kind, day), days))

    assert at.weekday() < 5
    assert not is_quiet(at)
    assert (at.date() >= day) if kind in AFTERWARDS else (at.date() <= day)
