import pytest

from blaljus.planner.advice.explain import Step, StepCode, WhyNot, explain
from blaljus.planner.pack import pack
from blaljus.planner.problem import FixedSlot


def reason(problem):
    (why,) = explain(problem, pack(problem))
    return why.reason


def test_the_half_days_dwindle_step_by_step(make):
    police, rescue, ambulance = make.crew()
    staff = (
        make.person(1, police.service, free=0b111111),
        make.person(2, rescue.service, free=0b1111),
        make.person(3, ambulance.service, free=0b11, busy=0b11),
    )
    blocked = (("lov", 0b11 << 18),)
    school_class = make.school_class(free=0xFF, blocked=blocked)
    problem = make.problem(staff=staff, classes=(school_class,), venues=(make.venue(open=0x7F),))

    (why,) = explain(problem, pack(problem))
    assert why == WhyNot(
        class_id=1,
        steps=(
            Step(code=StepCode.SEASON, half_days=20),
            Step(code=StepCode.SCHOOL_OPEN, half_days=18),
            Step(code=StepCode.CLASS_FREE, half_days=8),
            Step(code=StepCode.VENUE_OPEN, half_days=7),
            Step(code=StepCode.PUPILS, half_days=7),
            Step(code=StepCode.POLICE, half_days=6),
            Step(code=StepCode.RESCUE, half_days=4),
            Step(code=StepCode.AMBULANCE, half_days=0),
            Step(code=StepCode.TOGETHER, half_days=0),
            Step(code=StepCode.CAPACITY, half_days=0),
        ),
        reason=StepCode.AMBULANCE,
    )


@pytest.mark.parametrize(
    ("school_class", "expected"),
    [
        ({"blocked": (("lov", (1 << 20) - 1),)}, StepCode.SCHOOL_OPEN),
        ({"free": 0}, StepCode.CLASS_FREE),
        ({"venues": ()}, StepCode.VENUE_OPEN),
        ({"pupils": 31}, StepCode.PUPILS),
    ],
)
def test_the_class_itself_may_be_the_reason(make, school_class, expected):
    problem = make.problem(classes=(make.school_class(**school_class),))

    assert reason(problem) == expected


def test_a_service_that_never_comes_is_the_reason(make):
    assert reason(make.problem(staff=make.crew()[1:])) == StepCode.POLICE


def test_all_services_come_but_never_to_the_same_place(make):
    police, rescue, ambulance = make.crew()
    there = frozenset({make.HORBY})
    staff = (police, rescue, make.person(3, ambulance.service, municipalities=there))
    venues = (make.venue(1), make.venue(2, municipality=make.HORBY))
    classes = (make.school_class(venues=(1, 2)),)

    assert reason(make.problem(staff=staff, venues=venues, classes=classes)) == StepCode.TOGETHER


def test_the_other_classes_have_all_the_crew_there_is(make):
    venues = tuple(make.venue(i, max_groups=1) for i in (1, 2))
    classes = tuple(make.school_class(i, venues=(i,)) for i in (1, 2))
    problem = make.problem(venues=venues, classes=classes, staff=make.crew(per_season=1))

    assert reason(problem) == StepCode.CAPACITY


def test_a_full_published_slot_is_a_matter_of_capacity(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, staff=(1, 2, 3))
    problem = make.problem(fixed=(slot,), classes=(make.school_class(free=1 << 4),))

    assert reason(problem) == StepCode.CAPACITY


def test_a_plan_that_leaves_a_class_out_for_nothing_is_told_so(make):
    (why,) = explain(make.problem(), make.plan(unplaced=(1,)))

    assert why.reason == StepCode.TIME_LEFT


def test_who_is_there_all_morning_can_stay_for_the_afternoon(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=0, staff=(1, 2, 3))
    problem = make.problem(fixed=(slot,), classes=(make.school_class(free=1 << 5),))

    (why,) = explain(problem, make.plan(unplaced=(1,)))
    assert why.reason == StepCode.TIME_LEFT


def test_being_on_call_is_not_enough_where_nobody_on_call_may_stand(make):
    assert reason(make.problem(staff=make.crew(free=0, on_call=make.ALWAYS))) == StepCode.POLICE


def test_a_published_slot_that_lacks_a_service_takes_the_venue(make):
    slot = FixedSlot(id=7, venue=1, half_day=4, free_places=2, staff=(1, 2))
    problem = make.problem(fixed=(slot,), classes=(make.school_class(free=1 << 4),))

    assert reason(problem) == StepCode.VENUE_OPEN


def test_an_empty_season_is_the_reason(make):
    problem = make.problem()
    empty = type(problem)(half_days=(), classes=problem.classes, venues=problem.venues, staff=())

    assert reason(empty) == StepCode.SEASON


def test_a_full_plan_needs_no_explanation(make):
    problem = make.problem()

    assert explain(problem, pack(problem)) == ()
