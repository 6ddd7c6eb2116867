"""Whatever times classes get in the middle of a day: rounds are planned for them, and stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from blaljus.domain.booking import Booking
from blaljus.domain.rounds import KeptRounds
from blaljus.domain.schools import SchoolClass
from blaljus.domain.slots import SeasonPlan, Slot, Station
from blaljus.domain.words import (
    REQUIRED_SERVICES,
    BookingState,
    ClassKind,
    SlotState,
    Transport,
)
from blaljus.usecases.days.carousel import make_carousel
from blaljus.usecases.days.decided import keep, retimed

START = datetime(2027, 3, 16, 8, tzinfo=UTC)
PLAN = SeasonPlan(
    id=1,
    municipality=1,
    school_year=2026,
    required=REQUIRED_SERVICES,
    notice_days=7,
    morning_start_minute=540,
    afternoon_start_minute=750,
    station_minutes=25,
    change_minutes=5,
)
SLOT = Slot(
    id=1,
    municipality=1,
    plan=1,
    venue=1,
    venue_name="Torget",
    venue_school=None,
    latitude=None,
    longitude=None,
    starts_at=START,
    ends_at=START + timedelta(minutes=85),
    places=6,
    taken=6,
    state=SlotState.PUBLISHED,
    uid="slot",
    sequence=0,
    revised_at=START,
    version=1,
)
STATIONS = [
    Station(
        id=number,
        slot=1,
        position=number,
        provides=service,
        name=service.value,
        minutes=25,
        max_pupils=60,
        staff_needed=1,
        on_call_allowed=False,
    )
    for number, service in enumerate(REQUIRED_SERVICES, start=1)
]


def a_booking(number, pupils):
    return Booking(
        id=number,
        municipality=1,
        plan=1,
        slot=1,
        school_class=number,
        number=100_000 + number,
        state=BookingState.CONFIRMED,
        pupils=pupils,
        adults=2,
        phone="",
        access_needs={},
        transport=Transport.NONE,
        catch_up=False,
        cancel_cause=None,
        uid="booking",
        sequence=0,
        revised_at=START,
        version=1,
    )


def a_class(number):
    return SchoolClass(
        id=number,
        municipality=1,
        school_unit=1,
        school_code="1",
        school="Ekskolan",
        school_year=2026,
        label=f"{number}A",
        year4_pupils=20,
        other_pupils=0,
        kind=ClassKind.ORDINARY,
        active=True,
        version=1,
    )


def after(minutes):
    return None if minutes is None else START + timedelta(minutes=minutes)


def timed(booked, stays):
    """Return the bookings with (arrives, leaves) in minutes, in their order; None is the slot's."""
    return [
        replace(booking, arrives_at=after(arrives), leaves_at=after(leaves))
        for booking, (arrives, leaves) in zip(booked, stays, strict=True)
    ]


def carousel_of(booked, kept=None):
    classes = [a_class(booking.school_class) for booking in booked]
    return make_carousel(SLOT, PLAN, STATIONS, booked, classes, (), kept)


def decided(text, now):
    return KeptRounds(
        id=1,
        municipality=1,
        slot=1,
        decided=text,
        decided_at=now,
        told=None,
        told_at=None,
        version=1,
    )


stays = st.tuples(
    st.none() | st.integers(-6, 7).map(lambda fives: 5 * fives),
    st.none() | st.integers(4, 20).map(lambda fives: 5 * fives),
)
sizes = st.lists(st.sampled_from((8, 10, 12, 20, 24)), min_size=1, max_size=5)
says = sizes.flatmap(
    lambda pupils: st.tuples(
        st.just(pupils),
        st.lists(st.tuples(*[stays] * len(pupils)), min_size=2, max_size=4),
    )
)
FOUR_ON_THREE = ([8, 8, 20, 20], [((None, 30), (30, None), (None, None), (None, None))])
"""The first leaves when the second comes, so it goes with the third instead."""
CLEARED = [((None, None), (30, None), (None, None), (None, None))]


@given(said=says)
@example(said=(FOUR_ON_THREE[0], FOUR_ON_THREE[1] + CLEARED))
@settings(max_examples=60)
def test_new_times_are_planned_for_and_what_has_begun_stands(said):
    pupils, turns = said
    booked = [a_booking(number, count) for number, count in enumerate(pupils, start=1)]
    booked, kept = timed(booked, turns[0]), None

    for minute, turn in enumerate(turns[1:], start=1):
        now = START + timedelta(minutes=10 * minute)
        before, booked = carousel_of(booked, kept), timed(booked, turn)
        made = retimed(before, booked, now)
        kept = decided(keep(made), now)

        shown = carousel_of(booked, kept)
        assert shown.rotation == made.rotation
        assert shown.problem.groups == made.problem.groups
        assert [g.parts for g in made.problem.groups] == [g.parts for g in before.problem.groups]


def test_a_round_in_which_nobody_is_anywhere_has_no_row():
    booked = timed([a_booking(1, 20)], [(20, 30)])

    shown = carousel_of(booked)

    turns = shown.turns(shown.rotation)
    assert all(any(turn.groups) for turn in turns)
    assert len(turns) < len(shown.rotation.rounds)
