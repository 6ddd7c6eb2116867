from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from blaljus.domain.booking import (
    MAX_ADULTS,
    MAX_PUPILS,
    BookingDetails,
    BookingRefusedError,
    Refusal,
    detail_problems,
    may_change,
    nearest,
    refusals,
    spoken_number,
)
from blaljus.domain.schools import Block
from blaljus.domain.slots import Slot
from blaljus.domain.words import AccessNeed, BlockKind, SlotState, Transport

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
SCHOOL = 7


def a_slot(**other):
    starts_at = other.pop("starts_at", NOW + timedelta(days=10))
    known = {
        "id": 1,
        "municipality": 1,
        "plan": 1,
        "venue": 1,
        "venue_name": "Brandstationen",
        "venue_school": None,
        "latitude": None,
        "longitude": None,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=85),
        "places": 3,
        "taken": 0,
        "state": SlotState.PUBLISHED,
        "uid": "slot",
        "sequence": 0,
        "revised_at": NOW,
        "version": 1,
    }
    return Slot(**{**known, **other})


def details(**other):
    known = {
        "pupils": 20,
        "adults": 2,
        "phone": "",
        "access_needs": {},
        "transport": Transport.NONE,
    }
    return BookingDetails(**{**known, **other})


def refused(slot, *, pupils=20, blocks=(), most=(30, 24), current=None):
    return refusals(
        slot,
        [SimpleNamespace(max_pupils=number) for number in most],
        SimpleNamespace(school_unit=SCHOOL),
        details(pupils=pupils),
        blocks,
        notice=WEEK,
        now=NOW,
        current=current,
    )


def day_off(school, kind=BlockKind.TRAINING_DAY):
    day = (NOW + timedelta(days=10)).date()
    return Block(school_unit=school, kind=kind, name="Studiedag", first_on=day, last_on=day)


def test_a_free_place_in_good_time_is_not_refused():
    assert refused(a_slot()) == ()


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (WEEK, ()),
        (WEEK - timedelta(seconds=1), (Refusal.TOO_LATE,)),
        (timedelta(seconds=1), (Refusal.TOO_LATE,)),
        (timedelta(0), (Refusal.PAST,)),
        (-timedelta(seconds=1), (Refusal.PAST,)),
    ],
)
def test_notice_is_to_the_second_and_what_has_begun_is_past(lead, expected):
    assert refused(a_slot(starts_at=NOW + lead)) == expected


@pytest.mark.parametrize(
    ("taken", "expected"), [(2, ()), (3, (Refusal.FULL,)), (4, (Refusal.FULL,))]
)
def test_a_slot_is_full_when_every_place_is_taken(taken, expected):
    assert refused(a_slot(taken=taken)) == expected


def test_who_is_in_a_full_slot_is_told_that_it_is_the_same_one():
    assert refused(a_slot(taken=3), current=SimpleNamespace(slot=1)) == (Refusal.SAME_SLOT,)
    assert refused(a_slot(taken=3), current=SimpleNamespace(slot=2)) == (Refusal.FULL,)


@pytest.mark.parametrize(("pupils", "expected"), [(24, ()), (25, (Refusal.TOO_MANY_PUPILS,))])
def test_the_smallest_station_takes_the_whole_class(pupils, expected):
    assert refused(a_slot(), pupils=pupils) == expected


def test_without_stations_nobody_has_room():
    assert refused(a_slot(), pupils=1, most=()) == (Refusal.TOO_MANY_PUPILS,)
    assert refused(a_slot(), pupils=0, most=()) == ()


def test_a_slot_at_a_school_is_for_its_own_classes():
    assert refused(a_slot(venue_school=SCHOOL)) == ()
    assert refused(a_slot(venue_school=8)) == (Refusal.OTHER_SCHOOL,)


def test_a_day_off_of_the_own_school_or_of_all_keeps_a_class_away():
    assert refused(a_slot(), blocks=[day_off(SCHOOL)]) == (Refusal.SCHOOL_OUT,)
    assert refused(a_slot(), blocks=[day_off(None)]) == (Refusal.SCHOOL_OUT,)
    assert refused(a_slot(), blocks=[day_off(8)]) == ()


def test_every_reason_is_given_in_a_fixed_order():
    slot = a_slot(state=SlotState.DRAFT, starts_at=NOW, taken=3, venue_school=8)

    assert refused(slot, pupils=99) == (
        Refusal.NOT_PUBLISHED,
        Refusal.PAST,
        Refusal.FULL,
        Refusal.OTHER_SCHOOL,
        Refusal.TOO_MANY_PUPILS,
    )


def test_a_refusal_carries_its_reasons_as_text_for_logs_and_pages():
    error = BookingRefusedError(["full", Refusal.PAST])

    assert error.refusals == (Refusal.FULL, Refusal.PAST)
    assert error.data == {"refusals": ["full", "past"]}


@pytest.mark.parametrize(
    ("number", "spoken"), [(417302, "417 302"), (7, "000 007"), (100000, "100 000")]
)
def test_a_number_is_said_in_two_groups_of_three(number, spoken):
    assert spoken_number(number) == spoken


def test_a_booking_may_be_changed_until_the_slot_starts():
    assert may_change(a_slot(starts_at=NOW + timedelta(seconds=1)), now=NOW)
    assert not may_change(a_slot(starts_at=NOW), now=NOW)


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({}, {}),
        ({"pupils": 1}, {}),
        ({"pupils": 0}, {"pupils": "pupils-range"}),
        ({"pupils": MAX_PUPILS}, {}),
        ({"pupils": MAX_PUPILS + 1}, {"pupils": "pupils-range"}),
        ({"adults": 0}, {}),
        ({"adults": -1}, {"adults": "adults-range"}),
        ({"adults": MAX_ADULTS}, {}),
        ({"adults": MAX_ADULTS + 1}, {"adults": "adults-range"}),
        ({"phone": "+46 413-123 45"}, {}),
        ({"phone": "ring mig"}, {"phone": "phone-shape"}),
        ({"access_needs": {AccessNeed.CALM: 20}}, {}),
        ({"access_needs": {AccessNeed.CALM: 0}}, {}),
        ({"access_needs": {AccessNeed.CALM: 21}}, {"access_needs": "need-above-pupils"}),
        ({"access_needs": {AccessNeed.CALM: -1}}, {"access_needs": "need-negative"}),
    ],
)
def test_what_cannot_be_right_is_said_by_field(typed, problems):
    assert detail_problems(details(**typed)) == problems


def test_the_nearest_times_come_first_and_the_earlier_of_two_as_near():
    hours = {1: 3, 2: -2, 3: 2, 4: 0, 5: 2}
    slots = [a_slot(id=id_, starts_at=NOW + timedelta(hours=h)) for id_, h in hours.items()]

    assert [slot.id for slot in nearest(slots, NOW, 4)] == [4, 2, 3, 5]
