from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blaljus.domain.booking import Booking
from blaljus.domain.coverage import CoverageFacts, Visit, coverage
from blaljus.domain.schools import Block, SchoolClass
from blaljus.domain.slots import Slot, Station
from blaljus.domain.staffing import Assignment
from blaljus.domain.words import (
    REQUIRED_SERVICES,
    AssignmentState,
    BlockKind,
    BookingState,
    ClassKind,
    CoverageState,
    Service,
    SlotState,
    Transport,
    VisitState,
)

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
IDS = count(1)


def a_class(**others):
    known = {
        "id": next(IDS),
        "municipality": 1,
        "school_unit": 1,
        "school_code": "90000001",
        "school": "Ekskolan",
        "school_year": 2026,
        "label": "4A",
        "year4_pupils": 20,
        "other_pupils": 0,
        "kind": ClassKind.ORDINARY,
        "active": True,
        "version": 1,
    }
    return SchoolClass(**{**known, **others})


def a_slot(**others):
    start = others.pop("starts_at", NOW + timedelta(days=10))
    known = {
        "id": next(IDS),
        "municipality": 1,
        "plan": 1,
        "venue": 1,
        "venue_name": "Brandstationen",
        "venue_school": None,
        "latitude": None,
        "longitude": None,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=85),
        "places": 3,
        "taken": 0,
        "state": SlotState.PUBLISHED,
        "uid": "slot",
        "sequence": 0,
        "revised_at": NOW,
        "version": 1,
    }
    return Slot(**{**known, **others})


def stations_of(slot, services=REQUIRED_SERVICES):
    return [
        Station(
            id=next(IDS),
            slot=slot.id,
            position=position,
            provides=service,
            name=service.value,
            minutes=25,
            max_pupils=60,
            staff_needed=1,
            on_call_allowed=False,
        )
        for position, service in enumerate(services, start=1)
    ]


def a_booking(school_class, slot, **others):
    known = {
        "id": next(IDS),
        "municipality": 1,
        "plan": 1,
        "slot": slot.id,
        "school_class": school_class.id,
        "number": 417302,
        "state": BookingState.CONFIRMED,
        "pupils": 20,
        "adults": 2,
        "phone": "",
        "access_needs": {},
        "transport": Transport.NONE,
        "catch_up": False,
        "cancel_cause": None,
        "uid": "booking",
        "sequence": 0,
        "revised_at": NOW,
        "version": 1,
    }
    return Booking(**{**known, **others})


def a_duty(station, state=AssignmentState.INVITED):
    return Assignment(
        id=next(IDS),
        municipality=1,
        slot=station.slot,
        station=station.id,
        staff=next(IDS),
        state=state,
        override_reason=None,
        uid="duty",
        sequence=0,
        revised_at=NOW,
        version=1,
    )


def facts(**others):
    names = ("classes", "slots", "stations", "bookings", "assignments", "visits", "blocks")
    known = {name: [] for name in names}
    return CoverageFacts(**{**known, **others})


def row_of(given_facts):
    (row,) = coverage(given_facts, REQUIRED_SERVICES, (), now=NOW).rows
    return row


def all_in(state):
    return dict.fromkeys(REQUIRED_SERVICES, state)


def test_without_slots_nothing_is_promised_yet():
    assert row_of(facts(classes=[a_class()])).states == all_in(CoverageState.NONE)


def test_a_free_staffed_slot_is_an_offer():
    slot = a_slot()
    stations = stations_of(slot)

    row = row_of(
        facts(
            classes=[a_class()],
            slots=[slot],
            stations=stations,
            assignments=[a_duty(s) for s in stations],
        )
    )

    assert row.states == all_in(CoverageState.OFFERED)
    assert not row.placed


@pytest.mark.parametrize(
    "unfit",
    [
        {"places": 0},
        {"starts_at": NOW},
        {"state": SlotState.CANCELLED},
        {"state": SlotState.DRAFT},
        {"venue_school": 99},
    ],
    ids=str,
)
def test_a_slot_the_class_cannot_book_is_no_offer(unfit):
    slot = a_slot(**unfit)
    stations = stations_of(slot)

    row = row_of(
        facts(
            classes=[a_class()],
            slots=[slot],
            stations=stations,
            assignments=[a_duty(s) for s in stations],
        )
    )

    assert row.states == all_in(CoverageState.NONE)


