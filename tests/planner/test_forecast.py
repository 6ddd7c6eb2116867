"""What is left of a season: sound bounds, the load, and who chooses first."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from planner.seasons import problems

from blaljus.domain.forecast import ServiceWeek
from blaljus.domain.localtime import iso_week
from blaljus.domain.words import Service
from blaljus.planner.advice.forecast import forecast
from blaljus.planner.advice.turns import PastChoice, choosing_order
from blaljus.planner.load import AgencyLoad, load_of
from blaljus.planner.pack import pack
from blaljus.planner.plan import Plan
from blaljus.planner.problem import FixedSlot


@given(problem=problems(teams=st.integers(1, 6)))
@settings(max_examples=100, deadline=None)
def test_no_plan_places_more_than_the_forecast_says(problem):
    plan = pack(problem)

    placed = sum(len(session.classes) for session in plan.sessions)
    outlook = forecast(problem)
    event(f"short of {len(outlook.short)}")
    assert not set(outlook.stranded) - set(plan.unplaced)
    assert all(placed <= row.classes_at_most for row in outlook.services)
    assert plan.unplaced or outlook.last_week


@given(problem=problems(classes=st.integers(1, 4), teams=st.integers(3, 6)))
@settings(max_examples=60, deadline=None)
def test_after_the_last_week_not_every_class_finds_a_time(problem):
    problem = replace(problem, locked=())
    last = forecast(problem).last_week
    if last is None:
        return

    late = sum(1 << i for i, h in enumerate(problem.half_days) if iso_week(h.day) > last)
    classes = tuple(replace(c, free=c.free & late) for c in problem.classes)
    settled = {c for slot in problem.fixed for c in slot.classes}
    event(f"last week {last}")
    assert pack(replace(problem, classes=classes)).unplaced or settled >= {
        c.id for c in problem.classes
    }


@given(problem=problems())
@settings(max_examples=40, deadline=None)
def test_the_rows_in_any_order_give_the_same_forecast(problem):
    turned = replace(
        problem,
        classes=problem.classes[::-1],
        staff=problem.staff[::-1],
        venues=problem.venues[::-1],
    )

    assert forecast(turned) == forecast(problem)


def classes(make, count):
    return tuple(make.school_class(i) for i in range(1, count + 1))


def test_the_caps_say_how_much_is_left_each_week(make):
    outlook = forecast(make.problem(staff=make.crew(busy=0b1)))

    assert outlook.weeks[:3] == tuple(
        ServiceWeek(service=service, week=(2027, 2), half_days=2, left=5)
        for service in (Service.POLICE, Service.RESCUE, Service.AMBULANCE)
    )
    assert [row.left for row in outlook.services] == [5, 5, 5]


def test_the_service_that_runs_out_first_is_the_bottleneck(make):
    police, rescue, ambulance = make.crew(per_week=9)
    problem = make.problem(
        classes=classes(make, 6), staff=(police, rescue, replace(ambulance, per_season=1))
    )

    outlook = forecast(problem)
    first = outlook.services[0]
    assert (first.service, first.needed, first.left, first.classes_at_most) == (
        Service.AMBULANCE,
        2,
        1,
        3,
    )
    assert outlook.short == (Service.AMBULANCE,)
    assert outlook.last_week is None


def test_planning_may_begin_until_too_few_half_days_are_left(make):
    staff = make.crew(per_week=2)

    assert forecast(make.problem(classes=classes(make, 6), staff=staff)).last_week == (2027, 3)
    assert forecast(make.problem(classes=classes(make, 7), staff=staff)).last_week == (2027, 2)


def test_a_class_that_must_come_in_the_first_week_cannot_wait(make):
    problem = make.problem(classes=(make.school_class(free=0b11),))

    assert forecast(problem).last_week == (2027, 2)


def test_a_class_whose_times_match_no_venue_is_named_and_blames_no_service(make):
    outlook = forecast(make.problem(classes=(make.school_class(free=0),)))

    assert (outlook.stranded, outlook.short, outlook.last_week) == ((1,), (), None)


def test_a_published_slot_with_room_takes_classes_without_more_staff(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=3, staff=(1, 2, 3))
    staff = make.crew(per_season=1)
    problem = make.problem(classes=classes(make, 3), staff=staff, fixed=(slot,))

    assert [row.needed for row in forecast(problem).services] == [0, 0, 0]
    assert forecast(problem).short == ()


def test_the_load_counts_the_plan_and_what_was_before(make):
    staff = (*make.crew(busy=0b1), make.person(4, Service.POLICE, agency=2))
    slot = FixedSlot(id=7, venue=1, half_day=0, free_places=0, staff=(1,))

    load = load_of(
        make.problem(staff=staff, fixed=(slot,)), make.plan(make.session(4, staff=(4, 2, 3)))
    )
    assert load.people == ((1, 1), (2, 2), (3, 2), (4, 1))
    assert load.agencies == (
        AgencyLoad(agency=1, people=3, half_days=5, least=1, middle=2.0, most=2),
        AgencyLoad(agency=2, people=1, half_days=1, least=1, middle=1.0, most=1),
    )


def test_nobody_works_in_a_problem_without_staff(make):
    assert load_of(make.problem(staff=()), Plan(sessions=(), unplaced=(1,))).agencies == ()


def a_choice(chooser, year, rank, of=3):
    return PastChoice(chooser=chooser, year=year, rank=rank, of=of)


def test_who_chose_last_before_chooses_first_now_and_last_year_matters_most(make):
    past = [
        a_choice(1, 2025, 1),
        a_choice(2, 2025, 2),
        a_choice(3, 2025, 3),
        a_choice(1, 2026, 3),
        a_choice(2, 2026, 2),
        a_choice(3, 2026, 1),
    ]

    turns = choosing_order([1, 2, 3, 4], past)
    assert [(t.chooser, t.bad_luck, t.years) for t in turns] == [
        (1, Fraction(2, 3), 2),
        (2, Fraction(1, 2), 2),
        (4, Fraction(1, 2), 0),
        (3, Fraction(1, 3), 2),
    ]


def test_who_chose_alone_had_neither_luck():
    assert choosing_order([1], [a_choice(1, 2026, 1, of=1)])[0].bad_luck == Fraction(1, 2)


@pytest.mark.parametrize("rank", [0, 4])
def test_a_rank_outside_the_order_is_refused(rank):
    with pytest.raises(ValueError, match=f"rank {rank} of 3"):
        choosing_order([1], [a_choice(1, 2026, rank)])