def test_a_booked_service_without_staff_or_station_is_at_risk():
    school_class, slot = a_class(), a_slot()
    police, rescue = stations_of(slot, (Service.POLICE, Service.RESCUE))

    row = row_of(
        facts(
            classes=[school_class],
            slots=[slot],
            stations=[police, rescue],
            bookings=[a_booking(school_class, slot)],
            assignments=[a_duty(police), a_duty(rescue, AssignmentState.DECLINED)],
        )
    )

    assert row.states == {
        Service.POLICE: CoverageState.BOOKED,
        Service.RESCUE: CoverageState.AT_RISK,
        Service.AMBULANCE: CoverageState.AT_RISK,
    }
    assert (row.placed, row.slot) == (True, slot)


def test_booked_is_not_met_until_it_is_reported():
    school_class, slot = a_class(), a_slot(starts_at=NOW - timedelta(days=1))
    stations = stations_of(slot)

    row = row_of(
        facts(
            classes=[school_class],
            slots=[slot],
            stations=stations,
            bookings=[a_booking(school_class, slot)],
            assignments=[a_duty(s) for s in stations],
        )
    )

    assert row.states == all_in(CoverageState.BOOKED)


def test_each_service_stands_where_its_visit_left_it():
    school_class, slot = a_class(), a_slot()
    stations = stations_of(slot)
    booking = a_booking(school_class, slot, state=BookingState.HELD)
    became = (VisitState.HELD, VisitState.SHORTENED, VisitState.MISSED)

    row = row_of(
        facts(
            classes=[school_class],
            slots=[slot],
            stations=stations,
            bookings=[booking],
            visits=[
                Visit(booking=booking.id, station=s.id, state=state, cause=None)
                for s, state in zip(stations, became, strict=True)
            ],
        )
    )

    assert list(row.states.values()) == [
        CoverageState.MET,
        CoverageState.MET,
        CoverageState.MISSED,
    ]


def test_a_catch_up_pays_the_debt():
    school_class, first, second = a_class(), a_slot(), a_slot()
    missed, made_up = stations_of(first), stations_of(second)
    bookings = [
        a_booking(school_class, first, state=BookingState.HELD),
        a_booking(school_class, second, state=BookingState.HELD, catch_up=True),
    ]
    visits = [
        Visit(booking=b.id, station=s[0].id, state=state, cause=None)
        for b, s, state in zip(
            bookings, (missed, made_up), (VisitState.MISSED, VisitState.HELD), strict=True
        )
    ]

    row = row_of(
        facts(
            classes=[school_class],
            slots=[first, second],
            stations=missed + made_up,
            bookings=bookings,
            visits=visits,
        )
    )

    assert row.states[Service.POLICE] is CoverageState.MET
    assert row.booking == bookings[0]


OFF = date(2027, 3, 11)
"""The day of `a_slot()`."""


def a_block(school_unit=1, kind=BlockKind.TRAINING_DAY, day=OFF):
    return Block(school_unit=school_unit, kind=kind, name="Studiedag", first_on=day, last_on=day)


@pytest.mark.parametrize(
    ("block", "state", "expected"),
    [
        (a_block(), BookingState.TENTATIVE, "Studiedag"),
        (a_block(None), BookingState.CONFIRMED, "Studiedag"),
        (a_block(2), BookingState.CONFIRMED, ""),
        (a_block(kind=BlockKind.TERM), BookingState.CONFIRMED, ""),
        (a_block(day=OFF + timedelta(days=1)), BookingState.CONFIRMED, ""),
        (a_block(), BookingState.HELD, ""),
        (a_block(), BookingState.CANCELLED, ""),
    ],
)
def test_a_booking_on_a_day_off_is_flagged_and_its_states_stand(block, state, expected):
    school_class, slot = a_class(), a_slot()
    stations = stations_of(slot)
    known = {
        "classes": [school_class],
        "slots": [slot],
        "stations": stations,
        "bookings": [a_booking(school_class, slot, state=state)],
        "assignments": [a_duty(s) for s in stations],
    }

    row = row_of(facts(**known, blocks=[block]))

    assert row == replace(row_of(facts(**known)), day_off=expected)


def test_who_cannot_come_on_the_day_stands_before_who_can():
    slot = a_slot()
    stations = stations_of(slot)
    free, kept_away = a_class(school="Alskolan"), a_class(school="Ekskolan", school_unit=2)

    matrix = coverage(
        facts(
            classes=[free, kept_away],
            slots=[slot],
            stations=stations,
            bookings=[a_booking(free, slot), a_booking(kept_away, slot)],
            assignments=[a_duty(s) for s in stations],
            blocks=[a_block(2)],
        ),
        REQUIRED_SERVICES,
        (),
        now=NOW,
    )

    assert [row.school_class for row in matrix.rows] == [kept_away, free]


def test_a_cancelled_booking_counts_for_nothing():
    school_class, slot = a_class(), a_slot()
    stations = stations_of(slot)
    booking = a_booking(school_class, slot, state=BookingState.CANCELLED)
    visit = Visit(booking=booking.id, station=stations[0].id, state=VisitState.HELD, cause=None)

    row = row_of(
        facts(
            classes=[school_class],
            slots=[slot],
            stations=stations,
            bookings=[booking],
            visits=[visit],
        )
    )

    assert row.states[Service.POLICE] is CoverageState.NONE


def test_gaps_come_first_then_schools_and_labels():
    slot = a_slot()
    stations = stations_of(slot)
    duties = [a_duty(s) for s in stations]
    placed = a_class(school="Alskolan")
    gaps = [a_class(school="Ekskolan", label="4B"), a_class(school="Ekskolan", label="4A")]

    matrix = coverage(
        facts(
            classes=[placed, *gaps],
            slots=[replace(slot, taken=3)],
            stations=stations,
            bookings=[a_booking(placed, slot)],
            assignments=duties,
        ),
        REQUIRED_SERVICES,
        (),
        now=NOW,
    )

    assert [row.school_class for row in matrix.rows] == [gaps[1], gaps[0], placed]


def test_a_closed_class_is_no_part_of_the_promise():
    matrix = coverage(facts(classes=[a_class(active=False)]), REQUIRED_SERVICES, (), now=NOW)

    assert matrix.rows == ()
    assert matrix.totals == dict.fromkeys(CoverageState, 0)


@st.composite
def any_facts(draw):
    classes = [a_class(label=f"4{n}") for n in range(draw(st.integers(0, 4)))]
    slots = [
        a_slot(
            starts_at=NOW + timedelta(days=draw(st.integers(-5, 5))),
            taken=draw(st.integers(0, 3)),
            state=draw(st.sampled_from(SlotState)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    services = st.lists(st.sampled_from(Service), unique=True)
    stations = [s for slot in slots for s in stations_of(slot, draw(services))]
    bookings = [
        a_booking(c, draw(st.sampled_from(slots)), state=draw(st.sampled_from(BookingState)))
        for c in classes
        if slots and draw(st.booleans())
    ]
    duties = [a_duty(s, draw(st.sampled_from(AssignmentState))) for s in stations]
    visits = [
        Visit(booking=b.id, station=s.id, state=draw(st.sampled_from(VisitState)), cause=None)
        for b in bookings
        for s in stations
        if s.slot == b.slot and draw(st.booleans())
    ]
    return facts(
        classes=classes,
        slots=slots,
        stations=stations,
        bookings=bookings,
        assignments=duties,
        visits=visits,
    )


@given(any_facts(), st.randoms())
def test_every_cell_is_in_exactly_one_state_whatever_the_order_of_the_facts(known, chance):
    def shuffled(values):
        return chance.sample(list(values), len(values))

    matrix = coverage(known, REQUIRED_SERVICES, (), now=NOW)
    again = coverage(
        facts(
            classes=shuffled(known.classes),
            slots=shuffled(known.slots),
            stations=shuffled(known.stations),
            bookings=shuffled(known.bookings),
            assignments=shuffled(known.assignments),
            visits=shuffled(known.visits),
        ),
        REQUIRED_SERVICES,
        (),
        now=NOW,
    )

    assert again == matrix
    assert sum(matrix.totals.values()) == len(known.classes) * len(REQUIRED_SERVICES)
